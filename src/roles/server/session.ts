/** One machine's connection to the server, from its welcome to its end or the end of its lease. */
import type { RegisteredMachine } from "../../../hal/services.ts";
import type { ErrorCode } from "../../model/errors.ts";
import { type DeviceId, type Revision, type RunId, type SessionId, sessionId } from "../../model/ids.ts";
import type { CameBy } from "../../link/link.ts";
import type { Owner } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import { offerName } from "../../model/offered.ts";
import type { Answers } from "../../protocol/answers.ts";
import type { ClientBeat } from "../../protocol/beat.ts";
import { Assembly } from "../../protocol/block.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Offer } from "../../protocol/offer.ts";
import { LIMITS } from "../../model/limits.ts";
import { PartsAhead } from "./parts-ahead.ts";

/** Drawn for each welcome. */
export const newSessionId = (random: Random): SessionId => sessionId(randomHex(random, 8));

export class Session {
  readonly id: SessionId;
  readonly device: DeviceId;
  readonly hello: Hello;
  /** The machine's own client may come in by the network as well, and is one of many then (M29). */
  readonly by: CameBy;
  /** Monotonic time of the last message. */
  heardMs: number;
  #counter = 0;
  loggedIn: readonly Owner[];
  /** Edits that wait on the machine, as its last beat said. */
  waiting: number;
  /** The last push and what it was answered: a repetition is answered alike. */
  lastAnswers: Answers | undefined;
  /** Where the transfer of a snapshot started, or how far the machine has pulled: the changes after it are kept for it, for a while. */
  #pinned: Revision | undefined;
  #askedMs: number;
  /** What the log says of it already. */
  readonly complaints = new Set<ErrorCode>();
  /** Which parts of a snapshot it was sent ahead. */
  readonly partsAhead = new PartsAhead();
  readonly #offers = new Map<string, Assembly>();

  constructor({ id, device, hello, by, heardMs }: Pick<Session, "id" | "device" | "hello" | "by" | "heardMs">) {
    this.id = id;
    this.device = device;
    this.hello = hello;
    this.by = by;
    this.heardMs = heardMs;
    this.loggedIn = hello.loggedIn;
    this.waiting = 0;
    this.lastAnswers = undefined;
    this.#pinned = undefined;
    this.#askedMs = heardMs;
  }

  /** It only looks (B01): it takes no place, writes nothing, and does not count as operating. */
  get isLook(): boolean {
    return this.hello.purpose === "preview";
  }

  /** What the list of machines says of it. */
  get shown(): Pick<RegisteredMachine, "operating" | "waiting"> {
    return { operating: true, ...(this.waiting === 0 ? {} : { waiting: this.waiting }) };
  }

  get run(): RunId {
    return this.hello.run;
  }

  /** Monotonic time at which its lease ends, if nothing more is heard. */
  get lapsesAtMs(): number {
    return this.heardMs + LIMITS.leaseMs;
  }

  /**
   * Takes note of a message, by the number that its sender gave it. false: it was heard before, or was overtaken; what a broker
   * says again much later renews no lease (B07), and tells nothing of who is logged in now.
   */
  hears(counter: number, nowMs: number): boolean {
    if (counter <= this.#counter) return false;
    this.#counter = counter;
    this.heardMs = nowMs;
    return true;
  }

  /** With its last message it came to want the changes after this revision; undefined: it has them all. */
  wants(after: Revision | undefined): void {
    this.#pinned = after;
    this.#askedMs = this.heardMs;
  }

  /** With its last message it goes on with a transfer. Gives where that started; 0: it transfers none. */
  transfers(): Revision {
    this.#askedMs = this.heardMs;
    return this.#pinned ?? 0;
  }

  /**
   * The changes after this revision are kept for it; undefined: none. Whoever asks for nothing more has all it wanted,
   * as a machine to which no change happened during its transfer, or has to say hello again.
   */
  pinned(nowMs: number): Revision | undefined {
    return nowMs < this.#askedMs + LIMITS.transferPauseMs ? this.#pinned : undefined;
  }

  hearBeat({ loggedIn, waiting }: ClientBeat): void {
    this.loggedIn = loggedIn;
    this.waiting = waiting;
  }

  /** Collects an offer; gives its bytes when the last part is there. An offer that is sent anew starts from its first part. */
  collect({ join, holding, item, part, of, bytes }: Offer): Uint8Array | undefined {
    const name = `${join} ${offerName({ holding, item })}`;
    if (part === 0) {
      if (this.#offers.size >= LIMITS.offersAtOnceMax) this.#offers.clear();
      this.#offers.set(name, new Assembly(LIMITS.holdingBytesMax));
    }
    const assembly = this.#offers.get(name);
    const whole = assembly?.add(part, of, bytes);
    if (whole === "more") return undefined;
    this.#offers.delete(name);
    return whole instanceof Uint8Array ? whole : undefined;
  }
}
