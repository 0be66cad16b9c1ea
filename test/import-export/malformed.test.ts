import test from "ava";
import { COLUMNS } from "../../src/import-export/address-columns.ts";
import { csvFile, generated, HEADER, MachineBook, type Row } from "./machine-book.ts";

/** The first row of a generated file: four header lines, an empty one, the column line. */
const FIRST_ROW = 7;
const NAMES = ["objectclass", "cn", "subdbid", "indxid", "mailaddress", "member", "memberobjectuuid", "uuid"];
const NAME_LINE = `${NAMES.join(",")},`;
const small = (...lines: readonly string[]): string => `${HEADER}\n${NAME_LINE}\n${lines.join("\n")}\n`;
const many = (count: number, row: (index: number) => Row): string =>
  csvFile(
    Array.from({ length: count }, (_, index) => ({ objectclass: "email", cn: `n${index}`, uuid: `u-${index}`, ...row(index) })),
    { columns: NAMES },
  );

const table: readonly (readonly [title: string, file: string | Uint8Array, line: number, column: number, message: RegExp])[] = [
  ["an empty file", "", 1, 1, /empty/],
  ["blank lines only", "\n\n\n", 1, 1, /not an address book file/],
  ["another brand's file", "Name,Mail\na,b\n", 1, 1, /not an address book file/],
  ["a file without the header", `${NAME_LINE}\nemail,a,1,,,,,\n`, 1, 1, /not an address book file/],
  ["an ABK file", "# Canon AddressBook version: 1\n", 1, 1, /not an address book file/],
  ["UTF-16", Buffer.from(`\ufeff${HEADER}`, "utf16le"), 1, 1, /UTF-16/],
  ["UTF-16, the other way round", Buffer.from(`\ufeff${HEADER}`, "utf16le").swap16(), 1, 1, /UTF-16/],
  ["an unknown version", small().replace("0x0002", "0x0009"), 1, 34, /version must be 0x0002 or 0x0003, is "0x0009"/],
  ["the same header line twice", `${HEADER}# CharSet: UTF-8\n\n${NAME_LINE}\n`, 5, 1, /there twice/],
  ["no CharSet line", small().replace("# CharSet: UTF-8\n", ""), 1, 1, /"# CharSet:" is missing/],
  ["an unknown CharSet", small().replace("UTF-8", "ISO-8859-1"), 2, 12, /must be UTF-8 or SJIS, is "ISO-8859-1"/],
  ["an odd dn line", `# dn: loose\n${small()}`, 1, 7, /must be "fixed"/],
  ["an odd DB Version", small().replace("0x010a", "tenth"), 4, 15, /DB Version/],
  ["Crypto Version alone", `# Crypto Version: 2\n${small()}`, 1, 1, /Crypto Attribute/],
  ["Crypto Attribute alone", `# Crypto Attribute: pwd\n${small()}`, 1, 1, /Crypto Version/],
  ["an encrypted column that is no password", `# Crypto Version: 2\n# Crypto Attribute: cn\n${small()}`, 2, 21, /must be "pwd"/],
  ["no column line", HEADER, 5, 1, /names of the columns is missing/],
  ["semicolons for commas", `${HEADER}\n${NAME_LINE.replaceAll(",", ";")}\n`, 6, 1, /not the name of a column/],
  ["a column without a name", `${HEADER}\nobjectclass,,cn,subdbid\n`, 6, 13, /"" is not the name of a column/],
  ["a column name that is none", `${HEADER}\nobjectclass,cn,subdbid,__proto__\n`, 6, 24, /"__proto__" is not the name/],
  ["a column twice", `${HEADER}\nobjectclass,cn,subdbid,cn\n`, 6, 24, /column cn is there twice/],
  ["no objectclass column", `${HEADER}\ncn,subdbid\n`, 6, 1, /objectclass is missing/],
  ["no list column", `${HEADER}\nobjectclass,cn\n`, 6, 1, /subdbid is missing/],
  ["too many columns", `${HEADER}\n${Array.from({ length: 200 }, (_, index) => `c${index}`).join(",")}\n`, 6, 531, /more than 128 cells/],
  ["too few cells", small("email,a,1,,,,,,", "email,b,1"), FIRST_ROW + 1, 9, /ends here with 3 cells, there are 8/],
  ["one cell too few", small("email,a,1,,,,,,", "email,b,1,,,,"), FIRST_ROW + 1, 14, /ends here with 7 cells, there are 8/],
  ["too many cells", small("email,a,1,,,,,,x"), FIRST_ROW, 16, /more than 8 cells/],
  ["a cell too many with nothing between its quotes", small('email,a,1,,,,,,""'), FIRST_ROW, 16, /more than 8 cells/],
  ["far too many cells", small("email,a,1,,,,,,,,,,"), FIRST_ROW, 16, /more than 8 cells/],
  ["a quote that is never closed", small("email,a,1,,,,,,", 'email,"b,1,,,,,,'), FIRST_ROW + 1, 7, /never closed/],
  ["text after a closing quote", small('email,"b"c,1,,,,,,'), FIRST_ROW, 10, /after a closing quote/],
  [
    "a place after cells of several lines, umlauts and surrogate pairs",
    small('email,"ü\n🎉\r\nx",1,,,,,,', "email,🎉ü,99,,,,,,"),
    FIRST_ROW + 3,
    10,
    /subdbid must be/,
  ],
  [
    "places with CR LF",
    small("email,a,1,,,,,,", "pager,b,1,,,,,,").replaceAll("\n", "\r\n"),
    FIRST_ROW + 1,
    1,
    /objectclass must be email.*is "pager"/,
  ],
  [
    "places with CR LF after a quote",
    small('email,a,1,,,,,"x"', "pager,b,1,,,,,,").replaceAll("\n", "\r\n"),
    FIRST_ROW + 1,
    1,
    /objectclass must be/,
  ],
  ["a NUL", small("email,a\u0000,1,,,,,,"), FIRST_ROW, 8, /U\+0000/],
  ["an escape character", small("email,a,1,,,,,,", "email,\u001b[31m,1,,,,,,"), FIRST_ROW + 1, 7, /U\+001B/],
  ["Latin-1 in a UTF-8 file", Buffer.from(small("email,Zo\xeb,1,,,,,,"), "latin1"), FIRST_ROW, 9, /not UTF-8/],
  [
    "half a character at the end",
    Buffer.concat([Buffer.from(small("email,a,1,,,,,,")), Buffer.from([0x61, 0xc3])]),
    FIRST_ROW + 1,
    2,
    /not UTF-8/,
  ],
  ["a list that there is not", small("email,a,13,,,,,,"), FIRST_ROW, 9, /subdbid must be 1 to 10, 11 \(one-touch\) or 12/],
  ["list 0", small("email,a,0,,,,,,"), FIRST_ROW, 9, /subdbid/],
  ["list 01", small("email,a,01,,,,,,"), FIRST_ROW, 9, /subdbid/],
  ["one-touch number 0", small("email,a,11,0,,,,,"), FIRST_ROW, 12, /one-touch number is 1 to 200, is "0"/],
  ["one-touch number 201", small("email,a,11,201,,,,,"), FIRST_ROW, 12, /is "201"/],
  ["a one-touch button without a number", small("email,a,11,,,,,,"), FIRST_ROW, 12, /is ""/],
  ["a number that is none", small("email,a,1,x1,,,,,"), FIRST_ROW, 11, /up to 7 digits, is "x1"/],
  [
    "a one-touch number twice",
    small("email,a,11,5,,,,,", "email,b,11,6,,,,,", "email,c,11,05,,,,,"),
    FIRST_ROW + 2,
    12,
    /number 5 is there twice/,
  ],
  [
    "a uuid twice",
    small("email,a,1,1,,,,B14ADFAE-e499-11f0-8000-40f8df69c718,", "email,b,2,1,,,,b14adfae-e499-11f0-8000-40f8df69c718,"),
    FIRST_ROW + 1,
    16,
    /uuid .* twice/,
  ],
  ["a uuid that is too long", small(`email,a,1,1,,,,${"u".repeat(65)},`), FIRST_ROW, 16, /1 to 64 characters/],
  ["a uuid with blanks around it", small('email,a,1,1,,,," u-1",'), FIRST_ROW, 16, /without blanks around it/],
  [
    "a group with an unknown number",
    small("email,a,1,201,,,,,", "groupfids,g,1,202,,201;999,,,"),
    FIRST_ROW + 1,
    20,
    /group "g" has the member "999"/,
  ],
  ["a group with an unknown name", small("email,a,1,201,,,,,", 'groupfids,g,1,202,,"a,nobody",,,'), FIRST_ROW + 1, 20, /member "nobody"/],
  ["a group with an unknown uuid", small("groupfids,g,1,202,,,b14adfae-e499-11f0-8000-40f8df69c718,,"), FIRST_ROW, 21, /b14adfae/],
  ["a group that holds itself", small("groupfids,g,1,202,,,u-1,u-1,"), FIRST_ROW, 21, /member "u-1"/],
  [
    "entry 1,601 of the lists",
    many(1_601, (index) => ({ subdbid: index % 2 === 0 ? "12" : "3" })),
    FIRST_ROW + 1_600,
    1,
    /together take 1600 entries/,
  ],
  [
    "one-touch button 201",
    many(201, (index) => ({ subdbid: "11", indxid: String((index % 200) + 1) })),
    FIRST_ROW + 200,
    15,
    /number 1 is there twice/,
  ],
  [
    "an entry that is too large",
    small("email,a,1,,,,,,", `email,${"x".repeat(17_000)},1,,,,,,`),
    FIRST_ROW + 1,
    1,
    /larger than 16384 bytes/,
  ],
  ["an entry that is too large by its bytes", small(`email,${"\u65e5".repeat(6_000)},1,,,,,,`), FIRST_ROW, 1, /larger than 16384 bytes/],
  ["an entry that leaves no room for its uuid", small(`email,${"x".repeat(16_290)},1,,,,,,`), FIRST_ROW, 1, /larger than 16384 bytes/],
  [
    "a user that cannot be",
    csvFile([{ objectclass: "email", cn: "a", loginusername: "a\\b\\c" }], { columns: ["objectclass", "cn", "subdbid", "loginusername"] }),
    FIRST_ROW,
    10,
    /not the name of a user/,
  ],
];

