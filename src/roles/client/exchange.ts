/**
 * The one exchange with the server, as a state: what was said, what is awaited, when the other side was last heard.
 * It sends and remembers; what to send next is decided in client.ts.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { ClientLink } from "../../link/link.ts";
import type { ErrorCode } from "../../model/errors.ts";
import type { DeviceId, FleetId, Revision, SessionId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Epoch, sameEpoch } from "../../model/position.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Down } from "../../protocol/down.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Push } from "../../protocol/push.ts";
import type { UpBody } from "../../protocol/up.ts";
import type { Versions } from "../../protocol/version.ts";
import type { Welcome } from "../../protocol/welcome.ts";

/** "silent": a hello is due. "asked": it is under way. "refused": it was, and is tried again later. "in": in session. */
export type Phase = "silent" | "asked" | "refused" | "in";

export class Exchange {
  readonly #link: ClientLink;
  readonly #clock: Clock;
  readonly #device: DeviceId;
  readonly #protocol: Versions;
  /** Of the session; before it, a hello is read in any. */
  #version: number;
  #counter = 0;
  #phase: Phase = "silent";
  #sinceMs = 0;
  #fleet: FleetId | undefined;
  #epoch: Epoch | undefined;
  #session: SessionId | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;
  #awaitedSinceMs: number | undefined;
  #push: { readonly push: Push; sentMs: number } | undefined;
  #pushNumber = 0;
  #overheard: { readonly epoch: Epoch; readonly revision: Revision } | undefined;
  helloNumber = 0;
  refusal: Refusal | undefined;
  /** The server machine said that its administrator stopped the server function, and was not heard since (M11). */
  isServerStopped = false;
  /** Why there is no link, while there is none. */
  away: ErrorCode | undefined;
  /** The newest revision that the server named. */
  newest: Revision = 0;
  /** A beat named a revision that had not come: at the next one still missing it is a loss (P15). */
  doubted: Revision | undefined;

  constructor(parts: { readonly link: ClientLink; readonly clock: Clock; readonly device: DeviceId; readonly protocol: Versions }) {
    this.#link = parts.link;
    this.#clock = parts.clock;
    this.#device = parts.device;
    this.#protocol = parts.protocol;
    this.#version = parts.protocol.max;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get epoch(): Epoch | undefined {
    return this.#epoch;
  }

  get push(): Push | undefined {
    return this.#push?.push;
  }

  /** Whether a reply to a pull is awaited. */
  get isAwaiting(): boolean {
    return this.#awaitedSinceMs !== undefined;
  }

  /** Milliseconds since this phase began. */
  get phaseMs(): number {
    return this.#clock.monotonicMs() - this.#sinceMs;
  }

  get silenceMs(): number {
    return this.#clock.monotonicMs() - this.#heardMs;
  }

  /** Whether a refused machine asks again: soon where the refusal passes by itself, later where people have to act. */
  get isRetryDue(): boolean {
    const afterMs = this.refusal?.word === "own-client-first" ? LIMITS.beatMs : LIMITS.refusedRetryMs;
    return this.#phase === "refused" && this.phaseMs >= afterMs;
  }

