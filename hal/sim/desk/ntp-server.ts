/**
 * The desk's own time server: answers SNTP as a good one, not at all, or as one that lies. On loopback, for the simulated
 * machines only.
 */
import { type RemoteInfo, type Socket, createSocket } from "node:dgram";

export interface NtpKnobs {
  readonly mode: "normal" | "silent" | "lying";
  /** How far the answers of a lying server are off. */
  readonly offsetMs: number;
}

const PACKET_BYTES = 48;
/** Seconds from 1900, the epoch of NTP, to 1970. */
const NTP_TO_UNIX_S = 2_208_988_800;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const STRATUM = 2;

export class NtpServer {
  readonly #wallMs: () => number;
  readonly #socket: Socket;
  #knobs: NtpKnobs = { mode: "normal", offsetMs: 0 };
  #closed = false;

  constructor({ wallMs }: { readonly wallMs: () => number }) {
    this.#wallMs = wallMs;
    this.#socket = createSocket("udp4");
  }

  get knobs(): NtpKnobs {
    return this.#knobs;
  }

  set(knobs: NtpKnobs): void {
    this.#knobs = knobs;
  }

  /** Resolves with the port on 127.0.0.1. */
  async start(): Promise<number> {
    this.#socket.on("message", (packet, from) => this.#hear(packet, from));
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("error", reject);
      this.#socket.bind(0, "127.0.0.1", () => resolve());
    });
    return this.#socket.address().port;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #hear(packet: Buffer, from: RemoteInfo): void {
    const { mode, offsetMs } = this.#knobs;
    if (mode === "silent") return;
    const nowMs = this.#wallMs() + (mode === "lying" ? offsetMs : 0);
    const answer = ntpAnswer(packet, nowMs);
    // Nobody waits for an answer that could not be sent: the machine asks again.
    if (answer !== undefined) this.#socket.send(answer, from.port, from.address, () => undefined);
  }
}

/** The answer of a server whose clock shows `nowMs`; undefined for what is not a question of a client. */
export function ntpAnswer(packet: Uint8Array, nowMs: number): Uint8Array | undefined {
  const first = packet[0] ?? 0;
  const version = (first >> 3) & 7;
  if (packet.byteLength < PACKET_BYTES || (first & 7) !== MODE_CLIENT || version < 3 || version > 4) return undefined;
  const answer = Buffer.alloc(PACKET_BYTES);
  answer[0] = (version << 3) | MODE_SERVER;
  answer[1] = STRATUM;
  answer[2] = packet[2] ?? 0;
  answer[3] = 0xe9;
  answer.writeUInt32BE(0x0000_0100, 4);
  answer.writeUInt32BE(0x0000_0200, 8);
  answer.write("DESK", 12, "latin1");
  writeTime(answer, 16, nowMs);
  answer.set(packet.subarray(40, 48), 24);
  writeTime(answer, 32, nowMs);
  writeTime(answer, 40, nowMs);
  return answer;
}

function writeTime(packet: Buffer, at: number, ms: number): void {
  const seconds = Math.floor(ms / 1000);
  packet.writeUInt32BE((seconds + NTP_TO_UNIX_S) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((ms - seconds * 1000) / 1000) * 2 ** 32), at + 4);
}
