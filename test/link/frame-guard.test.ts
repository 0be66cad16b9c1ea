import test from "ava";
import { frameGuard, type Speaker } from "../../src/link/frame-guard.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { SyncError } from "../../src/model/errors.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const connect = (rest = "0004 4d515454 04 02 000a 0003 616263"): Buffer => Buffer.concat([Buffer.of(0x10, hex(rest).length), hex(rest)]);
const connack = hex("20 02 0000");

const CLIENT_FINE: readonly (readonly [string, Buffer])[] = [
  ["PUBLISH QoS 0", hex("30 05 0003 61622f")],
  ["PUBLISH QoS 1", hex("32 07 0003 61622f 0001")],
  ["PUBLISH QoS 1 again", hex("3a 08 0003 61622f 0001 ff")],
  ["a large PUBLISH", Buffer.concat([hex("32 808004 0003 61622f 0001"), Buffer.alloc(65_536 - 7)])],
  ["PUBACK", hex("40 02 0001")],
  ["SUBSCRIBE", hex("82 08 0001 0003 61622f 01")],
  ["UNSUBSCRIBE", hex("a2 07 0001 0003 61622f")],
  ["PINGREQ", hex("c0 00")],
  ["DISCONNECT", hex("e0 00")],
];

const CLIENT_FAULTS: readonly (readonly [string, Buffer])[] = [
  ["a second CONNECT", connect()],
  ["PUBLISH QoS 1 without packet id", hex("32 05 0003 61622f")],
  ["PUBLISH QoS 1 with packet id 0", hex("32 07 0003 61622f 0000")],
  ["PUBLISH QoS 1 with half a packet id", hex("32 06 0003 61622f 00")],
  ["PUBLISH QoS 2", hex("34 07 0003 61622f 0001")],
  ["PUBLISH QoS 3", hex("36 07 0003 61622f 0001")],
  ["PUBLISH QoS 0 as a duplicate", hex("38 05 0003 61622f")],
  ["PUBLISH without a topic", hex("32 04 0000 0001")],
  ["PUBLISH whose topic is longer than itself", hex("30 05 00ff 61622f")],
  ["PUBLISH shorter than a topic", hex("30 02 0000")],
  ["PUBACK with packet id 0", hex("40 02 0000")],
  ["PUBACK with packet id 0 after another one", hex("40 02 0100 40 02 0000")],
  ["PUBACK of three bytes", hex("40 03 0001 00")],
  ["PUBREC", hex("50 02 0001")],
  ["PUBREL", hex("62 02 0001")],
  ["PUBCOMP", hex("70 02 0001")],
  ["SUBSCRIBE with wrong flags", hex("80 08 0001 0003 61622f 01")],
  ["SUBSCRIBE with packet id 0", hex("82 08 0000 0003 61622f 01")],
  ["SUBSCRIBE to nothing", hex("82 02 0001")],
  ["an endless SUBSCRIBE", hex("82 ff7f 0001")],
  ["PINGREQ with a body", hex("c0 01 00")],
  ["DISCONNECT with a body", hex("e0 01 00")],
  ["type 0", hex("00 00")],
  ["AUTH of MQTT 5", hex("f0 00")],
  ["what a server says", hex("d0 00")],
  ["a length of five bytes", hex("30 ffffffff 01")],
  ["a length of nothing in five bytes", hex("c0 80808080 00")],
  ["PUBLISH whose topic ends a byte too late", hex("30 05 0004 61622f")],
];

const CONNECT_FAULTS: readonly (readonly [string, Buffer])[] = [
  ["no CONNECT first", hex("c0 00")],
  ["PUBLISH first", hex("30 05 0003 61622f")],
  ["a CONNECT of 256 MB", hex("10 ffffff7f")],
  ["a CONNECT over 4 KiB", hex("10 8120")],
  ["a CONNECT of nothing", hex("10 00")],
  ["CONNECT with flags", hex("11 0f 0004 4d515454 04 02 000a 0003 616263")],
  ["MQTT 3.1", connect("0006 4d5149736470 03 02 000a 0003 616263")],
  ["MQTT 5", connect("0004 4d515454 05 02 000a 00 0003 616263")],
  ["a bridge", connect("0004 4d515454 84 02 000a 0003 616263")],
  ["TLS", hex("16 0301 0005 0100 0001 00")],
  ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
];

