import test from "ava";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { addressFiles } from "../../src/import-export/address-files.ts";
import { AddressBookExchange } from "../../src/import-export/address-book-exchange.ts";
import { ExchangeTurns } from "../../src/import-export/exchange-turns.ts";
import { SyncError } from "../../src/model/errors.ts";
import { COMMON } from "../../src/model/owner.ts";
import { MANY } from "../../src/model/item.ts";
import { bytesOf, csvFile, generated, HEADER, MachineBook, type Row, seeded } from "./machine-book.ts";

const person = (more: Row): Row => ({ objectclass: "email", cn: "Ann", subdbid: "1", mailaddress: "ann@example.com", ...more });
const smb = (more: Row): Row => ({
  objectclass: "remotefilesystem",
  protocol: "smb",
  cn: "Files",
  subdbid: "1",
  url: "\\\\files\\scan",
  path: "\\in",
  username: "scan",
  uuid: "u-1",
  ...more,
});
const ENCRYPTED = `${HEADER}# Crypto Version: 2\n# Crypto Attribute: pwd\n`;
/** The cells of the first row of an export, by column. */
const firstRow = (exported: string): Row => {
  const lines = exported.split("\n");
  const at = lines.findIndex((line) => line.startsWith("objectclass,"));
  const cells = lines[at + 1]?.split(",") ?? [];
  return Object.fromEntries((lines[at] ?? "").split(",").map((column, index) => [column, cells[index] ?? ""]));
};

test("M23: while the client function is started, neither import nor export runs", async (t) => {
  const book = new MachineBook();
  book.locked = true;
  const refused = { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;
  t.deepEqual(await book.imports(csvFile([person({})])), refused);
  t.deepEqual(await book.exchange.exportAddressBook("csv"), refused);
  t.deepEqual(book.runs, []);
  t.deepEqual(book.edits, []);
});

test("M24: a run is marked and ended, also when the file is malformed or the machine does not take the change", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({})]));
  await book.imports("nonsense");
  await book.exports();
  book.refusal = new SyncError("hal-full", "no space");
  await t.throwsAsync(book.imports(csvFile([person({ cn: "Bob" })])), { message: "no space" });
  t.deepEqual(book.runs, [true, false, true, false, true, false, true, false]);
  book.refusal = undefined;
  t.deepEqual(await book.imports(csvFile([person({ cn: "Bob" })])), { kind: "imported", entries: 1 });
});

test('the whole import is one edit, made by "import"', async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile(generated({ listed: 40, oneTouch: 10 })));
  t.is(book.edits.length, 1);
  t.is(book.edits[0]?.by, "import");
  t.is(book.edits[0]?.changes.length, 50);
});

test("a machine's own store takes 1,800 entries and gives them back", async (t) => {
  const clock = {
    boot: "1",
    monotonicMs: () => 0,
    wallMs: () => 0,
    sntp: () => ({ kind: "off" }) as const,
    onSntp: () => () => undefined,
    sleep: async () => "elapsed" as const,
  };
  const plain = { seal: async (secret: Uint8Array) => secret, open: async (sealed: Uint8Array) => sealed };
  const stores = new SimItemStores({ storage: new MemoryStorage(), clock, keyStore: plain });
  await stores.open();
  const restrictions = {
    hold: () => ({ release: () => undefined }),
    held: () => false,
    importExportRunning: () => false,
    onImportExport: () => () => undefined,
    maxUsersPolicy: () => "delete-oldest" as const,
    setMaxUsersPolicy: () => Promise.resolve("chosen" as const),
    onMaxUsersPolicy: () => () => undefined,
    beginImportExport: () => ({ end: () => undefined }),
    allowExport: () => ({ release: () => undefined }),
  };
  const exchange = new AddressBookExchange({
    addressBook: stores.addressBook,
    turns: new ExchangeTurns(restrictions),
    random: seeded(1),
    loadAddressFiles: async () => addressFiles,
  });
  const file = csvFile(generated({ listed: 1_600, oneTouch: 200 }));
  const twin = new MachineBook();
  await twin.imports(file);
  t.deepEqual(await exchange.importAddressBook(Buffer.from(file), "csv"), { kind: "imported", entries: 1_800 });
  t.is((await stores.addressBook.read(COMMON)).length, 1_800);
  t.is(Buffer.from(bytesOf(await exchange.exportAddressBook("csv"))).toString(), await twin.exports());
});

