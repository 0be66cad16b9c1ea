/** The joining machine's side of a first contact: shows who answers, then proves an account of it over the same connection. */
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { readBody } from "./body.ts";
import { withDeadline } from "./deadline.ts";
import {
  decodeReply,
  encodeRequest,
  FIRST_CONTACT_BYTES_MAX,
  FIRST_CONTACT_PATH,
  type Reply,
  type Request,
} from "./first-contact-message.ts";
import { ANSWER_MS } from "./first-contact-server.ts";
import type { Identity } from "./identity.ts";
import type { Destination, FirstContact, Pairing } from "./link.ts";
import { clientExchange } from "./scram.ts";
import { channelBinding, peerOf, secureClient } from "./secure.ts";
import { openStream } from "./tunnel.ts";

interface Parts {
  readonly hal: Pick<Hal, "clock" | "device" | "network">;
  readonly random: Random;
  readonly identity: Identity;
}

const NONCE_BYTES = 18;

/** Rejects "server-unreachable" when nobody answers there, or not as a server machine does. */
export async function openFirstContact(parts: Parts, destination: Destination, signal: AbortSignal): Promise<FirstContact> {
  const { clock, network } = parts.hal;
  const where = `${destination.host}:${destination.port}`;
  const bounds = { clock, ms: LIMITS.connectMs, signal, what: `no answer of ${where}` };
  return await withDeadline(bounds, async (inTime) => {
    const raw = await openStream(network, destination, inTime);
    const socket = await secureClient({ stream: raw, signal: inTime, identity: undefined, protocol: "http/1.1", authorityName: undefined });
    const server = peerOf(socket);
    const talk = new Conversation(socket, clock);
    const answered = await talk.isServerMachine(inTime);
    if (server !== undefined && answered) return contact({ parts, talk, server, socket });
    talk.close();
    throw new SyncError("server-unreachable", `${where} answers, but not as a server machine does`);
  });
}

interface Contact {
  readonly parts: Parts;
  readonly talk: Conversation;
  readonly server: DeviceId;
  readonly socket: TLSSocket;
}

function contact({ parts, talk, server, socket }: Contact): FirstContact {
  const { hal, random, identity } = parts;
  return {
    server,
    close: () => talk.close(),
    async prove(account, password) {
      const { serialNumber, deviceName } = hal.device;
      const scram = clientExchange({
        account,
        candidate: { device: identity.device, serialNumber, deviceName },
        nonce: random(NONCE_BYTES),
        binding: channelBinding(socket),
      });
      const asked = await talk.ask({ scram: scram.first });
      if ("refusal" in asked) return asked.refusal;
      if ("ask" in asked) return paired(server, await talk.ask({ password }), () => true);
      const answer = asked.scram === undefined || "fleetSecret" in asked ? undefined : await scram.answer(asked.scram, password);
      if (answer === undefined) throw malformed("the server's first message");
      return paired(server, await talk.ask({ scram: answer.final }), (final) => final !== undefined && answer.accepts(final));
    },
  };
}

/** The secret is believed only from a server that has proven that it knows the account as well. */
function paired(server: DeviceId, reply: Reply, accepts: (scram: string | undefined) => boolean): Refusal | Pairing {
  if ("refusal" in reply) return reply.refusal;
  if (!("fleetSecret" in reply)) throw malformed("the server's answer");
  if (!accepts(reply.scram))
    throw new SyncError("authentication-failed", "the server did not prove that it knows the account; nothing was stored");
  return { server, fleetSecret: reply.fleetSecret };
}

const malformed = (what: string): SyncError =>
  new SyncError("message-malformed", `first contact: ${what} makes no sense; nothing was stored`);

/** Requests and answers over one connection; never over another. */
class Conversation {
  readonly #socket: TLSSocket;
  readonly #clock: Clock;
  readonly #agent: Agent;

  constructor(socket: TLSSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: () => socket });
  }

  async isServerMachine(signal: AbortSignal): Promise<boolean> {
    const { status, text } = await this.#exchange("GET", "", signal);
    return status === 200 && /^\{"(server|refusal)":/.test(text);
  }

  async ask(request: Request): Promise<Reply> {
    const bounds = { clock: this.#clock, ms: ANSWER_MS, signal: new AbortController().signal, what: "no answer to the first contact" };
    const { status, text } = await withDeadline(bounds, (signal) => this.#exchange("POST", encodeRequest(request), signal));
    if (status === 429)
      throw new SyncError("rate-exceeded", "the server machine takes no more tries for now; wait ten minutes and try again");
    if (status === 503) throw new SyncError("server-unreachable", "the server machine cannot check accounts for now; try again later");
    if (status !== 200) throw malformed(`an answer with status ${status}`);
    return decodeReply(text);
  }

  close(): void {
    this.#socket.destroy();
    this.#agent.destroy();
  }

  async #exchange(method: "GET" | "POST", body: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    if (this.#socket.destroyed) throw new SyncError("link-lost", "the connection of the first contact is gone; begin again");
    try {
      const answer = await this.#send(method, body, signal);
      return { status: answer.statusCode ?? 0, text: await readBody(answer, FIRST_CONTACT_BYTES_MAX) };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #send(method: string, body: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { host: "custom-settings-sync", "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const request = httpRequest({ agent: this.#agent, method, path: FIRST_CONTACT_PATH, headers, signal });
      request.once("response", resolve);
      request.on("error", (cause) => reject(new SyncError("server-unreachable", `first contact: ${cause.message}`, { cause })));
      request.end(body);
    });
  }
}
