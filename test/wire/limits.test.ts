import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { bytes, long, many } from "./broken.ts";
import { fault } from "./faults.ts";
import { DOWNS, UPS } from "./samples.ts";

test("a message beyond the limit is refused unseen", (t) => {
  t.is(fault(t, () => decodeUp(new Uint8Array(LIMITS.messageBytesMax + 1))).code, "message-too-large");
  t.is(fault(t, () => decodeDown(new Uint8Array(LIMITS.messageBytesMax + 1))).code, "message-too-large");
});

test("the largest messages of each kind that may be sent can be read", (t) => {
  const push = { ...UPS.push, body: { kind: "push", number: 1, edits: many(500, bytes(262)) } } as (typeof UPS)["push"];
  t.notThrows(() => push !== undefined && decodeUp(encodeUp(push)));
  const answers = Array.from({ length: 500 }, (_, index) => ({
    run: "00".repeat(8),
    sequence: 1 + 2 * index,
    outcome: "superseded",
    revision: 2 ** 40,
  }));
  for (const name of ["welcome", "answers"]) {
    const full = { ...DOWNS[name], body: { ...DOWNS[name]?.body, answers } } as unknown as Parameters<typeof encodeDown>[0];
    t.deepEqual(decodeDown(encodeDown(full)), full);
  }
  const part = { ...DOWNS.part, body: { ...DOWNS.part?.body, bytes: bytes(LIMITS.partBytesMax), after: long(1_024), last: long(1_024) } };
  t.notThrows(() => decodeDown(encodeDown(part as unknown as Parameters<typeof encodeDown>[0])));
});

test("a welcome leaves out answers for which there is no room, and is read all the same", (t) => {
  const one = (index: number) => ({ run: "00".repeat(8), sequence: 1 + 2 * index, outcome: "accepted", revision: 17 });
  const full = { ...DOWNS.welcome, body: { ...DOWNS.welcome?.body, answers: Array.from({ length: 600 }, (_, index) => one(index)) } };
  const { body } = decodeDown(encodeDown(full as unknown as Parameters<typeof encodeDown>[0]));
  t.deepEqual(body.kind === "welcome" && body.answers.length, 500);
});

test("a push that is accepted whole has one answer on the wire", (t) => {
  const answers = Array.from({ length: 500 }, (_, index) => ({
    run: "00".repeat(8),
    sequence: 1 + index,
    outcome: "accepted",
    revision: 17,
  }));
  const full = { ...DOWNS.answers, body: { ...DOWNS.answers?.body, answers } } as unknown as Parameters<typeof encodeDown>[0];
  const bytesOnWire = encodeDown(full);
  t.true(bytesOnWire.length < 150);
  t.deepEqual(decodeDown(bytesOnWire), full);
});

test("a machine whose names are too long, or cut through a character, is not kept out by them", (t) => {
  const { hello } = UPS;
  const device = { serialNumber: "S1", deviceName: "\u{1f5a8}".repeat(300), productName: "\ufeffiR\ud800", location: "" };
  const said = { ...hello, body: { ...hello?.body, device } } as unknown as Parameters<typeof encodeUp>[0];
  const { body } = decodeUp(encodeUp(said));
  t.deepEqual(body.kind === "hello" && body.device, {
    serialNumber: "S1",
    deviceName: "\u{1f5a8}".repeat(128),
    productName: "iR\ufffd",
    location: "",
  });
});