const SERVER_FAULTS: readonly (readonly [string, Buffer])[] = [
  ["PUBLISH QoS 1 without packet id", hex("32 05 0003 61622f")],
  ["PUBLISH QoS 1 with packet id 0", hex("32 07 0003 61622f 0000")],
  ["SUBACK with packet id 0", hex("90 03 0000 01")],
  ["a second CONNACK", connack],
  ["CONNECT", connect()],
  ["PUBREL", hex("62 02 0001")],
  ["a packet of 256 MB", hex("30 ffffff7f")],
];

/** Feeds the bytes whole, then one by one: what a guard says must not depend on how they were cut. */
function verdicts(speaker: Speaker, before: Buffer, bytes: Buffer): readonly (number | SyncError)[] {
  return [bytes.length, 1].map((size) => {
    const guard = frameGuard(speaker);
    guard.inspect(before);
    let packets = 0;
    for (let at = 0; at < bytes.length; at += size) {
      const verdict = guard.inspect(bytes.subarray(at, at + size));
      if (verdict instanceof SyncError) return verdict;
      packets += verdict;
    }
    return packets;
  });
}

test("what machines send passes, whole and byte by byte", (t) => {
  for (const [what, bytes] of CLIENT_FINE) {
    t.deepEqual(verdicts("client", connect(), bytes), what === "PUBACK" ? [0, 0] : [1, 1], what);
  }
  t.deepEqual(verdicts("client", Buffer.alloc(0), Buffer.concat([connect(), ...CLIENT_FINE.map(([, bytes]) => bytes)])), [9, 9]);
  t.deepEqual(
    verdicts("server", Buffer.alloc(0), Buffer.concat([connack, hex("90 03 0001 01"), hex("32 07 0003 61622f 0001"), hex("d0 00")])),
    [4, 4],
  );
});

test("what has another form ends the connection", (t) => {
  const faults = (speaker: Speaker, before: Buffer, rows: readonly (readonly [string, Buffer])[]): void => {
    for (const [what, bytes] of rows) {
      for (const verdict of verdicts(speaker, before, bytes)) t.true(verdict instanceof SyncError, `${speaker}: ${what}`);
    }
  };
  faults("client", connect(), CLIENT_FAULTS);
  faults("client", Buffer.alloc(0), CONNECT_FAULTS);
  faults("server", connack, SERVER_FAULTS);
});

test("the largest packet passes, one byte more is too large, known from its header alone", (t) => {
  const header = (length: number): Buffer => Buffer.of(0x30, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14);
  const guard = (bytes: Buffer): number | SyncError => {
    const client = frameGuard("client");
    client.inspect(connect());
    return client.inspect(bytes);
  };
  t.is(guard(header(LIMITS.packetBytesMax)), 1);
  const verdict = guard(header(LIMITS.packetBytesMax + 1));
  t.is(verdict instanceof SyncError ? verdict.code : verdict, "message-too-large");
});

test("a packet that is too large is refused also where all of it is there, and what a message says is not taken for a packet", (t) => {
  const entered = () => {
    const guard = frameGuard("client");
    guard.inspect(connect());
    return guard;
  };
  const size = LIMITS.packetBytesMax + 1;
  const header = Buffer.of(0x30, (size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14);
  const verdict = entered().inspect(Buffer.concat([header, hex("0003 61622f"), Buffer.alloc(size - 5)]));
  t.is(verdict instanceof SyncError ? verdict.code : verdict, "message-too-large");
  const guard = entered();
  const inner = hex("30 05 0003 61622f");
  t.is(guard.inspect(hex("30 10 0003 61622f 01 01 01 01")), 1);
  t.is(guard.inspect(Buffer.concat([inner, inner])), 1, "the rest of the first one, and one more");
});
