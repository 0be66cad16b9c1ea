/**
 * Puts another state in a journal's place: a restored backup, or the copy of a machine that takes over. The state is
 * staged beside the one that stands, as slowly as it takes; then one write makes it the journal's, with its epoch and
 * all that belongs to it (P16). Until that write the old state stands whole; from it on the new one does. What was
 * undone goes to the history after that, and is looked for again where a kill came between.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { isSameEdit } from "../model/entry.ts";
import { partingOf } from "../model/lineage.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import { clearRange } from "./clear-range.ts";
import { readOrDamaged, undamaged } from "./damaged.ts";
import { keepLost, SERVER_HISTORY } from "./history.ts";
import { type Former, type JournalHead, packJournalHead, unpackJournalHead } from "./journal-head.ts";
import {
  ALL_ANSWERS,
  ALL_CHANGES,
  ALL_KEPT_PARTS,
  ALL_MACHINES,
  ALL_STATES,
  allOfGeneration,
  generationOf,
  JOURNAL_META,
  STOOD_DOWN,
  statePrefix,
} from "./journal-keys.ts";
import { ALL_ENTRIES } from "./keys.ts";
import { keysIn } from "./keys-in.ts";
import { entryRevision, unpackEntry } from "./records.ts";

/** Entries that are compared, and records of the history that are written, at a time. */
const BATCH = 200;

export class Installation {
  readonly #storage: Storage;
  readonly #former: JournalHead | undefined;
  /** Of the state that stands: its head may be damaged. */
  readonly #standing: number | undefined;
  readonly #generation: number;

  private constructor(storage: Storage, former: JournalHead | undefined, standing: number | undefined) {
    this.#storage = storage;
    this.#former = former;
    this.#standing = standing;
    this.#generation = (standing ?? 0) + 1;
  }

  /** Clears what an interrupted one has left. The server function must not run from here on until `commit` or `abandon`. */
  static async begin(storage: Storage): Promise<Installation> {
    const meta = await readOrDamaged(storage, JOURNAL_META);
    const former = meta instanceof Uint8Array ? await finishInstallation(storage, unpackJournalHead(meta)) : undefined;
    const installation = new Installation(storage, former, meta === "damaged" ? await standingIn(storage) : former?.generation);
    await installation.abandon();
    return installation;
  }

  /** The journal that is to be replaced. */
  get former(): Pick<JournalHead, "fleet" | "lineage" | "revision"> | undefined {
    return this.#former;
  }

  /** Records of the new state, in as many calls as it takes. Nobody sees them yet. */
  async stage(records: readonly (readonly [stateKey: string, value: Uint8Array])[]): Promise<void> {
    const prefix = statePrefix(this.#generation);
    await this.#storage.write(records.map(([key, value]) => ({ key: prefix + key, value })));
  }

  /**
   * What is staged becomes the journal's state, at this position, with the lineage and `writes` (answers, machines,
   * journal time, whatever must not be apart from it), in one write. Changes before it are not kept. What is left to be
   * done after it is done when the journal is opened.
   */
  async commit(
    position: Omit<Position, "epoch">,
    lineage: readonly LineageEntry[],
    writes: readonly Write[],
    lostAtMs: number,
  ): Promise<void> {
    const { fleet, revision, chainHash } = position;
    const former = this.#formerOf(fleet, lineage, lostAtMs);
    const head = { fleet, lineage, revision, chainHash, oldest: revision + 1, bytes: 0, generation: this.#generation, former };
    const kept = new Set(writes.map(({ key }) => key));
    const gone: string[] = [STOOD_DOWN];
    // In the same fleet who has a place is settled by what happened since, not by an older list (M02).
    const ranges = this.#former?.fleet === fleet ? [ALL_ANSWERS] : [ALL_ANSWERS, ALL_MACHINES];
    for (const range of ranges) gone.push(...(await keysIn(this.#storage, range)));
    const deletions = gone.filter((key) => !kept.has(key)).map((key) => ({ key, value: undefined }));
    await this.#storage.write([...deletions, ...writes, { key: JOURNAL_META, value: packJournalHead(head) }]);
  }

  /** Nothing of it stays; the state that stood stands. */
  async abandon(): Promise<void> {
    await clearRange(this.#storage, allOfGeneration(this.#generation));
  }

  #formerOf(fleet: Position["fleet"], lineage: readonly LineageEntry[], lostAtMs: number): Former | undefined {
    const former = this.#former;
    const epoch = former?.lineage.at(-1);
    // Of a state without a head nobody knows what it has in common with this one.
    if (former === undefined || epoch === undefined)
      return this.#standing === undefined ? undefined : { generation: this.#standing, common: 0, lostAtMs };
    const isSame = former.fleet === fleet;
    const { common } = isSame ? partingOf(lineage, former.lineage, { epoch, revision: former.revision }) : { common: 0 };
    return { generation: former.generation, common, lostAtMs };
  }
}

/** Does what an installation has left to be done; gives the head that is durable then. A kill costs nothing but doing it again. */
export async function finishInstallation(storage: Storage, head: JournalHead): Promise<JournalHead> {
  const { former } = head;
  if (former === undefined) return head;
  await keepUndone(storage, statePrefix(head.generation), former);
  await clearRange(storage, allOfGeneration(former.generation));
  await clearRange(storage, ALL_CHANGES);
  await clearRange(storage, ALL_KEPT_PARTS);
  const finished: JournalHead = { ...head, former: undefined };
  await storage.write([{ key: JOURNAL_META, value: packJournalHead(finished) }]);
  return finished;
}

/** The generation of the state whose head cannot be read: one above it was being staged. */
async function standingIn(storage: Storage): Promise<number | undefined> {
  let standing: number | undefined;
  for await (const [key] of storage.range({ ...ALL_STATES, keysOnly: true })) {
    const number = generationOf(key);
    if (number !== undefined) standing = Math.min(number, standing ?? number);
  }
  return standing;
}

/** Entries of the former state beyond what both have in common, which the new state has not: they are kept in the server's history. */
async function keepUndone(storage: Storage, installed: string, { generation, common, lostAtMs }: Former): Promise<void> {
  const prefix = statePrefix(generation);
  let batch: (readonly [stateKey: string, record: Uint8Array])[] = [];
  const keep = async () => {
    const standing = await storage.getMany(batch.map(([key]) => installed + key));
    const lost = batch.flatMap(([, record], index) => undone(record, standing[index], lostAtMs));
    if (lost.length > 0) await storage.write(lost);
    batch = [];
  };
  // A record that cannot be read is passed over, or the state that a backup brought would wait for it for good.
  for await (const [key, record] of undamaged(storage, { from: prefix + ALL_ENTRIES.from, to: prefix + ALL_ENTRIES.to })) {
    if (entryRevision(record) <= common) continue;
    batch.push([key.slice(prefix.length), record]);
    if (batch.length === BATCH) await keep();
  }
  if (batch.length > 0) await keep();
}

function undone(record: Uint8Array, standing: Uint8Array | undefined, lostAtMs: number): Write[] {
  const { edit } = unpackEntry(record);
  const isThere = standing !== undefined && isSameEdit(unpackEntry(standing).edit.id, edit.id);
  return isThere ? [] : [keepLost(SERVER_HISTORY, { ...edit, because: "restored", lostAtMs }, edit.id.sequence)];
}