  /** What was asked stays unanswered for too long. */
  get isOverdue(): boolean {
    if (this.#phase === "asked") return this.phaseMs > LIMITS.answerMs;
    if (this.#awaitedSinceMs === undefined) return false;
    return this.#clock.monotonicMs() - this.#awaitedSinceMs > LIMITS.answerMs;
  }

  hello(hello: Omit<Hello, "number">): void {
    this.#leave("asked");
    this.#overheard = undefined;
    this.helloNumber += 1;
    this.#send({ ...hello, number: this.helloNumber });
  }

  /** Everything of the session is void; a hello is due. */
  reset(): void {
    this.#leave("silent");
  }

  refuse(refusal: Refusal): void {
    this.#leave("refused");
    this.isServerStopped = refusal.word === "server-not-running";
    // Whoever was put out is not known any more: the reason that says more stands.
    if (refusal.word !== "not-paired" || this.refusal?.word !== "put-out") this.refusal = refusal;
    this.heard();
  }

  enter({ envelope }: Down<Welcome>, welcome: Welcome): void {
    this.#leave("in");
    this.refusal = undefined;
    this.isServerStopped = false;
    this.#version = envelope.version;
    this.#session = envelope.session;
    this.#fleet = envelope.fleet;
    this.#epoch = envelope.epoch;
    const overheard = this.#overheard;
    const also = overheard !== undefined && sameEpoch(overheard.epoch, welcome.position.epoch) ? overheard.revision : 0;
    this.newest = Math.max(welcome.position.revision, also);
    this.heard();
  }

  /** Changes that went to all machines while the welcome was awaited: they may have overtaken it. */
  overhear({ envelope }: Down, last: Revision): void {
    if (this.#phase === "asked" && envelope.epoch !== undefined) this.#overheard = { epoch: envelope.epoch, revision: last };
  }

  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  replied(): void {
    this.#awaitedSinceMs = undefined;
  }

  /** Part of the reply is here: a slow link is not a dead one. */
  progressed(): void {
    if (this.#awaitedSinceMs !== undefined) this.#awaitedSinceMs = this.#clock.monotonicMs();
  }

  /** Whether a message belongs to this session, to the fleet at large, to another epoch, or to nothing we know. */
  place({ envelope }: Down): "session" | "broadcast" | "other-epoch" | "foreign" {
    // What goes to all goes out in other versions as well.
    if (this.#phase !== "in" || envelope.fleet !== this.#fleet || envelope.version !== this.#version) return "foreign";
    if (envelope.session !== undefined && envelope.session !== this.#session) return "foreign";
    if (envelope.epoch === undefined || this.#epoch === undefined || !sameEpoch(envelope.epoch, this.#epoch)) return "other-epoch";
    return envelope.session === undefined ? "broadcast" : "session";
  }

  pull(body: Extract<UpBody, { kind: "pull-part" | "pull-changes" | "bring" }>): void {
    this.awaitReply();
    this.#send(body);
  }

  /** A reply is under way, whether it was asked for or not. */
  awaitReply(): void {
    this.#awaitedSinceMs = this.#clock.monotonicMs();
  }

  /** The part of a snapshot that comes after a key; with it as many more as may be on their way. */
  pullPart(after: string): void {
    this.pull({ kind: "pull-part", after, ahead: LIMITS.partsAheadMax });
  }

  /** A new push; one is under way at a time (P7). */
  startPush(edits: readonly Uint8Array[]): void {
    this.#pushNumber += 1;
    const push: Push = { kind: "push", number: this.#pushNumber, edits };
    this.#push = { push, sentMs: this.#clock.monotonicMs() };
    this.#send(push);
  }

  /** Sends the push again when its answer is late. */
  repeatPush(): void {
    const under = this.#push;
    if (under === undefined || this.#clock.monotonicMs() - under.sentMs < LIMITS.answerMs) return;
    under.sentMs = this.#clock.monotonicMs();
    this.#send(under.push);
  }

  pushAnswered(number: number): void {
    if (this.#push?.push.number === number) this.#push = undefined;
  }

  say(body: Extract<UpBody, { kind: "offer" | "client-beat" | "client-end" }>): void {
    this.#send(body);
  }

  #leave(phase: Phase): void {
    this.#phase = phase;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#session = undefined;
    this.#version = this.#protocol.max;
    this.#awaitedSinceMs = undefined;
    this.#push = undefined;
    this.#pushNumber = 0;
    this.doubted = undefined;
  }

  #send(body: UpBody): void {
    this.#counter += 1;
    const envelope = {
      version: this.#version,
      fleet: this.#fleet,
      epoch: this.#epoch,
      from: this.#device,
      session: this.#session,
      counter: this.#counter,
    };
    this.#link.send({ envelope, body });
  }
}
