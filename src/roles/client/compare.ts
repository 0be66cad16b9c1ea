/** What a join would do (B01): the machine's own data beside what a copy of the server's shows, owner by owner, as a join goes by it. */
import { createHash } from "node:crypto";
import type { Preview, PreviewedEntry, PreviewedHolding, PreviewOutcome } from "../../../hal/services/preview.ts";
import { type EntryName, type Entry as Stored, holdingOf } from "../../model/entry.ts";
import { itemOf } from "../../model/item.ts";
import { offerName } from "../../model/offered.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";
import { encodeCbor } from "../../protocol/cbor.ts";
import { listOf } from "../../store/apply-change.ts";
import { entryKey, entryOfKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import { shownValue } from "../shown-value.ts";
import type { MachineStores } from "./machine-stores.ts";
import { missingIn, travellingOf } from "./missing-in.ts";
import { withoutRoom } from "./room-there.ts";
import type { Travel } from "./travel.ts";

export interface CompareParts {
  /** Its base is what the server holds. */
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
}

type Entry = PreviewedEntry & { readonly holding: string };

/** Entry by entry for `asked`. The owners are gone through one by one: no more than one of them is in memory. */
export async function compare(parts: CompareParts, asked: Owner | undefined): Promise<Preview> {
  const { replica, stores, travel } = parts;
  const scopes = await replica.scopeRecords();
  travel.setScopes(new Map([...scopes].map(([item, { scope }]) => [item, scope])));
  const base = await replica.owners();
  const offered = new Set(await missingIn(async () => base, scopes, parts));
  const shown = createHash("sha256");
  const holdings: PreviewedHolding[] = [];
  let entries: PreviewedEntry[] = [];
  for (const owner of [...new Set([...(await stores.owners()), ...base.keys()])].sort()) {
    const ofOwner = await entriesOf(owner, offered, parts);
    for (const entry of ofOwner) shown.update(encodeCbor([entry.holding, entry.item, entry.key, entry.outcome, entry.here, entry.there]));
    holdings.push(...holdingsOf(owner, ofOwner));
    if (owner === asked) entries = ofOwner.map(({ holding: _, ...entry }) => entry);
  }
  const id = shown.digest("hex").slice(0, 32);
  return { id, joined: false, counts: countsOf(holdings), holdings, ...(asked === undefined ? {} : { entries }) };
}

async function entriesOf(owner: Owner, offered: ReadonlySet<string>, parts: CompareParts): Promise<Entry[]> {
  const { replica, travel } = parts;
  const there = await replica.visibleOf(owner);
  const entries: Entry[] = [];
  const locals = (await travellingOf(owner, parts)).filter((local) => travel.canLeave(local));
  // What stands there already, in another list, is not taken from an offer.
  const supplied = locals.filter((local) => isOffered(local, offered) && !there.has(entryKey(local)));
  const leftOut = owner === COMMON ? leftOutOf(supplied, there) : new Set<Stored>();
  const given = new Set(supplied);
  for (const local of locals) {
    const value = there.get(entryKey(local));
    there.delete(entryKey(local));
    const holding = holdingOf(local);
    const outcome = leftOut.has(local) ? "left-out" : given.has(local) ? "supplied" : outcomeBeside(local, value, travel);
    entries.push({ ...namesOf(local), holding, outcome, here: shownValue(local.item, local.value), ...thereOf(local.item, value) });
  }
  for (const [key, value] of there) {
    const name = entryOfKey(key);
    if (itemOf(name.item) === undefined || !travel.isShared(name.item)) continue;
    entries.push({ ...namesOf(name), holding: holdingOf({ ...name, value }), outcome: "received", ...thereOf(name.item, value) });
  }
  return entries;
}

/** What becomes of an entry here where the server holds its owner. */
function outcomeBeside(local: Stored, there: Value | undefined, travel: Travel): PreviewedEntry["outcome"] {
  if (there === undefined) return "removed";
  return travel.isSame(local, there, local.value) ? "unchanged" : "replaced";
}

/** Whether it is in what this machine offers. */
const isOffered = (local: Stored, offered: ReadonlySet<string>): boolean => {
  const holding = holdingOf(local);
  return offered.has(holding) || offered.has(offerName({ holding, item: local.item }));
};

function leftOutOf(supplied: readonly Stored[], there: ReadonlyMap<string, Value>): Set<Stored> {
  const addresses = supplied.filter(({ item }) => item === "common-address");
  const standing = [...there].flatMap(([key, value]) => (entryOfKey(key).item === "common-address" ? [value] : []));
  const without = withoutRoom(
    addresses.map((local) => ({ local, holding: holdingOf(local), value: local.value })),
    standing,
  );
  return new Set([...without].map(({ local }) => local));
}

const namesOf = ({ item, key }: EntryName) => ({ item, key });

const thereOf = (item: string, value: Value | undefined) => (value === undefined ? {} : { there: shownValue(item, value) });

function holdingsOf(owner: Owner, entries: readonly Entry[]): PreviewedHolding[] {
  const byHolding = new Map<string, Entry[]>();
  for (const entry of entries) {
    const of = byHolding.get(entry.holding) ?? [];
    of.push(entry);
    byHolding.set(entry.holding, of);
  }
  return [...byHolding].sort(([a], [b]) => (a < b ? -1 : 1)).map(([holding, of]) => holdingOfEntries(owner, holding, of));
}

function holdingOfEntries(owner: Owner, holding: string, entries: readonly Entry[]): PreviewedHolding {
  const counted = (isMeant: (entry: Entry) => boolean) => entries.filter(isMeant).length;
  const here = counted((entry) => entry.here !== undefined);
  const there = counted((entry) => entry.there !== undefined);
  // A list of which nothing finds room stays on this machine and waits for some.
  const waits = entries.every(({ outcome }) => outcome === "left-out");
  const lost = waits ? 0 : counted(({ outcome }) => outcome === "replaced" || outcome === "removed" || outcome === "left-out");
  const list = owner === COMMON ? { list: listOf(holding, { owner }) } : {};
  return { owner, ...list, outcome: outcomeOf(entries, here), here, there, lost };
}

function outcomeOf(entries: readonly Entry[], here: number): PreviewOutcome {
  if (entries.every(({ outcome }) => outcome === "unchanged")) return "unchanged";
  if (entries.every(({ outcome }) => outcome === "supplied" || outcome === "left-out")) return "supplied";
  return here === 0 ? "received" : "replaced";
}

function countsOf(holdings: readonly PreviewedHolding[]): Preview["counts"] {
  const counted = (wanted: PreviewOutcome) => holdings.filter(({ outcome }) => outcome === wanted).length;
  return { replaced: counted("replaced"), supplied: counted("supplied"), received: counted("received"), unchanged: counted("unchanged") };
}
