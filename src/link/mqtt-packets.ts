/** MQTT 3.1.1 as a server machine speaks it: the packets that a machine may send are read, and those that it may be sent are written. */
import { type Fields, lengthOf, list, malformed, PacketReader, type Publish, type Readers, readPublish, word } from "./mqtt-framing.ts";

export type ClientPacket =
  | { readonly kind: "connect"; readonly clientId: string; readonly clean: boolean; readonly will: boolean; readonly keepAliveS: number }
  | Publish
  | { readonly kind: "subscribe"; readonly identifier: number; readonly filters: readonly Filter[] }
  | { readonly kind: "unsubscribe"; readonly identifier: number; readonly topics: readonly string[] }
  | { readonly kind: "puback" | "ping" | "disconnect" };

export interface Filter {
  readonly topic: string;
  readonly qos: number;
}

const FLAG = { clean: 0x02, will: 0x04, password: 0x40, username: 0x80, reserved: 0x01 } as const;
/** Protocol name and level, which the frame guard compares. */
const PROTOCOL_BYTES = 7;

/** Of what a machine sends. */
export const clientPacketReader = (): PacketReader<ClientPacket> => new PacketReader(READERS);

const READERS: Readers<ClientPacket> = {
  1: readConnect,
  3: readPublish,
  4: (fields) => {
    fields.word();
    return { kind: "puback" };
  },
  8: (fields) => ({
    kind: "subscribe",
    identifier: fields.word(),
    filters: list(fields, () => ({ topic: fields.text(), qos: fields.byte() })),
  }),
  10: (fields) => ({ kind: "unsubscribe", identifier: fields.word(), topics: list(fields, () => fields.text()) }),
  12: () => ({ kind: "ping" }),
  14: () => ({ kind: "disconnect" }),
};

function readConnect(fields: Fields): ClientPacket {
  fields.skip(PROTOCOL_BYTES);
  const flags = fields.byte();
  if ((flags & FLAG.reserved) !== 0) throw malformed("CONNECT with a flag that is reserved");
  const keepAliveS = fields.word();
  const clientId = fields.text();
  const will = (flags & FLAG.will) !== 0;
  // Topic and message of a will, name and password: who a machine is says its certificate, and a will is refused.
  const more = (will ? 2 : 0) + ((flags & FLAG.username) === 0 ? 0 : 1) + ((flags & FLAG.password) === 0 ? 0 : 1);
  for (let index = 0; index < more; index += 1) fields.skip(fields.word());
  return { kind: "connect", clientId, clean: (flags & FLAG.clean) !== 0, will, keepAliveS };
}

export const connack = (code: number): Uint8Array => Uint8Array.of(0x20, 2, 0, code);
export const suback = (identifier: number, codes: readonly number[]): Uint8Array =>
  Uint8Array.of(0x90, ...lengthOf(2 + codes.length), ...word(identifier), ...codes);
export const unsuback = (identifier: number): Uint8Array => Uint8Array.of(0xb0, 2, ...word(identifier));
export const pingresp = (): Uint8Array => Uint8Array.of(0xd0, 0);
