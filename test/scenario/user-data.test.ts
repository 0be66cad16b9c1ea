import test from "ava";
import { SyncError } from "../../src/model/errors.ts";
import { type ItemDefinition, ITEMS } from "../../src/model/item.ts";
import type { Value } from "../../src/model/value.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const PASSPHRASE = "correct horse";

/** A value that the item takes. */
function sampleOf({ id, heldIn }: ItemDefinition): Value {
  if (heldIn === "address-book") return { subdbid: "1", cn: "Anna", mailaddress: "anna@example.org", pwd: "open sesame" };
  if (id === "display-language") return "de";
  return { name: "A sample", function: "copy", settings: { copies: 2 } };
}

const ownerFor = ({ ownedBy }: ItemDefinition): string => (ownedBy === "user" ? ALICE : ownedBy === "group" ? "group:1" : "common");
const keyFor = ({ keys }: ItemDefinition): string => (keys === "single" ? "" : "k1");

async function exported(fleet: Fleet, machine: VirtualMachine, owners: string[] = []): Promise<Uint8Array> {
  const outcome = await fleet.until(machine.administration.exportUserData(PASSPHRASE, owners.map(ownerNamed)));
  if (outcome.kind === "refused") throw new Error(outcome.refusal.word);
  return outcome.bytes;
}

const imported = (fleet: Fleet, machine: VirtualMachine, file: Uint8Array, passphrase = PASSPHRASE) =>
  fleet.until(machine.administration.importUserData(file, passphrase));

