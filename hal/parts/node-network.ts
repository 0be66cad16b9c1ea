/** Network by the sockets of Node, for providers whose machine has a network of its own. */
import { type Socket as Udp, createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { type Server, type Socket, connect, createServer, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { SyncError } from "../../src/model/errors.ts";
import type { Unsubscribe } from "../hal.ts";
import type { Datagrams, Destination, Group, GroupAsker, GroupMember, Incoming, Listener, Network, ProxySettings } from "../network.ts";
import { Listeners } from "./listeners.ts";
import { askNodeGroup, joinNodeGroup } from "./node-groups.ts";

export interface NodeNetworkOptions {
  /** The machine's own address as others reach it. */
  readonly address: string;
  /** Where `listen` listens; undefined: on all addresses. */
  readonly listenAddress?: string;
  readonly proxy?: ProxySettings;
}

const NO_PROXY: ProxySettings = { proxy: undefined, proxyExcludesLocalhost: true };

export class NodeNetwork implements Network {
  readonly address: string;
  readonly #listenAddress: string | undefined;
  readonly #proxies = new Listeners<ProxySettings>();
  #proxy: ProxySettings;

  constructor({ address, listenAddress, proxy = NO_PROXY }: NodeNetworkOptions) {
    this.address = address;
    this.#listenAddress = listenAddress;
    this.#proxy = proxy;
  }

  async listen(port: number, onConnection: (incoming: Incoming) => void): Promise<Listener> {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      swallowErrors(socket);
      onConnection({ stream: socket, remoteAddress: plainAddress(socket.remoteAddress) });
    });
    await listening(server, { port, host: this.#listenAddress });
    // A listening server reports what went wrong with single connections (no file descriptor left): they are lost, it goes on.
    server.on("error", () => undefined);
    return { close: () => closing(server, open) };
  }

  connect({ host, port }: Destination, signal: AbortSignal): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const failed = (why: string, cause?: unknown): void => {
        signal.removeEventListener("abort", onAbort);
        socket.destroy();
        reject(new SyncError("hal-unavailable", `connecting to ${host} port ${port}: ${why}`, { cause }));
      };
      const socket = connect({ host, port, noDelay: true });
      const onAbort = (): void => failed("given up");
      const onError = (error: Error): void => failed(error.message, error);
      socket.once("error", onError);
      socket.once("connect", () => {
        socket.off("error", onError);
        swallowErrors(socket);
        signal.removeEventListener("abort", onAbort);
        resolve(socket);
      });
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
    });
  }

  async datagrams({ host, port }: Destination): Promise<Datagrams> {
    const what = `a datagram socket to ${host} port ${port}`;
    try {
      const { address, family } = await lookup(host);
      const socket = createSocket(family === 6 ? "udp6" : "udp4");
      await connectedUdp(socket, { host: address, port });
      return new NodeDatagrams(socket);
    } catch (cause) {
      throw new SyncError("hal-unavailable", `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  /** A machine that sleeps with this network is woken by its platform, or not at all. */
  async joinGroup(group: Group): Promise<GroupMember> {
    return await joinNodeGroup(group, this.address);
  }

  async askGroup(group: Group, options: { readonly hops: number }): Promise<GroupAsker> {
    return await askNodeGroup(group, this.address, options);
  }

  proxy(): ProxySettings {
    return this.#proxy;
  }

  onProxy(listener: (settings: ProxySettings) => void): Unsubscribe {
    return this.#proxies.add(listener);
  }

  /** The administrator changes the proxy. */
  setProxy(settings: ProxySettings): void {
    this.#proxy = settings;
    this.#proxies.tell(settings);
  }
}

class NodeDatagrams implements Datagrams {
  readonly #socket: Udp;
  readonly #messages = new Listeners<Uint8Array>();
  #open = true;

  constructor(socket: Udp) {
    this.#socket = socket;
    socket.on("message", (bytes) => {
      if (this.#open) this.#messages.tell(bytes);
    });
    // Datagrams may get lost in any case; "connection refused" is one more way.
    socket.on("error", () => undefined);
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#socket.send(bytes, () => undefined);
  }

  onMessage(listener: (bytes: Uint8Array) => void): Unsubscribe {
    return this.#messages.add(listener);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close();
  }
}

/** A stream that breaks says so by closing; an error nobody listens to would end the process instead. */
function swallowErrors(socket: Socket): void {
  socket.on("error", () => undefined);
}

/** Node writes IPv4 addresses that came in over an IPv6 socket as ::ffff:10.0.0.1. */
function plainAddress(address: string | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/, "") ?? "";
  return isIPv6(plain) ? (plain.split("%")[0] ?? plain) : plain;
}

function listening(server: Server, { port, host }: { port: number; host: string | undefined }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new SyncError("hal-refused", `listening on port ${port}: ${cause.message}; nothing listens there now`, { cause }));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function closing(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    // A second close finds the server closed already, which is what was wanted.
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}

function connectedUdp(socket: Udp, { host, port }: Destination): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, host, (error?: Error) => {
      socket.off("error", reject);
      if (error === undefined) resolve();
      else {
        socket.close();
        reject(error);
      }
    });
  });
}
