/** The joining machine's side of a first contact: shows who answers, then proves an account of it over the same connection. */
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import { readBody } from "./body.ts";
import { withDeadline } from "./deadline.ts";
import {
  ANSWER_MS,
  CHECK_PATH,
  decodeGreeting,
  decodeReply,
  encodeRequest,
  FIRST_CONTACT_PATH,
  type Greeting,
  type Reply,
  type Request,
} from "./first-contact-message.ts";
import type { Identity } from "./identity.ts";
import type { Destination, FirstContact, PolicyDigests } from "./link.ts";
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
export async function openFirstContact(parts: Parts, destination: Destination, { signal, reached }: Opening): Promise<FirstContact> {
  const { clock, network } = parts.hal;
  const where = `${destination.host}:${destination.port}`;
  const bounds = { clock, ms: LIMITS.connectMs, signal, what: `no answer of ${where}` };
  return await withDeadline(bounds, async (inTime) => {
    const raw = await openStream(network, destination, inTime);
    const socket = await secureClient({
      stream: raw,
      signal: inTime,
      identity: undefined,
      protocols: ["http/1.1"],
      authorityName: undefined,
    });
    reached?.();
    const server = peerOf(socket);
    const talk = new Conversation(socket, clock);
    const greeting = await talk.greeting(inTime);
    if (server !== undefined && greeting !== undefined) return contact({ parts, talk, server, socket, greeting });
    talk.close();
    throw new SyncError("server-unreachable", `${where} answers, but not as a server machine does`);
  });
}

interface Opening {
  readonly signal: AbortSignal;
  readonly reached: (() => void) | undefined;
}

interface Contact {
  readonly greeting: Greeting;
  readonly parts: Parts;
  readonly talk: Conversation;
  readonly server: DeviceId;
  readonly socket: TLSSocket;
}

function contact(parts: Contact): FirstContact {
  const { talk, server, greeting } = parts;
  return {
    server,
    ...greeting,
    close: () => talk.close(),
    async prove(account, password) {
      const reply = await proven(parts, { path: FIRST_CONTACT_PATH, account, password, digests: undefined, isConfirmed: true });
      if (reply === "untold") return unexpected();
      if ("refusal" in reply) return reply.refusal;
      return "fleetSecret" in reply ? { server, fleetSecret: reply.fleetSecret } : unexpected();
    },
    async check(account, password, digests, whom) {
      const reply = await proven(parts, { path: CHECK_PATH, account, password, digests, isConfirmed: whom === "confirmed" });
      if (reply === "untold") return reply;
      if ("refusal" in reply) return reply.refusal;
      return "differing" in reply ? reply.differing : unexpected();
    },
  };
}

interface Proof {
  readonly path: typeof FIRST_CONTACT_PATH | typeof CHECK_PATH;
  readonly account: string;
  readonly password: string;
  readonly digests: PolicyDigests | undefined;
  readonly isConfirmed: boolean;
}

/** Proves the account. What the server gives for it is believed only when it has proven that it knows the account as well. */
async function proven(
  { parts, talk, socket }: Contact,
  { path, account, password, digests, isConfirmed }: Proof,
): Promise<Reply | "untold"> {
  const { hal, random, identity } = parts;
  const { serialNumber, deviceName } = hal.device;
  const scram = clientExchange({
    account,
    candidate: { device: identity.device, serialNumber, deviceName },
    nonce: random(NONCE_BYTES),
    binding: channelBinding(socket),
  });
  const checked = digests === undefined ? {} : { digests };
  const asked = await talk.ask(path, { scram: scram.first });
  if ("refusal" in asked) return asked;
  // Anybody can ask for it, whatever login service the server machine has.
  if ("ask" in asked) return isConfirmed ? await talk.ask(path, { password, ...checked }) : "untold";
  const isFirst = asked.scram !== undefined && !("fleetSecret" in asked) && !("differing" in asked);
  const answer = isFirst && asked.scram !== undefined ? await scram.answer(asked.scram, password) : undefined;
  if (answer === undefined) throw malformed("the server's first message");
  const reply = await talk.ask(path, { scram: answer.final, ...checked });
  if ("refusal" in reply) return reply;
  if ("ask" in reply || reply.scram === undefined || !answer.accepts(reply.scram))
    throw new SyncError("authentication-failed", "the server did not prove that it knows the account; nothing was stored");
  return reply;
}

function unexpected(): never {
  throw malformed("the server's answer");
}

const malformed = (what: string): SyncError =>
  new SyncError("message-malformed", `first contact: ${what} makes no sense; nothing was stored`);

interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: string;
}

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

  /** undefined: it is no server machine. */
  async greeting(signal: AbortSignal): Promise<Greeting | undefined> {
    const { status, text } = await this.#exchange({ method: "GET", path: FIRST_CONTACT_PATH, body: "" }, signal);
    return status === 200 ? decodeGreeting(text) : undefined;
  }

  async ask(path: string, request: Request): Promise<Reply> {
    const bounds = { clock: this.#clock, ms: ANSWER_MS, signal: new AbortController().signal, what: "no answer to the first contact" };
    const { status, text } = await withDeadline(bounds, (signal) =>
      this.#exchange({ method: "POST", path, body: encodeRequest(request) }, signal),
    );
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

  async #exchange(asked: Asked, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    if (this.#socket.destroyed) throw new SyncError("link-lost", "the connection of the first contact is gone; begin again");
    try {
      const answer = await this.#send(asked, signal);
      return { status: answer.statusCode ?? 0, text: await readBody(answer, LIMITS.firstContactBytesMax) };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #send({ method, path, body }: Asked, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { host: "custom-settings-sync", "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const request = httpRequest({ agent: this.#agent, method, path, headers, signal });
      request.once("response", resolve);
      request.on("error", (cause) => reject(new SyncError("server-unreachable", `first contact: ${cause.message}`, { cause })));
      request.end(body);
    });
  }
}
