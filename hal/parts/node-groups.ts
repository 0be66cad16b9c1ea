/** Groups (hal/network.ts) by the datagram sockets of Node, on the interface that has the machine's address. */
import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { SyncError } from "../../src/model/errors.ts";
import type { Unsubscribe } from "../hal.ts";
import type { DatagramListener, Destination, Group, GroupAsker, GroupMember } from "../network.ts";
import { Listeners } from "./listeners.ts";

interface Heard {
  readonly bytes: Uint8Array;
  readonly from: Destination;
}

/** One family of addresses: where the group is, and how the system is told which network it is meant on. */
interface Family {
  readonly type: "udp4" | "udp6";
  readonly group: string;
  readonly on: string | undefined;
}

/**
 * `own`: the machine's address, for the choice of the network; a name, or an address that no interface has, leaves the choice
 * to the system.
 */
export async function joinNodeGroup(group: Group, own: string): Promise<GroupMember> {
  const sockets = await inEachFamily(group, own, async ({ type, group: address, on }) => {
    const socket = createSocket({ type, reuseAddr: true, ...(type === "udp6" ? { ipv6Only: true } : {}) });
    return await ready(socket, group.port, () => socket.addMembership(address, on));
  });
  const ear = new Ear(sockets);
  return {
    answer: (bytes, to) => socketFor(ear.sockets, to)?.send(bytes, to.port, to.host, () => undefined),
    onMessage: ear.onMessage,
    close: ear.close,
  };
}

export async function askNodeGroup(group: Group, own: string, { hops }: { readonly hops: number }): Promise<GroupAsker> {
  const groupOf = new Map<Socket, string>();
  const sockets = await inEachFamily(group, own, async ({ type, group: address, on }) => {
    const socket = createSocket({ type, ...(type === "udp6" ? { ipv6Only: true } : {}) });
    groupOf.set(socket, on !== undefined && type === "udp6" ? `${address}${on.slice(2)}` : address);
    return await ready(socket, 0, () => {
      socket.setMulticastTTL(hops);
      // A server function of this very machine counts as well.
      socket.setMulticastLoopback(true);
      if (on !== undefined) socket.setMulticastInterface(on);
    });
  });
  const ear = new Ear(sockets);
  return {
    ask: (bytes) => {
      for (const socket of ear.sockets) socket.send(bytes, group.port, groupOf.get(socket), () => undefined);
    },
    onMessage: ear.onMessage,
    close: ear.close,
  };
}

/** What works in one family of addresses is enough; rejects "hal-unavailable" when none does. */
async function inEachFamily(group: Group, own: string, open: (family: Family) => Promise<Socket>): Promise<Socket[]> {
  const { on4, on6 } = interfacesOf(own);
  const outcomes = await Promise.allSettled([
    open({ type: "udp4", group: group.ipv4, on: on4 }),
    open({ type: "udp6", group: group.ipv6, on: on6 }),
  ]);
  const sockets = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  if (sockets.length > 0) return sockets;
  const causes = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  throw new SyncError("hal-unavailable", `the group ${group.ipv4} port ${group.port} cannot be reached`, { cause: causes[0] });
}

function interfacesOf(own: string): { readonly on4: string | undefined; readonly on6: string | undefined } {
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    if (!addresses.some(({ address }) => address === own)) continue;
    return { on4: addresses.find(({ family }) => family === "IPv4")?.address, on6: `::%${name}` };
  }
  // Every address of the loopback network is the machine's, though the system names one only.
  return { on4: isIPv4(own) && own.startsWith("127.") ? "127.0.0.1" : undefined, on6: undefined };
}

function ready(socket: Socket, port: number, prepare: () => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => {
      socket.close();
      reject(error);
    };
    socket.once("error", failed);
    socket.bind({ port, exclusive: false }, () => {
      try {
        prepare();
      } catch (error) {
        return failed(error);
      }
      socket.off("error", failed);
      // Datagrams may get lost in any case; an error of one is one more way.
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

const socketFor = (sockets: readonly Socket[], { host }: Destination): Socket | undefined =>
  sockets.find((socket) => socket.address().family === (isIPv4(host) ? "IPv4" : "IPv6"));

/** What both ends have in common: what they hear, and that nothing is said or heard once they are closed. */
class Ear {
  readonly #sockets: readonly Socket[];
  readonly #messages = new Listeners<Heard>();
  #open = true;

  constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      socket.on("message", (bytes, { address, port }: RemoteInfo) => {
        if (this.#open) this.#messages.tell({ bytes, from: { host: address, port } });
      });
    }
  }

  get sockets(): readonly Socket[] {
    return this.#open ? this.#sockets : [];
  }

  readonly onMessage = (listener: DatagramListener): Unsubscribe => this.#messages.add(({ bytes, from }) => listener(bytes, from));

  readonly close = (): void => {
    for (const socket of this.sockets) socket.close();
    this.#open = false;
  };
}
