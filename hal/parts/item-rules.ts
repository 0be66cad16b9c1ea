/** What a machine's item store checks of a change before it takes it, after THE table of items. */
import { hasControlCharacters } from "../../src/model/characters.ts";
import { ONE_TOUCH_LIST, commonList, type EntryChange } from "../../src/model/entry.ts";
import { type ItemDefinition, ITEMS, itemOf, takesAnyObject } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { type Owner, kindOfOwner, type OwnerKind, parseOwner } from "../../src/model/owner.ts";
import type { AppliedChange } from "../item-store.ts";
import { toJson } from "./value-json.ts";

export type StoreName = ItemDefinition["heldIn"];

export const itemsHeldIn = (store: StoreName): ReadonlySet<string> =>
  new Set(ITEMS.filter(({ heldIn }) => heldIn === store).map(({ id }) => id));

/** What kind of owner this is; undefined for a text that is not an owner's canonical form. */
const kindOf = (owner: Owner): OwnerKind | undefined => (parseOwner(owner) === owner ? kindOfOwner(owner) : undefined);

/**
 * The sentence to say when this store cannot take the change, or undefined when it can. Never contains the value. `kinds`: what is
 * known of owners from changes before this one; this one's is added.
 */
export function changeFault(store: StoreName, change: AppliedChange, kinds = new Map<Owner, OwnerKind | undefined>()): string | undefined {
  const { owner, item, key } = change;
  const definition = itemOf(item);
  if (definition?.heldIn !== store) return `the item is unknown to the ${store} store of this machine`;
  if (!kinds.has(owner)) kinds.set(owner, kindOf(owner));
  const kind = kinds.get(owner);
  if (kind === undefined) return "the owner is not in its canonical form";
  if (kind !== definition.ownedBy) return `the item belongs to a ${definition.ownedBy}, not to a ${kind}`;
  return keyFault(definition, key) ?? valueFault(definition, change);
}

/** A text is not parsed where it is an object and any object fits. */
function valueFault(definition: ItemDefinition, change: AppliedChange): string | undefined {
  if (change.text?.[0] === OBJECT_START && takesAnyObject(definition)) return undefined;
  const { value } = change;
  return value === undefined ? undefined : definition.fault(value);
}

const OBJECT_START = 0x7b;

/** Whether a change deletes its entry. */
export const isDeletion = (change: AppliedChange): boolean => change.text === undefined && change.value === undefined;

function keyFault({ keys }: ItemDefinition, key: string): string | undefined {
  if (key === "") return keys === "many" ? "the key is missing" : undefined;
  if (keys === "single") return 'the item has one entry, its key is ""';
  if (key.length > LIMITS.keyCharactersMax)
    return `the key must have at most ${LIMITS.keyCharactersMax} characters, of which one beyond U+FFFF counts as two`;
  return hasControlCharacters(key) || !key.isWellFormed() ? "the key holds control characters or half a character" : undefined;
}

/** A person's value must fit wherever it will be stored or sent. `text`: what is written of it, where that is made already. */
export function sizeFault({ value }: EntryChange, text?: Uint8Array): string | undefined {
  if (value === undefined) return undefined;
  const bytes = text?.length ?? Buffer.byteLength(JSON.stringify(toJson(value)));
  return bytes > LIMITS.entryBytesMax ? `the value has ${bytes} bytes, at most ${LIMITS.entryBytesMax} are allowed` : undefined;
}

/** A value that came from elsewhere may be longer as this machine writes it; only what the key store seals has a bound. */
export const sealFault = (change: EntryChange): string | undefined =>
  itemOf(change.item)?.secret === true ? sizeFault(change) : undefined;

/** Entries that share one capacity: an item of an owner, where one-touch buttons and the other common lists are told apart. */
export function shelfOf(change: AppliedChange): string {
  return change.item === "common-address" && commonList(change.value) === ONE_TOUCH_LIST ? "one-touch" : change.item;
}

/** How many entries one owner may have on a shelf. */
export function shelfMax(shelf: string): number {
  if (shelf === "one-touch") return LIMITS.oneTouchMax;
  return shelf === "common-address" ? LIMITS.commonAddressesMax : (itemOf(shelf)?.entriesMax ?? 0);
}
