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
import type { Clock } from "../../../hal/clock.ts";
import type { Device } from "../../../hal/device.ts";
import type { Power } from "../../../hal/power.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Acknowledged, ClientStatus } from "../../../hal/services.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { ClientLink } from "../../link/link.ts";
import { unreachable } from "../../model/assert.ts";
import type { EntryName } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { ITEMS, type Scope } from "../../model/item.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { Random } from "../../model/random.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Down } from "../../protocol/down.ts";
import type { ServerBeat } from "../../protocol/beat.ts";
import type { ServerEnd } from "../../protocol/end.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../../protocol/version.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import { eraseFromHistory } from "../../store/history.ts";
import { scopeKey } from "../../store/keys.ts";
import { unpackScope } from "../../store/records.ts";
import type { Replica, Took } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { digest, digestsOf } from "../digests.ts";
import { Mailbox } from "../mailbox.ts";
import type { Role } from "../role.ts";
import { onWaking } from "../waking.ts";
import { takeAnswers } from "./answers.ts";
import { CatchUp, ownersOf } from "./catch-up.ts";
import { Exchange } from "./exchange.ts";
import { JournalClock } from "./journal-clock.ts";
import { Joiner } from "./joiner.ts";
import type { MachineStores } from "./machine-stores.ts";
import { nextPush } from "./next-push.ts";
import { Recorder } from "./recorder.ts";
import { Shower } from "./shower.ts";
import type { Travel } from "./travel.ts";

export interface ClientParts {
  readonly link: ClientLink;
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly power: Power;
  readonly users: Users;
  readonly restrictions: Restrictions;
  readonly description: Device;
  readonly log: CommunicationLog;
  readonly random: Random;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly onStatus: () => void;
  readonly onShown: (entries: readonly EntryName[]) => void;
  /** Whether a stop is the administrator's, and not only the end of this run. */
  readonly isStopped: () => boolean;
}

type Event =
  | { readonly kind: "link"; readonly state: "up" | "down"; readonly why: SyncError | Refusal | undefined }
  | { readonly kind: "message"; readonly message: Down }
  | { readonly kind: "edits" }
  | { readonly kind: "tick" }
  | { readonly kind: "changed"; readonly what: "policy" | "people" | "power" | "import-export" };

