/**
 * The scopes of sharing that are in force on this machine, for the items that the fleet has ever set one for. The base may
 * be ahead: a change of scope is in force only when the machine's stores have followed it (M19).
 */
import type { Write } from "../../hal/storage.ts";
import type { JoinId, Revision } from "../model/ids.ts";
import type { Scope } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import type { ScopeRecord } from "./records.ts";

const PREFIX = "c/x/";
export const IN_FORCE_RANGE = { from: PREFIX, to: "c/x0" } as const;

/** Offers of one item carry the id under which they were found wanted, and the revision of the base then (P18). */
export interface OfferedAs {
  readonly id: JoinId;
  readonly base: Revision;
}

export interface InForce extends ScopeRecord {
  readonly offer: OfferedAs;
}

export class ScopesInForce {
  readonly #records = new Map<string, InForce>();

  get(item: string): InForce | undefined {
    return this.#records.get(item);
  }

  items(): string[] {
    return [...this.#records.keys()];
  }

  /** Whether any data of this machine is its own alone. */
  get hasDeviceSpecific(): boolean {
    return [...this.#records.values()].some(({ scope }) => scope === "device-specific");
  }

  scopes(): Map<string, Scope> {
    return new Map([...this.#records].map(([item, { scope }]) => [item, scope]));
  }

  set(item: string, record: InForce): Write {
    this.#records.set(item, record);
    const { scope, since, renewed, offer } = record;
    return { key: PREFIX + item, value: encodeCbor([scope, since, renewed, offer.id, offer.base]) };
  }

  remove(item: string): Write {
    this.#records.delete(item);
    return { key: PREFIX + item, value: undefined };
  }

  /** Puts a stored record back at the opening. */
  restore(key: string, bytes: Uint8Array): void {
    const [scope, since, renewed, id, base] = decodeCbor(bytes, LIMITS.entryBytesMax) as [Scope, Revision, Revision, JoinId, Revision];
    this.#records.set(key.slice(PREFIX.length), { scope, since, renewed, offer: { id, base } });
  }
}
