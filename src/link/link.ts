/**
 * How messages travel between a client machine and the server machine. A link knows nothing of what a message means.
 *
 * Promises: what is sent arrives at least once, or the link goes "down" and says so; a message may arrive twice, and
 * late. Messages on one path keep their order while the link stays up; between a server's broadcast and its messages
 * to one machine there is no order. Nothing is kept for a machine that is away. Listeners are called synchronously;
 * a message that does not decode never reaches them (it is logged and, from a hostile peer, ends the link).
 */
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";
import type { DeviceId } from "../model/ids.ts";
import type { PolicyPart, Refusal } from "../model/refusal.ts";
import type { SyncError } from "../model/errors.ts";
import type { FoundServer } from "./searching.ts";

export interface ClientLink {
  /**
   * "up": what is sent is on its way. That the server machine does not let this one in may turn out then, as the reason for
   * which it is "down".
   */
  readonly state: "down" | "up";
  /** Told at each change; one who comes late is told at once why the link is down, where that is known. */
  onState(listener: (state: "down" | "up", why: SyncError | Refusal | undefined) => void): void;
  onMessage(listener: (message: Down) => void): void;
  /** While down, the message is dropped: whoever sends says hello again when the link is up. */
  send(message: Up): void;
  /** Ends the connection that is up, and makes another one after the back-off. */
  restart(): void;
  /** Ends it for good, after what was sent has left (at most a second). */
  close(): Promise<void>;
}

/** How a message reached the server: from this very machine without a wire, or over the network like any other's (M29). */
export type CameBy = "inside" | "network";

export interface ServerLink {
  /** `from` is proven by the link: the sender holds the key of this identity. */
  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void;
  /** The machine's connection is gone. (That it seems to be there proves nothing: presence is the lease.) */
  onGone(listener: (device: DeviceId) => void): void;
  send(to: DeviceId, message: Down): void;
  /** To all machines that listen, encoded once. */
  broadcast(message: Down): void;
  /** Ends the connection of one machine; undone by its next connection. */
  cut(device: DeviceId): void;
  /** Stops listening, after what was sent has left (at most a second). */
  close(): Promise<void>;
}

/** The settings that must be the same on the machines (M10), each as 16 hex digits. */
export type PolicyDigests = { readonly [part in PolicyPart]: string };

/** What a server machine decides about first contacts and connections; asked by the link. */
export interface Admission {
  /** Whether this identity has been pinned at a first contact. */
  isPinned(device: DeviceId): boolean;
  /** Whether this machine is to be found by those who search for a server: one that stood down is none (B06). Left out: it is. */
  isSearchable?(): boolean;
  /** Somebody at this address has not proven an account. Left out: nobody wants to know. */
  unproven?(address: string): void;
  /** Which settings of a machine differ from this one's (M10); asked for a machine that has proven an account. */
  differing(digests: PolicyDigests): readonly PolicyPart[];
  /**
   * The candidate has proven an administrator's account of this machine. Pins it durably and answers the fleet secret,
   * or says why not. A machine with the serial number of another takes over that one's pin and place.
   */
  pin(candidate: {
    readonly device: DeviceId;
    readonly serialNumber: string;
    readonly deviceName: string;
  }): Promise<Refusal | { readonly fleetSecret: Uint8Array }>;
}

/** The outcome of a first contact, to be kept durably by the client. */
export interface Pairing {
  /** The server machine's identity: the certificate to insist on, wherever it answers. */
  readonly server: DeviceId;
  readonly fleetSecret: Uint8Array;
}

export interface Destination {
  readonly host: string;
  readonly port: number;
}

export interface FirstContact {
  /** The server's identity, to be shown to and confirmed by the administrator before the account is proven. */
  readonly server: DeviceId;
  /** Why nobody is let in there for now, undefined when the server function runs. */
  readonly closed: Refusal | undefined;
  /** The server machine's date; a label. undefined: it did not say. */
  readonly wallMs: number | undefined;
  /**
   * Proves the account as `prove` does, and nobody is pinned: which settings differ (M36). It counts as a try. "untold": the server's login
   * service demands the password, which nobody gets whose identity an administrator has not confirmed.
   */
  check(
    account: string,
    password: string,
    digests: PolicyDigests,
    server: "confirmed" | "unconfirmed",
  ): Promise<Refusal | readonly PolicyPart[] | "untold">;
  /**
   * For a server that is confirmed. Proves the account over this very connection; the password does not cross the wire unless
   * the server's login service demands it.
   */
  prove(account: string, password: string): Promise<Refusal | Pairing>;
  close(): void;
}

/** The ways to other machines that the module is given; made once per process. */
export interface Links {
  /** This machine's identity, made at its first start and kept. */
  identity(): Promise<DeviceId>;
  /**
   * Another machine has this one's key: it ends with this start of the module, durably, and the next start makes a new one. Until
   * then `identity` stays what it was, and nobody is to be met with it for the first time. Rejects as the storage does.
   */
  endIdentity(): Promise<void>;
  readonly identityEnds: boolean;
  /** Opens port 8443 to say why the server function does not run, until it is closed. Rejects as `serve` does. */
  announce(closed: Refusal): Promise<{ close(): Promise<void> }>;
  /** Opens port 8443. Rejects with a SyncError when it cannot. */
  serve(admission: Admission): Promise<ServerLink>;
  /**
   * A link that connects, and connects again after a loss, until it is closed. It starts down. `ready` is waited for before each
   * attempt; it does not reject.
   */
  connect(destination: Destination, server: DeviceId, ready?: () => Promise<void>): ClientLink;
  /** The server machines that answer within 3 s, over `depth - 1` routers. Rejects "hal-unavailable" without a network. */
  search(depth: number, signal: AbortSignal): Promise<readonly FoundServer[]>;
  /**
   * Rejects with a SyncError ("server-unreachable" ...) when there is no server, or no answer within 5 s. `reached` is called
   * once somebody answers at the port, whoever it is.
   */
  firstContact(destination: Destination, signal: AbortSignal, reached?: () => void): Promise<FirstContact>;
}
