/** Recording as the client's loop does it: whatever is new, in each turn, and then whoever waits for an edit is told. */
import { LIMITS } from "../../model/limits.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { StatusNews } from "../status-news.ts";
import { TurningPoint } from "../turning-point.ts";
import type { Recorder } from "./recorder.ts";

interface Parts {
  readonly recorder: Recorder;
  readonly replica: Replica;
  readonly log: CommunicationLog;
  readonly onStatus: (news: StatusNews) => void;
}

export class Recording {
  readonly #parts: Parts;
  /** Told after each recording. */
  readonly #turn = new TurningPoint();
  #hasEnded = false;
  /** The machine's own stores keep what is made: as many edits are pending as may be, or the copy is fetched anew. */
  #isKeptByStores = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Nothing is new, and nobody waits to be told. */
  get isIdle(): boolean {
    return !this.#parts.recorder.hasNews && !this.#turn.isAwaited && !this.#isKeptByStores;
  }

  /** Records all that is new. */
  async record(): Promise<void> {
    while ((await this.recordSome()) === "more");
  }

  /** Records of what is new as much as one write may have. */
  async recordSome(): Promise<"more" | "done"> {
    // Somebody else may have come upon what is damaged, who asked for something.
    this.#parts.replica.mustBeWhole();
    const outcome = await this.#parts.recorder.record();
    this.#isKeptByStores = outcome === "full" || outcome === "put-off";
    if (outcome === "full") this.#parts.log.write({ kind: "edits-wait", edits: LIMITS.pendingMax });
    this.#turn.tell();
    return outcome === "more" ? "more" : "done";
  }

  /** Amid long work: what people edit becomes durable, and how far it is is told. */
  async breathe(): Promise<void> {
    await this.record();
    this.#parts.onStatus("words");
  }

  /**
   * Resolves when edits up to this mark of the machine's stores are durable in the replica, or cannot be recorded yet and
   * are kept by the stores; or when the client ends before.
   */
  async recorded(mark: number): Promise<"recorded" | "ended"> {
    const isSaved = (): boolean => this.#parts.replica.head.mark >= mark || this.#isKeptByStores;
    while (!isSaved() && !this.#hasEnded) await this.#turn.next();
    return isSaved() ? "recorded" : "ended";
  }

  end(): void {
    this.#hasEnded = true;
    this.#turn.tell();
  }
}
