/** Which entries a file of users' data takes along, and which of a file a machine takes (M34): with stores that the test fills. */
import test from "ava";
import type { ItemStore } from "../../hal/item-store.ts";
import { ExchangeTurns } from "../../src/import-export/exchange-turns.ts";
import { openFile, sealFile } from "../../src/import-export/sealed-file.ts";
import { UserDataExchange } from "../../src/import-export/user-data-exchange.ts";
import { readUserData } from "../../src/import-export/user-data-file.ts";
import type { Entry } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Owner } from "../../src/model/owner.ts";
import { packRecords } from "../../src/protocol/block.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { ManualClock } from "../contract/manual-clock.ts";
import { quickStretcher } from "./quick-stretcher.ts";

const PASSPHRASE = "correct horse";
const ALICE = "user:alice" as Owner;
const sealing = { random: (bytes: number) => new Uint8Array(bytes), stretcher: quickStretcher };

const entryOf = (item: string, key: string, value: Entry["value"]): Entry => ({ owner: ALICE, item, key, value });
const shortcut = (key: string): Entry => entryOf("shortcut", key, { name: key, function: "copy" });

interface Machine {
  readonly entries?: readonly Entry[];
  readonly deviceSpecific?: string;
  readonly items?: readonly string[];
  readonly networkPlaces?: string;
}

const ITEMS = ["shortcut", "keychain", "display-language", "timeline"];

/** A machine with these entries of Alice's, whose store takes these items; and what an import has made it edit. */
function machine({ entries = [], deviceSpecific, items = ITEMS, networkPlaces = "places" }: Machine = {}) {
  const edited: Entry[] = [];
  const groupings: unknown[] = [];
  const store = { items: new Set(items), owners: async () => [ALICE], read: async () => entries } as unknown as ItemStore;
  const exchange = new UserDataExchange({
    stores: [store],
    acts: {
      perform: async ({ changes, groups }: { changes: readonly Entry[]; groups: unknown }) => {
        edited.push(...changes);
        groupings.push(groups);
      },
    } as never,
    users: { policy: () => ({ departments: { on: false, ids: [] }, groups: [] }) } as never,
    device: { deviceName: "a printer", capabilities: { networkPlaces } } as never,
    turns: new ExchangeTurns({ beginImportExport: () => ({ end: () => undefined }) } as never),
    clock: new ManualClock(),
    sealing,
    isDeviceSpecific: (item) => item === deviceSpecific,
  });
  return { exchange, edited, groupings };
}

async function fileOf(from: Machine): Promise<Uint8Array> {
  const outcome = await machine(from).exchange.exportUserData(PASSPHRASE, "all");
  if (outcome.kind !== "exported") throw new Error(outcome.kind);
  return outcome.bytes;
}

async function keysIn(file: Uint8Array): Promise<string[]> {
  const opened = await openFile("user-data", PASSPHRASE, file, sealing);
  const data = opened.kind === "opened" ? readUserData(opened.chunks) : "newer";
  return data === "newer" ? [] : [...data.entries].map(({ item, key }) => `${item} ${key}`);
}

test("M34 M20 a file takes along what the manuals let be exported, and what is not this machine's own for now", async (t) => {
  const entries = [shortcut("1"), entryOf("timeline", "1", "x"), entryOf("of-tomorrow", "1", "x"), entryOf("display-language", "", "de")];
  t.deepEqual(await keysIn(await fileOf({ entries })), ["shortcut 1", "display-language "]);
  t.deepEqual(await keysIn(await fileOf({ entries, deviceSpecific: "shortcut" })), ["display-language "]);
});

test("M34 so many entries go into a file, and not one more", async (t) => {
  const entries = Array.from({ length: LIMITS.userDataEntriesMax }, (_, at) => entryOf("shortcut", `${at}`, ""));
  await t.notThrowsAsync(fileOf({ entries }));
  await t.throwsAsync(fileOf({ entries: [...entries, shortcut("more")] }), { code: "limit-exceeded" });
});

test("B08 no file is made under a passphrase that is too short", async (t) => {
  const outcome = await machine({ entries: [shortcut("1")] }).exchange.exportUserData("short", "all");
  t.deepEqual(outcome.kind === "refused" && outcome.refusal.word, "passphrase-short");
});

const TAKEN: readonly (readonly [what: string, to: Machine, keys: readonly string[]])[] = [
  ["with the same network places", {}, ["shortcut 1", "keychain 1"]],
  ["with other network places (M25)", { networkPlaces: "others" }, ["shortcut 1"]],
  ["that has no keychains", { items: ["shortcut"] }, ["shortcut 1"]],
  ["that has nothing of it", { items: [] }, []],
];

for (const [what, to, keys] of TAKEN) {
  test(`M34 a machine ${what} takes what it can of a file, and tells how much that is`, async (t) => {
    const file = await fileOf({ entries: [shortcut("1"), entryOf("keychain", "1", { password: "x" })] });
    const { exchange, edited } = machine(to);
    const outcome = await exchange.importUserData(file, PASSPHRASE);
    t.deepEqual(outcome, { kind: "imported", entries: keys.length, leftOut: 2 - keys.length });
    t.deepEqual(
      edited.map(({ item, key }) => `${item} ${key}`),
      keys,
    );
  });
}

test("M34 a value that its item does not take is told with its entry and without itself, and nothing is imported", async (t) => {
  const file = await fileOf({ entries: [shortcut("1"), entryOf("display-language", "", { secret: 1 })] });
  const { exchange, edited } = machine();
  const error = await t.throwsAsync(exchange.importUserData(file, PASSPHRASE), { code: "import-malformed" });
  t.regex(error?.message ?? "", /display-language.*nothing was imported/);
  t.notRegex(error?.message ?? "", /secret/);
  t.deepEqual(edited, []);
  const without = await machine({ items: ["shortcut"] }).exchange.importUserData(file, PASSPHRASE);
  t.like(without, { kind: "imported", entries: 1 }, "a machine that leaves the item out does not look at it");
});

test("M34 M26 a file of a newer version is told as one, and what is no such file as damaged", async (t) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of sealFile("user-data", PASSPHRASE, [encodeCbor([2, "what else"])], sealing)) pieces.push(piece);
  const newer = await machine().exchange.importUserData(Buffer.concat(pieces), PASSPHRASE);
  t.deepEqual(newer, { kind: "refused", refusal: { word: "backup-unusable", fault: "newer" } });
  const other = await machine().exchange.importUserData(new Uint8Array(100), PASSPHRASE);
  t.deepEqual(other, { kind: "refused", refusal: { word: "backup-unusable", fault: "damaged" } });
});

test("M34 what may not be exported is not taken from a file either; the group settings come with it", async (t) => {
  const header = encodeCbor([1, "a printer", "2026-01-01", "places", [true, ["1"]], [["7", "Sales"]]]);
  const records = packRecords(
    [shortcut("1"), entryOf("timeline", "1", "x")].map(({ owner, item, key, value }) => encodeCbor([owner, item, key, value])),
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of sealFile("user-data", PASSPHRASE, [header, records], sealing)) pieces.push(piece);
  const { exchange, edited, groupings } = machine();
  t.deepEqual(await exchange.importUserData(Buffer.concat(pieces), PASSPHRASE), { kind: "imported", entries: 1, leftOut: 1 });
  t.deepEqual(
    edited.map(({ item }) => item),
    ["shortcut"],
  );
  t.deepEqual(groupings, [{ departments: { on: true, ids: ["1"] }, groups: [{ id: "7", name: "Sales" }] }]);
});
