/** A question to a time server and what of its answer can be believed (RFC 4330 and RFC 5905, the client's side). */
import { SyncError } from "../../src/model/errors.ts";

const PACKET_BYTES = 48;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const VERSION = 4;
/** Seconds from 1900 to 1970. */
const UNIX_ERA_S = 2_208_988_800;
const ERA_S = 2 ** 32;
/** Where the first NTP era ends and the second is meant: RFC 4330 section 3, seconds with the highest bit 0. */
const FIRST_ERA_S = 2 ** 31;
const NONCE_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;

export interface NtpAnswer {
  readonly version: number;
  readonly leapIndicator: number;
  readonly stratum: number;
  readonly precision: number;
  /** Seconds. */
  readonly rootDelayS: number;
  readonly rootDispersionS: number;
  /** Milliseconds since 1970: when the server heard the question, and when it answered. */
  readonly receivedMs: number;
  readonly sentMs: number;
}

/** The nonce (8 bytes) stands where the time of asking would: an answer has to repeat it, and it tells nobody our time. */
export function ntpQuestion(nonce: Uint8Array): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES);
  packet[0] = (VERSION << 3) | MODE_CLIENT;
  packet.set(nonce, TRANSMIT_AT);
  return packet;
}

/** Whether a packet answers the question with this nonce. Nobody who did not hear the question can make one that does. */
export const answersQuestion = (packet: Uint8Array, nonce: Uint8Array): boolean =>
  packet.length >= PACKET_BYTES && Buffer.from(packet.subarray(NONCE_AT, NONCE_AT + 8)).equals(nonce);

/** Reads a packet that answers the question; throws "hal-refused" with what is wrong with it. */
export function readNtpAnswer(packet: Uint8Array): NtpAnswer {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const first = view.getUint8(0);
  if ((first & 7) !== MODE_SERVER) throw unusable(`has mode ${first & 7}, a server's is ${MODE_SERVER}`);
  const version = (first >> 3) & 7;
  if (version < 3 || version > VERSION) throw unusable(`has version ${version}, 3 and 4 are understood`);
  const leapIndicator = first >> 6;
  if (leapIndicator === 3) throw unusable("comes from a server whose own clock is not set");
  const stratum = view.getUint8(1);
  if (stratum === 0) throw unusable(`asks to stay away (${kissCode(packet)})`);
  if (stratum > 15) throw unusable(`has stratum ${stratum}, 1 to 15 are allowed`);
  const receivedMs = timestampMs(view, RECEIVE_AT);
  const sentMs = timestampMs(view, TRANSMIT_AT);
  if (receivedMs === undefined || sentMs === undefined) throw unusable("holds no time");
  if (sentMs < receivedMs) throw unusable("was sent before the question was heard");
  return {
    version,
    leapIndicator,
    stratum,
    precision: view.getInt8(3),
    rootDelayS: view.getUint32(4) / 65_536,
    rootDispersionS: view.getUint32(8) / 65_536,
    receivedMs,
    sentMs,
  };
}

/** Milliseconds since 1970 of an NTP timestamp, undefined for the all-zero one, which means "unknown". */
function timestampMs(view: DataView, at: number): number | undefined {
  const seconds = view.getUint32(at);
  const fraction = view.getUint32(at + 4);
  if (seconds === 0 && fraction === 0) return undefined;
  const era = seconds < FIRST_ERA_S ? ERA_S : 0;
  return (era + seconds - UNIX_ERA_S) * 1_000 + (fraction / ERA_S) * 1_000;
}

const kissCode = (packet: Uint8Array): string =>
  Buffer.from(packet.subarray(12, 16))
    .toString("latin1")
    .replace(/[^A-Z]/g, "?");

const unusable = (why: string): SyncError => new SyncError("hal-refused", `the answer of the time server ${why}; it was not used`);
