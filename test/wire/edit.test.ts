import test from "ava";
import type { Edit } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import {
  decodeAccepted,
  decodeAcceptedValue,
  decodeCame,
  decodeEdit,
  encodeAccepted,
  encodeAcceptedAsCame,
  encodeEdit,
} from "../../src/protocol/edit.ts";
import { fault, shown } from "./faults.ts";
import { accepted, edit, owner } from "./samples.ts";

const raw = (bytes: Uint8Array): unknown[] => decodeCbor(bytes, LIMITS.editBytesMax) as unknown[];
const withElement = (at: number, element: unknown): Uint8Array => encodeCbor(raw(encodeEdit(edit)).with(at, element));
const withValue = (value: unknown): Edit => ({ ...edit, value }) as Edit;
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const TABLE: readonly (readonly [at: number, element: unknown, path: string])[] = [
  [0, new Uint8Array(15), "edit.device: must have 16-16 bytes"],
  [1, new Uint8Array(16), "edit.run: must have 8-8 bytes"],
  [2, -1, "edit.sequence: must be 0-"],
  [2, 1.5, "edit.sequence: must be a whole number"],
  [3, "robot:1", "edit.owner: must be the canonical text of an owner"],
  [3, "user:Mu\u0308ller", "edit.owner: must be the canonical text of an owner"],
  [3, undefined, "edit.owner: must be"],
  [4, "", "edit.item: must have 1-64 characters"],
  [4, "x".repeat(65), "edit.item: must have 1-64 characters, has 65"],
  [4, "a\u0000b", "edit.item: must be text without control characters"],
  [5, "k".repeat(65), "edit.key: must have 0-64 characters, has 65"],
  [5, 7, "edit.key: must be text"],
  [5, "a\nb", "edit.key: must be text without control characters"],
  [6, -1, "edit.seen: must be 0-"],
  [7, "now", "edit.stamp: must be a whole number"],
  [8, 1, "edit.certain: must be true or false"],
  [9, "x".repeat(301), "edit.by: must have 0-300 characters, has 301"],
  [9, null, "edit.by: must be text"],
  [10, [1, undefined], "value of edit of user:SALES\\alice personal-button"],
];

for (const [at, element, path] of TABLE) {
  test(`an edit with ${shown(element)} at ${at} is refused by name: ${path}`, (t) => {
    const error = fault(t, () => decodeEdit(withElement(at, element)));
    t.is(error.code, "message-malformed");
    t.true(error.message.startsWith(`message refused: ${path}`), error.message);
  });
}

test("an edit is named by its place in the push in what is said about it", (t) => {
  t.regex(fault(t, () => decodeEdit(withElement(5, 7), "push.edits[3]")).message, /refused: push\.edits\[3\]\.key: must be text/);
});

test("a deletion is not a null, and neither is a missing value", (t) => {
  for (const value of [undefined, null, false, "", 0]) t.is(decodeEdit(encodeEdit(withValue(value))).value, value);
  t.regex(fault(t, () => decodeEdit(encodeCbor(raw(encodeEdit(edit)).slice(0, 10)))).message, /at least 12 elements, has 10/);
});

test("elements that a later version adds at the end are left alone", (t) => {
  const bytes = (of: Uint8Array): Uint8Array => encodeCbor([...raw(of), undefined, { more: 1 }, 2]);
  t.deepEqual(decodeEdit(bytes(encodeEdit(edit))), edit);
  t.deepEqual(decodeAccepted(bytes(encodeAccepted(accepted))), accepted);
});

test("an accepted edit says why it stands; an edit on its way is none", (t) => {
  t.regex(fault(t, () => decodeAccepted(encodeEdit(edit))).message, /accepted\.why: must be one of first, seen/);
  t.deepEqual(decodeEdit(encodeAccepted(accepted)), edit);
});

test("a value may have 16 KiB whatever its names take; one byte more stays where it is", (t) => {
  const largest = withValue("v".repeat(LIMITS.entryBytesMax - 3));
  const names = {
    owner: owner(`user:${"\u20ac".repeat(80)}`),
    key: "\u20ac".repeat(64),
    item: "\u20ac".repeat(64),
    by: "\u20ac".repeat(300),
  };
  for (const fits of [largest, { ...largest, ...names }]) {
    t.deepEqual(decodeEdit(encodeEdit(fits)), fits);
    t.deepEqual(decodeAccepted(encodeAccepted({ ...fits, why: "server" })), { ...fits, why: "server" });
  }
  const larger = withValue("v".repeat(LIMITS.entryBytesMax - 2));
  const error = fault(t, () => encodeEdit(larger));
  t.is(error.code, "message-too-large");
  t.regex(error.message, /personal-button "b0a7b810-.*" has 16385 bytes, at most 16384/);
  t.is(fault(t, () => decodeEdit(withElement(10, larger.value))).code, "message-too-large");
  t.is(fault(t, () => encodeEdit(withValue("v".repeat(100_000)))).code, "message-too-large");
});

