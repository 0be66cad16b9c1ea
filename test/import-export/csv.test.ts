import test from "ava";
import fc from "fast-check";
import { readAddressBookCsv } from "../../src/import-export/address-book-csv.ts";
import { COLUMNS, FOLDER_COLUMN } from "../../src/import-export/address-columns.ts";
import type { AddressFile } from "../../src/import-export/address-file.ts";
import { writeCell } from "../../src/import-export/delimited.ts";
import { COMMON } from "../../src/model/owner.ts";
import { csvFile, generated, HEADER, MachineBook, type Row } from "./machine-book.ts";

const ONE_TOUCH_COLUMNS = [...COLUMNS, FOLDER_COLUMN];

/** The form of a one-touch export of the newest machines, names ours. */
const ONE_TOUCH = `# Canon AddressBook CSV version: 0x0003
# CharSet: UTF-8
# dn: fixed
# DB Version: 0x010b

${ONE_TOUCH_COLUMNS.join(",")},
email,"Ada Lovelace","Ada Lovelace","Ada Lovelace",11,"ada@example.com",,,,,smtp,,,,1,off,${",".repeat(24)}0,b14adfae-e499-11f0-8000-40f8df69c718,"Ada Lovelace",,,,,,,,
email,"Grace Hopper","Grace Hopper","Grace Hopper",11,"grace@example.com",,,,,smtp,,,,2,off,${",".repeat(24)}0,0f4f846c-e572-11f0-8000-40f8df69c718,"Grace Hopper",,,,,,,,
`;

function file(text: string | Uint8Array): AddressFile {
  const read = readAddressBookCsv(typeof text === "string" ? new TextEncoder().encode(text) : text);
  if (read.kind === "malformed") throw new Error(read.message);
  return read;
}

const rowsOf = (text: string | Uint8Array): Row[] => {
  const { columns, rows } = file(text);
  return rows.map(({ cells }) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])));
};

test("a one-touch export of a machine comes back byte for byte", async (t) => {
  const book = new MachineBook();
  t.deepEqual(await book.imports(ONE_TOUCH), { kind: "imported", entries: 2 });
  t.is(await book.exports(), ONE_TOUCH);
});

test("a row becomes a common address with the column names as fields and the uuid as key", async (t) => {
  const book = new MachineBook();
  await book.imports(
    csvFile([
      { objectclass: "email", cn: "Jörg", subdbid: "3", mailaddress: "j@example.com", uuid: "B14ADFAE-E499-11F0-8000-40F8DF69C718" },
    ]),
  );
  t.deepEqual(book.edits, [
    {
      by: "import",
      changes: [
        {
          owner: COMMON,
          item: "common-address",
          key: "b14adfae-e499-11f0-8000-40f8df69c718",
          value: {
            cn: "Jörg",
            mailaddress: "j@example.com",
            objectclass: "email",
            subdbid: "3",
            uuid: "B14ADFAE-E499-11F0-8000-40F8DF69C718",
          },
        },
      ],
    },
  ]);
});

test("byte order mark, CR LF, missing final commas, quoted column names and columns in another order are read", (t) => {
  const plain = csvFile([{ objectclass: "email", cn: "a", subdbid: "1", mailaddress: "a@b" }]);
  const cells = rowsOf(plain);
  const crlf = plain.replaceAll("\n", "\r\n");
  const unclosed = plain.replaceAll(",\n", "\n").trimEnd();
  const quotedNames = plain.replace("objectclass,cn,", '"objectclass","cn",');
  t.deepEqual(rowsOf(`\ufeff${plain}`), cells);
  t.deepEqual(rowsOf(crlf), cells);
  t.deepEqual(rowsOf(unclosed), cells);
  t.deepEqual(rowsOf(quotedNames), cells);
  t.deepEqual(rowsOf(plain.replace("\n\nobjectclass", "\nobjectclass")), cells, "no empty line before the columns");
  t.deepEqual(
    rowsOf(csvFile([cells[0] ?? {}], { columns: [...COLUMNS].reverse() })).map((row) => ({ ...row })),
    cells,
  );
});

test("header lines come in any order, in any letter case of their names, and after a spreadsheet saved them", (t) => {
  const header = `# dn: fixed\n# DB Version: 0x010a${",".repeat(49)}\n# SubAddressBookName: Vertrieb, Süd\n# Charset: utf-8\n# Canon AddressBook CSV Version: 0x0002\n# Note: ours\n${",".repeat(49)}`;
  const read = file(csvFile([{ objectclass: "email", cn: "a", subdbid: "1" }], { header }));
  t.deepEqual(read.header, { oneTouch: true, listName: "Vertrieb, Süd", crypto: undefined });
  t.is(read.rows.length, 1);
});

test("SJIS is read, and exported as UTF-8", async (t) => {
  const [before = "", after = ""] = csvFile([{ objectclass: "email", cn: "@@", subdbid: "1" }], {
    header: HEADER.replace("UTF-8", "SJIS"),
  }).split("@@");
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0x93, 0x8c, 0x8b, 0x9e, 0x5c]), Buffer.from(after)]);
  const book = new MachineBook();
  t.deepEqual(await book.imports(bytes), { kind: "imported", entries: 1 });
  t.is(book.common()[0]?.["cn"], "東京\\");
  t.regex(await book.exports(), /CharSet: UTF-8[^]*"東京\\"/);
});

