/**
 * The client function. Listeners only record what happened; one loop handles it in order and then sends what the whole
 * state calls for. What it keeps to:
 *
 * 1. A local edit is durable in the replica before it counts as saved.
 * 2. What the server sent is the base; own edits lie on top until the base has reached their answer, or shows them.
 * 3. A snapshot becomes visible whole or not at all, and its transfer resumes.
 * 4. Nothing but hello is sent before the welcome.
 * 5. What is applied to the machine is never taken for an edit.
 * 6. Device-specific entries never leave the machine.
 */
import type { ExportedOwners } from "../../../hal/restrictions.ts";
import type { ClientStatus } from "../../../hal/services.ts";
import { unreachable } from "../../model/assert.ts";
import { SyncError } from "../../model/errors.ts";
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { Requests } from "../requests.ts";
import type { Role } from "../role.ts";
import { CatchUp } from "./catch-up.ts";
import { type Changed, type ClientEvent, goesOnBeside, listen, staysUnshown, tick } from "./client-event.ts";
import type { ClientParts } from "./client-parts.ts";
import { statusOf } from "./client-status.ts";
import { Crossing } from "./crossing.ts";
import { Exchange } from "./exchange.ts";
import { Forwarding } from "./forwarding.ts";
import { Hearing, isOfThePeer } from "./hearing.ts";
import { HistoryTrim } from "./history-trim.ts";
import { inRuns } from "./in-runs.ts";
import { Inbox } from "./inbox.ts";
import { loggedInAt } from "./introduction.ts";
import { Joiner } from "./joiner.ts";
import { JournalClock } from "./journal-clock.ts";
import { NetworkPlaces } from "./network-places.ts";
import { NextStep } from "./next-step.ts";
import { Preparations } from "./preparations.ts";
import { Recorder } from "./recorder.ts";
import { Recording } from "./recording.ts";
import { recover } from "./recover.ts";
import { Shower } from "./shower.ts";
import { ShowingLater } from "./showing-later.ts";
import type { ShowingParts } from "./showing-parts.ts";
import { linkedAbort } from "../../model/linked-abort.ts";

