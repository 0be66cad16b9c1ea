import test from "ava";
import { deviceId, joinId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import { packRecords, unpackRecords } from "../../src/protocol/block.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { type Change, decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { fault } from "./faults.ts";
import { accepted, change, edit } from "./samples.ts";

const changeWith = (parts: Partial<Change>): Change => ({ ...change, ...parts });
const headerWith = (at: number, element: unknown): Uint8Array => {
  const [header, ...edits] = unpackRecords(encodeChange(change));
  const elements = decodeCbor(header ?? new Uint8Array(), 10_000) as unknown[];
  return packRecords([encodeCbor(elements.with(at, element)), ...edits]);
};

test("a change holds a whole adopted list: more bytes and items than any message", (t) => {
  const edits = Array.from({ length: 1_800 }, (_, index) => {
    const of = {
      ...accepted,
      owner: COMMON,
      item: "common-address",
      key: `k${index}`,
      value: { cn: `n${index}`, note: "x".repeat(2_000) },
    };
    return { edit: of, bytes: encodeAccepted(of) };
  });
  const adopted = changeWith({
    edits,
    adoption: { holding: "common/1", item: undefined, join: joinId("0".repeat(16)), device: deviceId("0".repeat(32)) },
  });
  t.deepEqual(decodeChange(encodeChange(adopted)), adopted);
});

test("the smallest change is its header", (t) => {
  const empty = changeWith({ edits: [], removals: [], adoption: undefined, logins: [], scopes: [], purges: [] });
  t.deepEqual(decodeChange(encodeChange(empty)), empty);
});

test("a change beyond its limit is refused, written or read", (t) => {
  const bytes = encodeAccepted({ ...accepted, value: "v".repeat(16_000) });
  const edits = new Array(400).fill({ edit: accepted, bytes });
  t.is(fault(t, () => encodeChange(changeWith({ edits }))).code, "message-too-large");
  t.is(fault(t, () => decodeChange(new Uint8Array(LIMITS.changeBytesMax + 1))).code, "message-too-large");
});

test("a malformed change is refused by the name of what is wrong", (t) => {
  const rows: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(), /change: must have a header/],
    [packRecords([encodeCbor([1, 2])]), /change: must have at least 6 elements/],
    [headerWith(0, 0), /change\.revision: must be 1-/],
    [headerWith(1, "now"), /change\.at: must be a whole number/],
    [headerWith(2, [["user:a", "lost"]]), /change\.removals\[0\]\.kind: must be one of deleted, evicted/],
    [headerWith(2, new Array(257).fill(["user:a", "deleted"])), /change\.removals: must have 0-256/],
    [headerWith(3, ["common"]), /change\.adoption: must have at least 3/],
    [headerWith(3, ["common", new Uint8Array(8), new Uint8Array(16)]), /change\.adoption\.holding: must name a part of common/],
    [headerWith(4, [["user:a", -1]]), /change\.logins\[0\]\.day: must be 0-/],
    [headerWith(5, [["timeline", "none"]]), /change\.scopes\[0\]\.scope: must be one of shared, device-specific/],
    [packRecords([...unpackRecords(encodeChange(change)), new Uint8Array()]), /end is missing/],
    [packRecords([...unpackRecords(encodeChange(change)), encodeEdit(edit)]), /change\.edits\[2\]\.why/],
  ];
  for (const [bytes, says] of rows) {
    const error = fault(t, () => decodeChange(bytes), String(says));
    t.is(error.code, "message-malformed");
    t.regex(error.message, says);
  }
});

test("elements that a later version adds to the header of a change are left alone", (t) => {
  const [header, ...edits] = unpackRecords(encodeChange(change));
  const elements = decodeCbor(header ?? new Uint8Array(), 10_000) as unknown[];
  t.deepEqual(decodeChange(packRecords([encodeCbor([...elements, [], { more: true }]), ...edits])), change);
});