test("a value goes six levels deep: the edit around it is the seventh, and whoever stores it has one more", (t) => {
  t.deepEqual(decodeEdit(encodeEdit(withValue(nested(6)))).value, nested(6) as Edit["value"]);
  t.regex(fault(t, () => encodeEdit(withValue(nested(7)))).message, /nested deeper than 6/);
  t.regex(fault(t, () => decodeEdit(withElement(10, nested(7)))).message, /nested deeper than 6/);
});

test("what a machine hands over and cannot travel is named, and thrown as an error of the world", (t) => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const values: readonly (readonly [unknown, RegExp])[] = [
    [{ a: { b: Number.NaN } }, /a: b: must be a finite number/],
    [{ when: new Date(0) }, /when: must be plain data, is an object of a class/],
    [new Map(), /object of a class/],
    [[undefined], /0: must be plain data, is undefined/],
    [new Array(2), /0: must be plain data, is undefined/],
    [10n, /is bigint/],
    [() => 1, /is function/],
    ["\ud800", /well-formed/],
    [`${"x".repeat(100)}\udc00`, /well-formed/],
    [{ "\ud800": 1 }, /must have another name/],
    [JSON.parse('{"__proto__": 1}'), /must have another name/],
    ["\ufeffname", /byte-order mark/],
    [cycle, /nested deeper/],
    [new Array(5_000).fill(0), /more than 4096 items/],
  ];
  for (const [value, says] of values) t.regex(fault(t, () => encodeEdit(withValue(value)), String(says)).message, says);
  for (const key of ["k".repeat(65), "\ud800", "a\u0000"]) t.is(fault(t, () => encodeEdit({ ...edit, key })).code, "message-malformed");
  t.is(fault(t, () => encodeEdit({ ...edit, by: "x".repeat(301) })).code, "message-malformed");
});

test("the value of an edit is never part of what an error says", (t) => {
  const secret = { password: "hunter2", more: Number.NaN };
  const { message } = fault(t, () => encodeEdit(withValue(secret)));
  t.false(message.includes("hunter2"));
  t.false(fault(t, () => encodeEdit(withValue("hunter2".repeat(4_000)))).message.includes("hunter2"));
});

test("what is accepted as it came stands in the bytes it came in, with the reason added", (t) => {
  const came = decodeCame(encodeEdit(edit));
  const accepting = { ...came.edit, why: "later" } as const;
  t.deepEqual(encodeAcceptedAsCame(accepting, came), encodeAccepted(accepting));
  t.true(came.stem !== undefined);
  for (const change of [{ stamp: 1 }, { value: 1 }, { seen: 0 }, { key: "another" }, { certain: !edit.certain }] as const) {
    const changed = { ...accepting, ...change };
    t.deepEqual(encodeAcceptedAsCame(changed, came), encodeAccepted(changed), JSON.stringify(change));
  }
});

test("whatever stands in the place of the reason, or after it, does not come to stand", (t) => {
  const bytes = raw(encodeEdit(edit));
  // 247 ends in the byte that an undefined is.
  const odd = [...[247, "later", new Uint8Array([0xf7]), null].map((why) => bytes.with(11, why)), [...bytes, true], [...bytes, undefined]];
  for (const elements of odd) {
    const came = decodeCame(encodeCbor(elements));
    t.is(came.stem, undefined, JSON.stringify(elements.slice(11)));
    const { fresh: _, ...rest } = came.edit;
    const accepting = { ...rest, why: "first" } as const;
    t.deepEqual(decodeAccepted(encodeAcceptedAsCame(accepting, came)), accepting);
  }
});

test("what the server makes of an edit that it took in, and is none of its author's, does not stand in the author's bytes", (t) => {
  const came = decodeCame(encodeEdit(edit));
  const adopted = { ...came.edit, id: { ...came.edit.id, sequence: 77 }, why: "adopted" } as const;
  t.deepEqual(encodeAcceptedAsCame(adopted, came), encodeAccepted(adopted));
});

test("a value that is too large is refused to whoever reads the value alone, too", (t) => {
  const bytes = raw(encodeAccepted({ ...edit, why: "first" })).with(10, "x".repeat(LIMITS.entryBytesMax));
  for (const read of [decodeAccepted, decodeAcceptedValue])
    t.is(fault(t, () => read(encodeCbor(bytes))).code, "message-too-large", read.name);
});
