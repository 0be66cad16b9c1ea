/** What people set in a simulation: entries of every kind, each value unlike any other. */
import { createHash } from "node:crypto";
import type { Value } from "../../src/model/value.ts";
import { passwordFor } from "./passwords.ts";
import type { Dice } from "./random.ts";

export interface Choice {
  readonly owner: string;
  readonly item: string;
  readonly key: string;
  /** A value that nobody set before. */
  readonly value: (unique: number) => Value;
}

interface Kind {
  readonly item: string;
  readonly keys: readonly string[];
  readonly value: (unique: number) => Value;
}

const button = (n: number): Value => ({ name: `button ${n}`, function: "copy", settings: { copies: n, text: "x".repeat(n % 200) } });
const person = (n: number): Value => ({ subdbid: "1", cn: `person ${n}`, mail: `p${n}@example.org` });

export const USER_ITEMS: readonly Kind[] = [
  { item: "display-language", keys: [""], value: (n) => `x-${n}` },
  { item: "accessibility", keys: [""], value: (n) => ({ inverted: n % 2 === 0, n }) },
  { item: "personal-button", keys: ["b1", "b2", "b3"], value: button },
  { item: "personal-address", keys: ["p1", "p2"], value: person },
  { item: "keychain", keys: ["k1"], value: (n) => ({ user: `u${n}`, password: `secret ${n}` }) },
];
const FOLDER_KEYS: readonly string[] = ["f1", "f2"];
const FOLDER = { subdbid: "1", objectclass: "remotefilesystem", protocol: "smb", path: "/scans", username: "alice" };
const folder = (n: number): Value => ({ ...FOLDER, cn: `folder ${n}`, url: `nas${n}`, pwd: passwordFor(`nas${n}`) });

export const GROUP_ITEMS: readonly Kind[] = [{ item: "group-address", keys: ["g1", "g2", "g3"], value: person }];
export const COMMON_ITEMS: readonly Kind[] = [
  { item: "shared-button", keys: ["s1", "s2"], value: button },
  { item: "common-address", keys: ["c1", "c2"], value: person },
  // Three buttons and two numbers: machines that are apart give the same number to two of them.
  { item: "common-address", keys: ["o1", "o2", "o3"], value: (n) => ({ subdbid: "11", indxid: String((n % 2) + 1), cn: `button ${n}` }) },
];
/** Kept on the machine where its scope says so; its values are canaries then. More keys than the ten that a timeline has. */
export const OWN_ITEM: Kind = {
  item: "timeline",
  keys: Array.from({ length: 14 }, (_, n) => `t${n}`),
  value: (n) => ({ canary: `CANARY-${n}-` }),
};
/** Shared, but its destinations stay on the machine (M21). */
export const HALF_OWN_ITEM: Kind = {
  item: "default-job-settings",
  keys: ["send"],
  value: (n) => ({ n, destinations: [`CANARY-destination-${n}-`] }),
};

/** Nearly as large as an entry may be, and hard to compress: some twenty make a snapshot of several parts, an offer of several pieces. */
const LARGE_KEYS: readonly string[] = Array.from({ length: 24 }, (_, n) => `large ${n}`);
const NOISE_BYTES = 11_800;
const noise = (n: number): string => createHash("shake256", { outputLength: NOISE_BYTES }).update(`${n}`).digest("base64");
const large = (n: number): Value => ({ name: `button ${n}`, function: "copy", settings: { copies: n, text: noise(n) } });

/** Entries here come into being by edits alone. */
export const PLAIN_OWNERS: readonly string[] = ["user:alice", "user:dave", "group:1"];
/** Machines bring data of these when they join, and the administrator deletes them. */
export const JOIN_OWNERS: readonly string[] = ["user:bob", "user:carol", "group:2", "common"];

export function anEntryOf(owner: string, dice: Dice): Choice {
  const kinds = owner === "common" ? COMMON_ITEMS : owner.startsWith("group:") ? GROUP_ITEMS : USER_ITEMS;
  const { item, keys, value } = dice.pick(kinds);
  return { owner, item, key: dice.pick(keys), value };
}

/** An address with a password. */
export function aFolder(owner: string, dice: Dice): Choice {
  const item = owner === "common" ? "common-address" : owner.startsWith("group:") ? "group-address" : "personal-address";
  return { owner, item, key: dice.pick(FOLDER_KEYS), value: folder };
}

/** Some large entries of an owner, as an import brings them. */
export function largeEntriesOf(owner: string, dice: Dice): Choice[] {
  const item = owner === "common" ? "shared-button" : "personal-button";
  const keys = dice.shuffled(LARGE_KEYS).slice(0, dice.between(6, LARGE_KEYS.length));
  return keys.map((key) => ({ owner, item, key, value: large }));
}

/** Whether it is an address with a password. */
export const isFolderKey = (item: string, key: string): boolean => item.endsWith("-address") && FOLDER_KEYS.includes(key);

/** Another value for this entry; undefined: people here set no such thing. */
export function choiceFor(owner: string, item: string, key: string): Choice | undefined {
  if (isFolderKey(item, key)) return { owner, item, key, value: folder };
  if (LARGE_KEYS.includes(key)) return { owner, item, key, value: large };
  const kinds = [...USER_ITEMS, ...GROUP_ITEMS, ...COMMON_ITEMS].filter((kind) => kind.item === item && kind.keys.includes(key));
  const [kind] = kinds;
  return kind === undefined ? undefined : { owner, item, key, value: kind.value };
}

/** One of two entries that everybody is after. */
export function aHotEntry(dice: Dice): Choice {
  const { item, value } = dice.pick(USER_ITEMS.slice(0, 2));
  return { owner: "user:alice", item, key: "", value };
}
