/**
 * Catching up: the welcome's way, snapshot parts, blocks of changes, the switch to a new base. There is one way for a
 * join, a return after a year and a lost message.
 */
import type { Write } from "../../../hal/storage.ts";
import { SyncError } from "../../model/errors.ts";
import type { Accepted, EntryName } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import { tellLost } from "../noted-together.ts";
import { partingOf } from "../../model/lineage.ts";
import type { Revision } from "../../model/ids.ts";
import { type LineageEntry, type Position, sameEpoch, samePosition } from "../../model/position.ts";
import { Assembly, inflateBlock, unpackRecords } from "../../protocol/block.ts";
import type { Brought } from "../../protocol/bring.ts";
import type { Changes } from "../../protocol/changes.ts";
import type { Part, Welcome } from "../../protocol/welcome.ts";
import { overtakenBetween } from "../../store/overtaken.ts";
import type { Heard } from "../../store/replica-head.ts";
import type { Took } from "../../store/took.ts";
import { arrivingRemovals } from "./arriving-removals.ts";
import { Bringing } from "./bringing.ts";
import type { Exchange } from "./exchange.ts";
import type { JournalClock } from "./journal-clock.ts";
import type { Joiner } from "./joiner.ts";
import { keepLostEdit } from "./lost-edit.ts";
import { keepUndone, rebased, type UndoneParts } from "./rebase.ts";

export interface CatchUpParts extends UndoneParts {
  readonly exchange: Exchange;
  readonly journalClock: JournalClock;
  readonly joiner: Joiner;
}

/** What came of a block of changes. */
export type Block = "more" | "gap" | "passed-over" | Took;

export class CatchUp {
  readonly #parts: CatchUpParts;
  /** Blocks on the machine's own topic and on the broadcast one are put together apart: there is no order between them. */
  readonly #pulled = new Assembly(LIMITS.blockInflatedBytesMax);
  readonly #heardOfAll = new Assembly(LIMITS.blockInflatedBytesMax);
  #lineage: readonly LineageEntry[] = [];
  #isBehind = false;
  /** The newest revision that had been named when changes were asked for. */
  #namedBefore: Revision = 0;
  #wantsAll = false;
  #bringing: Bringing | undefined;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /** Whether blocks are being pulled, or a snapshot is. */
  get isUnderWay(): boolean {
    return this.#isBehind || this.#parts.replica.head.transfer !== undefined;
  }

  /** Whether changes are awaited that follow the base. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether the next hello names no copy, so that a snapshot comes. */
  get wantsAll(): boolean {
    return this.#wantsAll;
  }

  /** The connection broke. Another server may be there at the next hello: it is to hear first of which journal this machine is (P16). */
  forgetServer(): void {
    this.#parts.joiner.forgetUnderWay();
    this.#wantsAll = false;
  }

