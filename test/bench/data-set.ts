/**
 * The data that is synchronised: made from a seed, heavy on addresses as offices are. About 48 entries a user, and the
 * shared lists. The same seed and number of users give the same entries on every computer.
 */
import type { Entry } from "../../src/model/entry.ts";
import { must } from "../../src/model/assert.ts";
import { COMMON, type Owner, groupOwner, userOwner } from "../../src/model/owner.ts";
import type { Value } from "../../src/model/value.ts";

export interface DataSetOptions {
  readonly users: number;
  readonly seed: number;
  /** Shared addresses without a one-touch number, where it is not to be an office's list. */
  readonly sharedAddresses?: number;
}

/** Chance from a seed: small, fast, and the same everywhere (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but without, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  pick<T>(from: readonly T[]): T {
    return must(from[this.whole(0, from.length - 1)], "something to pick from");
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.whole(0, 0xffff).toString(16).padStart(4, "0");
    return text.slice(0, digits);
  }
}

const FIRST = [
  "Anna",
  "Björn",
  "Chiara",
  "David",
  "Elif",
  "François",
  "Grace",
  "Hans",
  "Ines",
  "Jürgen",
  "Kaoru",
  "Léa",
  "Marek",
  "Nadia",
  "Olga",
  "Paolo",
];
const LAST = [
  "Müller",
  "Schmidt",
  "Rossi",
  "Dubois",
  "Novák",
  "Yılmaz",
  "Tanaka",
  "García",
  "Kowalski",
  "Jensen",
  "O'Brien",
  "van Dijk",
  "Weiß",
  "Øberg",
];
const PLACES = ["Berlin", "Praha", "Torino", "Lyon", "Kraków", "Osaka", "Leeds", "Utrecht"];
const FUNCTIONS = ["copy", "fax", "scan-and-send", "scan-and-store", "access-stored-files"];
const SIZES = ["A4", "A3", "A5", "LTR", "auto"];
const COLOURS = ["auto", "full-colour", "black-and-white", "single-colour"];

const SHARED_ADDRESSES = 1_600;
const ONE_TOUCH = 200;
const GROUP_ADDRESSES = 40;
/** A group for so many users. */
const USERS_A_GROUP = 20;
/** One user in a hundred keeps a whole address book. */
const COLLECTORS = 0.01;
const COLLECTED_ADDRESSES = 300;

export const userName = (index: number): string => `user${String(index + 1).padStart(4, "0")}`;

/** All entries, owner by owner; never all at once, the machines have little memory. */
export function* dataSet({ users, seed, sharedAddresses = SHARED_ADDRESSES }: DataSetOptions): Generator<readonly Entry[]> {
  yield* chunks(commonEntries(new Chance(seed), sharedAddresses), 100);
  for (let group = 0; group < Math.ceil(users / USERS_A_GROUP); group += 1) {
    const chance = new Chance(seed * 7_919 + 1_000_003 + group);
    const owner = must(groupOwner(String(group + 1)), "a group's number names an owner");
    yield many(GROUP_ADDRESSES, () => ({ owner, item: "group-address", key: chance.hex(32), value: address(chance) }));
  }
  for (let user = 0; user < users; user += 1) yield userEntries(user, new Chance(seed * 104_729 + user));
}

function* commonEntries(chance: Chance, sharedAddresses: number): Generator<Entry> {
  for (let index = 0; index < sharedAddresses; index += 1) {
    const value = { ...address(chance), subdbid: String(1 + (index % 10)), accesscode: "" };
    yield { owner: COMMON, item: "common-address", key: chance.hex(32), value };
  }
  for (let index = 0; index < ONE_TOUCH; index += 1) {
    const value = { ...address(chance), subdbid: "11", indxid: String(index + 1) };
    yield { owner: COMMON, item: "common-address", key: chance.hex(32), value };
  }
}

function userEntries(index: number, chance: Chance): readonly Entry[] {
  const owner = must(userOwner(userName(index)), "a user's name names an owner");
  const of = (item: string, key: string, value: Value): Entry => ({ owner, item, key, value });
  const addresses = chance.fraction() < COLLECTORS ? COLLECTED_ADDRESSES : chance.whole(0, 26);
  return [
    of("display-language", "", chance.pick(["en", "de", "fr", "it", "cs", "ja"])),
    of("accessibility", "", { contrast: chance.pick(["normal", "high"]), keyRepeat: chance.whole(1, 9), sound: jobSettings(chance) }),
    ...many(chance.whole(4, 30), () => of("personal-button", chance.hex(32), button(chance))),
    ...["copy", "fax", "scan", "store"].map((job) => of("default-job-settings", job, jobSettings(chance))),
    ...many(2, () => of("shortcut", chance.hex(32), button(chance))),
    ...["copy", "scan"].map((job) => of("previous-settings", job, jobSettings(chance))),
    ...many(2, () => of("keychain", chance.hex(32), { server: `//files/${chance.hex(8)}`, user: owner, password: chance.hex(96) })),
    ...many(addresses, () => of("personal-address", chance.hex(32), address(chance))),
  ];
}

function button(chance: Chance): { readonly [field: string]: Value } {
  return {
    name: `${chance.pick(PLACES)} ${chance.pick(LAST)} ${chance.whole(1, 999)}`,
    function: chance.pick(FUNCTIONS),
    settings: jobSettings(chance),
  };
}

const jobSettings = (chance: Chance): { readonly [field: string]: Value } => ({
  paperSize: chance.pick(SIZES),
  colourMode: chance.pick(COLOURS),
  copies: chance.whole(1, 20),
  sides: chance.pick(["one", "two"]),
  density: chance.whole(-4, 4),
  scale: chance.pick([50, 71, 100, 141]),
  finishing: { sort: chance.pick([true, false]), staple: chance.pick(["none", "corner", "double"]) },
});

function address(chance: Chance): { readonly [field: string]: Value } {
  const [first, last] = [chance.pick(FIRST), chance.pick(LAST)];
  return {
    cn: `${first} ${last}`,
    cnread: `${first} ${last}`.slice(0, 16),
    cnshort: last,
    objectclass: "top; extensibleobject; email",
    mailaddress: `${first}.${last}${chance.whole(1, 99)}@${chance.pick(PLACES)}.example`.toLowerCase(),
    dialdata: `+49 ${chance.whole(100, 999)} ${chance.whole(1_000_000, 9_999_999)}`,
    protocol: "smtp",
    uuid: chance.hex(32),
  };
}

function many(count: number, make: () => Entry): readonly Entry[] {
  return Array.from({ length: count }, make);
}

function* chunks(entries: Iterable<Entry>, size: number): Generator<readonly Entry[]> {
  let chunk: Entry[] = [];
  for (const entry of entries) {
    chunk.push(entry);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

export interface DataSetFacts {
  readonly entries: number;
  readonly owners: number;
  readonly jsonBytes: number;
  /** Bytes of one entry as JSON: 5, 50 and 95 in a hundred, and the largest. */
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export function factsOf(options: DataSetOptions): DataSetFacts {
  const sizes: number[] = [];
  const owners = new Set<Owner>();
  for (const entries of dataSet(options)) {
    for (const entry of entries) {
      sizes.push(Buffer.byteLength(JSON.stringify(entry)));
      owners.add(entry.owner);
    }
  }
  sizes.sort((a, b) => a - b);
  const at = (share: number): number => sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? 0;
  const jsonBytes = sizes.reduce((sum, size) => sum + size, 0);
  return { entries: sizes.length, owners: owners.size, jsonBytes, p5: at(0.05), p50: at(0.5), p95: at(0.95), max: at(1) };
}
