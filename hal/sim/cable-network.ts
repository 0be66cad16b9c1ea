/**
 * The network of a simulated machine of the desk. Outgoing connections leave from the machine's own loopback address,
 * through its cable. Incoming ones arrive through a local socket for each port that the module listens on: the desk
 * holds the machine's real address and its cable in that direction, because it also has to answer for a machine that
 * sleeps. What the machine sends to itself does not touch the cable.
 */
import { createSocket } from "node:dgram";
import { type Server, createServer, isIP } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { SyncError } from "../../src/model/errors.ts";
import type { Unsubscribe } from "../hal.ts";
import type { Datagrams, Destination, Group, GroupAsker, GroupMember, Incoming, Listener, Network, ProxySettings } from "../network.ts";
import { Listeners } from "../parts/listeners.ts";
import type { Cable } from "./cable.ts";
import { joinByCable } from "./cable-join.ts";
import { type GroupDatagram, GroupSockets, type JoinedGroup } from "./group-sockets.ts";
import { aborted, cableBack, connected, greeted, listening } from "./cable-sockets.ts";
import { streamPair } from "./stream-pair.ts";

/** Where a machine of the desk can be reached, where a system does not have its address. */
export type AddressMap = ReadonlyMap<string, { readonly host: string; readonly port: number }>;

export interface CableNetworkParts {
  readonly cable: Cable;
  /** As the other machines reach it, without a port. */
  readonly address: string;
  /** Connections leave from there; undefined: from wherever the system likes. */
  readonly localAddress: string | undefined;
  /** `address:port` of machines that are reached elsewhere. */
  readonly map: AddressMap;
  /** A folder with a short path for the local sockets: a socket's path may have about 100 bytes. */
  readonly socketDir: string;
  readonly proxy: ProxySettings;
}

const HOME = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

export class CableNetwork implements Network {
  readonly address: string;
  readonly #parts: CableNetworkParts;
  readonly #proxies = new Listeners<ProxySettings>();
  readonly #ports = new Map<number, string>();
  readonly #portsChanged = new Listeners<ReadonlyMap<number, string>>();
  readonly #groupsChanged = new Listeners<readonly JoinedGroup[]>();
  readonly #datagramsOut = new Listeners<GroupDatagram>();
  readonly #groups: GroupSockets;
  #proxy: ProxySettings;

  constructor(parts: CableNetworkParts) {
    this.#parts = parts;
    this.address = parts.address;
    this.#proxy = parts.proxy;
    this.#groups = new GroupSockets({
      address: parts.address,
      send: (datagram) => this.#throughCable(() => this.#datagramsOut.tell(datagram)),
      onJoined: (groups) => this.#groupsChanged.tell(groups),
    });
  }

  async listen(port: number, onConnection: (incoming: Incoming) => void): Promise<Listener> {
    if (this.#ports.has(port)) throw new SyncError("hal-refused", `port ${port} of this machine is already listened on`);
    const path = join(this.#parts.socketDir, `${port}.sock`);
    const open = new Set<Duplex>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      void greeted(socket, onConnection);
    });
    this.#ports.set(port, path);
    try {
      await listening(server, path);
    } catch (cause) {
      this.#ports.delete(port);
      throw new SyncError("hal-refused", `port ${port} cannot be listened on`, { cause });
    }
    this.#portsChanged.tell(this.#ports);
    return { close: () => this.#close(port, server, open) };
  }

  async connect(destination: Destination, signal: AbortSignal): Promise<Duplex> {
    if (signal.aborted) throw aborted(destination);
    const own = this.#ownPort(destination);
    if (own !== undefined) return connected({ path: own, greeting: "127.0.0.1" }, destination, signal);
    const { cable, localAddress, map } = this.#parts;
    await cableBack(cable, destination, signal);
    const reached = map.get(`${destination.host}:${destination.port}`) ?? destination;
    const host = HOME.has(reached.host) ? "127.0.0.1" : reached.host;
    const from = localAddress !== undefined && isIP(host) !== 6 ? { localAddress } : {};
    const socket = await connected({ host, port: reached.port, ...from }, destination, signal);
    const [near, far] = streamPair();
    // The module's end is as NodeNetwork's is: when the other end has ended, so does this one, and closes.
    near.allowHalfOpen = false;
    joinByCable(cable, far, socket);
    return near;
  }

  async datagrams({ host, port }: Destination): Promise<Datagrams> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const messages = new Listeners<Uint8Array>();
    // An ICMP error of the other end is silence to the module, as it is with a socket that is not connected.
    socket.on("error", () => undefined);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.connect(port, host, () => resolve());
      });
    } catch (cause) {
      socket.close();
      throw new SyncError("hal-unavailable", `${host}:${port} cannot be reached`, { cause });
    }
    let closed = false;
    const later = (act: () => void) => this.#throughCable(() => !closed && act());
    socket.on("message", (bytes) => later(() => messages.tell(bytes)));
    return {
      send: (bytes) => later(() => socket.send(bytes, () => undefined)),
      onMessage: (listener) => messages.add(listener),
      close: () => {
        if (closed) return;
        closed = true;
        socket.close();
      },
    };
  }

  async joinGroup(group: Group, options: { readonly wakes: boolean }): Promise<GroupMember> {
    return this.#groups.join(group, options);
  }

  async askGroup(group: Group, options: { readonly hops: number }): Promise<GroupAsker> {
    return this.#groups.ask(group, options);
  }

  /** The switch that the machine's cable leads to: what comes from there, and what goes there. */
  arrive(datagram: GroupDatagram): void {
    this.#groups.arrive(datagram);
  }

  onDatagram(listener: (datagram: GroupDatagram) => void): Unsubscribe {
    return this.#datagramsOut.add(listener);
  }

  onGroups(listener: (groups: readonly JoinedGroup[]) => void): Unsubscribe {
    return this.#groupsChanged.add(listener);
  }

  proxy(): ProxySettings {
    return this.#proxy;
  }

  onProxy(listener: (settings: ProxySettings) => void): Unsubscribe {
    return this.#proxies.add(listener);
  }

  /** Knob: the administrator changes the machine's proxy settings. */
  setProxy(proxy: ProxySettings): void {
    this.#proxy = proxy;
    this.#proxies.tell(proxy);
  }

  /** The ports listened on, each with its local socket. */
  ports(): ReadonlyMap<number, string> {
    return this.#ports;
  }

  onPorts(listener: (ports: ReadonlyMap<number, string>) => void): Unsubscribe {
    return this.#portsChanged.add(listener);
  }

  /** The local socket, when the destination is this machine itself and the module listens there. */
  #ownPort({ host, port }: Destination): string | undefined {
    return HOME.has(host) || host === this.address ? this.#ports.get(port) : undefined;
  }

  /** A datagram is late or lost, and never kept for later. */
  #throughCable(act: () => void): void {
    const { cable } = this.#parts;
    if (!cable.dropsDatagram()) setTimeout(act, cable.knobs.delayMs);
  }

  async #close(port: number, server: Server, open: ReadonlySet<Duplex>): Promise<void> {
    if (!this.#ports.has(port)) return;
    this.#ports.delete(port);
    this.#portsChanged.tell(this.#ports);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const stream of open) stream.destroy();
    await closed;
  }
}
