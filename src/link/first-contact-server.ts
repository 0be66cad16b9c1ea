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
import { withDeadline } from "./deadline.ts";
import { ANSWER_MS, CHECK_PATH, decodeRequest, encodeGreeting, encodeReply, type Reply, type Request } from "./first-contact-message.ts";
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

/** An account being proven on one connection: what the next request has to fit. Whoever leaves it undone has tried in vain. */
interface Proving {
  readonly client: ClientFirst;
  readonly proof: AccountProof | undefined;
  readonly scram: ServerExchange | undefined;
}

/** A connection: whoever asks there asks one thing at a time. */
interface Talk {
  asks: boolean;
  proving: Proving | undefined;
}

const REFUSED: Reply = { refusal: { word: "account-refused" } };
const NONCE_BYTES = 18;
/** What is neither: the machine itself cannot tell for now (its user directory, its storage). */
const STATUS: { readonly [code in ErrorCode]?: number } = { "message-malformed": 400, "message-too-large": 413, "rate-exceeded": 429 };

export class FirstContactServer {
  readonly #parts: Parts;
  readonly #tries: Tries;
  readonly #talks = new WeakMap<TLSSocket, Talk>();

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
    const talk = this.#talk(socket, address);
    if (talk.asks) return void socket.destroy();
    talk.asks = true;
    try {
      const asked = decodeRequest(await readBody(request, LIMITS.firstContactBytesMax));
      say(response, 200, encodeReply(await this.#reply(asked, { socket, address, admission, talk, isCheck: request.url === CHECK_PATH })));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#parts.log(`First contact from ${address}: ${error.message}.`);
      this.#giveUp(talk, address);
      say(response, STATUS[error.code] ?? 503, { error: error.message });
    } finally {
      talk.asks = false;
    }
  }

  #talk(socket: TLSSocket, address: string): Talk {
    const known = this.#talks.get(socket);
    if (known !== undefined) return known;
    const talk: Talk = { asks: false, proving: undefined };
    this.#talks.set(socket, talk);
    socket.once("close", () => this.#giveUp(talk, address));
    return talk;
  }

  /** What was asked about an account and not proven has told something about it: it counts. */
  #giveUp(talk: Talk, address: string): void {
    if (talk.proving !== undefined) this.#tries.left(address, talk.proving.client.account);
    talk.proving = undefined;
  }

  async #reply(asked: Request, visit: Visit): Promise<Reply> {
    const { talk, address, admission } = visit;
    const { proving } = talk;
    if (proving === undefined) return await this.#begin(asked, visit);
    talk.proving = undefined;
    const proven = await this.#tries.judged(address, () => this.#proven(asked, proving));
    if (proven === undefined) {
      admission.unproven?.(address);
      return REFUSED;
    }
    if (visit.isCheck) {
      if (asked.digests === undefined) throw new SyncError("message-malformed", "a check has the digests of the settings");
      return { differing: admission.differing(asked.digests), scram: proven.scram };
    }
    const pinned = await admission.pin({ ...proving.client.candidate, device: proven.device });
    return "word" in pinned ? { refusal: pinned } : { fleetSecret: pinned.fleetSecret, scram: proven.scram };
  }

  async #begin(asked: Request, { socket, address, talk }: Visit): Promise<Reply> {
    const { random, users, secret } = this.#parts;
    const client = "scram" in asked ? readClientFirst(asked.scram) : undefined;
    if (client === undefined) throw new SyncError("message-malformed", "the first message is not one of SCRAM-SHA-256 with tls-exporter");
    this.#tries.check(address);
    const proof = await users.prove(client.account);
    if (proof?.kind === "password") {
      talk.proving = { client, proof, scram: undefined };
      return { ask: "password" };
    }
    // A name that nobody has is answered like one that somebody has; the proof then fails like a wrong password.
    const keys = proof ?? fakeKeys(secret, client.account);
    const scram = serverExchange({ client, keys, nonce: random(NONCE_BYTES), binding: channelBinding(socket) });
    talk.proving = { client, proof, scram };
    return { scram: scram.first };
  }

  /** The machine for which the request proves the account, where that is an administrator's, with the server's own proof. */
  async #proven(asked: Request, { client, proof, scram }: Proving): Promise<Proven | undefined> {
    const { device } = client.candidate;
    if (!isHex32(device)) return undefined;
    if (proof?.kind === "password") {
      const isAdministrator = "password" in asked && (await this.#inTime(proof.check(asked.password))) === "administrator";
      return isAdministrator ? { device: deviceId(device), scram: undefined } : undefined;
    }
    const final = "scram" in asked ? scram?.verify(asked.scram) : undefined;
    return final !== undefined && proof?.administrator === true ? { device: deviceId(device), scram: final } : undefined;
  }

  /** Others of the address wait for it. Rejects "server-unreachable". */
  async #inTime<T>(checked: Promise<T>): Promise<T> {
    const bounds = {
      clock: this.#parts.clock,
      ms: CHECK_MS,
      signal: new AbortController().signal,
      what: "no answer of the login service",
    };
    return await withDeadline(bounds, () => checked);
  }
}

interface Proven {
  readonly device: DeviceId;
  readonly scram: string | undefined;
}

interface Visit {
  readonly socket: TLSSocket;
  readonly address: string;
  readonly admission: Admission;
  readonly talk: Talk;
  /** Nobody is pinned. */
  readonly isCheck: boolean;
}

function say(response: ServerResponse, status: number, body: string | object): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json", "cache-control": "no-store", "content-length": Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}

/** How long the login service may take: whoever waits for its answer to another machine of the address has the rest of that. */
const CHECK_MS = ANSWER_MS / 2;
