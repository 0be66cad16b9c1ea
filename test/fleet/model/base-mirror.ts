/** Follows what a machine's client function writes to its disk, write by write. */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import type { Write } from "../../../hal/storage.ts";
import { itemOf, type Scope } from "../../../src/model/item.ts";
import { ownerOfOffer } from "../../../src/model/offered.ts";
import { decodeCbor } from "../../../src/protocol/cbor.ts";
import { type ScopeRecord, unpackScope } from "../../../src/store/records.ts";
import { EMPTY_HEAD, type ReplicaHead, unpackReplicaHead } from "../../../src/store/replica-head.ts";
import { REPLICA_BASE, REPLICA_META, REPLICA_OWN, withNow } from "../../../src/store/replica-now.ts";
import type { ReplicaChecker } from "../checkers/replica-checker.ts";
import type { PendingChecker } from "../checkers/pending-checker.ts";
import type { DiskWatch } from "../virtual-disk.ts";
import { LayerMirror } from "./layer-mirror.ts";

const GENERATIONS = "c/s/";
const OFFERS = "c/o/";
const IN_FORCE = "c/x/";

type InForce = Pick<ScopeRecord, "scope" | "since">;

export interface BaseMirrorParts {
  readonly machine: string;
  readonly replicas: ReplicaChecker;
  readonly pending: PendingChecker;
  /** A join became visible; the machine had made edits up to this number. */
  readonly onJoined?: (madeBefore: number) => void;
  /** It has no copy of a fleet any more. */
  readonly onForgotten?: () => void;
  /** Its disk is another one. */
  readonly onReplaced?: () => void;
}

export class BaseMirror implements DiskWatch {
  readonly #parts: BaseMirrorParts;
  readonly #generations = new Map<number, LayerMirror>();
  /** By key, whether it is still to be offered. */
  readonly #offers = new Map<string, boolean>();
  readonly #inForce = new Map<string, InForce>();
  #head: ReplicaHead | undefined;
  /** Rises with every write. */
  writes = 0;

  constructor(parts: BaseMirrorParts) {
    this.#parts = parts;
  }

  get head(): ReplicaHead | undefined {
    return this.#head;
  }

  /** Nothing of the machine's own is under way: no pending edit, no offer, no scope that it has not followed yet. */
  get isAtRest(): boolean {
    if (this.#offers.size > 0 || this.#parts.pending.size(this.#parts.machine) > 0) return false;
    for (const [key, bytes] of this.#generation(this.#head?.generation ?? 0).visible) {
      if (!key.startsWith("x/")) continue;
      const { scope, since } = unpackScope(bytes);
      const here = this.#inForce.get(key.slice(2));
      if (here?.scope !== scope || here.since !== since) return false;
    }
    return true;
  }

  /** Data of the owner is still to be offered, or there was no room for it: it is this machine's own for now. */
  offers(owner: string): boolean {
    for (const key of this.#offers.keys()) if (ownerOfOffer(key.slice(OFFERS.length)) === owner) return true;
    return false;
  }

  /** Owners of whom something is on offer. */
  get offered(): string[] {
    return [...this.#offers.keys()].map((key) => ownerOfOffer(key.slice(OFFERS.length)) ?? "");
  }

  /** Something is still to be offered: a join lasts (P17), or what has become common is handed over (P28). */
  get isWanted(): boolean {
    return [...this.#offers.values()].includes(true);
  }

  /** The scope that the machine goes by. */
  scopeOf(item: string): Scope {
    return this.#inForce.get(item)?.scope ?? itemOf(item)?.scope ?? "shared";
  }

  replaced(content: KeyBlocks): void {
    this.#generations.clear();
    this.#offers.clear();
    this.#inForce.clear();
    this.#parts.replicas.forget(this.#parts.machine);
    this.#parts.pending.forget(this.#parts.machine);
    this.#head = undefined;
    this.#parts.onReplaced?.();
    this.#take(
      [...content.ascending("c/", "c0")].map(([key, value]) => ({ key, value })),
      true,
    );
  }

  committed(batch: readonly Write[]): void {
    this.#take(batch, false);
  }

  #take(batch: readonly Write[], isFound: boolean): void {
    const { machine, replicas, pending } = this.#parts;
    this.writes += 1;
    const written = (of: string) => batch.findLast(({ key }) => key === of)?.value;
    const [meta, base, own] = [REPLICA_META, REPLICA_BASE, REPLICA_OWN].map(written);
    const before = this.#head;
    if (meta !== undefined) this.#head = unpackReplicaHead(meta);
    if (this.#head !== undefined) this.#head = withNow(this.#head, base, own);
    const touched = this.#lay(batch);
    for (const { key, value } of batch) {
      if (key.startsWith(IN_FORCE)) {
        if (value === undefined) this.#inForce.delete(key.slice(IN_FORCE.length));
        else this.#inForce.set(key.slice(IN_FORCE.length), inForceOf(value));
      }
      if (key.startsWith(OFFERS)) {
        if (value === undefined) this.#offers.delete(key);
        else this.#offers.set(key, isWanted(value));
      }
    }
    const position = this.#head?.position;
    if (position === undefined) replicas.forget(machine);
    else if (meta !== undefined || base !== undefined || touched.size > 0) {
      const generation = this.#head?.generation ?? 0;
      const { visible: records, isNoted } = this.#generation(generation);
      replicas.base({ machine, position, generation, records, isNoted, written: touched });
    }
    if (before?.position !== undefined && position === undefined) this.#parts.onForgotten?.();
    const { join, mark, sequence } = this.#head ?? EMPTY_HEAD;
    if (before !== undefined && join !== undefined && join.id !== before.join?.id) this.#parts.onJoined?.(Math.max(mark, sequence));
    pending.written(machine, batch, { before, after: this.#head, isOffered: (owner) => this.offers(owner), isFound });
  }

  /** The state keys of the visible generation that the batch touched. */
  #lay(batch: readonly Write[]): ReadonlySet<string> {
    const written = new Map<number, (readonly [string, Uint8Array | undefined])[]>();
    for (const { key, value } of batch) {
      if (!key.startsWith(GENERATIONS)) continue;
      const slash = key.indexOf("/", GENERATIONS.length);
      const generation = Number(key.slice(GENERATIONS.length, slash));
      const records = written.get(generation) ?? [];
      records.push([key.slice(slash + 1), value]);
      written.set(generation, records);
    }
    let touched: ReadonlySet<string> = new Set();
    for (const [generation, records] of written) {
      const keys = this.#generation(generation).take(records);
      if (generation === this.#head?.generation) touched = keys;
    }
    return touched;
  }

  #generation(generation: number): LayerMirror {
    const known = this.#generations.get(generation);
    if (known !== undefined) return known;
    const layers = new LayerMirror();
    this.#generations.set(generation, layers);
    return layers;
  }
}

const isWanted = (bytes: Uint8Array): boolean => (decodeCbor(bytes, bytes.length) as readonly [string])[0] === "wanted";

function inForceOf(bytes: Uint8Array): InForce {
  const [scope, since] = decodeCbor(bytes, bytes.length) as [Scope, number];
  return { scope, since };
}