/** A machine that holds an entry of every item there is, and a factory-new one. */
async function start(): Promise<{ fleet: Fleet; a: VirtualMachine; b: VirtualMachine }> {
  const fleet = await Fleet.start({ others: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  for (const item of ITEMS) await a.edit(ownerFor(item), item.id, keyFor(item), sampleOf(item));
  return { fleet, a, b };
}

test("M34 M17 every item but those that the manuals export nowhere goes from one machine to another in a file (*5)", async (t) => {
  const { fleet, a, b } = await start();
  const file = await exported(fleet, a);
  const movable = ITEMS.filter(({ exchangeable }) => exchangeable);
  t.deepEqual(
    ITEMS.filter(({ exchangeable }) => !exchangeable).map(({ id }) => id),
    ["timeline", "previous-settings", "list-order"],
  );
  t.deepEqual(await imported(fleet, b, file), { kind: "imported", entries: movable.length, leftOut: 0 });
  for (const item of ITEMS) {
    const arrived = await b.read(ownerFor(item), item.id, keyFor(item));
    t.deepEqual(arrived, item.exchangeable ? sampleOf(item) : undefined, item.id);
  }
});

test("M34 an import is edits by an import: what differs and nothing else, and nothing is deleted", async (t) => {
  const { fleet, a, b } = await start();
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.edit(ALICE, ...LANGUAGE, "fr");
  await b.edit(ALICE, "personal-button", "own", button("own"));
  const file = await exported(fleet, a);
  await imported(fleet, b, file);
  const mark = b.hal.settings.mark();
  t.is(await b.read(BOB, ...LANGUAGE), "it");
  t.is(await b.read(ALICE, ...LANGUAGE), "de");
  t.deepEqual(await b.read(ALICE, "personal-button", "own"), button("own"));
  t.true((await fleet.until(b.hal.settings.editsSince(mark - 1))).every(({ by }) => by === "import"));
  await imported(fleet, b, file);
  t.is(b.hal.settings.mark(), mark, "the same file again changes nothing");
});

test("M34 the chosen users and groups alone, where some are chosen", async (t) => {
  const { fleet, a, b } = await start();
  await a.edit(BOB, ...LANGUAGE, "it");
  await imported(fleet, b, await exported(fleet, a, [BOB]));
  t.deepEqual(await b.owners(), [BOB]);
});

test("M34 M10 the group management settings go along, so that the other machines are alike; members stay what they are", async (t) => {
  const { fleet, a, b } = await start();
  a.hal.users.setPolicy({ departments: { on: true, ids: ["0000321"] }, groups: [{ id: "1", name: "Sales & more", members: ["dave"] }] });
  await imported(fleet, b, await exported(fleet, a));
  t.deepEqual(b.hal.users.policy(), a.hal.users.policy());
  await b.login(ALICE);
  t.deepEqual(b.hal.users.loggedIn()?.groups, [ownerNamed("group:1")]);
});

test("M34 B08 keychains and passwords go along, and are in the clear nowhere in the file", async (t) => {
  const { fleet, a, b } = await start();
  await a.edit(ALICE, "keychain", "1", { user: "alice", password: "open sesame" });
  const file = Buffer.from(await exported(fleet, a));
  for (const secret of ["open sesame", "alice", PASSPHRASE]) t.false(file.includes(secret));
  await imported(fleet, b, file);
  t.deepEqual(await b.read(ALICE, "keychain", "1"), { user: "alice", password: "open sesame" });
});

test("M34 M33 B08 no file is made under a passphrase that can be tried out: at least eight characters, as people count them", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const { administration } = fleet.at("s");
  const refused = { kind: "refused", refusal: { word: "passphrase-short", charactersMin: 8 } } as const;
  for (const short of ["", "x", "1234567", "e\u0301".repeat(7), "😀".repeat(7)]) {
    t.deepEqual(await fleet.until(administration.exportUserData(short, [])), refused, short);
    t.deepEqual(await fleet.until(administration.backup(short)), refused, short);
  }
  for (const fitting of ["12345678", "😀".repeat(8)]) {
    t.is((await fleet.until(administration.exportUserData(fitting, []))).kind, "exported");
    t.is((await fleet.until(administration.backup(fitting))).kind, "backed-up");
  }
});

test("M34 what an address book file cannot hold is counted: in the answer, and in the log", async (t) => {
  const fleet = await Fleet.start({ others: ["a"] });
  const a = fleet.at("a");
  await a.edit("common", "common-address", "1", { subdbid: "1", cn: "Anna", mailaddress: "anna@example.org" });
  const exports = () => fleet.until(a.administration.exportAddressBook("csv"));
  t.false("leftOut" in (await exports()));
  await a.edit(ALICE, "personal-address", "1", { cn: "Bert", mailaddress: "bert@example.org" });
  t.like(await exports(), { kind: "exported", leftOut: 1 });
  t.like(a.log.at(-1), { level: "Warning", code: "left-out" });
  t.regex(a.log.at(-1)?.text ?? "", /^1 entry was left out of an exported address book/);
});

test("M34 a wrong passphrase, a damaged file and another kind of file change nothing", async (t) => {
  const { fleet, a, b } = await start();
  const file = await exported(fleet, a);
  const unusable = (fault: string) => ({ kind: "refused", refusal: { word: "backup-unusable", fault } });
  t.deepEqual(await imported(fleet, b, file, "wrong"), unusable("passphrase"));
  const damaged = Uint8Array.from(file);
  damaged[file.length - 20] = (damaged[file.length - 20] ?? 0) ^ 1;
  t.deepEqual(await imported(fleet, b, damaged), unusable("damaged"));
  t.deepEqual(await imported(fleet, b, file.subarray(0, 200)), unusable("damaged"));
  t.deepEqual(await imported(fleet, b, Buffer.from("# Canon AddressBook CSV version: 0x0002")), unusable("damaged"));
  t.deepEqual(await b.owners(), []);
});

test("M34 an import is all or nothing: what the machine refuses in the middle takes back what was written before", async (t) => {
  const { fleet, a, b } = await start();
  a.hal.users.setPolicy({ groups: [{ id: "9", name: "Nine", members: [] }] });
  const file = await exported(fleet, a);
  const policy = b.hal.users.policy();
  await b.edit(ALICE, ...LANGUAGE, "it");
  for (const refusing of [b.hal.addressBook, b.hal.settings]) {
    const edit = refusing.edit.bind(refusing);
    refusing.edit = async () => {
      throw new SyncError("hal-full", "no space is left; nothing was written");
    };
    await t.throwsAsync(imported(fleet, b, file), { message: /no space/ });
    refusing.edit = edit;
    t.is(await b.read(ALICE, ...LANGUAGE), "it");
    t.deepEqual(await b.owners(), [ALICE]);
    t.deepEqual(b.hal.users.policy(), policy);
  }
  t.like(await imported(fleet, b, file), { kind: "imported" });
});

test("M34 keychains for network places in another order are left out (M25)", async (t) => {
  const { fleet, a, b } = await start();
  const file = await exported(fleet, a);
  Object.assign(b.hal.device.capabilities, { networkPlaces: "a,b" });
  t.like(await imported(fleet, b, file), { kind: "imported", leftOut: 1 });
  t.is(await b.read(ALICE, "keychain", "k1"), undefined);
});

test("M34 M23 while the client function is started there is no import, and an export only in the window", async (t) => {
  const fleet = await Fleet.start({
    server: "s",
    serverTakesPart: true,
    clients: ["a"],
    config: { scopes: { "default-job-settings": "device-specific" } },
  });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await s.edit(ALICE, "default-job-settings", "", { copies: 3 });
  await fleet.settle();
  const locked = { kind: "refused", refusal: { word: "locked-while-synchronising" } };
  t.deepEqual(await fleet.until(a.administration.exportUserData(PASSPHRASE, [])), locked);
  t.deepEqual(await fleet.until(s.administration.exportUserData(PASSPHRASE, [])), locked);
  t.is(await fleet.until(s.administration.prepareExport([ownerNamed(ALICE)])), "done");
  t.deepEqual(await fleet.until(s.administration.exportUserData(PASSPHRASE, [])), locked, "more than was chosen");
  const file = await exported(fleet, s, [ALICE]);
  t.deepEqual(await imported(fleet, s, file), locked);
  t.deepEqual(await imported(fleet, a, file), locked);
  const fresh = await fleet.add("fresh");
  await imported(fleet, fresh, file);
  t.is(await fresh.read(ALICE, ...LANGUAGE), "fr");
  t.is(await fresh.read(ALICE, "default-job-settings", ""), undefined, "M20: what is device-specific leaves in no file");
});