test("cells are kept exactly as they are written", async (t) => {
  const cells = [
    " blank ",
    "=1+1",
    "@SUM(A1)",
    "-5",
    "+49 30",
    'say "hi"',
    "a,b",
    "two\nlines",
    "two\r\nlines",
    "\ttab",
    "'",
    '"',
    "Ωß漢🎉",
    "\u202eabc",
    "#x",
  ];
  const rows = cells.map((cn, index) => ({ objectclass: "email", cn, subdbid: "1", uuid: `u-${index}`, indxid: String(index) }));
  const book = new MachineBook();
  t.deepEqual(await book.imports(csvFile(rows)), { kind: "imported", entries: cells.length });
  t.deepEqual(
    rowsOf(await book.exports()).map((row) => row["cn"]),
    cells,
  );
});

test("1,600 listed and 200 one-touch destinations come back whole, also by way of another machine and of the ABK form", async (t) => {
  const rows = generated({ listed: 1_600, oneTouch: 200 });
  const [one, two, three] = [new MachineBook(1), new MachineBook(2), new MachineBook(3)];
  t.deepEqual(await one.imports(csvFile(rows)), { kind: "imported", entries: 1_800 });
  two.put([...one.entries.values()].reverse());
  const exported = await two.exports();
  const byUuid = (list: readonly Row[]) => list.toSorted((a, b) => ((a["uuid"] ?? "") < (b["uuid"] ?? "") ? -1 : 1));
  const full = rows.map((row) => Object.fromEntries(COLUMNS.map((column) => [column, (row as Row)[column] ?? ""])));
  t.deepEqual(byUuid(rowsOf(exported)), byUuid(full));
  t.deepEqual(await three.imports(await two.exports("abk"), "abk"), { kind: "imported", entries: 1_800 });
  t.is(await three.exports(), exported);
});

test("columns that not every file has come back, also where they are empty", async (t) => {
  const columns = [...COLUMNS, FOLDER_COLUMN, "zz-new", "constructor"];
  const header = HEADER.replace("0x0002", "0x0003");
  const book = new MachineBook();
  await book.imports(csvFile([{ objectclass: "email", cn: "a", subdbid: "1", uuid: "u-1", constructor: "c" }], { columns, header }));
  const exported = await book.exports();
  t.deepEqual(file(exported).columns, [...COLUMNS, FOLDER_COLUMN, "constructor", "zz-new"]);
  t.is(rowsOf(exported)[0]?.["constructor"], "c");
  t.regex(exported, /^# Canon AddressBook CSV version: 0x0003\n/);
  t.regex(exported, /# DB Version: 0x010b\n/);
});

test("what is imported is exported again, whatever the cells hold", async (t) => {
  const cell = fc
    .oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("", " ", '"', ",", "\r\n", "\n", "ä\t", "=A1"))
    .map((text) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a file cannot hold
      text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").toWellFormed(),
    );
  const free = [
    "cn",
    "cnread",
    "cnshort",
    "mailaddress",
    "dialdata",
    "uri",
    "url",
    "path",
    "username",
    "sub",
    "ecm",
    "clresolution",
    "cnreadlang",
    "personalid",
    "loginusername",
  ];
  const rowOf = fc.record(Object.fromEntries(free.map((column) => [column, cell])));
  await fc.assert(
    fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 6 }), fc.boolean(), async (list, crlf) => {
      const rows = list.map(
        (row, index): Row => ({
          ...row,
          objectclass: "email",
          subdbid: String(1 + (index % 12)),
          indxid: String(index + 1),
          uuid: `u-${index}`,
        }),
      );
      const book = new MachineBook();
      const text = csvFile(rows);
      const outcome = await book.imports(crlf ? text.replace(/,\n(?=email,|$)/g, ",\r\n") : text);
      t.deepEqual(outcome, { kind: "imported", entries: rows.length });
      const exported = await book.exports();
      const full = rows.map((row) => Object.fromEntries(COLUMNS.map((column) => [column, row[column] ?? ""])));
      t.deepEqual(rowsOf(exported), full);
      const abk = new MachineBook();
      await abk.imports(await book.exportsBytes("abk"), "abk");
      t.is(await abk.exports(), exported);
      await book.imports(exported);
      t.is(book.edits.length, 1, "importing an export changes nothing");
    }),
    { numRuns: 150, seed: 20261122 },
  );
});

test("a cell is written in quotes exactly when it needs them", (t) => {
  t.deepEqual(
    ["", "a", 'a"b', "a,b", " a", "a\n", "#a"].map((text) => writeCell(text, false)),
    ["", "a", '"a""b"', '"a,b"', '" a"', '"a\n"', '"#a"'],
  );
  t.is(writeCell("a", true), '"a"');
  t.is(writeCell("", true), "");
});
