/** What of a file becomes of the entries that are there already: whose they are, what stays of them, and what is no change. */
import test from "ava";
import { COLUMNS, FOLDER_COLUMN, LIST_NAME_NOTE } from "../../src/import-export/address-columns.ts";
import { itemOf } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON, type Owner } from "../../src/model/owner.ts";
import { csvFile, HEADER, MachineBook, type Row } from "./machine-book.ts";

const person = (row: Row = {}): Row => ({ objectclass: "email", cn: "Ada", subdbid: "1", mailaddress: "ada@example.com", ...row });
const share = (row: Row = {}): Row => ({
  objectclass: "remotefilesystem",
  cn: "Scans",
  subdbid: "1",
  url: "\\\\files\\scan",
  protocol: "smb",
  uuid: "u-1",
  ...row,
});
const ENCRYPTED = `${HEADER}# Crypto Version: 2\n# Crypto Attribute: pwd\n`;
const NAMED = HEADER.replace("Name: ", "Name: Vertrieb");
const alice = "user:alice" as Owner;

/** How many entries the last import changed. */
const changedBy = async (book: MachineBook, file: string): Promise<number> => {
  const before = book.edits.length;
  await book.imports(file);
  return book.edits.slice(before).reduce((sum, { changes }) => sum + changes.length, 0);
};

test("two users may each have an entry with one uuid", async (t) => {
  const rows = ["alice", "bob"].map((loginusername) => person({ subdbid: "", loginusername, uuid: "u-1" }));
  const book = new MachineBook();
  t.deepEqual(await book.imports(csvFile(rows)), { kind: "imported", entries: 2 });
  t.deepEqual(
    [...book.entries.values()].map(({ owner }) => owner),
    ["user:alice", "user:bob"],
  );
});

test("what else its user has in this machine takes no room of an address list", async (t) => {
  const book = new MachineBook();
  book.put([{ owner: alice, item: "personal-button", key: "other", value: { name: "Copy" } }]);
  const max = itemOf("personal-address")?.entriesMax ?? 0;
  const rows = Array.from({ length: max }, (_, index) => person({ subdbid: "", loginusername: "alice", uuid: `u-${index}` }));
  t.deepEqual(await book.imports(csvFile(rows)), { kind: "imported", entries: max });
});

test("an entry that a file names by its number keeps its uuid as it was written; one of another kind is another entry", async (t) => {
  const uuid = "B14ADFAE-E499-11F0-8000-40F8DF69C718";
  const book = new MachineBook();
  await book.imports(csvFile([person({ indxid: "201", uuid })]));
  await book.imports(csvFile([person({ indxid: "201", mailaddress: "ada@new.example" })]));
  t.deepEqual(
    book.common().map((value) => [value["uuid"], value["mailaddress"]]),
    [[uuid, "ada@new.example"]],
  );
  await book.imports(csvFile([share({ cn: "Ada", indxid: "201", uuid: "" })]));
  t.is(book.common().length, 2);
});

test("an empty column that only other entries need adds nothing to one that is there", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "u-1" })]));
  const columns = [...COLUMNS, FOLDER_COLUMN];
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1" })], { columns })), 0);
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1", [FOLDER_COLUMN]: "0" })], { columns })), 1);
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1" })], { columns })), 1, "and it empties what is there");
});

test("what came with a list's name has it no longer when it comes without one; what no column speaks of stays, and is no change", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "u-1" })], { header: NAMED }));
  t.is(book.common()[0]?.[LIST_NAME_NOTE], "Vertrieb");
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1" })])), 1);
  t.is(book.common()[0]?.[LIST_NAME_NOTE], undefined);
  book.put([{ owner: COMMON, item: "common-address", key: "u-1", value: { ...book.common()[0], own: { of: "this model" } } as never }]);
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1" })])), 0);
  t.is(await changedBy(book, csvFile([person({ uuid: "u-1", cn: "Ada L." })])), 1);
  t.deepEqual(book.common()[0]?.["own"], { of: "this model" });
});

test("a list's name of several lines, as another model may have it, stays in its header line", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "u-1" })]));
  book.put([
    { owner: COMMON, item: "common-address", key: "u-1", value: { ...book.common()[0], [LIST_NAME_NOTE]: "Ground\r\nfloor" } as never },
  ]);
  t.true((await book.exports()).includes("# SubAddressBookName: Ground floor\n"));
});

test("an encrypted password that comes back blank for the same destination stays encrypted, and goes out as it came", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([share({ pwd: "3f9a" })], { header: ENCRYPTED }));
  const before = await book.exports();
  t.is(await changedBy(book, csvFile([share({ pwd: "" })])), 0);
  t.is(await book.exports(), before);
  t.regex(before, /Crypto Version: 2/);
});

test("a version with blanks around it is that version", async (t) => {
  const [plain, blank] = [new MachineBook(), new MachineBook()];
  await plain.imports(csvFile([share({ pwd: "3f9a" })], { header: ENCRYPTED }));
  await blank.imports(csvFile([share({ pwd: "3f9a" })], { header: ENCRYPTED.replace("Version: 2", "Version: 2 ") }));
  t.deepEqual(blank.common(), plain.common());
});

