/**
 * A look at what the server holds (B01): a hello that asks for no place, a snapshot into a copy that is put aside, and a
 * goodbye. Nothing is offered, pushed or applied. One attempt: who looks can look again.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { ClientLink } from "../../link/link.ts";
import { unreachable } from "../../model/assert.ts";
import { SyncError } from "../../model/errors.ts";
import type { DeviceId, Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { LineageEntry } from "../../model/position.ts";
import type { Refusal } from "../../model/refusal.ts";
import { Assembly, inflateBlock, unpackRecords } from "../../protocol/block.ts";
import type { Changes } from "../../protocol/changes.ts";
import type { Down } from "../../protocol/down.ts";
import type { Versions } from "../../protocol/version.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Part, Welcome } from "../../protocol/welcome.ts";
import type { Replica } from "../../store/replica.ts";
import { Mailbox } from "../mailbox.ts";
import { Exchange } from "./exchange.ts";
import { linkedAbort } from "../../model/linked-abort.ts";

export interface LookParts {
  readonly link: ClientLink;
  /** Empty, and nobody else's. */
  readonly replica: Replica;
  readonly clock: Clock;
  readonly device: DeviceId;
  readonly hello: Omit<Hello, "number">;
  readonly protocol: Versions;
}

type Event =
  | { readonly kind: "link"; readonly state: "up" | "down"; readonly why: SyncError | Refusal | undefined }
  | { readonly kind: "message"; readonly message: Down }
  | { readonly kind: "late" };

/** What came of it so far: undefined while it goes on. */
type Seen = "seen" | Refusal | undefined;

export class Look {
  readonly #parts: LookParts;
  readonly #exchange: Exchange;
  readonly #mailbox = new Mailbox<Event>();
  readonly #block = new Assembly(LIMITS.blockInflatedBytesMax);
  /** The revision that the server named: the copy has to reach it. */
  #wanted: Revision = 0;
  #lineage: readonly LineageEntry[] = [];
  #heardMs: number;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#exchange = new Exchange(parts);
    this.#heardMs = parts.clock.monotonicMs();
  }

  /**
   * "seen": the replica's base is a state of the server. Closes the link. Rejects with a SyncError when the server is silent,
   * or when it is ended.
   */
  async run(signal: AbortSignal): Promise<"seen" | Refusal> {
    const { link, clock } = this.#parts;
    const over = linkedAbort(signal);
    link.onState((state, why) => this.#mailbox.put({ kind: "link", state, why }));
    link.onMessage((message) => this.#mailbox.put({ kind: "message", message }));
    const watching = this.#watch(clock, over.signal);
    if (link.state === "up") this.#mailbox.put({ kind: "link", state: "up", why: undefined });
    try {
      while (!signal.aborted) {
        for (const event of await this.#mailbox.take(over.signal)) {
          const seen = await this.#handle(event);
          if (seen !== undefined) return seen;
        }
      }
      throw silent("the preview was given up");
    } finally {
      over.abort();
      await watching;
      if (this.#exchange.phase === "in") this.#exchange.say({ kind: "client-end", reason: "off" });
      await link.close();
    }
  }

  /** Silence for twice as long as an answer may take is the end of it. */
  async #watch(clock: Clock, signal: AbortSignal): Promise<void> {
    while ((await clock.sleep(LIMITS.beatMs, signal)) === "elapsed") {
      if (clock.monotonicMs() - this.#heardMs > 2 * LIMITS.answerMs) this.#mailbox.put({ kind: "late" });
    }
  }

  async #handle(event: Event): Promise<Seen> {
    switch (event.kind) {
      case "late":
        throw silent("the server machine does not answer; the preview was given up");
      case "link":
        return this.#linkChanged(event.state, event.why);
      case "message":
        this.#heardMs = this.#parts.clock.monotonicMs();
        return await this.#hear(event.message);
      default:
        return unreachable(event);
    }
  }

  #linkChanged(state: "up" | "down", why: SyncError | Refusal | undefined): Seen {
    if (state === "up") {
      if (this.#exchange.phase === "silent") this.#exchange.hello(this.#parts.hello);
      return undefined;
    }
    if (why instanceof SyncError) throw why;
    if (why !== undefined) return why;
    if (this.#exchange.phase !== "silent") throw silent("the connection to the server machine broke; the preview was given up");
    return undefined;
  }

  async #hear(message: Down): Promise<Seen> {
    const { body } = message;
    if (body.kind === "welcome") return await this.#welcomed({ ...message, body });
    if (body.kind === "refuse") return body.number === this.#exchange.helloNumber ? body.refusal : undefined;
    if (body.kind === "server-end") {
      if (body.refusal !== undefined) return body.refusal;
      throw silent("the server function ended; the preview was given up");
    }
    if (this.#exchange.place(message) !== "session") return undefined;
    if (body.kind === "part") return await this.#part(body);
    return body.kind === "changes" ? await this.#changes(body) : undefined;
  }

  async #welcomed(message: Down<Welcome>): Promise<Seen> {
    const { body } = message;
    if (this.#exchange.phase !== "asked" || body.number !== this.#exchange.helloNumber) return undefined;
    if (body.way.kind !== "snapshot") throw new SyncError("message-malformed", "message refused: welcome.way: must be a snapshot");
    this.#exchange.enter(message, body);
    this.#wanted = body.position.revision;
    this.#lineage = body.lineage;
    await this.#parts.replica.beginTransfer(body.way.start, body.journalTime);
    this.#exchange.pullPart("");
    return undefined;
  }

  async #part(part: Part): Promise<Seen> {
    const { replica } = this.#parts;
    const { transfer } = replica;
    if (transfer === undefined || transfer.complete || part.after !== transfer.after) return undefined;
    await replica.storePart(part);
    if (part.end) this.#exchange.pull({ kind: "pull-changes", after: transfer.position.revision });
    else this.#exchange.pullPart(part.last);
    return undefined;
  }

  async #changes(body: Changes): Promise<Seen> {
    const { replica } = this.#parts;
    const block = this.#block.add(body.part, body.of, body.bytes);
    if (block === "more" || replica.head.transfer?.complete !== true) return undefined;
    const whole = block === "out-of-order" ? undefined : unpackRecords(inflateBlock(block, body.deflated, LIMITS.blockInflatedBytesMax));
    if (whole === undefined || (await replica.replay(whole)) === "gap")
      throw silent("a message of the server machine was lost; the preview was given up");
    const { transfer } = replica.head;
    if (transfer !== undefined && transfer.position.revision < Math.max(transfer.reach, this.#wanted)) {
      this.#exchange.pull({ kind: "pull-changes", after: transfer.position.revision });
      return undefined;
    }
    await replica.switchBase([], { lineage: this.#lineage });
    return "seen";
  }
}

const silent = (text: string): SyncError => new SyncError("server-unreachable", text);
