/**
 * Everything that is watched while a fleet lives: mirrors follow what its machines write, checkers compare it with what
 * must be true. `watch` is called after every event and gives the first fault.
 */
import { itemOf } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Change } from "../../src/protocol/change.ts";
import type { Acts } from "./acts.ts";
import type { Trait } from "./character.ts";
import { AskingChecker } from "./checkers/asking-checker.ts";
import { AnswerChecker } from "./checkers/answer-checker.ts";
import { BoundsChecker } from "./checkers/bounds-checker.ts";
import { DecisionChecker } from "./checkers/decision-checker.ts";
import { DoubleKeyChecker } from "./checkers/double-key-checker.ts";
import { Faults } from "./checkers/faults.ts";
import { HealthChecker } from "./checkers/health-checker.ts";
import { comesThroughProxy, HoldChecker } from "./checkers/hold-checker.ts";
import { IdentityChecker } from "./checkers/identity-checker.ts";
import { JoinChecker } from "./checkers/join-checker.ts";
import { JournalChecker } from "./checkers/journal-checker.ts";
import { livenessFault } from "./checkers/liveness.ts";
import { LockChecker } from "./checkers/lock-checker.ts";
import { LoginWatch } from "./checkers/login-watch.ts";
import { OwnEditChecker } from "./checkers/own-edit-checker.ts";
import { PendingChecker } from "./checkers/pending-checker.ts";
import { ReplicaChecker } from "./checkers/replica-checker.ts";
import { SettingsChecker } from "./checkers/settings-checker.ts";
import { StampChecker } from "./checkers/stamp-checker.ts";
import { StatusChecker } from "./checkers/status-checker.ts";
import { StoreChecker } from "./checkers/store-checker.ts";
import { TellingChecker } from "./checkers/telling-checker.ts";
import { WaitingChecker } from "./checkers/waiting-checker.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import { BaseMirror } from "./model/base-mirror.ts";
import { Journals } from "./model/journals.ts";
import type { Fold } from "./model/fold.ts";
import { ServerMirror } from "./model/server-mirror.ts";
import { StoreMirror } from "./model/store-mirror.ts";
import type { Tally } from "./tally.ts";
import { FAIR_WEATHER, type Tap } from "./virtual-network.ts";

export interface CheckerParts {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly tally: Tally;
  /** Items whose scope changes in this history. */
  readonly changesScope: (item: string) => boolean;
  readonly mayLack: (machine: string, item: string) => boolean;
  /** Is told every change of a journal. */
  readonly onChange: (machine: string, change: Change) => void;
  /** A machine's journal begins, or another one takes its place: a restore, a promotion, an old image. */
  readonly onJournal: (fold: Fold) => void;
  /** Owners whose entries are only ever set by edits: a value that was replaced there never comes back. */
  readonly plainOwners: ReadonlySet<string>;
  readonly traits: ReadonlySet<Trait>;
  readonly usersMax: number;
  readonly changesKept: number;
}

interface Mirrors {
  readonly machine: VirtualMachine;
  readonly server: ServerMirror;
  readonly base: BaseMirror;
  readonly store: StoreMirror;
  /** How many writes there were when it was compared last: the same again needs no look. */
  comparedStore: number;
  comparedBase: number;
}

/** What a client says that hands something over, or asks for what it is to apply. */
const FORWARDING: ReadonlySet<string> = new Set(["push", "offer", "bring", "pull-part", "pull-changes"]);
const WATCH_EVERY_MS = 250;
/** A question of a client arrives this late at the most. */
const LATE_MS = 20_000;