for (const [title, file, line, column, message] of table) {
  test(`${title}: told with line ${line} and column ${column}, and nothing is imported`, async (t) => {
    const book = new MachineBook();
    const outcome = await book.imports(file);
    t.like(outcome, { kind: "malformed", line, column }, JSON.stringify(outcome));
    t.regex(outcome.kind === "malformed" ? outcome.message : "", message);
    t.true(outcome.kind === "malformed" && outcome.message.startsWith(`line ${line}, column ${column}: `));
    t.deepEqual(book.edits, []);
    t.deepEqual(book.runs, [true, false]);
  });
}

test("an access number of more than seven digits is told at its cell", async (t) => {
  const text = csvFile([{ objectclass: "email", cn: "a", subdbid: "1", accesscode: "12345678" }]);
  const outcome = await new MachineBook().imports(text);
  const row = text.split("\n")[FIRST_ROW - 1] ?? "";
  t.like(outcome, { kind: "malformed", line: FIRST_ROW, column: row.indexOf("12345678") + 1 });
});

test("messages never repeat a password", async (t) => {
  const columns = ["objectclass", "cn", "subdbid", "pwd"];
  for (const line of ["pager,a,1,hunter2,", 'email,a,1,"hunter2', 'email,a,1,"a"hunter2', "email,a,99,hunter2,", "email,a,1,hunter2,,x"]) {
    const outcome = await new MachineBook().imports(`${HEADER}\n${columns.join(",")},\n${line}\n`);
    t.true(outcome.kind === "malformed" && !outcome.message.includes("hunter2"), JSON.stringify(outcome));
  }
});

