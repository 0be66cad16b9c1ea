/** Time servers of the tests' own, honest and hostile. */
import type { Datagrams, Destination, Network } from "../../hal/network.ts";
import { Listeners } from "../../hal/parts/listeners.ts";

/** What a server sends for a question; each packet goes out. */
export type TimeServer = (question: Buffer) => readonly Buffer[];

const UNIX_ERA_S = 2_208_988_800;
const TRANSMIT_AT = 40;

export function stamp(packet: Buffer, at: number, wallMs: number): void {
  const seconds = Math.floor(wallMs / 1_000);
  packet.writeUInt32BE((seconds + UNIX_ERA_S) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((wallMs - seconds * 1_000) / 1_000) * 2 ** 32), at + 4);
}

/** A right answer; `spoil` makes it wrong. */
export function answerOf(question: Buffer, wallMs: number, spoil: (packet: Buffer) => void = () => undefined): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = (4 << 3) | 4;
  packet[1] = 2;
  packet[3] = 0xec;
  question.copy(packet, 24, TRANSMIT_AT, TRANSMIT_AT + 8);
  stamp(packet, 16, wallMs - 1_000);
  stamp(packet, 32, wallMs);
  stamp(packet, 40, wallMs);
  spoil(packet);
  return packet;
}

/** A network with nothing but time servers, by host. Answers come at once; a host without a server is silent. */
export class TimeNetwork implements Network {
  readonly address = "192.0.2.1";
  readonly questions: { readonly host: string; readonly port: number; readonly packet: Buffer }[] = [];
  readonly servers: Map<string, TimeServer>;
  open = 0;

  constructor(servers: Readonly<Record<string, TimeServer>>) {
    this.servers = new Map(Object.entries(servers));
  }

  async datagrams({ host, port }: Destination): Promise<Datagrams> {
    const messages = new Listeners<Uint8Array>();
    this.open += 1;
    return {
      send: (bytes) => {
        const packet = Buffer.from(bytes);
        this.questions.push({ host, port, packet });
        for (const answer of this.servers.get(host)?.(packet) ?? []) queueMicrotask(() => messages.tell(answer));
      },
      onMessage: (listener) => messages.add(listener),
      close: () => {
        this.open -= 1;
      },
    };
  }

  listen(): Promise<never> {
    throw new Error("there is no such thing here");
  }

  connect(): Promise<never> {
    throw new Error("there is no such thing here");
  }

  joinGroup(): Promise<never> {
    throw new Error("there is no such thing here");
  }

  askGroup(): Promise<never> {
    throw new Error("there is no such thing here");
  }

  proxy(): ReturnType<Network["proxy"]> {
    return { proxy: undefined, proxyExcludesLocalhost: true };
  }

  onProxy(): () => void {
    return () => undefined;
  }
}
