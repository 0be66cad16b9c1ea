/**
 * Where everything lies in the module's storage. One letter for the part, then its records:
 *
 *     f  f/under-way          format number of all of it; how far a step to it has come (format.ts)
 *     m/format                the format number once more: who finds one of the two damaged reads the other
 *     m/setup  m/names  ...   what an administrator has set; names of machines, and what else both functions need
 *     m/former-servers        server machines of which this machine was a client (former-servers.ts)
 *     m/intent  m/i/NUMBER    an act on several stores of the machine that has begun; its records (intent.ts)
 *     v/...                   a copy of what the server holds that is only looked at, and cleared afterwards
 *     i/...                   a copy of what the former server has, while it is looked at (B06), and cleared afterwards
 *     s/meta  s/time          server: the journal's head; its time
 *     s/b  s/b/STATE-KEY      server: parts of a snapshot that are kept for whoever joins next, and where it starts
 *     s/c/REVISION            server: changes, each after the chain hash it leads to
 *     s/s/STATE-KEY           server: the state; s/sN/STATE-KEY after the N-th installation (a restore, a promotion)
 *     s/d/DEVICE              server: what was decided about the edits of a machine
 *     s/stood-down            server: another machine has taken its place
 *     s/predecessor           server: the machine whose place this one has taken, and those that served before it
 *     s/m/DEVICE              server: machines with a pin, and with a place
 *     s/h/TIME/...            server: history of owners that were evicted, and of what a restore undid
 *     c/meta  c/base  c/own   client: position, counters, transfer under way; over it what moves on with every edit (replica-now.ts)
 *     c/fleet                 client: of which fleet the copy is
 *     c/s/GENERATION/STATE-KEY  client: the base (one generation is visible, another may be arriving), as it changed since; entries in few bytes
 *     c/s/GENERATION/y/ z/ zz/ zzz  client: ... the segments that its snapshot came in (segments.ts)
 *     c/p/SEQUENCE            client: edits not yet answered and seen, in few bytes (terse-record.ts)
 *     c/o/OFFER               client: what is still to be offered: holdings, and items of owners
 *     c/r/OWNER               client: owners whose device-specific data has still to leave
 *     c/n/STATE-KEY           client: entries that this machine does not show, and why
 *     c/x/ITEM                client: the scope of sharing in force
 *     c/h/TIME/...            client: history of what lost
 *
 * STATE-KEY is the same on server and clients: `e/OWNER\0ITEM\0KEY` an entry, `o/OWNER` an owner, `x/ITEM` a scope.
 */
import type { EntryName } from "../model/entry.ts";
import type { Owner } from "../model/owner.ts";
import { assert } from "../model/assert.ts";

const NUL = "\u0000";
const AFTER_NUL = "\u0001";

export const FORMAT_KEY = "f";
export const FORMAT_AGAIN_KEY = "m/format";
export const COPY_OF = "c/fleet";

export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** All keys under a prefix that ends with a slash: "0" is the character after it. */
export const under = (prefix: string): KeyRange => ({ from: prefix, to: `${prefix.slice(0, -1)}0` });

/** The first key that is greater than this one. */
export const firstAfter = (key: string): string => key + NUL;

export function entryKey({ owner, item, key }: EntryName): string {
  assert(!item.includes(NUL) && !key.includes(NUL), "an item or a key with a NUL would be another entry's key");
  return `e/${owner}${NUL}${item}${NUL}${key}`;
}

/** The name in an entry's state key. */
export function entryOfKey(stateKey: string): EntryName {
  // Cut by hand: a machine that joins does it for each of fifty thousand entries.
  const itemAt = stateKey.indexOf(NUL) + 1;
  const keyAt = stateKey.indexOf(NUL, itemAt) + 1;
  return { owner: stateKey.slice(2, itemAt - 1) as Owner, item: stateKey.slice(itemAt, keyAt - 1), key: stateKey.slice(keyAt) };
}

const OWNER = "o/";
const SCOPE = "x/";
export const ownerKey = (owner: Owner): string => OWNER + owner;
export const scopeKey = (item: string): string => SCOPE + item;

export const isEntryKey = (stateKey: string): boolean => stateKey.startsWith(ALL_ENTRIES.from);
export const isOwnerKey = (stateKey: string): boolean => stateKey.startsWith(OWNER);
export const isScopeKey = (stateKey: string): boolean => stateKey.startsWith(SCOPE);

/** The owner in an owner's state key, unchecked. */
export const ownerOfKey = (stateKey: string): Owner => stateKey.slice(OWNER.length) as Owner;
/** The item in a scope's state key. */
export const itemOfScopeKey = (stateKey: string): string => stateKey.slice(SCOPE.length);

/** The NUL ends the owner, so that `user:1` is no beginning of `user:10`. */
export const entriesOfOwner = (owner: Owner): KeyRange => ({ from: `e/${owner}${NUL}`, to: `e/${owner}${AFTER_NUL}` });
export const entriesOfItem = (owner: Owner, item: string): KeyRange => ({
  from: `e/${owner}${NUL}${item}${NUL}`,
  to: `e/${owner}${NUL}${item}${AFTER_NUL}`,
});
export const ALL_SCOPES: KeyRange = under(SCOPE);
export const ALL_ENTRIES: KeyRange = under("e/");
export const ALL_OWNERS: KeyRange = under(OWNER);
export const ALL_STATE: KeyRange = { from: "", to: "y" };

/** The order of keys in the storage: by their UTF-8 bytes. JavaScript's own differs from it beyond U+FFFF. */
export const compareStateKeys = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Numbers in keys have one width, so that they sort as numbers do: up to 2^53. */
export const numberKey = (value: number): string => String(value).padStart(16, "0");
