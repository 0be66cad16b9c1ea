/** The people of a simulated fleet: each act is done on a machine and noted in the oracle, with what the machine then told of it. */
import type { ExportedOwners } from "../../hal/restrictions.ts";
import type { Administration } from "../../hal/services.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Scope } from "../../src/model/item.ts";
import { isFields, type Value } from "../../src/model/value.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { Trait } from "./character.ts";
import type { Fleet } from "./fleet.ts";
import { copyOf, withoutWithheld } from "./machine-copy.ts";
import { ownerNamed, type VirtualMachine } from "./machine.ts";
import { type Act, Oracle } from "./oracle.ts";
import { type Choice, HALF_OWN_ITEM, OWN_ITEM } from "./people.ts";
import type { Dice } from "./random.ts";
import type { Sharing } from "./sharing.ts";
import type { Tally } from "./tally.ts";

/** An act that the machine's store has, and what its module says of it. */
interface Tracked {
  readonly act: Act;
  readonly marks: readonly number[];
  /** Whom it was asked of; a module that started again is asked again. */
  asked: Administration | undefined;
  /** Known to the module's own copy. */
  recorded: boolean;
  number: number | undefined;
}

interface Own {
  value: Value | undefined;
  durable: boolean;
}

/** A backup, and what the server had by then for certain. */
export interface Backup {
  readonly file: Uint8Array;
  readonly contained: ReadonlySet<Act>;
}

/** Something that is asked of the module that runs on a machine. */
interface Asked {
  readonly machine: VirtualMachine;
  readonly of: VirtualMachine["administration"];
}

/** A function that is being stopped has ended by then. */
const STOPPING_MS_MAX = 10_000;
/** Whoever has not joined within this, once everything is healed, is set up again. */
const ASTRAY_MS = 120_000;
const OWN_OWNER = "user:dave";
const PASSPHRASE = "secret words";

export interface ActsParts {
  readonly fleet: Fleet;
  /** Acts closer together than this are one moment. */
  readonly momentMs: number;
  readonly sharing: Sharing;
  readonly tally: Tally;
  readonly traits: ReadonlySet<Trait>;
}

export class Acts {
  readonly oracle: Oracle;
  readonly #fleet: Fleet;
  readonly #tally: Tally;
  readonly #momentMs: number;
  readonly #sharing: Sharing;
  readonly #isCrowded: boolean;
  /** Servers are searched for, and so followed (M09). */
  readonly #searches: boolean;
  /** Older images of the server machine's disks are put back. An heir whose storage is lost is no server that was stopped. */
  readonly #isPutBack: boolean;
  readonly #pointedMs = new Map<string, number>();
  readonly #members = new Set<string>();
  readonly #started = new Set<string>();
  /** Under which life of its module a machine's client function was started: it takes effect in another one (M08). */
  readonly #startedIn = new Map<string, Administration>();
  readonly #memberSinceMs = new Map<string, number>();
  /** Since which power-on a machine has last been seen to hear journal time. */
  readonly #heardIn = new Map<string, string>();
  /** What a machine held when its client function was started. */
  readonly #heldAtJoin = new Map<string, ReadonlyMap<string, Value | undefined>>();
  readonly #leftAtMs = new Map<string, number>();
  readonly #tracked = new Map<string, Tracked[]>();
  readonly #own = new Map<string, Own[]>();
  readonly #takenOut = new Set<string>();
  /** Whose client function was started with a wrong password last. */
  readonly #mistyped = new Set<string>();
  /** The machine whose server function is stopped for a while. */
  #pausing: VirtualMachine | undefined;
  /** Up to which change of a scope a member has followed: what it sets before that may be replaced when it does (M19). */
  readonly #followed = new Map<string, number>();
  readonly #cloudedUntilMs = new Map<string, number>();
  readonly #backups: Backup[] = [];
  /** A restore is under way: what is set now may be undone by it. */
  #clouded = false;
  #unique = 0;
  /** What is asked of modules and not answered yet. */
  readonly #underWay = new Set<Asked>();

