/**
 * An act on more than one store of the machine, all of it or nothing, whatever happens in between: it is written down
 * first (store/intent.ts), and a start completes it. What a person has edited since stays as that person made it. Where a
 * store refuses its part, what was done is taken back. It is read, written down and done in portions (portions.ts), so that
 * one of fifty thousand entries takes no more memory than one of some thousand.
 */
import { isDeepStrictEqual } from "node:util";
import type { Device } from "../../hal/device.ts";
import type { Storage, Write } from "../../hal/storage.ts";
import type { GroupManagement, Users } from "../../hal/users.ts";
import type { EntryChange } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import { sameValue, type Value } from "../model/value.ts";
import { failureOf } from "../model/log-note.ts";
import {
  clearRecords,
  headWrite,
  type IntendedChange,
  type IntentHead,
  NO_HEAD,
  type Note,
  readHead,
  readRecords,
  writeRecords,
} from "../store/intent.ts";
import { entryKey } from "../store/keys.ts";
import { Seal } from "../store/seal.ts";
import { EditedMeanwhile } from "./edited-meanwhile.ts";
import { onlyPortionOf, portionsOf } from "./portions.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import type { CommunicationLog } from "./communication-log.ts";

export interface WholeActParts {
  readonly storage: Storage;
  readonly stores: MachineStores;
  readonly users: Users;
  readonly device: Device;
  readonly random: Random;
  readonly log: CommunicationLog;
}

export interface Act {
  /** Gone through more than once. */
  readonly changes: Iterable<EntryChange & { readonly note?: Note }>;
  readonly by: string;
  readonly groups?: GroupManagement;
}

/** An act that is written down and has not begun. */
export interface Staged {
  /** The write that begins it: from then on it is completed, now or at a start. */
  readonly begin: Write;
  /** Edits it makes; what stands there already needs none. */
  readonly edits: number;
  /** After `begin` is durable. Throws a SyncError when a store refuses; nothing of it is there then. */
  complete(): Promise<void>;
}

const KEY_BYTES = 32;

