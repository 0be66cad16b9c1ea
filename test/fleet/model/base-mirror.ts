/** Follows what a machine's client function writes to its disk, write by write. */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import type { Write } from "../../../hal/storage.ts";
import { type ReplicaHead, unpackReplicaHead } from "../../../src/store/replica-head.ts";
import type { ReplicaChecker } from "../checkers/replica-checker.ts";
import type { PendingChecker } from "../checkers/pending-checker.ts";
import type { DiskWatch } from "../virtual-disk.ts";

const META = "c/meta";
const GENERATIONS = "c/s/";
const OFFERS = "c/o/";

export interface BaseMirrorParts {
  readonly machine: string;
  readonly replicas: ReplicaChecker;
  readonly pending: PendingChecker;
}

export class BaseMirror implements DiskWatch {
  readonly #parts: BaseMirrorParts;
  readonly #generations = new Map<number, Map<string, Uint8Array>>();
  readonly #offers = new Set<string>();
  #head: ReplicaHead | undefined;
  /** Rises with every write. */
  writes = 0;

  constructor(parts: BaseMirrorParts) {
    this.#parts = parts;
  }

  get head(): ReplicaHead | undefined {
    return this.#head;
  }

  /** Nothing of the machine's own is under way: no pending edit, no offer. */
  get isAtRest(): boolean {
    return this.#offers.size === 0 && this.#parts.pending.size(this.#parts.machine) === 0;
  }

  replaced(content: KeyBlocks): void {
    this.#generations.clear();
    this.#offers.clear();
    this.#parts.replicas.forget(this.#parts.machine);
    this.#parts.pending.forget(this.#parts.machine);
    this.#head = undefined;
    this.committed([...content.ascending("c/", "c0")].map(([key, value]) => ({ key, value })));
  }

  committed(batch: readonly Write[]): void {
    const { machine, replicas, pending } = this.#parts;
    this.writes += 1;
    const written: string[] = [];
    const meta = batch.findLast(({ key }) => key === META)?.value;
    const before = this.#head;
    if (meta !== undefined) this.#head = unpackReplicaHead(meta);
    for (const { key, value } of batch) {
      if (key.startsWith(GENERATIONS)) this.#lay(key, value, written);
      if (key.startsWith(OFFERS)) this.#offers[value === undefined ? "delete" : "add"](key);
    }
    const position = this.#head?.position;
    if (position === undefined) replicas.forget(machine);
    else if (meta !== undefined || written.length > 0) {
      const generation = this.#head?.generation ?? 0;
      replicas.base({ machine, position, generation, records: this.#records(generation), written });
    }
    pending.written(machine, batch, before, this.#head);
  }

  #lay(key: string, value: Uint8Array | undefined, written: string[]): void {
    const [generation = "", ...rest] = key.slice(GENERATIONS.length).split("/");
    const stateKey = rest.join("/");
    const records = this.#records(Number(generation));
    if (value === undefined) records.delete(stateKey);
    else records.set(stateKey, value);
    if (Number(generation) === this.#head?.generation) written.push(stateKey);
  }

  #records(generation: number): Map<string, Uint8Array> {
    const known = this.#generations.get(generation);
    if (known !== undefined) return known;
    const records = new Map<string, Uint8Array>();
    this.#generations.set(generation, records);
    return records;
  }
}
