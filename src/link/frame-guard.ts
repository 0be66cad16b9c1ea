/**
 * The frame guard: stands in front of an MQTT parser and reads of each packet only its fixed header and, where one
 * belongs there, its packet identifier. What it lets through is MQTT 3.1.1 in form, bounded, and begins with the packet
 * that opens a connection. It keeps no bytes: what it costs does not depend on what a header announces.
 */
import { LIMITS } from "../model/limits.ts";
import { SyncError } from "../model/errors.ts";

export interface FrameGuard {
  /**
   * Looks at the next bytes of a connection. Gives the number of packets that began in them, acknowledgements aside (they
   * only answer), or the fault that ends the connection: then nothing of these bytes may reach the parser.
   */
  inspect(bytes: Uint8Array): number | SyncError;
}

/** Who sent the bytes: a guard before a broker reads what "client"s say, one before a client what a "server" says. */
export type Speaker = "client" | "server";

interface PacketRule {
  readonly name: string;
  readonly flags: number;
  /** Bounds of the remaining length, ends included. */
  readonly min: number;
  readonly max: number;
  /** Whether a packet identifier stands at the beginning of the rest. */
  readonly identified: boolean;
}

const rule = (name: string, flags: number, min: number, max: number, identified = false): PacketRule => ({
  name,
  flags,
  min,
  max,
  identified,
});
const ANY = LIMITS.packetBytesMax;
const PUBLISH = 3;
const PUBACK = 4;

/** Packets each side may send, by type. QoS 2 is not spoken here, so its packets are missing. */
const RULES: { readonly [speaker in Speaker]: { readonly [type: number]: PacketRule } } = {
  client: {
    1: rule("CONNECT", 0, 12, LIMITS.connectBytesMax),
    3: rule("PUBLISH", 0, 3, ANY),
    4: rule("PUBACK", 0, 2, 2, true),
    8: rule("SUBSCRIBE", 2, 6, LIMITS.subscribeBytesMax, true),
    10: rule("UNSUBSCRIBE", 2, 5, LIMITS.subscribeBytesMax, true),
    12: rule("PINGREQ", 0, 0, 0),
    14: rule("DISCONNECT", 0, 0, 0),
  },
  server: {
    2: rule("CONNACK", 0, 2, 2),
    3: rule("PUBLISH", 0, 3, ANY),
    4: rule("PUBACK", 0, 2, 2, true),
    9: rule("SUBACK", 0, 3, LIMITS.subscribeBytesMax, true),
    11: rule("UNSUBACK", 0, 2, 2, true),
    13: rule("PINGRESP", 0, 0, 0),
  },
};
const OPENING = { client: 1, server: 2 } as const;
/** Protocol name and level of MQTT 3.1.1, as the rest of its CONNECT begins. */
const CONNECT_BEGINS = Buffer.from([0, 4, ...Buffer.from("MQTT"), 4]);

export const frameGuard = (speaker: Speaker): FrameGuard => new Guard(speaker);

/** One connection: how far into which packet it is. What is read of a packet is written over by the next one. */
class Guard implements FrameGuard {
  readonly #speaker: Speaker;
  #opened = false;
  /** "type": between packets. "length": within the remaining length. "rest": within what comes after it. */
  #phase: "type" | "length" | "rest" = "type";
  #type = 0;
  #flags = 0;
  /** The remaining length, and how many bytes of it were read. */
  #length = 0;
  #lengthBytes = 0;
  /** How many bytes of the rest have come, and how many of them are looked at; the others are skipped at once. */
  #at = 0;
  #lookUntil = 0;
  #topicBytes = 0;
  #identifier = 0;
  #packets = 0;
  #tooLarge = false;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  inspect(bytes: Uint8Array): number | SyncError {
    this.#packets = 0;
    for (let next = 0; next < bytes.length; ) {
      const end = this.#opened && this.#phase === "type" ? endOfPublish(bytes, next) : -1;
      if (end >= 0) {
        this.#packets += 1;
        next = end;
        continue;
      }
      let fault: string | undefined;
      if (this.#phase === "rest") {
        const rest = this.#takeRest(bytes, next);
        fault = rest.fault;
        next = rest.to;
      } else {
        const byte = bytes[next] ?? 0;
        fault = this.#phase === "type" ? this.#takeType(byte) : this.#takeLength(byte);
        next += 1;
      }
      if (fault !== undefined) return refusal(fault, this.#tooLarge);
    }
    return this.#packets;
  }

  get #rule(): PacketRule | undefined {
    return RULES[this.#speaker][this.#type];
  }

