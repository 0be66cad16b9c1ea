import test from "ava";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeDown, decodeUp } from "../../src/protocol/codec.ts";
import { BODY, broken, filled, type Raw, rawOf, SAMPLES, sample } from "./broken.ts";
import { fault } from "./faults.ts";

for (const [name, of] of SAMPLES) {
  test(`${name}: elements that a later version adds at the end are left alone`, (t) => {
    const raw = filled(rawOf(of));
    for (const array of [raw, raw[0] as Raw, raw[BODY] as Raw]) array.push("of a later version", { any: [1] });
    t.deepEqual(of.decode(encodeCbor(raw)), of.value);
  });
}

test("elements that a later version adds deeper in a message are left alone too", (t) => {
  const deeper: readonly (readonly [string, readonly number[]])[] = [
    ["hello", [BODY, 3]],
    ["hello", [BODY, 4]],
    ["hello", [BODY, 4, 1]],
    ["hello", [BODY, 5]],
    ["hello", [BODY, 6, 0]],
    ["hello", [BODY, 8]],
    ["hello", [BODY, 9]],
    ["welcome-restored-and-raised", [BODY, 1, 1]],
    ["welcome-restored-and-raised", [BODY, 1, 1, 4]],
    ["welcome", [BODY, 6]],
    ["welcome-changes", [BODY, 6]],
    ["welcome", [BODY, 7, 0]],
    ["refuse", [BODY, 1]],
    ["server-end", [BODY, 1]],
    ["answers", [BODY, 1, 1]],
  ];
  for (const [name, at] of deeper) {
    const raw = rawOf(sample(name));
    at.reduce((level: Raw, index) => level[index] as Raw, raw).push(99);
    t.deepEqual(sample(name).decode(encodeCbor(raw)), sample(name).value, `${name} ${at.join(".")}`);
  }
});

test("a hello, and the refusal of it, are read in any version: so two machines find out that they share none", (t) => {
  t.is(decodeUp(broken(sample("hello"), [0, 0], 9)).envelope.version, 9);
  t.is(decodeDown(broken(sample("refuse"), [0, 0], 9)).envelope.version, 9);
  t.is(fault(t, () => decodeUp(broken(sample("client-beat"), [0, 0], 9))).code, "message-malformed");
});