export class SyncClient implements Role {
  readonly #parts: ClientParts;
  readonly #mailbox = new Inbox();
  /** Performed between two turns. */
  readonly requests = new Requests({ word: "client-not-running" }, (perform) => this.#mailbox.put({ kind: "request", perform }));
  readonly #journalClock: JournalClock;
  readonly #exchange: Exchange;
  readonly #recorder: Recorder;
  readonly #recording: Recording;
  readonly #joiner: Joiner;
  readonly #catchUp: CatchUp;
  readonly #forwarding: Forwarding;
  readonly #hearing: Hearing;
  readonly #preparations: Preparations;
  readonly #nextStep: NextStep;
  readonly #places: NetworkPlaces;
  /** What brings a base to the machine's stores. */
  readonly #showing: ShowingParts;
  readonly #later: ShowingLater;
  readonly #trim: HistoryTrim;
  /** Monotonic time at which this machine said that it goes to sleep; until it wakes, it says nothing more. */
  #goodNightMs: number | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#trim = new HistoryTrim(parts);
    this.#journalClock = new JournalClock(parts.clock, parts.replica.head.heard);
    this.#exchange = new Exchange(parts);
    const shower = new Shower(parts);
    this.#recorder = new Recorder({ ...parts, journalClock: this.#journalClock, shower });
    this.#recording = new Recording({ ...parts, recorder: this.#recorder });
    this.#joiner = new Joiner({ ...parts, recorder: this.#recorder, shower });
    this.#catchUp = new CatchUp({ ...parts, exchange: this.#exchange, journalClock: this.#journalClock, joiner: this.#joiner });
    this.#showing = { ...parts, shower, joiner: this.#joiner, crossing: new Crossing({ ...parts, shower }), catchUp: this.#catchUp };
    const onFurther = () => parts.onStatus("counts");
    this.#later = new ShowingLater({ ...parts, shower, wake: () => this.#mailbox.put({ kind: "show" }), onFurther });
    const spoken = { ...this.#showing, exchange: this.#exchange, journalClock: this.#journalClock };
    this.#places = new NetworkPlaces(spoken);
    const tools = { ...spoken, places: this.#places };
    this.#forwarding = new Forwarding({ ...tools, recording: this.#recording });
    this.#hearing = new Hearing({ ...tools, forwarding: this.#forwarding, later: this.#later });
    this.#preparations = new Preparations(tools);
    this.#nextStep = new NextStep({ ...tools, forwarding: this.#forwarding, later: this.#later, recording: this.#recording });
  }

  status(): ClientStatus {
    const { shower, catchUp } = this.#showing;
    return statusOf({ parts: this.#parts, exchange: this.#exchange, catchUp, shower, later: this.#later });
  }

  /** Whether what came from other machines waits to be shown. A request shows it first. */
  get isBehind(): boolean {
    return this.#later.isWaiting;
  }

  /** The number of the edit with this mark, once it is recorded. */
  numberOf(mark: number): number {
    return this.#recorder.numberOf(mark);
  }

  /** Resolves when edits up to this mark of the machine's stores are durable in the replica, or when this client ends before. */
  recorded(mark: number): Promise<"recorded" | "ended"> {
    return this.#recording.recorded(mark);
  }

  /** Resolves when this machine shows of these owners what the server had at the revision (M23), or when it is ended. */
  prepared(owners: ExportedOwners, revision: Revision, signal: AbortSignal): Promise<"prepared" | "ended"> {
    const prepared = this.#preparations.add(owners, revision, signal);
    this.#mailbox.put({ kind: "changed", what: "preparation" });
    return prepared;
  }

  async run(signal: AbortSignal): Promise<void> {
    const end = this.#parts.stores.onEvicted((entries) => this.#mailbox.put({ kind: "evicted", entries }));
    try {
      await this.#places.recall();
      // Edits that were missed become edits.
      await this.#recorder.beginAnew();
      await this.#recording.record();
      await recover(this.#showing, () => this.#recording.breathe());
      await this.#work(signal);
    } finally {
      this.#recording.end();
      this.#preparations.end();
      this.requests.end();
      end();
      // Whatever ends it: a link that nobody listens to would go on connecting in this machine's name.
      await this.#parts.link.close();
      await this.#later.ended();
      await this.#recorder.ended();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const put = (event: ClientEvent) => this.#mailbox.put(event);
    const registrations = [
      ...listen(this.#parts, put, (edits) => this.#recorder.hear(edits)),
      this.#parts.power.beforeSleep(async () => this.#sayGoodNight(), LIMITS.beforeSleepMs),
    ];
    const over = linkedAbort(signal);
    const ticking = tick(this.#parts.clock, over.signal, put);
    // The link may have come up before anybody listened, and edits may have been made.
    put({ kind: "tick" });
    try {
      while (!signal.aborted) {
        const events = await this.#mailbox.take(over.signal);
        await this.#turn(
          this.#forwarding.mayAwaitMore(events) ? await this.#forwarding.withMore(events, this.#mailbox, over.signal) : events,
        );
      }
      await this.#later.showWaiting();
    } finally {
      over.abort();
      this.#later.end();
      for (const end of registrations) end();
      if (this.#exchange.phase === "in") this.#exchange.say({ kind: "client-end", reason: this.#parts.isStopped() ? "stopped" : "off" });
    }
    await ticking;
  }

  async #turn(events: readonly ClientEvent[]): Promise<void> {
    const recording = this.#forwarding.beforeTurn(events);
    const isPlain = typeof recording === "boolean" ? recording : await recording;
    for (const event of inRuns(events)) {
      try {
        const isHeardAtOnce = event.kind === "message" && staysUnshown(event);
        await (isHeardAtOnce ? this.#hearing.message(event.message, event.also) : this.#handle(event));
      } catch (error) {
        if (!(error instanceof SyncError) || !isOfThePeer(error)) throw error;
        this.#parts.log.failed(error);
        this.#exchange.reset();
        this.#parts.link.restart();
      }
      const forwarding = this.#forwarding.amidTurn();
      if (forwarding !== undefined) await forwarding;
    }
    const recorded = this.#forwarding.atTurnEnd();
    if ((recorded === "done" ? recorded : await recorded) === "more") this.#mailbox.put({ kind: "edits" });
    const working = this.#goodNightMs === undefined ? this.#nextStep.take() : undefined;
    if (working !== undefined) await working;
    if (!this.#preparations.isEmpty) await this.#preparations.perform();
    this.#parts.onStatus(isPlain && this.#forwarding.isPlainSailing ? "counts" : "words");
  }

  async #handle(event: ClientEvent): Promise<void> {
    if (goesOnBeside(event)) await this.#later.showSoon();
    else if (!staysUnshown(event)) await this.#later.showWaiting();
    switch (event.kind) {
      case "link":
        return this.#hearing.linkChanged(event.state, event.why);
      case "message":
        return await this.#hearing.message(event.message, event.also);
      case "overrun":
        return this.#exchange.phase === "in" ? this.#exchange.reset() : undefined;
      case "show": // It is done.
      case "edits": // All of them are recorded after this, in one write.
        return undefined;
      case "evicted":
        return await this.#showing.shower.dropped(event.entries);
      case "tick":
        return await this.#onTick();
      case "changed":
        return this.#changed(event.what);
      case "request":
        return await event.perform();
      default:
        return unreachable(event);
    }
  }

  #changed(what: Changed): void {
    if (what === "power") this.#goodNightMs = undefined;
    if (what === "policy") this.#exchange.reset();
    if (what === "people" && this.#exchange.phase === "in") this.#beat();
  }

  #sayGoodNight(): void {
    this.#goodNightMs = this.#parts.clock.monotonicMs();
    if (this.#exchange.phase === "in") this.#exchange.say({ kind: "client-end", reason: "sleep" });
    this.#exchange.reset();
  }

  async #onTick(): Promise<void> {
    const { power, clock, replica } = this.#parts;
    // A sleep that was called off leaves no other trace than that it does not come.
    if (power.state !== "full-sleep" && clock.monotonicMs() - (this.#goodNightMs ?? 0) > LIMITS.sleepComesMs) this.#goodNightMs = undefined;
    if (this.#exchange.phase === "in") this.#beat();
    await this.#trim.ifDue();
    await replica.tidy();
    await this.#showLost();
    this.#later.showPosition();
  }

  /** A store of the machine that found something damaged gives up what it showed: all of it is shown anew (M20). */
  async #showLost(): Promise<void> {
    const { replica, stores, restrictions } = this.#parts;
    const isDue = replica.position !== undefined && replica.head.unshown === undefined && stores.oldestShown() === undefined;
    if (isDue) await this.#later.showWaiting();
    if (isDue && !restrictions.importExportRunning()) await recover(this.#showing, () => this.#recording.breathe());
  }

  #beat(): void {
    this.#exchange.say({ kind: "client-beat", loggedIn: loggedInAt(this.#parts.users), waiting: this.#parts.replica.pending.size });
  }
}
