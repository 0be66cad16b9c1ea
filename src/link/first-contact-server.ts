/** The server machine's side of a first contact: who proves an administrator's account of this machine is pinned. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import type { AccountProof, Users } from "../../hal/users.ts";
import { type ErrorCode, SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Random } from "../model/random.ts";
import { readBody } from "./body.ts";
import { CHECK_PATH, decodeRequest, encodeGreeting, encodeReply, type Reply, type Request } from "./first-contact-message.ts";
import type { Admission } from "./link.ts";
import { type ClientFirst, fakeKeys, readClientFirst, type ServerExchange, serverExchange } from "./scram.ts";
import { channelBinding } from "./secure.ts";
import { Tries } from "./tries.ts";

interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Pick<Users, "prove">;
  /** undefined: the server function does not run here, for the reason that `closed` gives. */
  readonly admission: () => Admission | undefined;
  readonly closed: () => Refusal;
  /** This machine's own identity, and a secret of it for answers about accounts that do not exist. */
  readonly server: DeviceId;
  readonly secret: Uint8Array;
  readonly log: (text: string) => void;
}

/** An account being proven on one connection: what the next request has to fit. */
interface Proving {
  readonly client: ClientFirst;
  readonly proof: AccountProof | undefined;
  readonly scram: ServerExchange | undefined;
}

const REFUSED: Reply = { refusal: { word: "account-refused" } };
const NONCE_BYTES = 18;
/** What is neither: the machine itself cannot tell for now (its user directory, its storage). */
const STATUS: { readonly [code in ErrorCode]?: number } = { "message-malformed": 400, "message-too-large": 413, "rate-exceeded": 429 };

export class FirstContactServer {
  readonly #parts: Parts;
  readonly #tries: Tries;
  readonly #proving = new WeakMap<TLSSocket, Proving>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#tries = new Tries(parts.clock);
  }

  /** Answers one request; the connection is ended when it makes no sense. */
  async answer(request: IncomingMessage, response: ServerResponse, address: string): Promise<void> {
    const { socket } = request;
    response.on("error", () => socket.destroy());
    if (!(socket instanceof TLSSocket) || socket.getProtocol() !== "TLSv1.3") return say(response, 426, { error: "TLS 1.3 is needed" });
    const admission = this.#parts.admission();
    const { clock, server, closed } = this.#parts;
    if (admission === undefined) return say(response, 200, encodeReply({ refusal: closed() }));
    if (request.method === "GET") return say(response, 200, encodeGreeting({ server, wallMs: clock.wallMs() }));
    if (request.method !== "POST") return say(response, 405, { error: "GET or POST" });
    try {
      const asked = decodeRequest(await readBody(request, LIMITS.firstContactBytesMax));
      say(response, 200, encodeReply(await this.#reply(asked, { socket, address, admission, isCheck: request.url === CHECK_PATH })));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#parts.log(`First contact from ${address}: ${error.message}.`);
      this.#proving.delete(socket);
      say(response, STATUS[error.code] ?? 503, { error: error.message });
    }
  }

  async #reply(asked: Request, visit: Visit): Promise<Reply> {
    const proving = this.#proving.get(visit.socket);
    this.#proving.delete(visit.socket);
    if (proving === undefined) return await this.#begin(asked, visit);
    const proven = await this.#proven(asked, proving);
    if (proven === undefined || !isHex32(proving.client.candidate.device)) {
      visit.admission.unproven?.(visit.address);
      return REFUSED;
    }
    this.#tries.succeeded(visit.address);
    if (visit.isCheck) {
      if (asked.digests === undefined) throw new SyncError("message-malformed", "a check has the digests of the settings");
      return { differing: visit.admission.differing(asked.digests), scram: proven.scram };
    }
    const pinned = await visit.admission.pin({ ...proving.client.candidate, device: deviceId(proving.client.candidate.device) });
    return "word" in pinned ? { refusal: pinned } : { fleetSecret: pinned.fleetSecret, scram: proven.scram };
  }

  async #begin(asked: Request, { socket, address }: Visit): Promise<Reply> {
    const { random, users, secret } = this.#parts;
    const client = "scram" in asked ? readClientFirst(asked.scram) : undefined;
    if (client === undefined) throw new SyncError("message-malformed", "the first message is not one of SCRAM-SHA-256 with tls-exporter");
    const waitMs = this.#tries.begin(address);
    if (waitMs > 0) throw new SyncError("rate-exceeded", `too many tries; the next one is possible in ${Math.ceil(waitMs / 60_000)} min`);
    const proof = await users.prove(client.account);
    if (proof?.kind === "password") {
      this.#proving.set(socket, { client, proof, scram: undefined });
      return { ask: "password" };
    }
    // A name that nobody has is answered like one that somebody has; the proof then fails like a wrong password.
    const keys = proof ?? fakeKeys(secret, client.account);
    const scram = serverExchange({ client, keys, nonce: random(NONCE_BYTES), binding: channelBinding(socket) });
    this.#proving.set(socket, { client, proof, scram });
    return { scram: scram.first };
  }

  /** Whether the request proves the account and the account is an administrator's, with the server's own proof. */
  async #proven(asked: Request, { proof, scram }: Proving): Promise<{ readonly scram: string | undefined } | undefined> {
    if (proof?.kind === "password") {
      return "password" in asked && (await proof.check(asked.password)) === "administrator" ? { scram: undefined } : undefined;
    }
    const final = "scram" in asked ? scram?.verify(asked.scram) : undefined;
    return final !== undefined && proof?.administrator === true ? { scram: final } : undefined;
  }
}

interface Visit {
  readonly socket: TLSSocket;
  readonly address: string;
  readonly admission: Admission;
  /** Nobody is pinned. */
  readonly isCheck: boolean;
}

function say(response: ServerResponse, status: number, body: string | object): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json", "cache-control": "no-store", "content-length": Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}

/** How long the client waits for an answer: a login service may be asked in between. */
export const ANSWER_MS = 4 * LIMITS.connectMs;