  constructor(parts: ActsParts) {
    this.#fleet = parts.fleet;
    this.#tally = parts.tally;
    this.#momentMs = parts.momentMs;
    this.#sharing = parts.sharing;
    // Users make room for each other (M22): nothing of theirs must stay.
    this.#isCrowded = parts.traits.has("crowd");
    this.#searches = parts.traits.has("moves");
    this.#isPutBack = parts.traits.has("server-images");
    // Whatever was a machine's own before is common from now on, or the other way round.
    parts.sharing.onChange((item) => this.#forgetOwn(item));
    this.oracle = new Oracle(parts.momentMs);
  }

  isMember(machine: string): boolean {
    return this.#members.has(machine);
  }

  isStarted(machine: string): boolean {
    return this.#started.has(machine);
  }

  /** An administrator waits for an answer. */
  get isBusy(): boolean {
    // What was asked of a module that has ended is never answered.
    for (const asked of this.#underWay)
      if (!asked.machine.running || asked.machine.administration !== asked.of) this.#underWay.delete(asked);
    return this.#underWay.size > 0;
  }

  /** Every started machine is a member, but for those that cannot become one, and no administrator waits for an answer. */
  isSettled(cannotJoin: (machine: VirtualMachine) => boolean): boolean {
    return !this.isBusy && this.#joining.every((name) => cannotJoin(this.#fleet.at(name)));
  }

  get #joining(): string[] {
    return [...this.#started].filter((machine) => !this.#members.has(machine));
  }

  // ---- acts

  async person(machine: string, { owner, item, key, value }: Choice): Promise<void> {
    this.#unique += 1;
    await this.#act(machine, { owner, item, key }, value(this.#unique));
  }

  /** Only what is there can be deleted. */
  async deletes(machine: string, { owner, item, key }: Choice): Promise<void> {
    if ((await this.#shown(this.#fleet.at(machine), { owner, item, key })) !== undefined)
      await this.#act(machine, { owner, item, key }, undefined);
  }

  /** Gives an address with a password, or leads the one that is there elsewhere and hands the password on, as people do. */
  async leadsElsewhere(machine: string, entry: Choice, dice: Dice): Promise<void> {
    const { owner, item, key } = entry;
    const at = this.#fleet.at(machine);
    const shown = at.on && dice.chance(0.7) ? await this.#stored(at, entry) : undefined;
    if (!isFields(shown)) return await this.person(machine, entry);
    this.#tally.count("act: address leads elsewhere");
    this.#unique += 1;
    const elsewhere = { ...shown, url: `nas${this.#unique}` };
    // Before a machine has joined nobody but the panel knows what stood there: it erases the password with the edit.
    await this.#act(machine, { owner, item, key }, this.#members.has(machine) ? elsewhere : { ...elsewhere, pwd: "" });
  }

  /** Sets something that stays on the machine, in part, or whole where its scope is so. */
  async own(machine: string, dice: Dice): Promise<void> {
    this.#unique += 1;
    const { item, keys, value } = dice.chance(0.6) ? OWN_ITEM : HALF_OWN_ITEM;
    const name = { owner: OWN_OWNER, item, key: dice.pick(keys) };
    if (this.#sharing.isOwn(item)) return this.#ownWhole(machine, name, value(this.#unique));
    // The timeline makes room for its newest by itself, and a scope that changes ends what was common: nothing must stay.
    if (item === OWN_ITEM.item) return await this.#act(machine, name, value(this.#unique), "loose");
    this.#fleet.wiretap.canaries.add(`CANARY-destination-${this.#unique}-`);
    await this.#act(machine, name, value(this.#unique));
  }

  #ownWhole(machine: string, { owner, item, key }: Pick<Act, "owner" | "item" | "key">, value: Value): void {
    this.#tally.count("act: own entry set");
    this.#sharing.keepsAtHome(item, `CANARY-${this.#unique}-`);
    // Should the item become shared again, it may be what the others get (M19).
    const made = { shown: undefined, firm: false, certain: true, atMs: this.#fleet.world.nowMs };
    this.oracle.add({ machine, owner, item, key, value: asJudged(item, value), ...made });
    const name = `${machine} ${owner} ${item} ${key}`;
    if (this.#members.has(machine) && this.#followed.get(machine) !== this.#sharing.changes) {
      this.#own.delete(name);
      void this.#fleet.at(machine).changeSoon(owner, item, key, value).catch(refusal);
      return;
    }
    const own: Own = { value, durable: false };
    this.#own.set(name, [...(this.#own.get(name) ?? []), own]);
    void this.#fleet
      .at(machine)
      .changeSoon(owner, item, key, value)
      .then(() => (own.durable = true), refusal);
  }

  login(machine: string, owner: string): void {
    this.#tally.count(owner === "" ? "act: logout" : "act: login");
    const { users } = this.#fleet.at(machine).hal;
    void (owner === "" ? users.logOut() : users.logIn(ownerNamed(owner), ""));
  }

  /**
   * What a machine may show of what only it has: the last durable value, or a later one whose write was cut off. Where all
   * writes were cut off it shows what had been common, whatever that was, and nothing is said of it.
   */
  ownOf(machine: string): [string, (Value | undefined)[]][] {
    return [...this.#own]
      .filter(([name, values]) => name.startsWith(`${machine} `) && values.some(({ durable }) => durable))
      .map(([name, values]) => {
        const allowed: (Value | undefined)[] = values.slice(values.findLastIndex(({ durable }) => durable)).map(({ value }) => value);
        return [name.slice(machine.length + 1), this.#isCrowded ? [undefined, ...allowed] : allowed];
      });
  }

  #forgetOwn(item: string): void {
    for (const name of [...this.#own.keys()]) if (name.split(" ")[2] === item) this.#own.delete(name);
  }

  /** The machine's disks are as they were then: what it did since it has never done, unless the server has it. */
  putBackTo(name: string, takenMs: number): void {
    this.oracle.putBack(name);
    for (const own of [...this.#own.keys()]) if (own.startsWith(`${name} `)) this.#own.delete(own);
    this.#tracked.delete(name);
    // Its function may not have been started then, or not have joined: whether it is a member is seen anew.
    const isSure = takenMs > (this.#memberSinceMs.get(name) ?? Number.POSITIVE_INFINITY) && this.#members.has(name);
    if (isSure) return;
    this.#members.delete(name);
    this.#started.delete(name);
  }

  // ---- the administrator

  /** Chooses scopes of sharing (M18); refused while other machines operate. */
  setSharingSoon(scopes: Readonly<Record<string, Scope>>): void {
    const { server } = this.#fleet;
    if (server === undefined || !server.running) return;
    this.#fleet.say(`${server.name}: scopes ${JSON.stringify(scopes)}`);
    this.#wait(server, async () => {
      const outcome = await server.administration.setSharing(scopes);
      this.#tally.count(`act: scopes chosen, ${typeof outcome === "string" ? outcome : outcome.word}`);
    });
  }

  /** Starts the client function and restarts the machine; from then on what it held is data of a join. */
  joinSoon(name: string, destination: string): void {
    const machine = this.#fleet.at(name);
    if (!machine.running) return;
    this.#tally.count("act: client function started");
    this.#mistyped.delete(name);
    if (machine.status?.client?.reason === "key-in-use-twice") {
      // It becomes another machine, which joins: what only it has is data of that join (P14).
      this.left(name);
      this.oracle.putBack(name);
    }
    this.#started.add(name);
    this.#startedIn.set(name, machine.administration);
    this.#wait(machine, async () => {
      const outcome = await machine.startClientSoon(destination, this.#searches ? 1 : undefined);
      if (outcome !== "done" && "word" in outcome) this.#fleet.say(`${name} does not start: ${JSON.stringify(outcome)}`);
      this.oracle.joined(() => true);
      if (machine.on) this.#heldAtJoin.set(name, await this.#heldBy(machine));
      await machine.restartSoon();
    });
  }

  /** Starts the client function with a wrong password (B08). Where the server machine is away, it is told so only later. */
  mistypesSoon(name: string, destination: string): boolean {
    const machine = this.#fleet.at(name);
    if (!machine.running || this.#started.has(name) || this.#members.has(name)) return false;
    // A function that is being stopped still takes part, and a stop that is cut off has not happened.
    if (machine.status?.client !== undefined) return false;
    this.#fleet.say(`${name}: client function: start, with a wrong password`);
    this.#mistyped.add(name);
    this.#wait(machine, async () => {
      const client = { destination, account: "Administrator", password: "mistyped", trust: "first-answer" } as const;
      const outcome = await machine.administration.synchronize({ client });
      this.#tally.count(
        `act: client function started with a wrong password, ${outcome !== "done" && "word" in outcome ? outcome.word : "nobody is there"}`,
      );
    });
    return true;
  }

  leaveSoon(name: string): void {
    const machine = this.#fleet.at(name);
    if (!machine.running) return;
    this.#tally.count("act: client function stopped");
    this.left(name);
    this.#wait(machine, async () => void (await machine.stopClientSoon()));
  }

  /** Its place on the server machine was taken away once (M02), whether it has heard of it or not. */
  wasTakenOut(name: string): boolean {
    return this.#takenOut.has(name);
  }

  /** The administrator takes a machine's place away on the server machine (M02). It may hear of it late, or the server die over it. */
  takeOutSoon(name: string): boolean {
    const { server } = this.#fleet;
    const machine = this.#fleet.at(name);
    if (server === undefined || !server.running || machine === server || !this.#members.has(name)) return false;
    this.#fleet.say(`${server.name}: takes ${name} out`);
    this.left(name);
    this.#takenOut.add(name);
    this.#wait(server, async () => {
      const outcome = await server.administration.removeMachine(machine.identity);
      this.#tally.count(`act: machine taken out, ${typeof outcome === "string" ? outcome : outcome.word}`);
    });
    return true;
  }

  /** The server machine has another address from its next power-on: whoever works with it goes there by itself (M09). */
  moveServer(machine: VirtualMachine, address: string): void {
    this.#fleet.say(`${machine.name}: has the address ${address} from now on`);
    for (const other of this.#fleet.machines) if (other.destination === machine.address) other.destination = address;
    machine.powerOff();
    machine.moveTo(address);
  }

  /** The server function is stopped (M11): everybody goes on from their own copy. */
  stopServingSoon(): boolean {
    const { server } = this.#fleet;
    if (server === undefined || !server.running || this.#pausing !== undefined) return false;
    this.#fleet.say(`${server.name}: server function: stop`);
    this.#pausing = server;
    this.#wait(server, async () => {
      await server.administration.synchronize({ server: false });
      this.#tally.count("act: server function stopped");
    });
    return true;
  }

  /** The server function is started where it was stopped; as often as this is asked, for the clock may not be right yet (M06). */
  serveAgainSoon(): void {
    const machine = this.#pausing;
    if (machine === undefined || !machine.running || this.isBusy) return;
    if (machine.status?.server !== undefined) {
      this.#pausing = undefined;
      return;
    }
    this.#fleet.say(`${machine.name}: server function: start`);
    this.#wait(machine, async () => {
      const outcome = await machine.administration.synchronize({ server: true });
      this.#tally.count(`act: server function started, ${typeof outcome === "object" && "word" in outcome ? outcome.word : "done"}`);
    });
  }

  /** Somebody looks at what a join would do, or did (B01), and at what lost (B02): it changes nothing. */
  looksSoon(name: string, owner: string | undefined): boolean {
    const machine = this.#fleet.at(name);
    const { server } = this.#fleet;
    if (!machine.running || server === undefined) return false;
    this.#wait(machine, async () => {
      await machine.administration.history();
      const outcome = await machine.previewSoon(this.#started.has(name) ? undefined : server.address, owner);
      this.#tally.count(`act: preview, ${"word" in outcome ? outcome.word : outcome.joined ? "takes part already" : "shown"}`);
    });
    return true;
  }

  /** The server machine is lost, and takes part no more. */
  serverLost(name: string): void {
    this.left(name);
    this.oracle.serverLost((machine) => this.#members.has(machine));
  }

  left(name: string): void {
    this.#members.delete(name);
    this.#started.delete(name);
    this.#leftAtMs.set(name, this.#fleet.world.nowMs);
    this.oracle.left(name);
    for (const tracked of this.#tracked.get(name) ?? []) tracked.recorded = true;
  }

  deleteOwnerSoon(owner: string): void {
    const server = this.#fleet.server;
    if (server === undefined || !server.running) return;
    this.#tally.count("act: owner deleted");
    const atMs = this.#fleet.world.nowMs;
    // A machine that joins meanwhile may bring the owner back, whoever had set what it holds of it (M15).
    const members = new Set(this.#members);
    const isAnew = this.#joining.length > 0;
    this.#cloudedUntilMs.set(owner, Number.POSITIVE_INFINITY);
    this.oracle.ownerDeleted(owner, atMs, () => false);
    this.#fleet.say(`${server.name}: the administrator deletes ${owner}`);
    this.#wait(server, async () => {
      const outcome = await server.administration.deleteOwner(ownerNamed(owner));
      this.#cloudedUntilMs.set(owner, this.#fleet.world.nowMs + this.#momentMs);
      this.#fleet.say(`${server.name}: deletion of ${owner}: ${typeof outcome === "string" ? outcome : outcome.word}`);
      const isAgain = isAnew || this.#joining.length > 0;
      // A restore that is under way takes it back, if it comes to an end.
      const isClouded = this.#clouded;
      const isSure = (machine: string): boolean => !isAgain && !isClouded && this.#members.has(machine) && members.has(machine);
      if (outcome === "done") this.oracle.ownerDeleted(owner, atMs, isSure);
    });
  }

  /** [Prepare for User Data Export] on the server machine (M23); false: nobody serves. `opens` is told before it can be open. */
  prepareExportSoon(owners: ExportedOwners, opens: (machine: string, owners: ExportedOwners) => void): boolean {
    const { server } = this.#fleet;
    if (server === undefined || !server.running) return false;
    const { name } = server;
    this.#wait(server, async () => {
      const outcome = await server.administration.prepareExport(owners === "all" ? [] : owners);
      this.#tally.count(`act: export prepared, ${typeof outcome === "string" ? outcome : outcome.word}`);
      if (outcome === "done") opens(name, owners);
    });
    return true;
  }

  /** What lost of an owner is put back at a machine (B02): which of its values stands nobody can say, until somebody sets it again. */
  putBackSoon(name: string, owner: string, where: "as a member" | "on the server" = "as a member"): boolean {
    const machine = this.#fleet.at(name);
    const isServer = where === "on the server" && machine.running && machine.status?.server?.state === "running";
    if (!isServer && (!machine.running || !this.#members.has(name) || !this.hasHeard(machine))) return false;
    this.#cloudedUntilMs.set(owner, Number.POSITIVE_INFINITY);
    this.oracle.putBackOwner(owner);
    this.#wait(machine, async () => {
      const outcome = await machine.administration.putBack({ owner: ownerNamed(owner) });
      this.#tally.count(`act: put back, ${"word" in outcome ? outcome.word : outcome.entries > 0 ? "done" : "stood already"}`);
      this.#cloudedUntilMs.set(owner, this.#fleet.world.nowMs + this.#momentMs);
      this.oracle.putBackOwner(owner);
    });
    return true;
  }

  /** Somebody looks at what lost on a machine and is kept, and puts back what there is of one of these owners; false: nobody can look. */
  looksAndPutsBackSoon(name: string, owners: readonly string[], where: "as a member" | "on the server", dice: Dice): boolean {
    const machine = this.#fleet.at(name);
    if (!machine.running) return false;
    this.#wait(machine, async () => {
      const kept = await machine.administration.history();
      const there = owners.filter((owner) => kept.some((record) => record.owner === owner && record.putBackAt === undefined));
      if (there.length > 0) this.putBackSoon(name, dice.pick(there), where);
    });
    return true;
  }

  /** A backup of the server; false: nobody serves now. */
  backUpSoon(): boolean {
    const { server } = this.#fleet;
    if (server === undefined || !server.running) return false;
    this.#fleet.say(`${server.name}: is backed up`);
    this.#wait(server, async () => {
      const backup = await this.backedUp(server);
      this.#tally.count(`act: backup, ${backup === undefined ? "refused" : "backed-up"}`);
      if (backup !== undefined) this.#backups.push(backup);
    });
    return true;
  }

  /** A backup of this server, with what it is sure to have; undefined: it makes none. */
  async backedUp(server: VirtualMachine): Promise<Backup | undefined> {
    const contained = new Set(this.oracle.acts.filter(({ acknowledged }) => acknowledged));
    const outcome = await server.administration.backup(PASSPHRASE);
    return outcome.kind === "backed-up" ? { file: outcome.file, contained } : undefined;
  }

  /** A restore takes effect at some moment from now on; whoever dies over it may have done it or not. */
  restoring({ contained }: Backup): void {
    this.oracle.restored(contained);
    this.#clouded = true;
  }

  /** A backup of another machine is put in the place of what this one serves, if it serves. */
  async restoredOn(machine: VirtualMachine, { file, contained }: Backup): Promise<string> {
    const outcome = await machine.administration.restore(file, PASSPHRASE);
    this.oracle.restored(contained);
    this.#clouded = false;
    return typeof outcome === "string" ? outcome : outcome.word;
  }

  /** The server function is started on this machine, which has what it is to serve. */
  serveOnSoon(machine: VirtualMachine): void {
    this.#fleet.say(`${machine.name}: server function: start`);
    this.#wait(machine, async () => void (await machine.administration.synchronize({ server: true })));
  }

  /** One of the backups, not always the newest, is put back; false: there is none, or nobody serves. */
  restoreSoon(dice: Dice): boolean {
    const { server } = this.#fleet;
    if (server === undefined || !server.running || this.#backups.length === 0) return false;
    const backup = dice.pick(this.#backups);
    this.#fleet.say(`${server.name}: restores a backup`);
    this.restoring(backup);
    this.#wait(server, async () => {
      const outcome = await this.restoredOn(server, backup);
      this.#tally.count(`act: restore, ${outcome}`);
      this.#fleet.say(`${server.name}: restored: ${outcome}`);
    });
    return true;
  }

  /** Nothing goes wrong any more: what people do is plain again. */
  end(): void {
    this.#clouded = false;
  }

  /** Starts that were cut off are taken back or completed, and the server function is started where it is to run. */
  complete(server: VirtualMachine): void {
    // Its disk may have been put back to a time when its function was stopped, long after somebody had started it again.
    if (this.#isPutBack && server.running && server.status !== undefined && server.status.server === undefined) this.#pausing ??= server;
    this.serveAgainSoon();
    if (this.isBusy) return;
    for (const name of [...this.#mistyped]) if (this.#fleet.server !== undefined) this.joinSoon(name, this.#fleet.server.address);
    for (const name of [...this.#started]) {
      const machine = this.#fleet.at(name);
      if (!machine.running) continue;
      const client = machine.status?.client;
      if (client === undefined) this.left(name);
      // A start with the right password that was cut off has left the wrong one.
      else if (client.reason === "account-refused" || this.#isAstray(name)) this.joinSoon(name, this.#fleet.at(name).destination ?? "");
      else if (client.state === "restart-needed") this.#wait(machine, () => machine.restartSoon());
    }
  }

  /** Its first contact went to an address where nobody is any more, and whom it has not met it does not search for. */
  #isAstray(name: string): boolean {
    const { nowMs } = this.#fleet.world;
    if (!this.#searches || this.#members.has(name) || nowMs < (this.#pointedMs.get(name) ?? 0) + ASTRAY_MS) return false;
    const isFirst = !this.#pointedMs.has(name);
    this.#pointedMs.set(name, nowMs);
    return !isFirst;
  }

  // ---- looking on

  /** Notes who has joined, who has heard journal time, and what was acknowledged. */
  look(): void {
    const newest = this.#fleet.server?.status?.server?.revision;
    for (const machine of this.#fleet.machines) {
      const { name } = machine;
      if (!machine.running) continue;
      const client = machine.status?.client;
      if (this.#mistyped.has(name) && client?.state === "synchronized") throw new Error(`B08: ${name} takes part with a wrong password`);
      // A stop that a restart cut off has not happened.
      const isEffective = this.#startedIn.get(name) !== machine.administration;
      const isStarted = this.#started.has(name) || this.#fleet.world.nowMs > (this.#leftAtMs.get(name) ?? 0) + STOPPING_MS_MAX;
      if (isEffective && isStarted && !this.#members.has(name) && client?.revision !== undefined && client.state === "synchronized") {
        this.#started.add(name);
        this.#members.add(name);
        this.#memberSinceMs.set(name, this.#fleet.world.nowMs);
        this.oracle.adopted(name, this.#fleet.world.nowMs, this.#heldAtJoin.get(name) ?? new Map());
      }
      if (client?.state === "synchronized") this.#heardIn.set(name, machine.clock.boot);
      if (client?.state === "synchronized" && client.revision === newest) this.#followed.set(name, this.#sharing.changes);
      this.#track(machine);
    }
  }

  /** It may be asked for in the milliseconds between a power-on and the next look. */
  hasHeard({ name, clock }: VirtualMachine): boolean {
    return this.#heardIn.get(name) === clock.boot;
  }

  #track(machine: VirtualMachine): void {
    const { administration } = machine;
    // What is known of an act stays so: nobody is asked of it again.
    const open = (this.#tracked.get(machine.name) ?? []).filter((tracked) => !isKnown(tracked));
    this.#tracked.set(machine.name, open);
    if (open.length === 0) return;
    const { acknowledged } = administration.acknowledged();
    for (const tracked of open) {
      if (tracked.number !== undefined && tracked.number <= acknowledged) tracked.act.acknowledged = true;
      if (tracked.recorded || tracked.asked === administration) continue;
      tracked.asked = administration;
      void administration.recorded(tracked.marks).then(([number]) => {
        tracked.recorded = true;
        tracked.number = number;
      });
    }
  }

  async #act(name: string, entry: Pick<Act, "owner" | "item" | "key">, value: Value | undefined, loose?: "loose"): Promise<void> {
    const machine = this.#fleet.at(name);
    const { owner, item, key } = entry;
    const shown = machine.on ? await this.#shown(machine, entry) : undefined;
    // It may have gone down in the middle of a restart.
    if (!machine.on) return;
    const certain = this.hasHeard(machine);
    const mayGo = loose !== undefined || (this.#isCrowded && owner.startsWith("user:"));
    const firm = !mayGo && this.#members.has(name) && !this.#isClouded(owner, certain);
    const travels = asJudged(item, value);
    const act = this.oracle.add({ machine: name, owner, item, key, value: travels, atMs: this.#fleet.world.nowMs, shown, firm, certain });
    this.#tally.count(value === undefined ? "act: entry deleted" : "act: entry set");
    void machine.changeSoon(owner, item, key, value).then((marks) => {
      act.durable = true;
      const tracked: Tracked = { act, marks, asked: undefined, recorded: !this.#started.has(name), number: undefined };
      this.#tracked.set(name, [...(this.#tracked.get(name) ?? []), tracked]);
    }, refusal);
  }

  async #heldBy(machine: VirtualMachine): Promise<Map<string, Value | undefined>> {
    const { entries } = await copyOf(machine, () => true);
    return new Map([...entries].map(([name, value]) => [name, asJudged(name.split(" ")[1] ?? "", value)]));
  }

  /** Too close to a deletion of the owner, or to what was put back of it, for anybody to say what must stand. */
  #isClouded(owner: string, certain: boolean): boolean {
    if (this.#clouded) return true;
    const untilMs = this.#cloudedUntilMs.get(owner);
    return untilMs !== undefined && (!certain || this.#fleet.world.nowMs <= untilMs);
  }

  async #shown(machine: VirtualMachine, entry: Pick<Act, "owner" | "item" | "key">): Promise<Value | undefined> {
    return asJudged(entry.item, await this.#stored(machine, entry));
  }

  /** What the machine's own store has, with its secrets open. */
  async #stored(machine: VirtualMachine, { owner, item, key }: Pick<Act, "owner" | "item" | "key">): Promise<Value | undefined> {
    const stores = new SimItemStores({
      storage: machine.machineDisk.peek(),
      clock: machine.hal.clock,
      keyStore: machine.hal.device.keyStore,
    });
    const store = stores.settings.items.has(item) ? stores.settings : stores.addressBook;
    const entries = await store.read(ownerNamed(owner));
    return entries.find((entry) => entry.item === item && entry.key === key)?.value;
  }

  #wait(machine: VirtualMachine, act: () => Promise<void>): void {
    const asked = { machine, of: machine.administration };
    this.#underWay.add(asked);
    void act().then(
      () => this.#underWay.delete(asked),
      (error: unknown) => {
        this.#underWay.delete(asked);
        if (!(error instanceof SyncError)) throw error;
      },
    );
  }
}

/**
 * The part of a value that the rules settle: not what stays on the machine (M21), nor a one-touch number, which may move, nor
 * a password, which goes when its address leads elsewhere (B08).
 */
export function asJudged(item: string, value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  const travels = withoutWithheld(item, value);
  if (!item.endsWith("-address") || !isFields(travels)) return travels;
  const { indxid: _, pwd: __, ...rest } = travels;
  return rest;
}

/** Nothing is to be learnt of it any more: it is acknowledged, or it was made where nobody answers for it. */
const isKnown = ({ act, asked, recorded, number }: Tracked): boolean =>
  recorded && (number === undefined ? asked === undefined : act.acknowledged);

/** A full or failing medium may refuse an act; then it never happened. */
function refusal(error: unknown): void {
  if (!(error instanceof SyncError) || !["hal-full", "hal-broken", "storage-damaged"].includes(error.code)) throw error;
}
