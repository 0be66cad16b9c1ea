/** The rim for address books: adds and changes destinations, and copies them to buttons, upon what the stores hold by now. */
import type { ItemStore } from "../../hal/item-store.ts";
import { commonList, type EntryName, ONE_TOUCH_LIST } from "../model/entry.ts";
import { firstCharacters } from "../model/characters.ts";
import { LIMITS } from "../model/limits.ts";
import { isFields, type Fields } from "../model/value.ts";
import { oneTouchTaken, roomOf } from "./address-room.ts";
import type { DestinationCopy } from "./chosen-destinations.ts";
import { copiesOf, destinationsIn, fresh, jobFor, sendsTo, withDestinations } from "./destination-copy.ts";
import type { Intent, Outcome } from "./intent.ts";
import { changedValue, newAddress } from "./new-entry.ts";
import { type AddressItem, personalData } from "./personal-data.ts";
import type { Performers } from "./perform.ts";
import { storedEntry } from "./stored-entry.ts";
import type { WhyWord } from "./texts/texts.ts";

export interface Stores {
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
}

type Of<Kind extends Intent["kind"]> = Extract<Intent, { readonly kind: Kind }>;

const GONE: Outcome = { kind: "no", notice: { kind: "gone" } };
const no = (why: WhyWord): Outcome => ({ kind: "no", notice: { kind: "why", why } });

/** Another machine's additions may have arrived since the form was opened: the room and the number are looked at again. */
export async function addAddress(
  { addressBook: store, config }: Pick<Performers, "addressBook" | "config">,
  intent: Of<"add-entry"> & { item: AddressItem },
  key: string,
  by: string,
): Promise<Outcome> {
  const { owner, item, fields } = intent;
  const entries = await store.read(owner);
  const { addresses } = personalData([], entries);
  const list = typeof fields.subdbid === "string" ? fields.subdbid : "";
  const { why } = roomOf({ item, list }, addresses, config);
  if (why !== undefined) return no(why);
  if (list === ONE_TOUCH_LIST && oneTouchTaken(addresses, undefined).has(Number(fields.indxid))) return no("one-touch-taken");
  await store.edit([{ owner, item, key, value: newAddress(fields, key, entries) }], by);
  return { kind: "done", key };
}

/**
 * A password that was typed for another destination stays, also when it is the one that was stored for the last one. To
 * tell it from one that was handed on (B08), the entry is led there without a password first; both are one write.
 */
export async function changeAddress(store: ItemStore, { owner, item, key, fields }: Of<"change-entry">, by: string): Promise<Outcome> {
  const entries = await store.read(owner);
  const current = entries.find((entry) => entry.item === item && entry.key === key);
  if (current === undefined) return GONE;
  if (fields.indxid !== undefined && commonList(current.value) === ONE_TOUCH_LIST) {
    const taken = oneTouchTaken(personalData([], entries).addresses, key);
    if (taken.has(Number(fields.indxid))) return no("one-touch-taken");
  }
  const changed = changedValue(current.value, fields);
  const typed = fields.pwd === undefined || fields.pwd === changed.pwd ? [] : [{ ...changed, pwd: fields.pwd }];
  await store.edit(
    [changed, ...typed].map((value) => ({ owner, item, key, value })),
    by,
  );
  return { kind: "done" };
}

/** Copies a destination to a button of the user's own, or to a new one that is named after it. */
export async function copyDestination(
  { settings, addressBook }: Stores,
  { owner, button, from }: Of<"copy-destination">,
  key: string,
  by: string,
): Promise<Outcome> {
  const { addresses } = personalData([], await addressBook.read(from.owner));
  const address = addresses.find((candidate) => candidate.key === from.key);
  if (address === undefined) return GONE;
  const copies = copiesOf(address, addresses);
  const name: EntryName = { owner, item: "personal-button", key: button ?? key };
  const before = button === undefined ? newButton(address.label || address.detail, copies) : await buttonOf(settings, name);
  if (before === undefined) return GONE;
  if (typeof before.function !== "string" || !sendsTo(before.function, copies)) return no("button-does-not-send");
  const standing = destinationsIn(before.settings);
  const destinations = [...standing, ...fresh(copies, standing)];
  if (destinations.length > LIMITS.jobDestinationsMax) return no("button-destinations-full");
  await settings.edit([{ ...name, value: { ...before, settings: withDestinations(before.settings, destinations) } }], by);
  return { kind: "done" };
}

const newButton = (label: string, copies: readonly DestinationCopy[]): Fields => ({
  name: firstCharacters(label.toWellFormed(), LIMITS.buttonNameCharactersMax) || "-",
  function: jobFor(copies),
});

async function buttonOf(settings: ItemStore, name: EntryName): Promise<Fields | undefined> {
  const found = await storedEntry(settings, name);
  return isFields(found?.value) ? found.value : undefined;
}
