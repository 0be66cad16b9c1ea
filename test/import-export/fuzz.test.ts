import test, { type ExecutionContext } from "ava";
import { seededDice } from "../fleet/random.ts";
import { csvFile, generated, HEADER, MachineBook } from "./machine-book.ts";

const INPUTS = 5_000;
const COLUMNS = [
  "objectclass",
  "cn",
  "cnread",
  "subdbid",
  "mailaddress",
  "url",
  "path",
  "username",
  "pwd",
  "member",
  "indxid",
  "enablepartial",
  "accesscode",
  "uuid",
  "memberobjectuuid",
  "loginusername",
  "usergroupname",
  "folderidflag",
];
const TOKENS = [
  "",
  '"',
  '""',
  ",",
  ",,",
  "\n",
  "\r\n",
  "\r",
  "\u0000",
  "\u001b",
  "#",
  "# ",
  ":",
  "::",
  "=",
  " ",
  "\t",
  "ü",
  "🎉",
  "\ufeff",
  "\u2028",
  "-1",
  "0",
  "11",
  "12",
  "13",
  "200",
  "201",
  "999999999",
  "email",
  "groupfids",
  "top",
];
const WORDS = [
  "# CharSet: SJIS\n",
  "# Crypto Version: 2\n# Crypto Attribute: pwd\n",
  "# dn: fixed\n",
  "__proto__",
  "constructor",
  "dn: 5\n",
  "objectclass: groupfids\n",
  "\n\n",
  "alice",
  "a\\b",
];

/** What an editor, a bad disk or a bad mind would make of a file. */
function mutated(file: Buffer, dice: ReturnType<typeof seededDice>): Buffer {
  let bytes = file;
  for (let count = dice.between(1, 4); count > 0; count -= 1) {
    const at = dice.between(0, bytes.length);
    const length = dice.between(0, dice.chance(0.8) ? 12 : 400);
    const rest = bytes.subarray(Math.min(bytes.length, at + length));
    const piece = dice.pick([
      () => Buffer.from(dice.pick(TOKENS)),
      () => Buffer.from(dice.pick(WORDS)),
      () => Buffer.from(dice.bytes(dice.between(1, 3))),
      () => bytes.subarray(at, at + length),
      () => Buffer.alloc(0),
      () => bytes.subarray(dice.between(0, bytes.length)),
    ])();
    bytes = Buffer.concat([bytes.subarray(0, at), piece, dice.chance(0.5) ? bytes.subarray(at) : rest]);
  }
  return bytes;
}

/** What was taken is exported, in both forms taken by another machine without a difference, and changes nothing here. */
async function comesBack(t: ExecutionContext, book: MachineBook, input: number): Promise<void> {
  const exported = await book.exports();
  for (const format of ["csv", "abk"] as const) {
    const other = new MachineBook(input);
    const outcome = await other.imports(await book.exportsBytes(format), format);
    if (outcome.kind !== "imported" || (await other.exports()) !== exported)
      t.fail(`input ${input} as ${format}: ${JSON.stringify(outcome)}\n${exported}`);
  }
  const edits = book.edits.length;
  await book.imports(exported);
  if (book.edits.length !== edits) t.fail(`input ${input}: importing the export changed ${JSON.stringify(book.edits.at(-1))}`);
}

test(`${INPUTS} mutated files are imported or malformed, nothing else; what was imported comes back`, async (t) => {
  const dice = seededDice("address books 1");
  const rows = generated({ listed: 24, oneTouch: 3 }).map((row) => ({ ...row, pwd: "p" }));
  const source = new MachineBook();
  const encrypted = `${HEADER}# Crypto Version: 2\n# Crypto Attribute: pwd\n`;
  await source.imports(csvFile(rows, { columns: COLUMNS, header: encrypted }));
  const files = {
    csv: [
      Buffer.from(csvFile(rows.slice(17), { columns: COLUMNS, header: encrypted })),
      Buffer.from(csvFile(rows.slice(-5), { columns: COLUMNS })),
    ],
    abk: [Buffer.from(await source.exports("abk"))],
  };
  const count = { imported: 0, malformed: 0 };
  for (let input = 0; input < INPUTS; input += 1) {
    const format = dice.pick(["csv", "csv", "abk"] as const);
    const bytes = mutated(dice.pick(files[format]), dice);
    const book = new MachineBook(input);
    const outcome = await book.imports(bytes, format);
    if (outcome.kind === "malformed") {
      count.malformed += 1;
      const lines = bytes.toString("latin1").split(/\r\n|\n|\r/);
      const placed = outcome.line >= 1 && outcome.line <= lines.length && outcome.column >= 1 && outcome.column <= bytes.length + 1;
      if (!placed || book.edits.length > 0) t.fail(`input ${input}: ${outcome.message}`);
      continue;
    }
    if (outcome.kind !== "imported") return t.fail(`input ${input}: ${outcome.kind}`);
    count.imported += 1;
    // Every fifth, to be quick.
    if (count.imported % 5 === 0) await comesBack(t, book, input);
  }
  t.true(count.imported > INPUTS / 10 && count.malformed > INPUTS / 10, JSON.stringify(count));
});
