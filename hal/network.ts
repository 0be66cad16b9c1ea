/**
 * The only way to a socket, so that a cable can be cut. Streams are Node duplex streams of raw bytes; TLS is the
 * module's own. A cut cable is silence: nothing arrives, nothing is refused, no stream ends by it. No stream stays half
 * open: when one end has ended, the other ends after its last bytes, and both close.
 */
import type { Duplex } from "node:stream";
import type { Unsubscribe } from "./hal.ts";

export interface Destination {
  /** IPv4 or IPv6 address, or a host name. */
  readonly host: string;
  readonly port: number;
}

export interface Listener {
  /** Stops listening and destroys the streams that came through it. */
  close(): Promise<void>;
}

export interface Incoming {
  readonly stream: Duplex;
  readonly remoteAddress: string;
}

export interface ProxySettings {
  /** `http://[user:password@]host:port`; undefined: no proxy. */
  readonly proxy: string | undefined;
  readonly proxyExcludesLocalhost: boolean;
}

export interface Datagrams {
  send(bytes: Uint8Array): void;
  onMessage(listener: (bytes: Uint8Array) => void): Unsubscribe;
  close(): void;
}

/** Machines that are spoken to at once, in the address families that the machine has. */
export interface Group {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly port: number;
}

/** Anybody may have sent it, and `from` may be forged: it is a hint and proves nothing. */
export type DatagramListener = (bytes: Uint8Array, from: Destination) => void;

/** Hears what is sent to a group, from this machine too, and answers those who sent it. */
export interface GroupMember {
  answer(bytes: Uint8Array, to: Destination): void;
  onMessage(listener: DatagramListener): Unsubscribe;
  close(): void;
}

/** Speaks to a group, and hears what is answered to it alone. */
export interface GroupAsker {
  /** On this machine's own network, and over as many routers as it was opened for. May get lost. */
  ask(bytes: Uint8Array): void;
  onMessage(listener: DatagramListener): Unsubscribe;
  close(): void;
}

export interface Network {
  /** The machine's own address as others reach it, without a port. */
  readonly address: string;
  /** Rejects "hal-refused" when the port is taken. The module always names 8443; a provider may map it. */
  listen(port: number, onConnection: (incoming: Incoming) => void): Promise<Listener>;
  /** Resolves with an open stream; rejects "hal-unavailable" (refused, unreachable, timed out) or when aborted. */
  connect(destination: Destination, signal: AbortSignal): Promise<Duplex>;
  /** A connected UDP socket: only datagrams of the other end arrive. */
  datagrams(destination: Destination): Promise<Datagrams>;
  /**
   * Others on this machine may have joined as well, on the same port. `wakes`: a datagram to the group is a visit like a
   * connection (`Power.wakeOn`); in full sleep any other is lost. Rejects "hal-unavailable" when there is no network to join it on.
   */
  joinGroup(group: Group, options: { readonly wakes: boolean }): Promise<GroupMember>;
  /** `hops`: 1 stays inside the segment, n crosses n - 1 routers. Rejects "hal-unavailable". */
  askGroup(group: Group, options: { readonly hops: number }): Promise<GroupAsker>;
  proxy(): ProxySettings;
  onProxy(listener: (settings: ProxySettings) => void): Unsubscribe;
}