const MB10 = 10 * 1024 * 1024;
const START = `${HEADER}\n${COLUMNS.join(",")},\n`;
const noise = (seed: number): Uint8Array => {
  const bytes = new Uint8Array(MB10);
  let state = seed;
  for (let index = 0; index < bytes.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
};
const garbage: readonly (readonly [title: string, make: () => string | Uint8Array])[] = [
  ["random bytes", () => noise(7)],
  ["random bytes behind a header", () => Buffer.concat([Buffer.from(START), noise(8)])],
  ["one letter", () => "a".repeat(MB10)],
  ["empty lines behind a version line", () => HEADER + "\n".repeat(MB10)],
  ["comment lines", () => HEADER + "# x: y\n".repeat(MB10 / 7)],
  ["commas for columns", () => HEADER + "a" + ",".repeat(MB10)],
  ["one long header line", () => `# x${" ".repeat(MB10)}\n${HEADER}`],
  ["one long line of blanks", () => HEADER + " ".repeat(MB10)],
  ["a quoted cell without end", () => `${START}email,"${"x\n".repeat(MB10 / 2)}`],
  ["nothing but quotes", () => START + '"'.repeat(MB10 + 1)],
  ["rows of commas", () => START + `${",".repeat(49)}\n`.repeat(MB10 / 50)],
  ["empty lines behind the columns", () => `${START}${"\n".repeat(MB10)}x`],
  ["CRs", () => `${START}${"\r".repeat(MB10)}x`],
  ["too many rows", () => `${START}${`email,a,,,${",".repeat(41)}u,${",".repeat(4)}\n`.repeat(200_000)}`],
  ["a group of a million members", () => `${HEADER}\n${NAME_LINE}\ngroupfids,g,1,1,,"${"1;".repeat(MB10 / 2)}",,,\n`],
];

for (const [title, make] of garbage) {
  for (const format of ["csv", "abk"] as const) {
    test(`10 MB of garbage as ${format}: ${title}`, async (t) => {
      const book = new MachineBook();
      const file = make();
      const outcome = await book.imports(
        format === "csv" || typeof file !== "string" ? file : file.replace("AddressBook CSV version: 0x0002", "AddressBook version: 1"),
        format,
      );
      t.is(outcome.kind === "imported" ? outcome.entries : outcome.kind, outcome.kind === "imported" ? 0 : "malformed");
      t.deepEqual(book.edits, []);
    });
  }
}

test("a file over the limit of an import is not even read", async (t) => {
  t.like(await new MachineBook().imports(new Uint8Array(16 * 1024 * 1024 + 1)), { kind: "malformed", line: 1, column: 1 });
});

test("the book that is there counts: one more than the lists take is refused, changes of what is there are not", async (t) => {
  const book = new MachineBook();
  const rows = generated({ listed: 1_600, oneTouch: 200 });
  await book.imports(csvFile(rows));
  const one = csvFile([{ objectclass: "email", cn: "x", subdbid: "1", uuid: "new" }], { columns: NAMES });
  t.like(await book.imports(one), { kind: "malformed", line: FIRST_ROW, column: 1 });
  t.like(await book.imports(csvFile([{ objectclass: "email", cn: "x", subdbid: "11", indxid: "200", uuid: "new" }], { columns: NAMES })), {
    kind: "malformed",
    line: FIRST_ROW,
    column: 12,
  });
  t.like(await book.imports(csvFile(rows.map((row) => ({ ...row, cnread: "changed" })))), { kind: "imported", entries: 1_800 });
});