export class WholeActs {
  readonly #parts: WholeActParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: WholeActParts) {
    this.#parts = parts;
  }

  /** Gives how many edits it made. Throws a SyncError when a store refuses; nothing of it is there then. */
  async perform(act: Act): Promise<number> {
    const { stores, storage } = this.#parts;
    const only = act.groups === undefined ? await onlyPortionOf(act.changes) : undefined;
    // What one store takes in one write needs no intent.
    if (only !== undefined && stores.spanOf(only) < 2 && only.every(({ note }) => note === undefined)) {
      const changes: EntryChange[] = [];
      for await (const change of this.#differences(only)) changes.push(changeOf(change));
      await stores.edit(changes, act.by);
      return changes.length;
    }
    return await this.stage(act, async (staged) => {
      await storage.write([staged.begin]);
      await staged.complete();
      return staged.edits;
    });
  }

  /** Writes an act down and calls `perform` with it, one act after the other. One that is not begun there comes to nothing. */
  stage<T>(act: Act, perform: (staged: Staged) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      const { storage, stores, device, random } = this.#parts;
      await this.#endLast();
      const mark = stores.mark();
      const key = Uint8Array.from(random(KEY_BYTES));
      const seal = new Seal(key, random);
      let edits = 0;
      const differences = this.#differences(act.changes, (change) => {
        if (!sameValue(change.value, change.before)) edits += 1;
      });
      await writeRecords(storage, differences, seal);
      const groups = this.#groupsOf(act.groups);
      const head: IntentHead = { mark, by: act.by, phase: "forward", sealedKey: await device.keyStore.seal(key), groups };
      const release = stores.keepEdits(mark);
      try {
        return await perform({ begin: headWrite(head), edits, complete: () => this.#complete(head, seal) });
      } finally {
        release();
      }
    });
    // How this one ends is its own caller's to hear; the next one only waits for it.
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Completes what a power loss has interrupted, or takes it back. Before the module's functions start, and before anybody
   * works at the panel; one that cannot be ended now, as on a full storage, is tried again with the next act or start.
   */
  async recover(): Promise<void> {
    const { storage, log } = this.#parts;
    if ((await readHead(storage)) === undefined) return await clearRecords(storage);
    try {
      await this.#resume();
      log.write({ kind: "act-completed" });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      log.write({ kind: "act-failed", failure: failureOf(error) });
    }
  }

  /** An act that could not be ended comes first; throws while it still cannot. */
  async #endLast(): Promise<void> {
    try {
      await this.#resume();
    } catch (error) {
      if (!(error instanceof SyncError) || (await readHead(this.#parts.storage)) !== undefined) throw error;
    }
  }

  async #resume(): Promise<void> {
    const { storage, device, random, stores } = this.#parts;
    const head = await readHead(storage);
    if (head === undefined) return;
    const seal = new Seal(await device.keyStore.open(head.sealedKey), random);
    const release = stores.keepEdits(head.mark);
    try {
      await this.#complete(head, seal);
    } finally {
      release();
    }
  }

  async #complete(head: IntentHead, seal: Seal): Promise<void> {
    if (head.phase === "back") return await this.#takeBack(head, seal);
    let notes: readonly Note[];
    try {
      notes = await this.#forward(head, seal);
    } catch (error) {
      // What did not fit does not fit at the next start either. Whatever else it is may pass: a start tries again.
      if (!(error instanceof SyncError) || error.code === "hal-unavailable") throw error;
      await this.#parts.storage.write([headWrite({ ...head, phase: "back" })]);
      await this.#takeBack(head, seal);
      throw error;
    }
    await this.#end(notes);
  }

  /** Gives what is to be noted with its end. */
  async #forward({ mark, by, groups }: IntentHead, seal: Seal): Promise<Note[]> {
    const { storage, stores, users } = this.#parts;
    if (groups !== undefined && isDeepStrictEqual(managementOf(users), groups.before)) await users.setGroupManagement(groups.wanted);
    const edited = new EditedMeanwhile(stores, mark);
    const notes: Note[] = [];
    for await (const portion of portionsOf(readRecords(storage, seal))) {
      const kept = await this.#stillKept(portion);
      const standing = await this.#standing(kept);
      await edited.look();
      const due = kept.filter((change) => !edited.has(change) && !sameValue(standing.get(entryKey(change)), change.value));
      await stores.edit(due.map(changeOf), by);
      edited.passOver(due);
      for (const { note } of kept) if (note !== undefined) notes.push(note);
    }
    return notes;
  }

  /** What stands there by this act is as it was before; a person's newer edit stays. */
  async #takeBack({ by, groups }: IntentHead, seal: Seal): Promise<void> {
    const { storage, stores, users } = this.#parts;
    for await (const portion of portionsOf(readRecords(storage, seal))) {
      const standing = await this.#standing(portion);
      const isDone = ({ value, before, ...name }: IntendedChange) =>
        sameValue(standing.get(entryKey(name)), value) && !sameValue(value, before);
      const done = portion.filter(isDone).map((change) => ({ ...changeOf(change), value: change.before }));
      await stores.edit(done, by);
    }
    if (groups !== undefined && isDeepStrictEqual(managementOf(users), groups.wanted)) await users.setGroupManagement(groups.before);
    await this.#end([]);
  }

  async #end(notes: readonly Note[]): Promise<void> {
    const { storage } = this.#parts;
    await storage.write([NO_HEAD, ...notes]);
    await clearRecords(storage);
  }

  /** Without those whose record of the history a deletion has taken meanwhile (P23). */
  async #stillKept(changes: readonly IntendedChange[]): Promise<IntendedChange[]> {
    const noted = changes.flatMap(({ note }) => note?.key ?? []);
    const records = await this.#parts.storage.getMany(noted);
    const gone = new Set(noted.filter((_, index) => records[index] === undefined));
    return changes.filter(({ note }) => note === undefined || !gone.has(note.key));
  }

  /** What differs, or has at least a note. */
  async *#differences(changes: Act["changes"], onEach: (change: IntendedChange) => void = () => undefined): AsyncIterable<IntendedChange> {
    for await (const portion of portionsOf(changes)) {
      const standing = await this.#standing(portion);
      for (const change of portion) {
        const intended = { ...changeOf(change), before: standing.get(entryKey(change)), note: change.note };
        if (intended.note === undefined && sameValue(intended.value, intended.before)) continue;
        onEach(intended);
        yield intended;
      }
    }
  }

  async #standing(changes: readonly EntryChange[]): Promise<Map<string, Value>> {
    const standing = new Map<string, Value>();
    for (const owner of new Set<Owner>(changes.map((change) => change.owner)))
      for (const entry of await this.#parts.stores.read(owner)) standing.set(entryKey(entry), entry.value);
    return standing;
  }

  #groupsOf(wanted: GroupManagement | undefined): IntentHead["groups"] {
    const before = managementOf(this.#parts.users);
    return wanted === undefined || isDeepStrictEqual(wanted, before) ? undefined : { wanted, before };
  }
}

const changeOf = ({ owner, item, key, value }: EntryChange): EntryChange => ({ owner, item, key, value });

function managementOf(users: Users): GroupManagement {
  const { departments, groups } = users.policy();
  return { departments, groups };
}