  /** Takes the welcome's way. Journal time, as it was just heard, goes along with what is written. */
  async begin({ way, lineage, position, journalTime, follows }: Welcome, heard: Heard): Promise<void> {
    const { replica, exchange } = this.#parts;
    if (replica.isDamaged && way.kind === "changes") {
      // The server knows the position, but what is there cannot be gone on from.
      this.#wantsAll = true;
      return exchange.reset();
    }
    this.#wantsAll = false;
    // Until it is known how far: nobody is to be told meanwhile that this machine is up to date (B05).
    this.#isBehind = true;
    this.#bringing = this.#toBring(lineage, position);
    this.#lineage = lineage;
    this.#pulled.clear();
    this.#heardOfAll.clear();
    if (way.kind === "snapshot") {
      const { transfer } = replica.head;
      const resumes = way.resume && transfer !== undefined && samePosition(transfer.start, way.start);
      // The server puts the first parts together while this machine writes down that it waits for them.
      if (!resumes && this.#bringing === undefined) exchange.pullPart("");
      if (!resumes) await replica.beginTransfer(way.start, journalTime, heard);
      this.#isBehind = false;
      return;
    }
    await replica.dropTransfer();
    const base = replica.position;
    if (base !== undefined && !sameEpoch(base.epoch, position.epoch)) {
      const { batch, change } = rebased(replica, partingOf(lineage, replica.head.lineage, base).common);
      // The journal went on under another epoch, and the base is a state of it as well.
      await replica.write(batch, { ...change, lineage, position: { ...base, epoch: position.epoch } });
    }
    this.#isBehind = base !== undefined && base.revision < exchange.newest;
    // As if it had been asked for.
    if (this.#isBehind && follows === true) this.#awaitChanges();
  }

  /** What the base has beyond the parting from a server that went on from another copy. */
  #toBring(lineage: readonly LineageEntry[], there: Position): Bringing | undefined {
    const { replica } = this.#parts;
    const { position, lineage: known } = replica.head;
    if (position === undefined || position.fleet !== there.fleet || sameEpoch(position.epoch, there.epoch)) return undefined;
    const parting = partingOf(lineage, known, position);
    return position.revision > parting.undoneTo ? new Bringing(replica, parting) : undefined;
  }

  brought({ number }: Brought): void {
    if (this.#bringing?.number === number) this.#parts.exchange.replied();
  }

  /** Asks for what comes next, if anything is missing and nothing is awaited; before that, brings what the server lacks. */
  async pull(): Promise<void> {
    const { replica, exchange } = this.#parts;
    const { transfer, position } = replica;
    if (exchange.phase !== "in" || exchange.isAwaiting || this.isReadyToSwitch) return;
    const bring = await this.#bringing?.next();
    if (bring !== undefined) return exchange.pull(bring);
    this.#bringing = undefined;
    if (transfer !== undefined && !transfer.complete) exchange.pullPart(transfer.after);
    else if (transfer !== undefined) this.#pullChanges(transfer.position.revision);
    else if (this.#isBehind && position !== undefined) this.#pullChanges(position.revision);
  }

  #pullChanges(after: Revision): void {
    this.#parts.exchange.pull({ kind: "pull-changes", after });
    this.#awaitChanges();
  }

  #awaitChanges(): void {
    this.#namedBefore = this.#parts.exchange.newest;
    this.#parts.exchange.awaitReply();
  }

  async part(part: Part): Promise<void> {
    const { replica, exchange } = this.#parts;
    const { transfer } = replica;
    if (transfer === undefined || transfer.complete || part.after !== transfer.after) return;
    exchange.replied();
    if (part.revision < transfer.start.revision)
      throw new SyncError("message-malformed", "a snapshot part is older than its snapshot; it is asked for again");
    // The next parts are on their way while this one is stored, and another one is being made.
    if (!part.end) exchange.pullPart(part.last);
    await replica.storePart(part);
  }

  /** A block of changes, a piece of one, or whole blocks in a row. `broadcast`: they came to all machines, nobody asked for them. */
  async changes(bodies: readonly Changes[], broadcast: boolean): Promise<Block> {
    const { replica, exchange, journalClock } = this.#parts;
    for (const { last } of bodies) exchange.newest = Math.max(exchange.newest, last);
    const assembly = broadcast ? this.#heardOfAll : this.#pulled;
    if (broadcast && this.isUnderWay) {
      assembly.clear();
      return "passed-over";
    }
    const changes: Uint8Array[] = [];
    for (const { part, of, bytes, deflated } of bodies) {
      const block = assembly.add(part, of, bytes);
      if (block === "more") {
        if (!broadcast) exchange.progressed();
        return "more";
      }
      if (block === "out-of-order") return "gap";
      for (const change of unpackRecords(inflateBlock(block, deflated, LIMITS.blockInflatedBytesMax))) changes.push(change);
    }
    if (!broadcast) {
      exchange.replied();
      // There is nothing after that: what was named before the question is of a journal that the server has no more (P16).
      if (changes.length === 0 && exchange.newest <= this.#namedBefore) exchange.newest = bodies.at(-1)?.last ?? exchange.newest;
    }
    const { transfer } = replica.head;
    // Nobody asked for changes while parts are still to come: what is sent all the same is not laid over half a copy.
    if (transfer?.complete === false) return "gap";
    if (transfer !== undefined) return (await replica.replay(changes)) === "gap" ? "gap" : "passed-over";
    if (replica.position === undefined) return "passed-over";
    const took = await replica.accept(changes, journalClock.heard, (overtaken) => this.#keepOvertaken(overtaken));
    if (took === "gap") return took;
    this.#sayLost(took.overtaken);
    journalClock.reach(replica.head.at);
    // What came after a change of scope was left: it is asked for when this machine has followed that change.
    this.#isBehind = replica.position.revision < exchange.newest;
    return took;
  }

  /** They had stood, and have lost to what was made later without knowledge of them: as if they had come second (P5, B02). */
  async #keepOvertaken(overtaken: readonly Accepted[]): Promise<Write[]> {
    const { replica, clock, journalClock } = this.#parts;
    const parts = { replica, clock, now: journalClock.estimate() };
    return (await Promise.all(overtaken.map((edit) => keepLostEdit(edit, "superseded", parts)))).flat();
  }

  #sayLost(overtaken: readonly Accepted[]): void {
    tellLost(this.#parts.log, overtaken);
  }

  /** Whether the transferred copy is of one moment, and as new as what the server named. */
  get isReadyToSwitch(): boolean {
    const { transfer } = this.#parts.replica.head;
    if (transfer === undefined || !transfer.complete) return false;
    return transfer.position.revision >= Math.max(transfer.reach, this.#parts.exchange.newest);
  }

  /** Makes the transferred copy the base. "join": what the machine held is data of a join. */
  async switchOver(): Promise<"join" | "rejoin"> {
    const kind = await this.#switchOver();
    this.#parts.journalClock.reach(this.#parts.replica.head.at);
    return kind;
  }

  async #switchOver(): Promise<"join" | "rejoin"> {
    const { replica, joiner } = this.#parts;
    const { position, transfer } = replica.head;
    const lineage = this.#lineage;
    if (transfer === undefined || position === undefined || position.fleet !== transfer.position.fleet) {
      await joiner.switchAtJoin(lineage);
      return "join";
    }
    const removals = await arrivingRemovals(replica);
    if (sameEpoch(position.epoch, transfer.position.epoch)) {
      const overtaken = await overtakenBetween(replica.baseView(false, true), replica.baseView(true), replica);
      await replica.switchBase([...removals, ...(await this.#keepOvertaken(overtaken))], { lineage });
      this.#sayLost(overtaken);
    } else {
      const parting = partingOf(lineage, replica.head.lineage, position);
      await keepUndone(parting, this.#parts);
      const { batch, change } = rebased(replica, parting.common);
      // Which of it this machine wrote cannot be told for all of a damaged copy: whatever goes is kept.
      const kept = replica.isDamaged ? { unshown: "restored" as const } : {};
      await replica.switchBase([...batch, ...removals], { ...change, ...kept, lineage });
    }
    return "rejoin";
  }
}

/** Owners and entries that a batch of changes touched. */
export const ownersOf = ({ entries, changes }: Took): EntryName["owner"][] => [
  ...Array.from(entries.values(), ({ owner }) => owner),
  ...changes.flatMap(({ removals }) => removals.map(({ owner }) => owner)),
];
