/**
 * Sockets of a simulated machine for groups (hal/network.ts). What carries their datagrams to other machines is whoever
 * made them; what a machine says to itself does not leave it.
 */
import type { DatagramListener, Destination, Group, GroupAsker, GroupMember } from "../network.ts";
import { Listeners } from "../parts/listeners.ts";

export interface GroupDatagram {
  /** `address:port` of the group that it is sent to, or that was asked. */
  readonly group: string;
  readonly from: Destination;
  /** Whom it answers; undefined: it is for the group. */
  readonly to: Destination | undefined;
  /** One more than the routers it may cross. */
  readonly hops: number;
  readonly bytes: Uint8Array;
}

export interface JoinedGroup {
  readonly group: string;
  /** A datagram to it wakes the machine. */
  readonly wakes: boolean;
}

interface Heard {
  readonly bytes: Uint8Array;
  readonly from: Destination;
}

interface Socket extends JoinedGroup {
  readonly port: number;
  readonly isMember: boolean;
  readonly messages: Listeners<Heard>;
}

interface Parts {
  /** The machine's own, as others see it. */
  readonly address: string;
  /** Takes what leaves the machine. */
  readonly send: (datagram: GroupDatagram) => void;
  /** Told when a group was joined or left. */
  readonly onJoined?: (groups: readonly JoinedGroup[]) => void;
}

/** The range that systems take ports from which nobody asked for. */
const FIRST_PORT = 49_152;
const PORTS = 16_384;

export class GroupSockets {
  readonly #parts: Parts;
  readonly #sockets = new Set<Socket>();
  #opened = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get joined(): readonly JoinedGroup[] {
    return [...this.#sockets].filter(({ isMember }) => isMember).map(({ group, wakes }) => ({ group, wakes }));
  }

  join(group: Group, { wakes }: { readonly wakes: boolean }): GroupMember {
    const socket = this.#open({ group: nameOf(group), wakes, port: group.port, isMember: true });
    return {
      answer: (bytes, to) => this.#send(socket, { to, bytes, hops: 255 }),
      ...this.#shared(socket),
    };
  }

  ask(group: Group, { hops }: { readonly hops: number }): GroupAsker {
    this.#opened += 1;
    const socket = this.#open({
      group: nameOf(group),
      wakes: false,
      port: FIRST_PORT + (this.#opened % PORTS),
      isMember: false,
    });
    return {
      ask: (bytes) => this.#send(socket, { to: undefined, bytes, hops }),
      ...this.#shared(socket),
    };
  }

  /** What others sent: to a group that was joined here, or to a socket that asked. */
  arrive({ group, to, from, bytes }: GroupDatagram): void {
    for (const socket of [...this.#sockets]) {
      if (socket.group !== group || socket.isMember !== (to === undefined)) continue;
      if (to === undefined || socket.port === to.port) socket.messages.tell({ bytes, from });
    }
  }

  /** The process of the machine has ended. */
  closeAll(): void {
    this.#sockets.clear();
  }

  #open(facts: Omit<Socket, "messages">): Socket {
    const socket = { ...facts, messages: new Listeners<Heard>() };
    this.#sockets.add(socket);
    if (socket.isMember) this.#parts.onJoined?.(this.joined);
    return socket;
  }

  #send(socket: Socket, datagram: Pick<GroupDatagram, "to" | "bytes" | "hops">): void {
    if (!this.#sockets.has(socket)) return;
    const { address, send } = this.#parts;
    const whole = { ...datagram, bytes: Uint8Array.from(datagram.bytes), group: socket.group, from: { host: address, port: socket.port } };
    const { to } = whole;
    if (to === undefined || to.host === address) queueMicrotask(() => this.arrive(whole));
    if (to?.host !== address) send(whole);
  }

  #shared(socket: Socket): { readonly onMessage: (listener: DatagramListener) => () => void; readonly close: () => void } {
    return {
      onMessage: (listener) => socket.messages.add(({ bytes, from }) => this.#sockets.has(socket) && listener(bytes, from)),
      close: () => {
        if (this.#sockets.delete(socket) && socket.isMember) this.#parts.onJoined?.(this.joined);
      },
    };
  }
}

const nameOf = ({ ipv4, port }: Group): string => `${ipv4}:${port}`;