test("a group may name a member by a uuid that a tool wrote, in either letter case", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([person({ uuid: "Tool-1" })]));
  const group = (memberobjectuuid: string) => csvFile([{ objectclass: "groupfids", cn: "g", subdbid: "1", memberobjectuuid }]);
  t.like(await book.imports(group("tool-1")), { kind: "imported" });
  t.like(await book.imports(group("tool-2")), { kind: "malformed" });
});

test("a byte order mark says UTF-8, whatever the header says", async (t) => {
  const book = new MachineBook();
  t.deepEqual(await book.imports(`\ufeff${csvFile([person({ cn: "Jürgen" })]).replace("CharSet: UTF-8", "CharSet: SJIS")}`), {
    kind: "imported",
    entries: 1,
  });
  t.is(book.common()[0]?.["cn"], "Jürgen");
});

test("a last cell in quotes is a cell, also when nothing is in it", async (t) => {
  const columns = ["objectclass", "cn", "subdbid", "uuid"];
  const book = new MachineBook();
  const file = csvFile([], { columns }).replace(",uuid,\n", ",uuid\n");
  t.deepEqual(await book.imports(`${file}email,a,1,""\nemail,b,1,"u-2"\n`), { kind: "imported", entries: 2 });
});

test("an export has the lists in the order of their numbers, each by its entries' numbers", async (t) => {
  const book = new MachineBook();
  const places = [
    ["10", "1"],
    ["2", "202"],
    ["2", "30"],
    ["1", "500"],
  ] as const;
  await book.imports(csvFile(places.map(([subdbid, indxid], at) => person({ subdbid, indxid, cn: `n${at}`, uuid: `u-${at}` }))));
  t.deepEqual(
    [...(await book.exports()).matchAll(/u-\d/g)].map(([uuid]) => uuid),
    ["u-3", "u-2", "u-1", "u-0"],
  );
});

test("an entry without a uuid and without a number is a new one each time; one of a user's list is known by its number", async (t) => {
  const book = new MachineBook();
  for (let time = 0; time < 2; time += 1) await book.imports(csvFile([person({ indxid: "" })]));
  t.is(book.common().length, 2);
  const own = person({ subdbid: "", loginusername: "alice", indxid: "201" });
  t.is(await changedBy(book, csvFile([own])), 1);
  t.is(await changedBy(book, csvFile([own])), 0);
  t.deepEqual(await book.imports(csvFile([own])), { kind: "imported", entries: 1 }, "what changed nothing was imported as well");
});

test("B08 a password that comes for the same destination takes the place of the one before", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([share({ pwd: "one" })], { header: ENCRYPTED }));
  await book.imports(csvFile([share({ pwd: "two" })], { header: ENCRYPTED }));
  t.deepEqual(
    book.common().map(({ pwd }) => pwd),
    ["two"],
  );
});

test("the room of lists is what all of them hold, one-touch buttons apart, and what a file does not touch takes its own", async (t) => {
  const book = new MachineBook();
  const fill = (count: number, row: (index: number) => Row): string => csvFile(Array.from({ length: count }, (_, index) => row(index)));
  await book.imports(csvFile([person({ subdbid: "11", indxid: "1", uuid: "button" })]));
  t.like(await book.imports(fill(LIMITS.commonAddressesMax, (index) => person({ uuid: `u-${index}` }))), { kind: "imported" });
  t.like(await book.imports(csvFile([person({ uuid: "u-0", cn: "Eve" })])), { kind: "imported" });
  t.like(await book.imports(csvFile([person({ uuid: "more" })])), { kind: "malformed" });
  const max = itemOf("personal-address")?.entriesMax ?? 0;
  const own = (index: number): Row => person({ subdbid: "", loginusername: "alice", uuid: `p-${index}` });
  t.like(await book.imports(fill(max, own)), { kind: "imported" });
  t.like(await book.imports(csvFile([own(0)])), { kind: "imported" });
  t.like(await book.imports(csvFile([own(max)])), { kind: "malformed" });
});

test("lines may end in CR alone; lines of commas are no rows; a list's name goes along also where all of it are one-touch buttons", async (t) => {
  const book = new MachineBook();
  const file = csvFile([person({ uuid: "u-1" }), person({ uuid: "u-2" })]);
  t.deepEqual(await book.imports(file.replaceAll("\n", "\r")), { kind: "imported", entries: 2 });
  t.deepEqual(await book.imports(`${file}${",".repeat(7)}\n,\n`), { kind: "imported", entries: 2 });
  const buttons = new MachineBook();
  await buttons.imports(csvFile([person({ subdbid: "11", indxid: "1", uuid: "b" })], { header: NAMED }));
  t.regex(await buttons.exports(), /# SubAddressBookName: Vertrieb\n/);
  const unnamed = new MachineBook();
  await unnamed.imports(csvFile([person({ subdbid: "11", indxid: "1", uuid: "b" })]));
  t.false((await unnamed.exports()).includes("SubAddressBookName"));
});

test("an export counts what no file can hold, and takes the common lists also where nobody else has any", async (t) => {
  const book = new MachineBook();
  book.put([
    { owner: COMMON, item: "common-address", key: "k", value: { cn: "Ada", objectclass: "email" } },
    { owner: alice, item: "personal-address", key: "p", value: { cn: "Bob", objectclass: "email" } },
  ]);
  t.like(await book.exchange.exportAddressBook("csv"), { kind: "exported", leftOut: 1 });
  const outcome = await book.exchange.exportAddressBook("csv", [COMMON]);
  t.false("leftOut" in outcome);
});
