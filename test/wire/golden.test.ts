import { readFileSync } from "node:fs";
import test from "ava";
import { decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { decodeAccepted, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import { SPOKEN } from "../../src/protocol/version.ts";
import {
  accepted,
  broughtChange,
  change,
  changeOfItem,
  changeThatPurges,
  deletion,
  DOWNS,
  DOWNS_SINCE_2,
  edit,
  freshEdit,
  UPS,
} from "./samples.ts";

// A line for each sample: its name and its bytes. Lines of a version that was shipped never change: whoever has to
// change one makes a new version, with a file of its own beside this one.
const golden = (version: number): ReadonlyMap<string, string> =>
  new Map(
    readFileSync(`test/wire/version-${version}.hex`, "utf8")
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

/** The messages as a machine of this version has them. */
function messages(version: number): Pinned[] {
  const as = <M extends { readonly envelope: Envelope }>(message: M): M => ({ ...message, envelope: { ...message.envelope, version } });
  const downs = version === 1 ? DOWNS : { ...DOWNS, ...DOWNS_SINCE_2 };
  return [
    ...Object.entries(UPS).map(([name, up]): Pinned => ({ name, value: as(up), bytes: encodeUp(as(up)), decode: decodeUp })),
    ...Object.entries(downs).map(([name, down]): Pinned => ({ name, value: as(down), bytes: encodeDown(as(down)), decode: decodeDown })),
  ];
}

/** What is stored and hashed has no version: it stays what it was. */
const KEPT: readonly Pinned[] = [
  { name: "edit", value: edit, bytes: encodeEdit(edit), decode: decodeEdit },
  { name: "edit-deletion", value: deletion, bytes: encodeEdit(deletion), decode: decodeEdit },
  { name: "edit-fresh", value: freshEdit, bytes: encodeEdit(freshEdit), decode: decodeEdit },
  { name: "accepted", value: accepted, bytes: encodeAccepted(accepted), decode: decodeAccepted },
  { name: "change-brought", value: broughtChange, bytes: encodeChange(broughtChange), decode: decodeChange },
  { name: "change", value: change, bytes: encodeChange(change), decode: decodeChange },
  { name: "change-item", value: changeOfItem, bytes: encodeChange(changeOfItem), decode: decodeChange },
  { name: "change-purge", value: changeThatPurges, bytes: encodeChange(changeThatPurges), decode: decodeChange },
];

for (let version = SPOKEN.min; version <= SPOKEN.max; version += 1) {
  const lines = golden(version);
  const pinned = version === 1 ? [...messages(version), ...KEPT] : messages(version);
  for (const { name, value, bytes, decode } of pinned) {
    test(`version ${version} writes "${name}" as these bytes, and reads it from them`, (t) => {
      const hex = Buffer.from(bytes).toString("hex");
      t.is(lines.get(name), hex, `the line would be: ${name} ${hex}`);
      t.deepEqual(decode(bytes), value);
    });
  }

  test(`every line of golden bytes of version ${version} belongs to a sample`, (t) => {
    t.deepEqual([...lines.keys()].sort(), pinned.map(({ name }) => name).sort());
  });
}
