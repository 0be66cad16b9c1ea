/** The packets that our machines read and write, beside a library that reads and writes them for many. */
import test from "ava";
import fc from "fast-check";
import { generate, type Packet, parser } from "mqtt-packet";
import { connect, disconnect, pingreq, type ServerPacket, serverPacketReader, subscribe } from "../../src/link/mqtt-client-packets.ts";
import { puback, publish } from "../../src/link/mqtt-framing.ts";
import { type ClientPacket, clientPacketReader, connack, pingresp, suback, unsuback } from "../../src/link/mqtt-packets.ts";
import { SyncError } from "../../src/model/errors.ts";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
const identifier = fc.integer({ min: 1, max: 0xffff });
const payload = fc.uint8Array({ maxLength: 40_000 });

/** A packet as the library writes it, and as we are to read it. */
const sent: fc.Arbitrary<readonly [Packet, ClientPacket]> = fc.oneof(
  fc
    .record({
      clientId: text,
      clean: fc.boolean(),
      keepalive: fc.integer({ min: 0, max: 0xffff }),
      will: fc.boolean(),
      account: fc.boolean(),
    })
    .map(({ clientId, clean, keepalive, will, account }): readonly [Packet, ClientPacket] => [
      {
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId,
        clean,
        keepalive,
        ...(will ? { will: { topic: "a", payload: Buffer.from("b"), qos: 0 as const, retain: false } } : {}),
        ...(account ? { username: "me", password: Buffer.from("secret") } : {}),
      },
      { kind: "connect", clientId, clean, will, keepAliveS: keepalive },
    ]),
  fc
    .tuple(text, payload, fc.boolean(), fc.option(identifier, { nil: undefined }))
    .map(([topic, bytes, retain, id]): readonly [Packet, ClientPacket] => [
      {
        cmd: "publish",
        topic,
        payload: Buffer.from(bytes),
        qos: id === undefined ? 0 : 1,
        retain,
        dup: false,
        ...(id === undefined ? {} : { messageId: id }),
      },
      { kind: "publish", topic, payload: bytes, retain, identifier: id },
    ]),
  fc
    .tuple(
      identifier,
      fc.array(fc.record({ topic: text, qos: fc.constantFrom(0 as const, 1 as const, 2 as const) }), { minLength: 1, maxLength: 5 }),
    )
    .map(([messageId, filters]): readonly [Packet, ClientPacket] => [
      { cmd: "subscribe", messageId, subscriptions: filters },
      { kind: "subscribe", identifier: messageId, filters },
    ]),
  fc.tuple(identifier, fc.array(text, { minLength: 1, maxLength: 5 })).map(([messageId, topics]): readonly [Packet, ClientPacket] => [
    { cmd: "unsubscribe", messageId, unsubscriptions: topics },
    { kind: "unsubscribe", identifier: messageId, topics },
  ]),
  identifier.map((messageId): readonly [Packet, ClientPacket] => [{ cmd: "puback", messageId }, { kind: "puback" }]),
  fc.constantFrom<readonly [Packet, ClientPacket]>([{ cmd: "pingreq" }, { kind: "ping" }], [{ cmd: "disconnect" }, { kind: "disconnect" }]),
);

const messageId = (id: number | undefined): { messageId?: number } => (id === undefined ? {} : { messageId: id });

const plainAnswer = (packet: ServerPacket): unknown => {
  if (packet.kind === "suback") return { ...packet, codes: [...packet.codes] };
  return packet.kind === "publish" ? { ...packet, payload: Buffer.from(packet.payload).toString("hex") } : packet;
};

const plain = (packet: ClientPacket): unknown =>
  packet.kind === "publish" ? { ...packet, payload: Buffer.from(packet.payload).toString("hex") } : packet;

/** The bytes in pieces of these sizes, over and over. */
function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

