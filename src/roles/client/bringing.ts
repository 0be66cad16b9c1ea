/**
 * What this machine's base has beyond the parting from a server that went on from another copy (B06): brought to it before
 * its snapshot is taken, so that nothing of it is missed there. A kill begins it anew; what was brought is there already.
 */
import { LIMITS } from "../../model/limits.ts";
import type { Parting } from "../../model/lineage.ts";
import { packPart } from "../../protocol/part.ts";
import type { Bring } from "../../protocol/bring.ts";
import { ALL_ENTRIES, ALL_OWNERS, ALL_SCOPES, type KeyRange } from "../../store/keys.ts";
import { entryValue } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import { recordsBeyond } from "../../store/state-reading.ts";
import type { StateRecord } from "../../store/state-records.ts";

/**
 * Owners' ends and scopes before the entries that came after them; and what was deleted before all entries, for it makes room in a full
 * list. It comes again in its place: where its owner is not held yet, there was nothing to delete.
 */
const ORDER: readonly { readonly range: KeyRange; readonly isBrought: (record: Uint8Array) => boolean }[] = [
  { range: ALL_OWNERS, isBrought: () => true },
  { range: ALL_SCOPES, isBrought: () => true },
  { range: ALL_ENTRIES, isBrought: (record) => entryValue(record) === undefined },
  { range: ALL_ENTRIES, isBrought: () => true },
];

export class Bringing {
  readonly #replica: Replica;
  readonly #parting: Parting;
  /** Which of the ranges is being brought, and the key that comes next in it. */
  #range = 0;
  #from: string | undefined;
  #number = 0;

  constructor(replica: Replica, parting: Parting) {
    this.#replica = replica;
    this.#parting = parting;
  }

  /** The number of the message that is under way, or was the last. */
  get number(): number {
    return this.#number;
  }

  /** The next message; undefined when all was brought. */
  async next(): Promise<Bring | undefined> {
    const records: StateRecord[] = [];
    let bytes = 0;
    while (records.length === 0) {
      const turn = ORDER[this.#range];
      if (turn === undefined) return undefined;
      const { range, isBrought } = turn;
      const { from = range.from } = { from: this.#from };
      this.#from = undefined;
      for await (const record of recordsBeyond(this.#replica.baseView(false), this.#parting.undoneTo, { from, to: range.to })) {
        const [key, value] = record;
        if (!isBrought(value)) continue;
        if (bytes >= LIMITS.partBytesTarget) {
          this.#from = key;
          break;
        }
        records.push(record);
        bytes += key.length + value.length;
      }
      if (this.#from === undefined) this.#range += 1;
    }
    this.#number += 1;
    return { kind: "bring", number: this.#number, common: this.#parting.common, bytes: packPart(records) };
  }
}