test("two imports at once see each other's entries", async (t) => {
  const book = new MachineBook();
  const half = (from: number): string => csvFile(Array.from({ length: 1_000 }, (_, index) => person({ uuid: `u-${from + index}` })));
  const outcomes = await Promise.all([book.imports(half(0)), book.imports(half(1_000))]);
  t.deepEqual(
    outcomes.map(({ kind }) => kind),
    ["imported", "malformed"],
  );
  t.is(book.entries.size, 1_000);
});

test("an import adds and updates by uuid, deletes nothing, and leaves what the file has no column for", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "u-1", cnread: "ann" }), person({ uuid: "u-2", cn: "Bob", ecm: "on" })]));
  const columns = ["objectclass", "cn", "subdbid", "mailaddress", "cnread", "uuid"];
  await book.imports(
    csvFile([person({ uuid: "u-1", cn: "Anna" }), person({ uuid: "u-3", cn: "Cem" }), person({ uuid: "u-2", cn: "Bob" })], { columns }),
  );
  t.deepEqual(
    book.edits[1]?.changes.map(({ key }) => key),
    ["u-1", "u-3"],
    "what is there already is no edit",
  );
  t.deepEqual(book.common(), [
    { ...person({ uuid: "u-1", cn: "Anna" }) },
    { ...person({ uuid: "u-2", cn: "Bob", ecm: "on" }) },
    { ...person({ uuid: "u-3", cn: "Cem" }) },
  ]);
});

test("rows without a uuid get one, and the same file again adds nothing", async (t) => {
  const book = new MachineBook();
  const file = csvFile([person({ indxid: "201" }), person({ cn: "Bob", indxid: "202" }), person({ subdbid: "11", indxid: "7" })]);
  await book.imports(file);
  await book.imports(file);
  t.is(book.entries.size, 3);
  t.is(book.edits.length, 1);
  for (const [index, { key }] of [...book.entries.values()].entries()) t.is(book.common()[index]?.["uuid"], key);
});

test("without a uuid a one-touch button is known by its number, another destination by number and name", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ indxid: "201" }), person({ subdbid: "11", indxid: "7" })]));
  await book.imports(csvFile([person({ indxid: "201", cn: "Bob" }), person({ subdbid: "11", indxid: "7", cn: "Cem" })]));
  t.deepEqual(
    book
      .common()
      .map(({ cn }) => cn)
      .sort(),
    ["Ann", "Bob", "Cem"],
  );
});

test("rows that would be taken for one entry are two, where one of them has its uuid, or both stand alike in the file", async (t) => {
  const book = new MachineBook();
  const button = (indxid: string, cn: string, uuid = ""): Row => person({ subdbid: "11", uuid, indxid, cn });
  await book.imports(csvFile([button("1", "Ann", "u-1"), person({ indxid: "201", cn: "Bob" })]));
  await book.imports(csvFile([button("1", "Cem"), button("2", "Ann", "u-1")]));
  await book.imports(csvFile([person({ indxid: "201", cn: "Bob" }), person({ indxid: "201", cn: "Bob" })]));
  t.deepEqual(
    book
      .common()
      .map(({ cn, indxid }) => `${String(cn)} ${String(indxid)}`)
      .sort(),
    ["Ann 2", "Bob 201", "Bob 201", "Cem 1"],
  );
});

test("a user's own list takes so many entries: the first that is too many is named", async (t) => {
  const own = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => person({ subdbid: "", loginusername: "alice", uuid: `u-${index}`, cn: `${index}` }));
  const book = new MachineBook();
  t.like(await book.imports(csvFile(own(MANY))), { kind: "imported", entries: MANY });
  t.like(await book.imports(csvFile(own(MANY + 1))), { kind: "malformed", line: 7 + MANY });
});

