/** Follows what a machine's server function writes to its disk, write by write. */
import type { Write } from "../../../hal/storage.ts";
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import { type JournalHead, unpackJournalHead } from "../../../src/store/journal-head.ts";
import type { Faults } from "../checkers/faults.ts";
import { type JournalChecker, show } from "../checkers/journal-checker.ts";
import type { DiskWatch } from "../virtual-disk.ts";
import { Branch } from "./branch.ts";
import type { Fold } from "./fold.ts";
import type { Journals } from "./journals.ts";
import { recordFault } from "./records.ts";

const META = "s/meta";
/** The state of the first generation lies under "s/s/", that of the N-th installed since under "s/sN/". */
const STATE = /^s\/s(\d*)\/([^]*)$/;
const CHANGE = "s/c/";
const HISTORY = "s/h/";
const HASH_BYTES = 16;

type Records = Map<string, Uint8Array>;

export interface ServerMirrorParts {
  readonly machine: string;
  readonly journals: Journals;
  readonly checker: JournalChecker;
  readonly faults: Faults;
  /** Is told when another journal takes the place of this machine's, with the state that it begins with. */
  readonly onEntered?: (fold: Fold) => void;
}

export class ServerMirror implements DiskWatch {
  readonly #parts: ServerMirrorParts;
  readonly #generations = new Map<number, Records>();
  #head: JournalHead | undefined;
  #branch: Branch | undefined;

  constructor(parts: ServerMirrorParts) {
    this.#parts = parts;
  }

  /** The branch that this machine's journal is on; undefined while it has none. */
  get branch(): Branch | undefined {
    return this.#branch;
  }

  replaced(content: KeyBlocks): void {
    this.#generations.clear();
    for (const [key, value] of content.ascending("s/s", "s/t")) this.#lay(key, value);
    const meta = content.get(META);
    this.#branch = undefined;
    this.#head = meta === undefined ? undefined : unpackJournalHead(meta);
    if (this.#head !== undefined) this.#enter(this.#head);
  }

  committed(batch: readonly Write[]): void {
    const meta = batch.findLast(({ key }) => key === META);
    const head = meta?.value === undefined ? this.#head : unpackJournalHead(meta.value);
    const writes = new Map<string, Uint8Array | undefined>();
    for (const { key, value } of batch) {
      const at = this.#lay(key, value);
      if (at !== undefined && at.generation === head?.generation) writes.set(at.stateKey, value);
    }
    if (meta === undefined) {
      if (writes.size > 0) this.#parts.faults.found("I1", `${this.#parts.machine} writes its state without its journal's head`);
    } else if (meta.value === undefined || head === undefined) [this.#head, this.#branch] = [undefined, undefined];
    else this.#commit(head, batch, writes);
  }

  /** A record of the state goes to its generation. */
  #lay(key: string, value: Uint8Array | undefined): { readonly generation: number; readonly stateKey: string } | undefined {
    const [, number, stateKey = ""] = STATE.exec(key) ?? [];
    if (number === undefined) return undefined;
    const generation = number === "" ? 0 : Number(number);
    const records: Records = this.#generations.get(generation) ?? new Map();
    this.#generations.set(generation, records);
    if (value === undefined) records.delete(stateKey);
    else records.set(stateKey, value);
    return { generation, stateKey };
  }

  #commit(head: JournalHead, batch: readonly Write[], writes: ReadonlyMap<string, Uint8Array | undefined>): void {
    const { machine, checker } = this.#parts;
    const before = this.#head;
    this.#head = head;
    // A first journal, or another one in its place: a restore, a promotion.
    if (this.#branch === undefined || before?.generation !== head.generation) return this.#enter(head);
    const changes = batch
      .flatMap(({ key, value }) => (key.startsWith(CHANGE) && value !== undefined ? [{ key, value }] : []))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ value }) => ({ bytes: value.subarray(HASH_BYTES), chainHash: Buffer.from(value.subarray(0, HASH_BYTES)).toString("hex") }));
    const kept = batch.flatMap(({ key, value }) => (key.startsWith(HISTORY) && value !== undefined ? [key] : []));
    checker.commit(this.#branch, { machine, changes, head, writes, kept, record: (key) => this.#records.get(key) });
  }

  get #records(): Records {
    return this.#generations.get(this.#head?.generation ?? 0) ?? new Map();
  }

  /** The disk has a journal that did not come about under our eyes: it must be one that was there before, or a new one. */
  #enter(head: JournalHead): void {
    const { machine, journals, faults } = this.#parts;
    const { fleet, lineage, revision, chainHash } = head;
    if (revision === 0 && journals.find({ fleet, revision, chainHash }) === undefined) {
      this.#branch = journals.begin(new Branch(fleet, lineage));
      this.#parts.onEntered?.(this.#branch.fold);
      return;
    }
    const branch = journals.fork({ fleet, revision, chainHash });
    if (branch === undefined) return faults.found("I1", `${machine} has a journal at revision ${revision} that nobody ever wrote`);
    branch.lineage = lineage;
    this.#branch = branch;
    this.#parts.onEntered?.(branch.fold);
    for (const key of new Set([...branch.keys(), ...this.#records.keys()])) {
      const fault = recordFault(branch.fold, key, this.#records.get(key));
      if (fault !== undefined) return faults.found("I1", `${machine} begins anew at revision ${revision}, but ${show(key)} ${fault}`);
    }
  }
}