export class Checkers {
  readonly journals = new Journals();
  readonly locks: LockChecker;
  readonly #parts: CheckerParts;
  readonly #faults = new Faults();
  readonly #machines = new Map<string, Mirrors>();
  readonly #journal: JournalChecker;
  readonly #replicas: ReplicaChecker;
  readonly #pending: PendingChecker;
  readonly #stamps: StampChecker;
  readonly #stores: StoreChecker;
  readonly #answers: AnswerChecker;
  readonly #identities: IdentityChecker;
  readonly #doubleKeys: DoubleKeyChecker;
  readonly #asking: AskingChecker;
  readonly #joins: JoinChecker;
  readonly #ownEdits: OwnEditChecker;
  readonly #hold: HoldChecker;
  readonly #settings: SettingsChecker;
  readonly #status: StatusChecker;
  readonly #telling: TellingChecker;
  readonly #waiting: WaitingChecker;
  readonly #health: HealthChecker;
  readonly #logins: LoginWatch;
  /** In which power-on a machine was last told something by a server. */
  readonly #toldIn = new Map<string, string>();
  readonly #deleted = new Set<string>();
  #wantedMs = Number.NEGATIVE_INFINITY;
  #watchedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
    this.#logins = new LoginWatch(parts.fleet);
    this.locks = new LockChecker({ fleet: parts.fleet, faults: this.#faults });
    const shared = { journals: this.journals, faults: this.#faults };
    this.#journal = new JournalChecker({
      ...shared,
      decisions: new DecisionChecker({ usersMax: () => parts.usersMax, mayBeLoggedIn: (user) => this.#logins.mayBeLoggedIn(user) }),
      onChange: (machine, change) => this.#changed(machine, change),
    });
    this.#replicas = new ReplicaChecker(shared);
    this.#stamps = new StampChecker(shared);
    this.#pending = new PendingChecker({
      ...shared,
      onRecorded: (machine, edit, base, isFound) => {
        // What an older image has was recorded over what was shown then.
        if (!isFound) this.#ownEdits.recorded(machine, edit);
        // What a server machine's own client is told is on no cable.
        const at = parts.fleet.at(machine);
        if (at.destination === "localhost") this.#stamps.welcomed(machine, Number.POSITIVE_INFINITY);
        this.#stamps.recorded(machine, edit, base, this.#knowsTime(at));
      },
    });
    this.#stores = new StoreChecker({
      ...shared,
      plainOwners: parts.plainOwners,
      isShared: (machine, item) => itemOf(item) !== undefined && this.#machines.get(machine)?.base.scopeOf(item) === "shared",
      changesScope: parts.changesScope,
      mayLack: parts.mayLack,
      isMember: (machine) => parts.acts.isMember(machine),
    });
    this.#answers = new AnswerChecker(this.#faults);
    this.#identities = new IdentityChecker(this.#faults);
    this.#doubleKeys = new DoubleKeyChecker(this.#faults);
    this.#asking = new AskingChecker(this.#faults);
    this.#joins = new JoinChecker(this.#faults);
    this.#ownEdits = new OwnEditChecker({
      ...shared,
      isWatched: (machine, item) => this.#isWatched(machine, item),
      valueOf: (record) => this.#stores.valueOf(record),
    });
    this.#hold = new HoldChecker({ fleet: parts.fleet, faults: this.#faults });
    this.#status = new StatusChecker({ fleet: parts.fleet, faults: this.#faults });
    this.#telling = new TellingChecker(this.#faults);
    this.#waiting = new WaitingChecker(this.#faults);
    this.#settings = new SettingsChecker({ fleet: parts.fleet, faults: this.#faults });
    this.#health = new HealthChecker({
      ...parts,
      faults: this.#faults,
      storageFails: parts.traits.has("storage") || parts.traits.has("rot"),
      isPutBack: parts.traits.has("half-images"),
    });
    parts.fleet.network.onMessage((tap) => this.#heard(tap));
    // A server that was started again cannot tell a hello that is said again from one that is late: it awaits that machine for a lease.
    parts.fleet.network.onEcho = (from) => this.#hold.spoke(from);
  }

  /** Follows a machine from now on: before it is switched on for the first time. */
  follow(machine: VirtualMachine): void {
    const { name } = machine;
    const server = new ServerMirror({
      machine: name,
      journals: this.journals,
      checker: this.#journal,
      faults: this.#faults,
      onEntered: (fold) => {
        this.#hold.madeAnew();
        this.#parts.onJournal(fold);
      },
    });
    const base = new BaseMirror({
      machine: name,
      replicas: this.#replicas,
      pending: this.#pending,
      onJoined: (madeBefore) => this.#joins.joined(machine.identity, madeBefore),
      onForgotten: () => this.#stamps.stopped(name),
      onReplaced: () => {
        this.#joins.forget(machine.identity);
        this.#stamps.forget(name);
      },
    });
    const store = new StoreMirror({
      changed: (entry, now) => this.#stores.changed(name, entry, now),
      edited: (entry, now, seen) => {
        this.#ownEdits.edited(name, entry, now, seen);
        if (now === undefined || "value" in now) this.#stamps.edited(name, entry, { value: now?.value, knew: this.#knowsTime(machine) });
      },
      applied: (entry, now) => {
        this.#ownEdits.applied(name, entry, now);
        this.locks.applied(machine, entry);
      },
    });
    const bounds = new BoundsChecker({
      machine: name,
      faults: this.#faults,
      changesKept: this.#parts.changesKept,
      mayBeWanted: () => {
        this.#lookAtOwnClient();
        return this.#parts.fleet.world.nowMs < this.#wantedMs + LIMITS.transferPauseMs + LATE_MS;
      },
    });
    machine.moduleDisk.watch(server);
    machine.moduleDisk.watch(bounds);
    machine.moduleDisk.watch(base);
    machine.machineDisk.watch(store);
    machine.machineDisk.watch({ replaced: () => this.#stamps.forgetMade(name), committed: () => undefined });
    this.#machines.set(name, { machine, server, base, store, comparedStore: -1, comparedBase: -1 });
  }

  /** The first rule that is broken, in a sentence; undefined while all hold. */
  watch(): string | undefined {
    const { fleet } = this.#parts;
    const leak = fleet.wiretap.leaks[0];
    if (leak !== undefined)
      this.#faults.found("M20", `${leak.canary} travelled from ${leak.tap.from} to ${leak.tap.to} in ${leak.tap.message.body.kind}`);
    const { fault } = fleet.wiretap.journal;
    // A server whose disk went back tells other changes under the same numbers, until it hears of it.
    if (fault !== undefined && !this.#parts.traits.has("server-images")) this.#faults.found("P7", fault);
    for (const mirrors of this.#machines.values()) this.#compare(mirrors);
    this.#logins.look();
    if (fleet.world.nowMs >= this.#watchedMs + WATCH_EVERY_MS) {
      this.#watchedMs = fleet.world.nowMs;
      this.#health.look();
      this.#hold.look();
      if (this.#parts.traits.has("settings")) this.#settings.look();
      this.#status.look();
      for (const mirrors of this.#machines.values()) this.#listen(mirrors);
      this.#lookAtOwnClient();
      this.locks.look();
      this.#doubleKeys.look((server, life) => this.#hasDoubleKeyInLog(fleet.at(server), life));
    }
    return this.#faults.first;
  }

  #hasDoubleKeyInLog(server: VirtualMachine, life: unknown): boolean {
    if (!server.running || server.administration !== life) return true;
    return server.log.some(({ level, code }) => level === "Error" && code === "key-in-use-twice");
  }

  /** All is up to date, and nobody does anything. */
  set atRest(isAtRest: boolean) {
    this.#asking.atRest = isAtRest;
  }

  /** The server has no room for what the machine has of the owner: until it has, that stays at home. */
  hasNoRoomFor(machine: string, owner: string): boolean {
    return this.#machines.get(machine)?.base.offers(owner) === true;
  }

  /** What the changes of the machine's journal add up to; undefined while it has none. */
  stateOf(machine: string): Fold | undefined {
    return this.#machines.get(machine)?.server.branch?.fold;
  }

  /** I32: what is unfinished of a machine although everything was healed. */
  unfinished(machine: string): string | undefined {
    const base = this.#machines.get(machine)?.base;
    if (base === undefined) return undefined;
    const { head, offered } = base;
    const transfers = head?.transfer !== undefined;
    // Whom a full server has no room for stays on offer.
    const due = this.#parts.traits.has("crowd") ? [] : offered;
    return livenessFault({
      machine,
      pending: this.#pending.size(machine),
      transfers,
      offered: due,
      hasBase: head?.position !== undefined,
      recorded: Math.max(head?.sequence ?? 0, head?.mark ?? 0),
      acknowledged: this.#parts.fleet.at(machine).administration.acknowledged().acknowledged,
    });
  }

  /** The server's disks are as they were then. */
  serverPutBack(takenMs: number): void {
    this.#answers.serverPutBack(takenMs);
  }

  /** The machine left the fleet: what it shows from now on is its own affair. */
  left(machine: string): void {
    this.#stores.left(machine);
    this.#ownEdits.left(machine);
  }

  /** Whether what the machine shows of the item is settled by the journal: nothing of it stays at home, and nothing is dropped. */
  #isWatched(machine: string, item: string): boolean {
    const { acts, changesScope, mayLack } = this.#parts;
    const isShared = itemOf(item) !== undefined && this.#machines.get(machine)?.base.scopeOf(item) === "shared";
    return isShared && acts.isMember(machine) && !changesScope(item) && !mayLack(machine, item);
  }

  /** What a server says names journal time; what the server machine's own client hears of it is on no cable. */
  #knowsTime(machine: VirtualMachine): "surely" | "perhaps" | "no" {
    // A function that is being stopped forgets its fleet, and the time with it (P21).
    // What it heard it writes down with what comes next: who is killed before that does not know it any more.
    const heard = this.#machines.get(machine.name)?.base.head?.heard;
    if (this.#parts.acts.isMember(machine.name) && this.#parts.acts.hasHeard(machine) && heard?.boot === machine.clock.boot)
      return "surely";
    const isOwn = machine.destination === "localhost" || machine.status?.server !== undefined;
    return isOwn || this.#toldIn.get(machine.name) === machine.clock.boot ? "perhaps" : "no";
  }

  /** What the server machine's own client asks is on no cable: while it is not up to date, it may be transferring. */
  #lookAtOwnClient(): void {
    const { fleet } = this.#parts;
    const own = fleet.server?.status?.client;
    if (own !== undefined && own.state !== "synchronized") this.#wantedMs = fleet.world.nowMs;
  }

  /** A machine at rest shows what the server had at its position. */
  #compare(mirrors: Mirrors): void {
    const { machine, base, store } = mirrors;
    const { head } = base;
    if (store.writes === mirrors.comparedStore && base.writes === mirrors.comparedBase) return;
    [mirrors.comparedStore, mirrors.comparedBase] = [store.writes, base.writes];
    this.#listen(mirrors);
    if (head?.position === undefined || head.unshown !== undefined || !base.isAtRest || head.mark !== store.mark) return;
    if (!this.#parts.acts.isMember(machine.name)) return;
    if (store.position?.revision !== head.position.revision || store.position.chainHash !== head.position.chainHash) return;
    const fault = this.#stores.difference(machine.name, store, head.position);
    if (fault !== undefined)
      this.#faults.found("I8", `${machine.name} at revision ${head.position.revision} has nothing of its own on top, but ${fault}`);
  }

  /** What the machine says of itself is what it has. */
  #listen({ machine, base, store }: Mirrors): void {
    const client = machine.running ? machine.status?.client : undefined;
    const isUpToDate = client?.state === "synchronized";
    const oldest = isUpToDate ? this.#oldestOf(machine.name, base, store) : undefined;
    this.#waiting.look({ machine: machine.name, oldest, ...this.#wayOf(machine) }, this.#parts.fleet.world.nowMs);
    if (client === undefined || machine.moduleDisk.isWriting("c/")) return;
    const { name, administration } = machine;
    const disk = {
      hasBase: base.head?.position !== undefined,
      isShown: base.head?.unshown === undefined,
      isWanted: base.isWanted,
      unanswered: this.#pending.unanswered(name),
    };
    const isAtWork = client.fault === undefined && (client.revision !== undefined || client.state === "joining");
    const told = { machine: name, life: administration, state: client.state, isAtWork, ...administration.acknowledged() };
    this.#telling.look(told, disk, this.#parts.fleet.world.nowMs);
  }

  /** The oldest edit of the machine that its module has not recorded, or that nobody has answered; of whom something is on offer is another matter (P19). */
  #oldestOf(machine: string, base: BaseMirror, store: StoreMirror): string | undefined {
    const [number] = this.#pending.unanswered(machine, (owner) => !base.offers(owner));
    if (number !== undefined) return `edit ${number}`;
    return store.mark > (base.head?.mark ?? 0) ? `change ${base.head?.mark ?? 0}` : undefined;
  }

  /** The way from a machine to the server that it goes to, where nothing is in it. */
  #wayOf(machine: VirtualMachine): { readonly way: unknown; readonly isEasy: boolean } {
    const { network, machines } = this.#parts.fleet;
    const isOwn = machine.destination === "localhost";
    const server = isOwn ? machine : machines.find(({ address }) => address === machine.destination);
    const serves = server?.running === true && !server.asleep && server.status?.server?.state === "running";
    if (!serves || !machine.running || machine.asleep || machine.isEnding || server.isEnding) return { way: undefined, isEasy: false };
    const way = isOwn && !comesThroughProxy(machine) ? machine.administration : network.flowing(machine.name, server.name);
    const disks = [machine.moduleDisk, machine.machineDisk, server.moduleDisk];
    return {
      way,
      isEasy: network.weather === FAIR_WEATHER && disks.every(({ isQuick }) => isQuick),
    };
  }

  #changed(machine: string, change: Change): void {
    // The first change may be the integrator's choice, before there is any client.
    if (change.scopes.length > 0 && change.revision > 1) this.#hold.scopeChanged(machine);
    for (const { owner, kind } of change.removals) {
      this.#parts.tally.count(`change: owner ${kind}`);
      if (kind === "deleted") this.#deleted.add(owner);
    }
    if (change.adoption !== undefined && this.#deleted.has(change.adoption.holding))
      this.#parts.tally.count("change: deleted owner supplied anew");
    for (const { scope } of change.scopes) this.#parts.tally.count(`change: scope ${scope}`);
    for (const { edit } of change.edits) this.#parts.tally.count(`change: edit stands as ${edit.why}`);
    // Two machines with one key number their edits each for itself.
    if (!this.#parts.traits.has("clones")) this.#joins.changed(machine, change);
    this.#parts.onChange(machine, change);
  }

  #heard({ atMs, from, to, way, message }: Tap): void {
    const { tally } = this.#parts;
    const { body, envelope } = message;
    if (way !== "up") {
      this.#toldIn.set(to, this.#parts.fleet.at(to).clock.boot);
      this.#hold.told(from, to, body);
    }
    if (way === "up") {
      this.#hold.spoke(from);
      // One that has stood down is asked by nobody but its heir, which looks at what it inherits (B06).
      if (this.#parts.fleet.at(to).status?.server?.state !== "stood-down") this.#asking.asks(from, message.body, atMs);
    }
    if (body.kind === "hello") this.#doubleKeys.greets(from, this.#parts.fleet.at(from).identity, body.run, atMs);
    if (body.kind === "hello" || body.kind === "client-beat") this.#logins.said(body.loggedIn);
    if (body.kind === "hello" || body.kind === "pull-part" || body.kind === "pull-changes") this.#wantedMs = this.#parts.fleet.world.nowMs;
    if (FORWARDING.has(body.kind)) this.locks.forwards(from, body.kind);
    if (body.kind.endsWith("-beat")) return;
    tally.count(`message: ${body.kind}`);
    if (body.kind === "push") {
      this.#answers.pushed(body.edits);
      this.#identities.pushed(body.edits);
    }
    if (way === "down") {
      const { identity } = this.#parts.fleet.at(to);
      this.#identities.said({ server: from, to: identity, session: envelope.session, kind: body.kind, isOwn: from === to });
      this.#doubleKeys.speaks(from, envelope.counter);
      const received = { server: from, to, identity, atMs };
      if (body.kind === "welcome") {
        this.#doubleKeys.welcomed(received);
        this.#stamps.welcomed(to, body.journalTime);
      }
      if (body.kind === "refuse" && body.refusal.word === "key-in-use-twice") {
        const speaker = this.#parts.fleet.at(from);
        this.#doubleKeys.refused(received, speaker.running ? speaker.administration : undefined);
      }
    }
    if (body.kind === "refuse") tally.count(`refused: ${body.refusal.word}`);
    if (body.kind === "offer-answer") tally.count(`offer: ${body.outcome}`);
    if (body.kind === "welcome") tally.count(`welcome with ${body.way.kind}`);
    if (way === "up" || (body.kind !== "answers" && body.kind !== "welcome")) return;
    const branch = this.#machines.get(from)?.server.branch;
    for (const { outcome } of body.answers) tally.count(`edit: ${outcome}`);
    const session = { atMs, epoch: envelope.epoch?.id ?? "", version: envelope.version };
    if (branch !== undefined) this.#answers.answered(to, branch, session, body.answers);
  }
}