test("whatever a machine sends is read as it was meant, in whatever pieces it comes", (t) => {
  fc.assert(
    fc.property(
      fc.array(sent, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 4 }),
      (packets, sizes) => {
        const reader = clientPacketReader();
        const bytes = Buffer.concat(packets.map(([packet]) => generate(packet)));
        const read = [...cut(bytes, sizes)].flatMap((piece) => [...reader.take(piece)]);
        t.deepEqual(
          read.map(plain),
          packets.map(([, meant]) => plain(meant)),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("a packet that is cut or changed is read or refused, and never more than that", (t) => {
  fc.assert(
    fc.property(sent, fc.nat(), fc.nat({ max: 255 }), ([packet], at, byte) => {
      const bytes = Buffer.from(generate(packet));
      bytes[at % bytes.length] = byte;
      try {
        clientPacketReader().take(bytes);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        t.is(error.code, "message-malformed");
      }
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test("a packet is whole with its last byte, and not before", (t) => {
  const reader = clientPacketReader();
  const bytes = Buffer.concat([generate({ cmd: "pingreq" }), generate({ cmd: "puback", messageId: 1 }), generate({ cmd: "pingreq" })]);
  t.deepEqual(
    [...bytes].map((byte) => reader.take(Uint8Array.of(byte)).map(({ kind }) => kind)),
    [[], ["ping"], [], [], [], ["puback"], [], ["ping"]],
  );
});

test("a packet whose fields do not end where it ends is refused", (t) => {
  const beginning = [0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 10];
  const packets = {
    "a name that is one byte short": [0x10, 13, ...beginning, 0, 2, 97],
    "a byte behind the name": [0x10, 14, ...beginning, 0, 1, 97, 98],
    "no name": [0x10, 11, ...beginning, 0],
    "a subscription without its QoS": [0x82, 5, 0, 1, 0, 1, 97],
    "a topic that is one byte short": [0x30, 3, 0, 2, 97],
    "a byte behind an acknowledgement": [0x40, 3, 0, 1, 0],
    "a ping with something in it": [0xc0, 1, 0],
  };
  for (const [what, bytes] of Object.entries(packets))
    t.throws(() => clientPacketReader().take(Uint8Array.from(bytes)), { instanceOf: SyncError, code: "message-malformed" }, what);
});

test("what a server machine says is read as it was meant", (t) => {
  const heard: Packet[] = [];
  const read = parser({ protocolVersion: 4 });
  read.on("packet", (packet) => void heard.push(packet));
  const long = new Uint8Array(20_000).fill(7);
  for (const bytes of [
    connack(2),
    puback(0x1234),
    suback(513, [1, 0x80]),
    unsuback(7),
    pingresp(),
    publish("all/2", Uint8Array.of(1)),
    publish("ü", long),
  ])
    read.parse(Buffer.from(bytes));
  t.like(heard, [
    { cmd: "connack", returnCode: 2, sessionPresent: false },
    { cmd: "puback", messageId: 0x1234 },
    { cmd: "suback", messageId: 513, granted: [1, 0x80] },
    { cmd: "unsuback", messageId: 7 },
    { cmd: "pingresp" },
    { cmd: "publish", topic: "all/2", payload: Buffer.from([1]), qos: 0, retain: false },
    { cmd: "publish", topic: "ü", payload: Buffer.from(long), qos: 0 },
  ]);
});

/** A packet as the library writes it for a broker, and as a client machine is to read it. */
const answered: fc.Arbitrary<readonly [Packet, ServerPacket]> = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((code): readonly [Packet, ServerPacket] => [
    { cmd: "connack", returnCode: code, sessionPresent: false },
    { kind: "connack", code },
  ]),
  fc.tuple(text, payload, fc.option(identifier, { nil: undefined })).map(([topic, bytes, id]): readonly [Packet, ServerPacket] => [
    { cmd: "publish", topic, payload: Buffer.from(bytes), qos: id === undefined ? 0 : 1, retain: false, dup: false, ...messageId(id) },
    { kind: "publish", topic, payload: bytes, retain: false, identifier: id },
  ]),
  fc
    .tuple(identifier, fc.array(fc.constantFrom(0, 1, 0x80), { minLength: 1, maxLength: 5 }))
    .map(([id, granted]): readonly [Packet, ServerPacket] => [
      { cmd: "suback", messageId: id, granted },
      { kind: "suback", identifier: id, codes: Buffer.from(granted) },
    ]),
  identifier.map((id): readonly [Packet, ServerPacket] => [{ cmd: "puback", messageId: id }, { kind: "puback" }]),
  identifier.map((id): readonly [Packet, ServerPacket] => [{ cmd: "unsuback", messageId: id, granted: [] }, { kind: "unsuback" }]),
  fc.constant<readonly [Packet, ServerPacket]>([{ cmd: "pingresp" }, { kind: "pong" }]),
);

test("whatever a server machine sends is read as it was meant, in whatever pieces it comes", (t) => {
  fc.assert(
    fc.property(
      fc.array(answered, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 4 }),
      (packets, sizes) => {
        const reader = serverPacketReader();
        const bytes = Buffer.concat(packets.map(([packet]) => generate(packet)));
        const read = [...cut(bytes, sizes)].flatMap((piece) => [...reader.take(piece)]);
        t.deepEqual(
          read.map(plainAnswer),
          packets.map(([, meant]) => plainAnswer(meant)),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("what a client machine says is read as it was meant", (t) => {
  const heard: Packet[] = [];
  const read = parser({ protocolVersion: 4 });
  read.on("packet", (packet) => void heard.push(packet));
  for (const bytes of [connect("ab".repeat(16), 10), subscribe(1, ["down", "all/1", "ü".repeat(100)]), pingreq(), disconnect()])
    read.parse(Buffer.from(bytes));
  t.like(heard, [
    { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "ab".repeat(16), keepalive: 10 },
    {
      cmd: "subscribe",
      messageId: 1,
      subscriptions: [
        { topic: "down", qos: 1 },
        { topic: "all/1", qos: 1 },
        { topic: "ü".repeat(100), qos: 1 },
      ],
    },
    { cmd: "pingreq" },
    { cmd: "disconnect" },
  ]);
});

test("a packet is read as soon as its last byte is there, wherever the one before it ended", (t) => {
  const reader = clientPacketReader();
  const ping = generate({ cmd: "pingreq" });
  t.deepEqual(reader.take(Buffer.concat([ping, ping.subarray(0, 1)])), [{ kind: "ping" }]);
  t.deepEqual(reader.take(ping.subarray(1)), [{ kind: "ping" }]);
});
