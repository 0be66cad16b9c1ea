import test from "ava";
import { generated, csvFile, MachineBook } from "./machine-book.ts";

const HEADER = "# Canon AddressBook version: 1\r\n# CharSet: WCP1252\r\n# SubAddressBookName: Vertrieb\r\n# DB Version: 0x0108\r\n";
const block = (lines: readonly string[]): string => `\r\n${lines.join("\r\n")}\r\n`;
const PERSON = [
  ...[
    "subdbid: 1",
    "dn: 201",
    "cn: J\xfcrgen Wei\xdf",
    "cnread: J\xfcrgen",
    "mailaddress: j@example.com",
    "enablepartial: false",
    "accesscode: 0",
    "protocol: smtp",
  ],
  ...["objectclass: top", "objectclass: extensibleobject", "objectclass: email"],
];
const western = (text: string): Uint8Array => Buffer.from(text, "latin1");

test("an ABK file becomes the same entries as a CSV file, with umlauts of WCP1252", async (t) => {
  const book = new MachineBook();
  t.deepEqual(await book.imports(western(HEADER + block(PERSON)), "abk"), { kind: "imported", entries: 1 });
  const [value] = book.common();
  const { uuid, ...fields } = value ?? {};
  t.regex(String(uuid), /^[0-9a-f-]{36}$/);
  t.deepEqual(fields, {
    "#list-name": "Vertrieb",
    accesscode: "0",
    cn: "Jürgen Weiß",
    cnread: "Jürgen",
    enablepartial: "off",
    indxid: "201",
    mailaddress: "j@example.com",
    objectclass: "email",
    protocol: "smtp",
    subdbid: "1",
  });
});

test("what an ABK file said comes back in an ABK export, the assigned uuid beside it", async (t) => {
  const book = new MachineBook();
  await book.imports(western(HEADER + block(PERSON)), "abk");
  const outcome = await book.exchange.exportAddressBook("abk");
  const text = outcome.kind === "exported" ? Buffer.from(outcome.bytes).toString("latin1") : "";
  t.true(text.startsWith(`${HEADER}\r\nsubdbid: 1\r\ndn: 201\r\n`), text);
  for (const line of PERSON) t.true(text.includes(`${line}\r\n`), line);
  t.regex(text, /\r\nuuid: [0-9a-f-]{36}\r\n/);
});

test("the WCP1252 characters beyond Latin-1 are read and written: euro, quotes, dashes", async (t) => {
  const book = new MachineBook();
  await book.imports(western(HEADER + block(PERSON.map((line) => line.replace("cn: J", "cn: \x80\x84\x93\x96\x9c J")))), "abk");
  t.is(book.common()[0]?.["cn"], "€„“–œ Jürgen Weiß");
  const outcome = await book.exchange.exportAddressBook("abk");
  t.true(outcome.kind === "exported" && Buffer.from(outcome.bytes).toString("latin1").includes("cn: \x80\x84\x93\x96\x9c J\xfcrgen"));
});

test("a byte that WCP1252 does not have is told with its place", async (t) => {
  const outcome = await new MachineBook().imports(western(HEADER + block(["subdbid: 1", "cn: ab\x81"])), "abk");
  t.like(outcome, { kind: "malformed", line: 7, column: 7 });
});

test("a book with characters beyond WCP1252 is exported in UTF-8, and read again", async (t) => {
  const book = new MachineBook();
  await book.imports(csvFile([{ objectclass: "email", cn: "東京 🎉", subdbid: "1", uuid: "u-1" }]));
  const text = await book.exports("abk");
  t.regex(text, /# CharSet: UTF-8\r\n/);
  const again = new MachineBook();
  await again.imports(text, "abk");
  t.is(await again.exports(), await book.exports());
});

test("folded lines, comments, base64 and members on lines of their own are understood", async (t) => {
  const group = [
    "# a group",
    "subdbid: 1",
    "dn: 300",
    "cn: long",
    "  name",
    "member: 201",
    "member: 202",
    "url:: w5xiZXI=",
    "objectclass: top",
    "objectclass: groupfids",
  ];
  const second = PERSON.map((line) => line.replace("201", "202"));
  const book = new MachineBook();
  const text = HEADER + block(PERSON) + block(second) + block(group);
  t.deepEqual(await book.imports(western(text), "abk"), { kind: "imported", entries: 3 });
  t.like(book.common()[2], { cn: "long name", member: "201\n202", url: "Über" });
  t.regex(await book.exports("abk"), /member: 201\r\nmember: 202\r\n/);
  t.regex(await book.exports("csv"), /"201\n202"/);
});

test("values with line ends or blanks around them survive the ABK form", async (t) => {
  const rows = [" a", "a ", "a\nb", "a\r\nb", ": x", ":: x", "<x", "#x", "-"].map((cn, index) => ({
    objectclass: "email",
    cn,
    subdbid: "1",
    uuid: `u-${index}`,
    indxid: String(index),
  }));
  const [csv, abk] = [new MachineBook(), new MachineBook()];
  await csv.imports(csvFile(rows));
  t.deepEqual(await abk.imports(await csv.exports("abk"), "abk"), { kind: "imported", entries: rows.length });
  t.is(await abk.exports(), await csv.exports());
});

test("a large book of all types survives the ABK form", async (t) => {
  const [csv, abk] = [new MachineBook(), new MachineBook()];
  await csv.imports(csvFile(generated({ listed: 300, oneTouch: 20 })));
  t.deepEqual(await abk.imports(await csv.exports("abk"), "abk"), { kind: "imported", entries: 320 });
  t.is(await abk.exports(), await csv.exports());
});

const UTF8 = HEADER.replace("WCP1252", "UTF-8");
const malformed: readonly (readonly [title: string, file: string, line: number, column: number])[] = [
  ["a CSV file", "# Canon AddressBook CSV version: 0x0002\n# CharSet: UTF-8\n", 1, 1],
  ["an unknown version", HEADER.replace("version: 1", "version: 2"), 1, 30],
  ["an unknown charset", HEADER.replace("WCP1252", "EBCDIC"), 2, 12],
  ["a line without a colon", UTF8 + block(["subdbid: 1", "nonsense"]), 7, 1],
  ["a name that is no column", UTF8 + block(["subdbid: 1", "a b: 1"]), 7, 1],
  ["a line twice", UTF8 + block(["subdbid: 1", "cn: a", "cn: b"]), 8, 1],
  ["broken base64", UTF8 + block(["subdbid: 1", "cn:: ?"]), 7, 6],
  ["base64 of a NUL", UTF8 + block(["subdbid: 1", "cn:: AA=="]), 7, 6],
  ["no class", UTF8 + block(["subdbid: 1", "objectclass: top"]), 6, 1],
  ["an unknown class", UTF8 + block(["subdbid: 1", "objectclass: top", "objectclass: pager"]), 8, 14],
  ["an unknown list", UTF8 + block(["subdbid: 99", "objectclass: email"]), 6, 10],
  ["a member that is missing", UTF8 + block(["subdbid: 1", "dn: 201", "member: 999", "objectclass: groupfids"]), 8, 9],
];

for (const [title, text, line, column] of malformed) {
  test(`ABK: ${title} is told with its line and column`, async (t) => {
    const book = new MachineBook();
    const outcome = await book.imports(text, "abk");
    t.like(outcome, { kind: "malformed", line, column }, JSON.stringify(outcome));
    t.deepEqual(book.edits, []);
  });
}
