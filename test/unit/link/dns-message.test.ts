/** The two messages of a search, byte by byte: whose question is answered, what is read of an answer, and where reading ends. */
import test from "ava";
import { decodeAnswer, decodeQuestion, encodeAnswer, encodeQuestion } from "../../../src/link/dns-message.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";

const SERVER = deviceId("00112233445566778899aabbccddeeff");
const FROM = { port: 50_000 };
const u16 = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
const label = (text: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
const name = (...labels: readonly string[]): Buffer => Buffer.concat([...labels.map(label), Buffer.of(0)]);
const SERVICE = name("_custom-settings-sync", "_tcp", "local");

/** Questions for these: type and kind of each. */
const question = (flags: number, ...asked: readonly (readonly [of: Buffer, type: number, kind: number])[]): Buffer =>
  Buffer.concat([u16(7, flags, asked.length, 0, 0, 0), ...asked.flatMap(([of, type, kind]) => [of, u16(type, kind)])]);

test("M09 a question for our service is answered, whichever way it is asked for, and nobody else's is", (t) => {
  const isHeard = (bytes: Buffer, from: { readonly port: number } = FROM) => decodeQuestion(bytes, from)?.id === 7;
  t.true(isHeard(question(0, [SERVICE, 12, 0x8001])));
  t.true(isHeard(question(0, [SERVICE, 255, 1])), "any record of it");
  t.true(isHeard(question(0, [name("_CUSTOM-settings-SYNC", "_TCP", "Local"), 12, 1])), "in either letter case");
  t.true(isHeard(question(0, [name("_ipp", "_tcp", "local"), 12, 1], [SERVICE, 12, 1])), "beside others");
  t.true(isHeard(question(0, [SERVICE, 12, 0x8001]), { port: 5_353 }));
  t.false(isHeard(question(0, [SERVICE, 12, 1]), { port: 5_353 }), "who wants an answer to all");
  t.false(isHeard(question(0, [SERVICE, 16, 1])), "another record");
  t.false(isHeard(question(0x8000, [SERVICE, 12, 1])), "an answer");
  t.false(isHeard(question(0x0800, [SERVICE, 12, 1])), "another operation");
  t.false(isHeard(question(0, [name("_custom-settings-sync", "_tcp"), 12, 1])));
  const others = Array.from({ length: LIMITS.searchRecordsMax }, () => [name("x"), 12, 1] as const);
  t.true(isHeard(question(0, ...others.slice(1), [SERVICE, 12, 1])));
  t.false(isHeard(question(0, ...others, [SERVICE, 12, 1])), "so many are looked at and no more");
  const own = Buffer.from(encodeQuestion({ id: 7 }));
  t.true(isHeard(own));
  for (let length = 0; length < own.length; length += 1) t.false(isHeard(own.subarray(0, length)), `${length} bytes`);
});

const answer = (deviceName: string): Buffer => Buffer.from(encodeAnswer({ id: 7, server: SERVER, deviceName, port: 8_443 }));
const read = (bytes: Uint8Array, id = 7) => decodeAnswer(bytes, { id });

test("M09 a server machine is told by its name as far as a label takes it, in whole characters and on one line", (t) => {
  const nameOf = (deviceName: string) => read(answer(deviceName))?.deviceName;
  t.is(nameOf("Printer, 2nd floor"), "Printer, 2nd floor");
  t.is(nameOf("x".repeat(63)), "x".repeat(63));
  t.is(nameOf("x".repeat(64)), "x".repeat(63));
  t.is(nameOf(`${"x".repeat(62)}é`), "x".repeat(62));
  t.is(nameOf(""), "-");
  t.is(nameOf("a\u0007b\u2028c"), "a b c");
});

test("M09 an answer is one to this question, without a fault, and whole", (t) => {
  const bytes = answer("printer");
  t.deepEqual(read(bytes), { id: 7, server: SERVER, deviceName: "printer", port: 8_443 });
  t.is(read(bytes, 8), undefined);
  const with16 = (at: number, value: number): Buffer => {
    const other = Buffer.from(bytes);
    other.writeUInt16BE(value, at);
    return other;
  };
  t.is(read(with16(2, 0x0400)), undefined, "a question");
  t.is(read(with16(2, 0x8403)), undefined, "there is no such name");
  t.is(read(with16(4, LIMITS.searchRecordsMax + 1)), undefined);
  t.is(read(with16(6, LIMITS.searchRecordsMax + 1)), undefined);
  for (let length = 0; length < bytes.length; length += 1) t.is(read(bytes.subarray(0, length)), undefined, `${length} bytes`);
});

/** An answer that says who and where, after these records. */
function after(count: number, ...records: readonly Buffer[]): Buffer {
  const bytes = answer("printer");
  const questionEnd = 12 + SERVICE.length + 4;
  const head = Buffer.from(bytes.subarray(0, questionEnd));
  head.writeUInt16BE(1 + count, 6);
  return Buffer.concat([head, ...records, bytes.subarray(questionEnd)]);
}

const record = (of: Buffer, type: number, data: Buffer): Buffer => Buffer.concat([of, u16(type, 1, 0, 10, data.length), data]);

test("M09 records about something else are passed over, whatever they hold; names that go round, or are too long, are no names", (t) => {
  const pointer = (to: number): Buffer => u16(0xc000 | to);
  const end = 12 + SERVICE.length + 4;
  const twice = Buffer.concat([label("y"), pointer(12)]);
  t.is(read(after(1, record(name("x", "local"), 1, Buffer.of(10, 0, 0, 1))))?.port, 8_443);
  t.is(read(after(1, record(twice, 16, label("id=nobody"))))?.server, SERVER, "a name that ends in the middle of another");
  t.is(read(after(1, record(twice, 33, u16(0, 0, 443))))?.port, 8_443, "a place without a machine");
  const last = Buffer.concat([answer("printer"), record(twice, 33, u16(0, 0, 443))]);
  last.writeUInt16BE(3, 10);
  t.is(read(last)?.port, 8_443, "nor does one that comes last say where");
  t.is(read(after(1, record(pointer(end), 1, Buffer.alloc(0)))), undefined, "to itself");
  t.is(read(after(1, record(pointer(end + 2), 1, Buffer.alloc(0)))), undefined, "forward");
  const pointed = Buffer.concat([record(twice, 1, Buffer.alloc(0)), record(pointer(end), 1, Buffer.alloc(4))]);
  t.is(read(after(2, pointed))?.port, 8_443, "a name that points to one that points on");
  const many = Array.from({ length: LIMITS.searchRecordsMax }, () => record(pointer(12), 1, Buffer.alloc(0)));
  t.is(read(after(many.length, ...many)), undefined, "so many records are looked at and no more");
  const back = Buffer.concat([label("a"), pointer(end)]);
  t.is(read(after(1, record(back, 1, Buffer.alloc(0)))), undefined, "round and round");
  const long = (last: number) => name(...Array.from({ length: 3 }, () => "x".repeat(63)), "y".repeat(last));
  t.is(read(after(1, record(long(62), 1, Buffer.alloc(0))))?.port, 8_443);
  t.is(read(after(1, record(long(63), 1, Buffer.alloc(0)))), undefined);
});
