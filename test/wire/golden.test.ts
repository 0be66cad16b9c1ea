import { readFileSync } from "node:fs";
import test from "ava";
import { decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { decodeAccepted, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { accepted, broughtChange, change, changeOfItem, changeThatPurges, deletion, DOWNS, edit, freshEdit, UPS } from "./samples.ts";

// A line for each sample: its name and its bytes. Lines of a version that was shipped never change: whoever has to
// change one makes a new version, with a file of its own beside this one.
const GOLDEN = new Map(
  readFileSync("test/wire/version-1.hex", "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ", 2) as [string, string]),
);

interface Pinned {
  readonly name: string;
  readonly value: unknown;
  readonly bytes: Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

const PINNED: readonly Pinned[] = [
  ...Object.entries(UPS).map(([name, value]): Pinned => ({ name, value, bytes: encodeUp(value), decode: decodeUp })),
  ...Object.entries(DOWNS).map(([name, value]): Pinned => ({ name, value, bytes: encodeDown(value), decode: decodeDown })),
  { name: "edit", value: edit, bytes: encodeEdit(edit), decode: decodeEdit },
  { name: "edit-deletion", value: deletion, bytes: encodeEdit(deletion), decode: decodeEdit },
  { name: "edit-fresh", value: freshEdit, bytes: encodeEdit(freshEdit), decode: decodeEdit },
  { name: "accepted", value: accepted, bytes: encodeAccepted(accepted), decode: decodeAccepted },
  { name: "change-brought", value: broughtChange, bytes: encodeChange(broughtChange), decode: decodeChange },
  { name: "change", value: change, bytes: encodeChange(change), decode: decodeChange },
  { name: "change-item", value: changeOfItem, bytes: encodeChange(changeOfItem), decode: decodeChange },
  { name: "change-purge", value: changeThatPurges, bytes: encodeChange(changeThatPurges), decode: decodeChange },
];

for (const { name, value, bytes, decode } of PINNED) {
  test(`version 1 writes "${name}" as these bytes, and reads it from them`, (t) => {
    const hex = Buffer.from(bytes).toString("hex");
    t.is(GOLDEN.get(name), hex, `the line would be: ${name} ${hex}`);
    t.deepEqual(decode(bytes), value);
  });
}

test("every line of golden bytes belongs to a sample", (t) => {
  t.deepEqual([...GOLDEN.keys()].sort(), PINNED.map(({ name }) => name).sort());
});
