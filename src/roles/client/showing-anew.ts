/**
 * What shows an owner of whom the machine has nothing, as all of them are at a join: nothing is compared, and values go to the
 * machine's stores as text (protocol/text-writer.ts) wherever nothing in them changes on the way. What is the same of all
 * entries of an item is looked at once, as they stand one after the other.
 */
import type { EntryName } from "../../model/entry.ts";
import { type ItemDefinition, itemOf } from "../../model/item.ts";
import type { Owner } from "../../model/owner.ts";
import { TextWriter } from "../../protocol/text-writer.ts";
import { entriesOfItem, entryOfKey } from "../../store/keys.ts";
import { type LazyValue, readLazy } from "../../store/state-records.ts";
import type { Applier, Take } from "./applier.ts";
import type { ClientParts } from "./client-parts.ts";
import { TextChange } from "./text-change.ts";

interface Parts extends Pick<ClientParts, "stores" | "travel" | "notApplied"> {
  readonly applier: Applier;
}

/** One item of one owner. */
interface Row {
  readonly owner: Owner;
  readonly item: string;
  /** What the state keys of its entries begin with. */
  readonly prefix: string;
  readonly way: "hidden" | "apart" | "by value" | "by text";
  /** As they stand in a value. */
  readonly secretFields: readonly Buffer[];
}

export class ShowingAnew {
  readonly #parts: Parts;
  readonly #writer = new TextWriter();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  takes(owner: Owner, values: readonly LazyValue[]): Take[] {
    const { notApplied } = this.#parts;
    const takes: Take[] = [];
    const isAnyListed = notApplied.size > 0;
    let row: Row | undefined;
    for (const value of values) {
      const { stateKey } = value;
      if (row === undefined || !stateKey.startsWith(row.prefix)) row = this.#rowOf(owner, entryOfKey(stateKey).item);
      // What this machine dropped for want of room would only drive out something else.
      if (row.way === "hidden" || (isAnyListed && notApplied.reasonOf(stateKey)?.because === "evicted")) continue;
      takes.push(this.#take(row, stateKey.slice(row.prefix.length), value));
    }
    return takes;
  }

  #take({ owner, item, way, secretFields }: Row, key: string, value: LazyValue): Take {
    const { cbor, from, to } = value;
    const text = way === "by text" && cbor !== undefined ? this.#writer.textOf({ cbor, from, to, without: secretFields }) : undefined;
    if (text !== undefined) {
      const change = new TextChange(owner, item, key, text);
      return { name: change, change };
    }
    const name: EntryName = { owner, item, key };
    const { applier } = this.#parts;
    return way === "apart" ? applier.keepApart(name, readLazy(value)) : applier.take(name, readLazy(value), undefined);
  }

  #rowOf(owner: Owner, item: string): Row {
    const definition = itemOf(item);
    const secretFields = definition?.secretFields.map((field) => Buffer.from(field)) ?? [];
    return {
      owner,
      item: definition?.id ?? item,
      prefix: entriesOfItem(owner, item).from,
      way: this.#wayOf(item, definition),
      secretFields,
    };
  }

  #wayOf(item: string, definition: ItemDefinition | undefined): Row["way"] {
    const { stores, travel } = this.#parts;
    if (travel.isDeviceSpecific(item)) return "hidden";
    if (travel.isApart(item)) return "apart";
    return definition === undefined || definition.secret || !stores.keeps(item) ? "by value" : "by text";
  }
}