export class SyncClient implements Role {
  readonly #parts: ClientParts;
  readonly #mailbox = new Mailbox<Event>();
  readonly #journalClock: JournalClock;
  readonly #exchange: Exchange;
  readonly #recorder: Recorder;
  readonly #shower: Shower;
  readonly #joiner: Joiner;
  readonly #catchUp: CatchUp;
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;
  /** Monotonic time at which this machine said that it goes to sleep; until it wakes, it says nothing more. */
  #goodNightMs: number | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#journalClock = new JournalClock(parts.clock, parts.replica.head.heard);
    this.#exchange = new Exchange(parts);
    this.#recorder = new Recorder({ ...parts, journalClock: this.#journalClock });
    this.#shower = new Shower(parts);
    this.#joiner = new Joiner({ ...parts, recorder: this.#recorder, shower: this.#shower });
    this.#catchUp = new CatchUp({ ...parts, exchange: this.#exchange, journalClock: this.#journalClock, joiner: this.#joiner });
  }

  status(): ClientStatus {
    const { replica } = this.#parts;
    const pending = [...replica.pending.all()].filter(({ answer }) => answer === undefined).length;
    const revision = replica.position === undefined ? {} : { revision: replica.position.revision };
    const { refusal } = this.#exchange;
    const why = refusal === undefined ? {} : { reason: refusal.word, refusal };
    return { state: this.#state(), pending, ...revision, ...why };
  }

  #state(): ClientStatus["state"] {
    const { replica, restrictions } = this.#parts;
    if (this.#exchange.refusal !== undefined) return "refused";
    if (this.#exchange.phase !== "in" || this.#exchange.silenceMs > LIMITS.heardMs) return "offline";
    if (restrictions.importExportRunning()) return "paused";
    const joined = replica.position !== undefined && replica.head.unshown === undefined;
    if (!joined || this.#catchUp.isUnderWay || replica.offers.wanted().length > 0) return "joining";
    return "synchronized";
  }

  acknowledged(): Acknowledged {
    const { replica } = this.#parts;
    const unanswered = [...replica.pending.all()].filter(({ answer }) => answer === undefined).map(({ edit }) => edit);
    const pending = unanswered.map(({ id, owner, item, key }) => ({ number: id.sequence, owner, item, key }));
    const joining = replica.position === undefined || replica.offers.wanted().length > 0;
    const { sequence, mark } = replica.head;
    const last = (unanswered[0]?.id.sequence ?? Math.max(sequence, mark) + 1) - 1;
    return { acknowledged: joining ? (replica.head.join?.floor ?? 0) : last, pending };
  }

  /** The number of the edit with this mark, once it is recorded. */
  numberOf(mark: number): number {
    return this.#recorder.numberOf(mark);
  }

  /** Resolves when edits up to this mark of the machine's stores are durable in the replica, or when this client ends before. */
  async recorded(mark: number): Promise<"recorded" | "ended"> {
    while (this.#parts.replica.head.mark < mark && !this.#hasEnded) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.#parts.replica.head.mark < mark ? "ended" : "recorded";
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#recover();
      await this.#work(signal);
    } finally {
      this.#hasEnded = true;
      this.#tellWaiting();
      // Whatever ends it: a link that nobody listens to would go on connecting in this machine's name.
      await this.#parts.link.close();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { link, clock } = this.#parts;
    link.onState((state, why) => this.#mailbox.put({ kind: "link", state, why }));
    link.onMessage((message) => this.#mailbox.put({ kind: "message", message }));
    const registrations = this.#listen();
    const over = new AbortController();
    const ticking = this.#tick(AbortSignal.any([signal, over.signal]), clock);
    // The link may have come up before anybody listened, and edits may have been made.
    this.#mailbox.put({ kind: "tick" });
    try {
      while (!signal.aborted) await this.#turn(await this.#mailbox.take(signal));
    } finally {
      over.abort();
      for (const end of registrations) end();
      if (this.#exchange.phase === "in") this.#exchange.say({ kind: "client-end", reason: this.#parts.isStopped() ? "stopped" : "off" });
    }
    await ticking;
  }

  #listen(): (() => void)[] {
    const { users, power, restrictions, stores } = this.#parts;
    const changed = (what: "policy" | "people" | "power" | "import-export") => () => this.#mailbox.put({ kind: "changed", what });
    return [
      stores.onEdit(() => this.#mailbox.put({ kind: "edits" })),
      users.onPolicy(changed("policy")),
      users.onLogin(changed("people")),
      users.onLogout(changed("people")),
      onWaking(power, changed("power")),
      power.beforeSleep(async () => this.#sayGoodNight(), LIMITS.beforeSleepMs),
      restrictions.onImportExport(changed("import-export")),
    ];
  }

  async #tick(signal: AbortSignal, clock: Clock): Promise<void> {
    while ((await clock.sleep(LIMITS.beatMs, signal)) === "elapsed") this.#mailbox.put({ kind: "tick" });
  }

  /** After a start: edits that were missed become edits; a base that the stores do not show is shown. */
  async #recover(): Promise<void> {
    const { replica, stores } = this.#parts;
    await this.#readScopes();
    await this.#recorder.beginAnew();
    await this.#record();
    const { position } = replica;
    if (position === undefined) return;
    const shown = stores.oldestShown();
    const current = shown?.epoch.id === position.epoch.id && shown.revision === position.revision;
    if (!current || replica.head.unshown !== undefined) await this.#shower.showAll(this.#keepAtJoin(), () => this.#record());
  }

  /** Data that a switch replaces is kept in the history while the switch of a join is carried over. */
  #keepAtJoin(): "replaced-at-join" | undefined {
    return this.#parts.replica.head.unshown === "keep" ? "replaced-at-join" : undefined;
  }

  async #record(): Promise<void> {
    const outcome = await this.#recorder.record();
    if (outcome === "full") this.#parts.log.write("Error", "limit-exceeded", `${LIMITS.pendingMax} changes wait for the server; further ones are kept by the machine until there is room`);
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async #turn(events: readonly Event[]): Promise<void> {
    for (const event of events) {
      try {
        await this.#handle(event);
      } catch (error) {
        if (!(error instanceof SyncError) || !isOfThePeer(error)) throw error;
        this.#parts.log.write("Error", error.code, error.message);
        this.#exchange.reset();
        this.#parts.link.restart();
      }
    }
    await this.#record();
    await this.#evaluate();
    this.#parts.onStatus();
  }

  async #handle(event: Event): Promise<void> {
    switch (event.kind) {
      case "link":
        return this.#linkChanged(event.state, event.why);
      case "message":
        return await this.#message(event.message);
      case "edits":
        // All of them are recorded at the end of the turn, in one write.
        return undefined;
      case "tick":
        return await this.#onTick();
      case "changed":
        return this.#changed(event.what);
      default:
        return unreachable(event);
    }
  }

  #linkChanged(state: "up" | "down", why: SyncError | Refusal | undefined): void {
    this.#joiner.forgetUnderWay();
    this.#exchange.reset();
    if (state === "up" || why === undefined) return;
    if (why instanceof SyncError) return this.#parts.log.write("Warning", why.code, why.message);
    this.#parts.log.refused("the server machine", why);
    this.#exchange.refuse(why);
  }

  #changed(what: "policy" | "people" | "power" | "import-export"): void {
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
    const { power, clock, replica, stores } = this.#parts;
    // A sleep that was called off leaves no other trace than that it does not come.
    const waitedMs = clock.monotonicMs() - (this.#goodNightMs ?? 0);
    if (power.state !== "full-sleep" && waitedMs > LIMITS.sleepComesMs) this.#goodNightMs = undefined;
    if (this.#exchange.phase === "in") this.#beat();
    if (replica.position !== undefined && replica.head.unshown === undefined) await stores.showPosition(replica.position, replica.head.mark);
  }

  #beat(): void {
    this.#exchange.say({ kind: "client-beat", loggedIn: this.#loggedIn() });
  }

  #loggedIn(): Owner[] {
    const user = this.#parts.users.loggedIn();
    return user === undefined ? [] : [user.owner, ...user.groups];
  }

  async #message(message: Down): Promise<void> {
    const { body } = message;
    if (body.kind === "welcome") return await this.#welcomed(message, body);
    if (body.kind === "refuse") return this.#refused(body.number, body.refusal);
    if (body.kind === "server-end") return this.#ended(body);
    const place = this.#exchange.place(message);
    if (place === "foreign") {
      if (body.kind === "changes") this.#exchange.overhear(message, body.last);
      return;
    }
    if (place === "other-epoch") return this.#exchange.reset();
    this.#exchange.heard();
    if (this.#parts.restrictions.importExportRunning()) return this.#passOver(body);
    switch (body.kind) {
      case "part":
        return await this.#catchUp.part(body);
      case "changes":
        return await this.#took(await this.#catchUp.changes(body, place === "broadcast"));
      case "answers":
        this.#exchange.pushAnswered(body.number);
        return await this.#shower.show(await takeAnswers(body.answers, this.#parts));
      case "offer-answer":
        return await this.#joiner.answered(body);
      case "server-beat":
        return this.#serverBeat(body);
      default:
        return unreachable(body);
    }
  }

  /** While an import or export runs nothing is applied (M24); what is missed is asked for with a hello afterwards. */
  #passOver(body: Down["body"]): void {
    if (body.kind === "server-beat") this.#journalClock.hear(body.journalTime);
    else this.#exchange.doubted = 0;
  }

  async #welcomed(message: Down, welcome: Welcome): Promise<void> {
    if (this.#exchange.phase !== "asked" || welcome.number !== this.#exchange.helloNumber) return;
    const { log, replica } = this.#parts;
    this.#exchange.enter({ ...message, body: welcome }, welcome);
    const heard = this.#journalClock.hear(welcome.journalTime);
    // Once a power-on is enough: from there the monotonic clock counts, over restarts of the module too (P1, P2).
    if (replica.head.heard?.boot !== heard.boot) await replica.write([], { heard });
    this.#joiner.forgetUnderWay();
    await this.#catchUp.begin(welcome);
    await this.#joiner.retryOverLimit();
    log.write("Information", "connected", "connected to the server machine");
    await this.#shower.show(await takeAnswers(welcome.answers, this.#parts));
    if (replica.position !== undefined) await this.#readScopes();
  }

  #refused(number: number, refusal: Refusal): void {
    if (this.#exchange.phase !== "asked" || number !== this.#exchange.helloNumber) return;
    this.#parts.log.refused("the server machine refuses this machine", refusal);
    this.#exchange.refuse(refusal);
  }

  #ended({ reason, refusal }: ServerEnd): void {
    if (reason === "put-out" && refusal !== undefined) {
      this.#parts.log.refused("the server machine put this machine out", refusal);
      this.#exchange.refuse(refusal);
    } else if (reason === "unknown-session") {
      if (this.#exchange.phase === "in") this.#exchange.reset();
    } else {
      this.#parts.log.write("Warning", "server-unreachable", "the server function was stopped; this machine goes on with its own copy");
      this.#exchange.reset();
      this.#parts.link.restart();
    }
  }

  async #took(block: "more" | "gap" | "passed-over" | Took): Promise<void> {
    if (block === "more" || block === "passed-over") return;
    if (block === "gap") return this.#exchange.reset();
    for (const change of block.changes) {
      const deleted = change.removals.filter(({ kind }) => kind === "deleted").map(({ owner }): [Owner, number] => [owner, change.at]);
      await eraseFromHistory(this.#parts.storage, new Map(deleted));
      if (change.scopes.length > 0) await this.#readScopes();
    }
    await this.#shower.show(block.entries);
    await this.#joiner.noticeHeld(ownersOf(block));
  }

  #serverBeat({ position, journalTime }: ServerBeat): void {
    const base = this.#parts.replica.position;
    this.#journalClock.hear(journalTime);
    if (this.#catchUp.isUnderWay || base === undefined) {
      this.#exchange.newest = Math.max(this.#exchange.newest, position.revision);
      return;
    }
    const { doubted } = this.#exchange;
    if (doubted !== undefined && base.revision < doubted) return this.#exchange.reset();
    const isSame = base.revision !== position.revision || base.chainHash === position.chainHash;
    if (base.revision > position.revision || !isSame) return this.#exchange.reset();
    this.#exchange.doubted = base.revision < position.revision ? position.revision : undefined;
  }

  /** Sends what the state calls for. */
  async #evaluate(): Promise<void> {
    const { link, replica, restrictions } = this.#parts;
    const exchange = this.#exchange;
    if (link.state !== "up" || this.#goodNightMs !== undefined) return;
    if (exchange.isOverdue || (exchange.phase === "in" && exchange.silenceMs > LIMITS.leaseMs)) {
      exchange.reset();
      return link.restart();
    }
    if (exchange.phase === "refused" && exchange.phaseMs > LIMITS.refusedRetryMs) exchange.reset();
    if (exchange.phase === "silent") return exchange.hello(this.#hello());
    if (exchange.phase !== "in" || restrictions.importExportRunning()) return;
    if (exchange.doubted === 0) return exchange.reset();
    if (this.#catchUp.isReadyToSwitch) await this.#switch();
    if (this.#catchUp.isUnderWay) return this.#catchUp.pull();
    if (replica.position === undefined) return;
    await this.#joiner.offer((offer) => exchange.say(offer));
    await this.#joiner.absorbOverLimit();
    this.#push();
  }

  #push(): void {
    const exchange = this.#exchange;
    if (exchange.push !== undefined) return exchange.repeatPush();
    const edits = nextPush(this.#parts.replica.pending, (edit) => this.#joiner.blocks(edit));
    if (edits.length > 0) exchange.startPush(edits);
  }

  async #switch(): Promise<void> {
    const kind = await this.#catchUp.switchOver();
    await this.#readScopes();
    // Deletions that this machine was not there for reach its history with the snapshot (M15, P24).
    const deleted = [...(await this.#parts.replica.owners())].flatMap(([owner, record]): [Owner, number][] => (record.deleted === undefined ? [] : [[owner, record.deleted.at]]));
    await eraseFromHistory(this.#parts.storage, new Map(deleted));
    await this.#shower.showAll(kind === "join" ? "replaced-at-join" : undefined, () => this.#record());
    if (kind === "join") this.#parts.log.write("Information", "joined", "this machine has joined the fleet");
  }

  #hello() {
    const { replica, description, users, run } = this.#parts;
    const { position, transfer } = replica.head;
    const partial = transfer === undefined ? undefined : { start: transfer.start, after: transfer.after };
    const { serialNumber, deviceName, productName, location, capabilities } = description;
    return {
      kind: "hello",
      purpose: position === undefined ? "join" : "rejoin",
      run,
      protocol: { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION },
      position,
      partial,
      pending: replica.pending.ranges(),
      journalTime: this.#journalClock.estimate(),
      device: { serialNumber, deviceName, productName, location },
      digests: { ...digestsOf(users.policy()), networkPlaces: digest(capabilities.networkPlaces) },
      loggedIn: this.#loggedIn(),
    } as const;
  }

  async #readScopes(): Promise<void> {
    const { replica, travel } = this.#parts;
    const scopes = new Map<string, Scope>();
    for (const { id, scopeSelectable } of ITEMS) {
      const record = scopeSelectable ? await replica.stateRecord(scopeKey(id)) : undefined;
      if (record !== undefined) scopes.set(id, unpackScope(record).scope);
    }
    travel.setScopes(scopes);
  }
}

const isOfThePeer = ({ code }: SyncError): boolean => code === "message-malformed" || code === "message-too-large";
