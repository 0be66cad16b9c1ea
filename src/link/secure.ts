/**
 * TLS over any stream. Between machines nobody asks an authority: each end shows its own certificate, and the other
 * compares it with the identity it has pinned. Only AEAD suites with forward secrecy are spoken.
 */
import { constants } from "node:crypto";
import type { Duplex } from "node:stream";
import { connect, createServer, type PeerCertificate, type Server, type TLSSocket } from "node:tls";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { DeviceId } from "../model/ids.ts";
import { deviceIdOf } from "./certificate.ts";
import type { Identity } from "./identity.ts";

/**
 * ALPN between machines: MQTT as it is, and MQTT over WebSocket, as older machines speak it. Everything else on the port is for
 * the web server.
 */
export const DIRECT_PROTOCOL = "mqtt-direct";
const WEBSOCKET_PROTOCOL = "mqtt-sync";
/** In the order of preference. */
export const MACHINE_PROTOCOLS = [DIRECT_PROTOCOL, WEBSOCKET_PROTOCOL] as const;
const WEB_PROTOCOL = "http/1.1";

const SUITES = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-CHACHA20-POLY1305",
];
const COMMON = { minVersion: "TLSv1.2", ciphers: SUITES.join(":"), honorCipherOrder: false } as const;

/** Other machines are asked for their certificate, browsers are not. */
export type Visitor = "machine" | "browser";

/**
 * TLS servers of one identity between two handshakes. Each has one at a time, which tells which stream a finished one belongs to; to
 * make one takes a millisecond, because certificate and key are read anew. Only after a success: a failed handshake may be told twice.
 */
export class IdleServers {
  readonly #of: Readonly<Record<Visitor, Server[]>> = { machine: [], browser: [] };

  take(visitor: Visitor): Server | undefined {
    return this.#of[visitor].pop();
  }

  give(visitor: Visitor, server: Server): void {
    if (this.#of[visitor].length < LIMITS.idleServersMax) this.#of[visitor].push(server);
  }
}

interface ServerEnd {
  readonly stream: Duplex;
  readonly identity: Identity;
  readonly visitor: Visitor;
  /** Left out: there is one handshake alone. */
  readonly idle?: IdleServers;
}

/**
 * The server's end. Resolves when the handshake is done, which proves that the visitor has the key of the certificate
 * it showed; whether it is welcome is the caller's to decide. Rejects "link-lost"; the stream is destroyed then.
 */
export function secureServer({ stream, identity, visitor, idle }: ServerEnd): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const failed = (cause?: Error): void => {
      stream.destroy();
      reject(new SyncError("link-lost", `TLS handshake failed: ${cause?.message ?? "the visitor went away"}`, { cause }));
    };
    if (stream.destroyed) return failed();
    const server = idle?.take(visitor) ?? serverFor(identity, visitor);
    server.once("secureConnection", (socket) => {
      // Stays for good: an error that nobody listens to would end the process, and a visitor can reset at any moment.
      socket.on("error", () => socket.destroy());
      socket.setNoDelay(true);
      server.off("tlsClientError", failed);
      idle?.give(visitor, server);
      resolve(socket);
    });
    server.once("tlsClientError", failed);
    stream.once("close", () => failed());
    server.emit("connection", stream);
  });
}

const serverFor = (identity: Identity, visitor: Visitor): Server =>
  createServer({
    ...COMMON,
    cert: identity.certificate,
    key: identity.key,
    requestCert: visitor === "machine",
    rejectUnauthorized: false,
    ALPNProtocols: visitor === "machine" ? [...MACHINE_PROTOCOLS] : [WEB_PROTOCOL],
    handshakeTimeout: LIMITS.connectMs,
    // Nothing is resumed: who was put out is out at the next connection.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });

interface ClientEnd {
  readonly stream: Duplex;
  readonly signal: AbortSignal;
  /** To be shown when the server asks for one; undefined: none. */
  readonly identity: Identity | undefined;
  /** To offer; `alpnProtocol` of the socket says what the server has chosen. */
  readonly protocols: readonly ((typeof MACHINE_PROTOCOLS)[number] | typeof WEB_PROTOCOL)[];
  /** The name to check against an authority's certificate; undefined: the caller compares the identity. */
  readonly authorityName: string | undefined;
}

/** The client's end. Rejects "server-unreachable", also when the signal aborts; the stream is destroyed then. */
export function secureClient({ stream, signal, identity, protocols, authorityName }: ClientEnd): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const failed = (cause?: Error): void => {
      stream.destroy();
      reject(new SyncError("server-unreachable", `TLS handshake failed: ${cause?.message ?? "the server ended it"}`, { cause }));
    };
    if (signal.aborted) return failed();
    const socket = connect({
      ...COMMON,
      socket: stream,
      servername: authorityName !== undefined && isName(authorityName) ? authorityName : "",
      ...(authorityName === undefined ? { rejectUnauthorized: false } : { host: authorityName }),
      ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
      ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
    });
    const abort = (): void => failed();
    signal.addEventListener("abort", abort, { once: true });
    // Stays for good: whoever uses the socket hears "close", and an error nobody listens to would end the process.
    socket.on("error", failed);
    socket.once("close", () => failed());
    socket.once("secureConnect", () => {
      signal.removeEventListener("abort", abort);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** Server names are for names: an address has none (RFC 6066). */
const isName = (host: string): boolean => !/^[\d.]+$|:/.test(host);

/** Who is at the other end, undefined when it showed no certificate. */
export function peerOf(socket: TLSSocket): DeviceId | undefined {
  const raw = certificateOf(socket)?.raw;
  return raw === undefined ? undefined : deviceIdOf(raw);
}

/** SHA-256 of the other end's certificate, as 64 hex digits in lower case. */
export const peerFingerprint = (socket: TLSSocket): string =>
  (certificateOf(socket)?.fingerprint256 ?? "").replaceAll(":", "").toLowerCase();

/** What Node's types do not say: there is none when the connection is gone, and an empty one when none was shown. */
const certificateOf = (socket: TLSSocket): Partial<PeerCertificate> | null => socket.getPeerCertificate();

/** What both ends of this very connection know and nobody in between (RFC 9266, "tls-exporter"). Throws "link-lost" when it is gone. */
export function channelBinding(socket: TLSSocket): Uint8Array {
  try {
    return socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  } catch (cause) {
    throw new SyncError("link-lost", "the connection was ended before the account was proven", { cause });
  }
}