test("one-touch numbers: two buttons can change places, a third cannot take one", async (t) => {
  const book = new MachineBook();
  const button = (uuid: string, indxid: string): Row => person({ subdbid: "11", uuid, indxid });
  await book.imports(csvFile([button("u-1", "1"), button("u-2", "2")]));
  t.like(await book.imports(csvFile([button("u-1", "2"), button("u-2", "1")])), { kind: "imported" });
  t.like(await book.imports(csvFile([button("u-3", "2")])), { kind: "malformed", line: 7 });
  t.is(book.entries.size, 2);
});

test("a group may refer to members of the file or of the book, by number, name or uuid, with any separator", async (t) => {
  const book = new MachineBook();
  const a = "b14adfae-e499-11f0-8000-40f8df69c718";
  const b = "0f4f846c-e572-11f0-8000-40f8df69c718";
  await book.imports(csvFile([person({ uuid: a, cn: "Müller, Ann", indxid: "201" })]));
  const group = (more: Row, index: number): Row => ({
    objectclass: "groupfids",
    cn: `g${index}`,
    subdbid: "1",
    indxid: String(300 + index),
    uuid: `g-${index}`,
    ...more,
  });
  const groups = [
    { member: "201;202" },
    { member: "201, 202" },
    { member: "201 202" },
    { member: "dn=201;dn=202" },
    { member: "0201" },
    { member: "Müller, Ann" },
    { member: "Bob;202" },
    { member: "ann@example.com;Bob" },
    { memberobjectuuid: `${a},${b}` },
    { memberobjectuuid: `${a.toUpperCase()} ${b}` },
    { memberobjectuuid: `{${a}}|{${b}}` },
    { member: "201/202", memberobjectuuid: `;${b}` },
    { member: "" },
  ].map(group);
  const rows = [...groups, person({ uuid: b, cn: "Bob", indxid: "202" })];
  t.deepEqual(await book.imports(csvFile(rows)), { kind: "imported", entries: rows.length });
  const exported = await book.exports();
  for (const { member = "" } of groups) t.true(exported.includes(member));
});

test("members without uuids get some, and the group still names them by number", async (t) => {
  const book = new MachineBook();
  await book.imports(
    csvFile([person({ indxid: "201" }), { objectclass: "groupfids", cn: "g", subdbid: "1", indxid: "202", member: "201" }]),
  );
  const again = new MachineBook();
  t.like(await again.imports(await book.exports()), { kind: "imported", entries: 2 });
  t.is(await again.exports(), await book.exports());
});

test("lists: the number decides; without one a row belongs to the user or the group it names, or to list 1", async (t) => {
  const book = new MachineBook();
  const rows = [
    person({ uuid: "u-1", loginusername: "alice" }),
    person({ uuid: "u-2", subdbid: "", loginusername: "alice", logindomainname: "SALES" }),
    person({ uuid: "u-3", subdbid: "", usergroupname: "1" }),
    person({ uuid: "u-4", subdbid: "" }),
    person({ uuid: "u-5", subdbid: "12" }),
  ];
  await book.imports(csvFile(rows));
  t.deepEqual(
    [...book.entries.values()].map(({ owner, item }) => `${owner} ${item}`),
    [
      "common common-address",
      "common common-address",
      "common common-address",
      "user:SALES\\alice personal-address",
      "group:1 group-address",
    ],
  );
  const exported = await book.exports();
  t.deepEqual(
    exported
      .split("\n")
      .slice(6, -1)
      .map((line) => /u-\d/.exec(line)?.[0]),
    ["u-1", "u-4", "u-5", "u-3", "u-2"],
  );
  const again = new MachineBook();
  await again.imports(exported);
  t.is(await again.exports(), exported);
  await book.imports(csvFile([person({ uuid: "u-9", subdbid: "", indxid: "3" })], { header: `${HEADER}# dn: fixed\n` }));
  t.like(book.common().at(-1), { subdbid: "11" });
});

