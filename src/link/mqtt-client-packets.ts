/**
 * MQTT 3.1.1 as a client machine speaks it to a server machine: the packets that it may be sent are read, and those that it
 * sends are written.
 */
import { lengthOf, PacketReader, type Publish, type Readers, readPublish, word } from "./mqtt-framing.ts";

export type ServerPacket =
  | { readonly kind: "connack"; readonly code: number }
  | Publish
  | { readonly kind: "suback"; readonly identifier: number; readonly codes: Uint8Array }
  | { readonly kind: "puback" | "unsuback" | "pong" };

const READERS: Readers<ServerPacket> = {
  2: (fields) => {
    // Whether it knew the session before: there is none to be known.
    fields.skip(1);
    return { kind: "connack", code: fields.byte() };
  },
  3: readPublish,
  4: (fields) => {
    fields.word();
    return { kind: "puback" };
  },
  9: (fields) => ({ kind: "suback", identifier: fields.word(), codes: fields.rest() }),
  11: (fields) => {
    fields.word();
    return { kind: "unsuback" };
  },
  13: () => ({ kind: "pong" }),
};

/** Of what a server machine sends. */
export const serverPacketReader = (): PacketReader<ServerPacket> => new PacketReader(READERS);

const PROTOCOL = [0, 4, ...Buffer.from("MQTT"), 4];
const CLEAN = 0x02;

/** Of a clean session without will, name or password: who a machine is says its certificate. */
export const connect = (clientId: string, keepAliveS: number): Uint8Array =>
  packet(0x10, [Uint8Array.of(...PROTOCOL, CLEAN, ...word(keepAliveS)), textOf(clientId)]);

/** With QoS 1 for each of the topics. */
export const subscribe = (identifier: number, topics: readonly string[]): Uint8Array =>
  packet(0x82, [Uint8Array.of(...word(identifier)), ...topics.flatMap((topic) => [textOf(topic), Uint8Array.of(1)])]);

export const pingreq = (): Uint8Array => Uint8Array.of(0xc0, 0);
export const disconnect = (): Uint8Array => Uint8Array.of(0xe0, 0);

function textOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([Uint8Array.of(...word(bytes.length)), bytes]);
}

function packet(head: number, fields: readonly Uint8Array[]): Uint8Array {
  const length = fields.reduce((sum, { length: bytes }) => sum + bytes, 0);
  return Buffer.concat([Uint8Array.of(head, ...lengthOf(length)), ...fields]);
}
