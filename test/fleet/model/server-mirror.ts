/** Follows what a machine's server function writes to its disk, write by write. */
import type { Write } from "../../../hal/storage.ts";
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import { unpackJournalHead } from "../../../src/store/journal-head.ts";
import type { Faults } from "../checkers/faults.ts";
import { type JournalChecker, show } from "../checkers/journal-checker.ts";
import type { DiskWatch } from "../virtual-disk.ts";
import { Branch } from "./branch.ts";
import type { Journals } from "./journals.ts";
import { recordFault } from "./records.ts";

const META = "s/meta";
const STATE = "s/s/";
const CHANGE = "s/c/";
const HISTORY = "s/h/";
const HASH_BYTES = 16;

export interface ServerMirrorParts {
  readonly machine: string;
  readonly journals: Journals;
  readonly checker: JournalChecker;
  readonly faults: Faults;
}

export class ServerMirror implements DiskWatch {
  readonly #parts: ServerMirrorParts;
  readonly #state = new Map<string, Uint8Array>();
  #branch: Branch | undefined;
  /** The disk was replaced: the branch is looked for at the next write. */
  #isStale = true;

  constructor(parts: ServerMirrorParts) {
    this.#parts = parts;
  }

  /** The branch that this machine's journal is on; undefined while it has none. */
  get branch(): Branch | undefined {
    return this.#branch;
  }

  replaced(content: KeyBlocks): void {
    this.#state.clear();
    for (const [key, value] of content.ascending(STATE, `${STATE}\uffff`)) this.#state.set(key.slice(STATE.length), value);
    const meta = content.get(META);
    this.#branch = undefined;
    if (meta !== undefined) this.#enter(meta);
    this.#isStale = meta === undefined;
  }

  committed(batch: readonly Write[]): void {
    const meta = batch.findLast(({ key }) => key === META);
    const writes = new Map<string, Uint8Array | undefined>();
    for (const { key, value } of batch) {
      if (!key.startsWith(STATE)) continue;
      const at = key.slice(STATE.length);
      writes.set(at, value);
      if (value === undefined) this.#state.delete(at);
      else this.#state.set(at, value);
    }
    if (meta === undefined) {
      if (writes.size > 0) this.#parts.faults.found("I1", `${this.#parts.machine} writes its state without its journal's head`);
      return;
    }
    if (meta.value === undefined) {
      this.#branch = undefined;
      this.#isStale = true;
      return;
    }
    const changes = batch.flatMap(({ key, value }) => (key.startsWith(CHANGE) && value !== undefined ? [{ key, value }] : []));
    const kept = batch.flatMap(({ key, value }) => (key.startsWith(HISTORY) && value !== undefined ? [key] : []));
    this.#commit(meta.value, changes, writes, kept);
  }

  #commit(
    meta: Uint8Array,
    changes: readonly { readonly key: string; readonly value: Uint8Array }[],
    writes: Map<string, Uint8Array | undefined>,
    kept: readonly string[],
  ): void {
    const { machine, checker } = this.#parts;
    const head = unpackJournalHead(meta);
    if (this.#isStale || this.#branch === undefined) {
      this.#isStale = false;
      return this.#enter(meta);
    }
    const told = changes
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ value }) => ({ bytes: value.subarray(HASH_BYTES), chainHash: Buffer.from(value.subarray(0, HASH_BYTES)).toString("hex") }));
    // A restore or a promotion puts another journal in the place of this one.
    const isOther = told.length === 0 && (head.revision !== this.#branch.revision || head.chainHash !== this.#branch.chainHash);
    if (isOther) return this.#enter(meta);
    checker.commit(this.#branch, { machine, changes: told, head, writes, kept, record: (key) => this.#state.get(key) });
  }

  /** The disk has a journal that did not come about under our eyes: it must be one that was there before, or a new one. */
  #enter(meta: Uint8Array): void {
    const { machine, journals, faults } = this.#parts;
    const { fleet, lineage, revision, chainHash } = unpackJournalHead(meta);
    if (revision === 0 && journals.find({ fleet, revision, chainHash }) === undefined) {
      this.#branch = journals.begin(new Branch(fleet, lineage));
      return;
    }
    const branch = journals.fork({ fleet, revision, chainHash });
    if (branch === undefined) return faults.found("I1", `${machine} has a journal at revision ${revision} that nobody ever wrote`);
    branch.lineage = lineage;
    this.#branch = branch;
    for (const key of new Set([...branch.keys(), ...this.#state.keys()])) {
      const fault = recordFault(branch.fold, key, this.#state.get(key));
      if (fault !== undefined) return faults.found("I1", `${machine} begins anew at revision ${revision}, but ${show(key)} ${fault}`);
    }
  }
}