test("entries of a user that came in no file stay out of the address book's export", async (t) => {
  const book = new MachineBook();
  const mine = { objectclass: "email", cn: "secret friend" };
  book.put([{ owner: "user:alice" as never, item: "personal-address", key: "k", value: mine }]);
  t.false((await book.exports()).includes("secret friend"));
});

test("entries made at the panel are exported: list and uuid are never missing, numbers become text, objects stay out", async (t) => {
  const book = new MachineBook();
  book.put([
    {
      owner: COMMON,
      item: "common-address",
      key: "Key 1",
      value: { objectclass: "email", cn: "Ann\u0000", indxid: 3, extra: { deep: true }, more: 5 },
    },
  ]);
  const exported = await book.exports();
  t.like(firstRow(exported), { objectclass: "email", cn: '"Ann "', subdbid: "1", indxid: "3", uuid: "Key 1", more: "5", extra: "" });
  t.like(await book.imports(exported), { kind: "imported", entries: 1 });
  t.is(book.entries.size, 1);
});

test("B08: a password that came in the clear never leaves, and a blank one coming back keeps it for the same destination only", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([smb({ pwd: "hunter2" })]));
  t.is(book.common()[0]?.["pwd"], "hunter2");
  for (const format of ["csv", "abk"] as const) t.false((await book.exports(format)).includes("hunter2"));
  t.false((await book.exports()).includes("Crypto"));
  await book.imports(await book.exports());
  await book.imports(csvFile([smb({ cn: "Files, renamed" })]));
  t.is(book.common()[0]?.["pwd"], "hunter2");
  await book.imports(csvFile([smb({ url: "\\\\evil\\scan" })]));
  t.is(book.common()[0]?.["pwd"], undefined);
});

test("an encrypted password goes back as it came, with its header lines, in both forms and from another machine", async (t) => {
  const [one, two, three] = [new MachineBook(), new MachineBook(), new MachineBook()];
  await one.imports(csvFile([smb({ pwd: "3f,9 a=" }), person({ uuid: "u-2" })], { header: ENCRYPTED }));
  two.put([...one.entries.values()]);
  const exported = await two.exports();
  t.regex(exported, /# Crypto Version: 2\n# Crypto Attribute: pwd\n[^]*,"3f,9 a=",/);
  await three.imports(await two.exports("abk"), "abk");
  t.is(await three.exports(), exported);
});

test("a password that a person sets over an encrypted one is not taken for encrypted", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([smb({ pwd: "3f9a" })], { header: ENCRYPTED }));
  book.put([...book.entries.values()].map((entry) => ({ ...entry, value: { ...(entry.value as object), pwd: "hunter2" } })));
  const exported = await book.exports();
  t.false(exported.includes("hunter2"));
  t.false(exported.includes("Crypto"));
});

test("passwords of two Crypto Versions do not fit one file: those of the first row's version go out", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([smb({ pwd: "second", uuid: "u-2" })], { header: ENCRYPTED }));
  await book.imports(csvFile([smb({ pwd: "third", uuid: "u-3" })], { header: ENCRYPTED.replace("Version: 2", "Version: 3") }));
  const exported = await book.exports();
  t.true(exported.includes("second"));
  t.false(exported.includes("third"));
});

test("the name of the list is kept, and left out where two names stand against each other", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "u-1" })], { header: HEADER.replace("Name: ", "Name: Vertrieb Süd") }));
  t.true((await book.exports()).includes("# SubAddressBookName: Vertrieb Süd\n"));
  await book.imports(csvFile([person({ uuid: "u-2", subdbid: "2" })], { header: HEADER.replace("Name: ", "Name: Lager") }));
  t.true((await book.exports()).includes("# SubAddressBookName: \n"));
});

test("an empty book is exported as a file that can be imported", async (t) => {
  const book = new MachineBook();
  for (const format of ["csv", "abk"] as const)
    t.deepEqual(await book.imports(await book.exports(format), format), { kind: "imported", entries: 0 });
});
