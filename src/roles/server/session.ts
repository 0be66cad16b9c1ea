/** One machine's connection to the server, from its welcome to its end or the end of its lease. */
import type { ErrorCode } from "../../model/errors.ts";
import { type DeviceId, type Revision, type RunId, type SessionId, sessionId } from "../../model/ids.ts";
import type { CameBy } from "../../link/link.ts";
import type { Owner } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { Answers } from "../../protocol/answers.ts";
import { Assembly } from "../../protocol/block.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Offer } from "../../protocol/offer.ts";
import { LIMITS } from "../../model/limits.ts";

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
  loggedIn: readonly Owner[];
  /** The last push and what it was answered: a repetition is answered alike. */
  lastAnswers: Answers | undefined;
  /** Changes from here on are kept while the machine transfers a snapshot. */
  pinned: Revision | undefined;
  /** What the log says of it already. */
  readonly complaints = new Set<ErrorCode>();
  readonly #offers = new Map<string, Assembly>();

  constructor({ id, device, hello, by, heardMs }: Pick<Session, "id" | "device" | "hello" | "by" | "heardMs">) {
    this.id = id;
    this.device = device;
    this.hello = hello;
    this.by = by;
    this.heardMs = heardMs;
    this.loggedIn = hello.loggedIn;
    this.lastAnswers = undefined;
    this.pinned = undefined;
  }

  /** It only looks (B01): it takes no place, writes nothing, and does not count as operating. */
  get isLook(): boolean {
    return this.hello.purpose === "preview";
  }

  get run(): RunId {
    return this.hello.run;
  }

  /** Monotonic time at which its lease ends, if nothing more is heard. */
  get lapsesAtMs(): number {
    return this.heardMs + LIMITS.leaseMs;
  }

  /** Collects an offer; gives its bytes when the last part is there. An offer that is sent anew starts from its first part. */
  collect({ join, holding, part, of, bytes }: Offer): Uint8Array | undefined {
    const name = `${join} ${holding}`;
    if (part === 0) {
      if (this.#offers.size >= OFFERS_AT_ONCE_MAX) this.#offers.clear();
      this.#offers.set(name, new Assembly(LIMITS.holdingBytesMax));
    }
    const assembly = this.#offers.get(name);
    const whole = assembly?.add(part, of, bytes);
    if (whole === "more") return undefined;
    this.#offers.delete(name);
    return whole instanceof Uint8Array ? whole : undefined;
  }
}

/** A client has at most eight on the way; what is beyond that is left from a connection that broke. */
const OFFERS_AT_ONCE_MAX = 16;
