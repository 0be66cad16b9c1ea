/**
 * What a client still has to offer, by its name (offered.ts): durable with the new base of a join (P17), or with a change of
 * scope (P28).
 */
import type { Write } from "../../hal/storage.ts";
import { type EntryChange, holdingOf } from "../model/entry.ts";
import type { Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { offerName } from "../model/offered.ts";
import type { RefusalWord } from "../model/refusal.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const PREFIX = "c/o/";
export const OFFERS_RANGE = { from: PREFIX, to: "c/o0" } as const;

export type OfferState =
  | { readonly kind: "wanted" }
  /** The data is in the journal at this revision; it leaves the list when the base has reached it. */
  | { readonly kind: "accepted"; readonly revision: Revision }
  /** Over a limit of the server: the data stays on this machine, and is offered again at the next welcome. */
  | { readonly kind: "over-limit"; readonly word: RefusalWord };

export class Offers {
  readonly #states = new Map<string, OfferState>();

  get size(): number {
    return this.#states.size;
  }

  has(name: string): boolean {
    return this.#states.has(name);
  }

  /** Whether an entry is part of something on offer. */
  cover(entry: EntryChange): boolean {
    const holding = holdingOf(entry);
    return this.has(holding) || this.has(offerName({ holding, item: entry.item }));
  }

  state(name: string): OfferState | undefined {
    return this.#states.get(name);
  }

  all(): [name: string, state: OfferState][] {
    return [...this.#states];
  }

  /** Whether there is one of this kind; asked with each change, and so without a list. */
  some(kind: OfferState["kind"]): boolean {
    for (const state of this.#states.values()) if (state.kind === kind) return true;
    return false;
  }

  wanted(): string[] {
    return this.all().flatMap(([name, { kind }]) => (kind === "wanted" ? [name] : []));
  }

  set(name: string, state: OfferState): Write {
    this.#states.set(name, state);
    return { key: PREFIX + name, value: pack(state) };
  }

  remove(name: string): Write {
    this.#states.delete(name);
    return { key: PREFIX + name, value: undefined };
  }

  /** Puts a stored record back at the opening. */
  restore(key: string, bytes: Uint8Array): void {
    this.#states.set(key.slice(PREFIX.length), unpack(bytes));
  }
}

type Row = readonly ["wanted", null] | readonly ["accepted", Revision] | readonly ["over-limit", RefusalWord];

function pack(state: OfferState): Uint8Array {
  const row: Row =
    state.kind === "accepted" ? [state.kind, state.revision] : state.kind === "over-limit" ? [state.kind, state.word] : [state.kind, null];
  return encodeCbor(row);
}

function unpack(bytes: Uint8Array): OfferState {
  const [kind, detail] = decodeCbor(bytes, LIMITS.entryBytesMax) as Row;
  if (kind === "accepted") return { kind, revision: detail };
  return kind === "over-limit" ? { kind, word: detail } : { kind };
}