  get #identifierAt(): number {
    return this.#type === PUBLISH ? 2 + this.#topicBytes : 0;
  }

  #takeType(byte: number): string | undefined {
    const type = byte >> 4;
    const flags = byte & 0x0f;
    this.#type = type;
    this.#flags = flags;
    this.#length = 0;
    this.#lengthBytes = 0;
    this.#phase = "length";
    const known = this.#rule;
    if (known === undefined) return `packet type ${type} is not for a ${this.#speaker} to send`;
    if (this.#opened === (type === OPENING[this.#speaker])) return `${known.name} ${this.#opened ? "came a second time" : "came first"}`;
    this.#opened = true;
    if (type !== PUBACK) this.#packets += 1;
    if (type !== PUBLISH) return flags === known.flags ? undefined : `${known.name} with flags ${flags}`;
    if ((flags & 0b0110) > 0b0010) return "PUBLISH with QoS 2 or 3";
    if ((flags & 0b1010) === 0b1000) return "PUBLISH with QoS 0 as a duplicate";
    return undefined;
  }

  #takeLength(byte: number): string | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if (byte >= 0x80) return this.#lengthBytes < 4 ? undefined : "a length of more than four bytes";
    return this.#beginRest();
  }

  #beginRest(): string | undefined {
    const known = this.#rule;
    const length = this.#length;
    this.#tooLarge = known !== undefined && length > known.max;
    if (known === undefined || this.#tooLarge || length < known.min) return `${known?.name ?? "packet"} of ${length} bytes`;
    this.#phase = length === 0 ? "type" : "rest";
    this.#at = 0;
    this.#topicBytes = 0;
    this.#identifier = 0;
    this.#lookUntil = this.#type === OPENING.client ? CONNECT_BEGINS.length : this.#type === PUBLISH || known.identified ? 2 : 0;
    return undefined;
  }

  #takeRest(bytes: Uint8Array, from: number): { readonly to: number; readonly fault: string | undefined } {
    let to = from;
    for (; this.#at < this.#lookUntil && to < bytes.length; this.#at += 1, to += 1) {
      const fault = this.#look(bytes[to] ?? 0);
      if (fault !== undefined) return { to, fault };
    }
    const skipped = Math.min(this.#length - this.#at, bytes.length - to);
    this.#at += skipped;
    if (this.#at === this.#length) this.#phase = "type";
    return { to: to + skipped, fault: undefined };
  }

  /** The next byte of the rest: of a CONNECT its protocol, of a PUBLISH the length of its topic, then a packet identifier. */
  #look(byte: number): string | undefined {
    const at = this.#at;
    if (this.#type === OPENING.client) return byte === CONNECT_BEGINS[at] ? undefined : "CONNECT of another protocol than MQTT 3.1.1";
    if (this.#type === PUBLISH && at < 2) {
      this.#topicBytes = (this.#topicBytes << 8) | byte;
      return at === 1 ? this.#measurePublish() : undefined;
    }
    if (at < this.#identifierAt) return undefined;
    this.#identifier = (this.#identifier << 8) | byte;
    return at === this.#identifierAt + 1 && this.#identifier === 0 ? `${this.#rule?.name} without a packet identifier` : undefined;
  }

  #measurePublish(): string | undefined {
    const qos = (this.#flags >> 1) & 3;
    const needed = 2 + this.#topicBytes + (qos > 0 ? 2 : 0);
    if (this.#topicBytes === 0) return "PUBLISH without a topic";
    if (needed > this.#length) return "PUBLISH that is shorter than its topic and packet identifier";
    this.#lookUntil = qos > 0 ? needed : 2;
    return undefined;
  }
}

/** PUBLISH with QoS 0, to be retained or not: whoever reads it decides about that. */
const PUBLISH_QOS_0 = 0x30;
const RETAIN = 0x01;

/**
 * Where the packet ends that begins there, if it is what nearly all that comes is: a PUBLISH with QoS 0 that is whole, and right in form.
 * -1: it is looked at byte by byte.
 */
function endOfPublish(bytes: Uint8Array, from: number): number {
  if (((bytes[from] ?? 0) & ~RETAIN) !== PUBLISH_QOS_0) return -1;
  let at = from + 1;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    length += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
    if (shift === 21) return -1;
  }
  const topicBytes = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const isRight = length <= ANY && topicBytes > 0 && topicBytes + 2 <= length && at + length <= bytes.length;
  return isRight ? at + length : -1;
}

const refusal = (fault: string, large: boolean): SyncError =>
  new SyncError(large ? "message-too-large" : "message-malformed", `MQTT: ${fault}; the connection is ended`);
