/**
 * One port for everything: the first bytes of a connection say whether a machine wants to synchronise (ALPN "mqtt-direct";
 * an older one "mqtt-sync", with a WebSocket in between) or a browser wants pages. The one is asked for a certificate, the
 * other is not.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import type { Incoming, Listener, Network } from "../../hal/network.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { RefusalWord } from "../model/refusal.ts";
import { offeredProtocols } from "./client-hello.ts";
import { Gate } from "./gate.ts";
import type { Identity } from "./identity.ts";
import { IDENTIFIER_REJECTED, SERVER_UNAVAILABLE } from "./connack-codes.ts";
import { connack } from "./mqtt-packets.ts";
import { MQTT_PATH, REFUSAL_HEADER } from "./refusal-words.ts";
import { DIRECT_PROTOCOL, IdleServers, MACHINE_PROTOCOLS, peerOf, secureServer } from "./secure.ts";

/** A machine that has proven its identity and is welcome. `admitted` is to be called once MQTT has let it in. */
export interface Arrival {
  readonly device: DeviceId;
  readonly stream: Duplex;
  /** Over a WebSocket topics have their full names. */
  readonly way: "direct" | "websocket";
  readonly admitted: () => void;
}

export type PortRefusal = Extract<RefusalWord, "not-paired" | "server-not-running">;

export interface MachineDoor {
  /** Why this machine may not come in, undefined when it may. */
  refusalOf(device: DeviceId): PortRefusal | undefined;
  enter(arrival: Arrival): void;
}

/** Answers a request; `address` is where it came from. */
export type PageListener = (request: IncomingMessage, response: ServerResponse, address: string) => void;

interface Parts {
  readonly network: Network;
  readonly clock: Clock;
  readonly port: number;
  readonly identity: Identity;
  readonly log: (text: string) => void;
  /** undefined: the server function does not run here. Asked anew for each connection. */
  readonly machines: () => MachineDoor | undefined;
  readonly pages: PageListener;
}

interface Visit {
  readonly raw: Duplex;
  readonly address: string;
}

export class Port8443 {
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  readonly #waiting = new Gate({ max: LIMITS.socketsMax, perAddressMax: LIMITS.socketsPerAddressMax, whenFull: "refuse" });
  readonly #browsing = new Gate({ max: LIMITS.socketsMax, perAddressMax: LIMITS.socketsPerAddressMax, whenFull: "replace-oldest" });
  readonly #idle = new IdleServers();
  readonly #visits = new WeakMap<Duplex, Visit>();
  readonly #machineServer: Server;
  readonly #pageServer: Server;
  #listener: Listener | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#machineServer = quietServer((_request, response) => response.writeHead(404).end());
    this.#machineServer.on(
      "upgrade",
      (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(request, socket, head),
    );
    this.#pageServer = quietServer((request, response) => this.#page(request, response));
  }

  /** Rejects "port-closed" when the port cannot be opened. */
  static async open(parts: Parts): Promise<Port8443> {
    const port = new Port8443(parts);
    try {
      port.#listener = await parts.network.listen(parts.port, (incoming) => void port.#visit(incoming));
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      throw new SyncError("port-closed", `port ${parts.port} cannot be opened: ${cause.message}`, { cause });
    }
    return port;
  }

  /** Destroys what is connected. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listener?.close();
  }

  async #visit({ stream, remoteAddress: address }: Incoming): Promise<void> {
    const { identity, log } = this.#parts;
    stream.on("error", () => stream.destroy());
    if (this.#waiting.enter(stream, address) === "full") return log(`${address}: refused, too many connections are waiting to be let in.`);
    void this.#expectSoon(stream);
    try {
      const offered = await peek(stream);
      if (offered === "not-tls") return void stream.destroy();
      const visitor = MACHINE_PROTOCOLS.some((protocol) => offered.includes(protocol)) ? "machine" : "browser";
      const socket = await secureServer({ stream, identity, visitor, idle: this.#idle });
      this.#visits.set(socket, { raw: stream, address });
      if (socket.alpnProtocol === DIRECT_PROTOCOL) return this.#direct(socket, { raw: stream, address });
      (visitor === "machine" ? this.#machineServer : this.#pageServer).emit("connection", socket);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      log(`${address}: ${error.message}.`);
    }
  }

  /** A connection that has not been let in when the time is up is ended, whatever it has sent until then. */
  async #expectSoon(stream: Duplex): Promise<void> {
    const gone = new AbortController();
    stream.once("close", () => gone.abort());
    if ((await this.#parts.clock.sleep(LIMITS.connectMs, gone.signal)) === "elapsed" && this.#waiting.has(stream)) stream.destroy();
  }

  #direct(socket: TLSSocket, { raw, address }: Visit): void {
    const welcome = this.#welcome(socket, address);
    if ("word" in welcome) {
      // What it has said is read, for nobody: otherwise the end of the connection would overtake the answer.
      socket.resume();
      socket.end(connack(welcome.word === "server-not-running" ? SERVER_UNAVAILABLE : IDENTIFIER_REJECTED));
      return;
    }
    const { door, device } = welcome;
    door.enter({ device, stream: socket, way: "direct", admitted: () => this.#waiting.leave(raw) });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const visit = this.#visits.get(socket);
    if (visit === undefined || request.url !== MQTT_PATH || !(socket instanceof TLSSocket)) return refuse(socket, 404, undefined);
    const { acceptWebsocket } = await import("./websocket-server.ts");
    const welcome = this.#welcome(socket, visit.address);
    if ("word" in welcome) return refuse(socket, 403, welcome.word);
    const { door, device } = welcome;
    acceptWebsocket(request, socket, head, (stream) => {
      door.enter({ device, stream, way: "websocket", admitted: () => this.#waiting.leave(visit.raw) });
    });
  }

  #welcome(socket: TLSSocket, address: string): { readonly door: MachineDoor; readonly device: DeviceId } | { readonly word: PortRefusal } {
    const { machines, log } = this.#parts;
    const device = peerOf(socket);
    const door = machines();
    const word = door === undefined ? "server-not-running" : device === undefined ? "not-paired" : door.refusalOf(device);
    if (door !== undefined && device !== undefined && word === undefined) return { door, device };
    log(`${address}: refused, machine ${device ?? "without a certificate"}: ${word}.`);
    return { word: word ?? "not-paired" };
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const visit = this.#visits.get(request.socket);
    if (visit === undefined) return void request.socket.destroy();
    if (this.#waiting.has(visit.raw)) {
      this.#waiting.leave(visit.raw);
      this.#browsing.enter(visit.raw, visit.address);
    }
    this.#parts.pages(request, response, visit.address);
  }
}

/** The servers never listen themselves: connections are handed to them. */
function quietServer(listener: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: LIMITS.webIdleMs }, listener);
  server.timeout = LIMITS.webIdleMs;
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

function refuse(socket: Duplex, status: number, word: RefusalWord | undefined): void {
  const header = word === undefined ? "" : `${REFUSAL_HEADER}: ${word}\r\n`;
  socket.end(`HTTP/1.1 ${status} Refused\r\n${header}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Reads until the ClientHello is complete, puts everything back, and says what it offers. Rejects "link-lost". */
function peek(stream: Duplex): Promise<"not-tls" | readonly string[]> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (offered: "not-tls" | readonly string[]): void => {
      stream.off("readable", read);
      stream.off("close", closed);
      stream.unshift(bytes);
      resolve(offered);
    };
    const read = (): void => {
      for (let chunk: unknown = stream.read(); chunk !== null; chunk = stream.read()) {
        if (Buffer.isBuffer(chunk)) bytes = Buffer.concat([bytes, chunk]);
        const offered = offeredProtocols(bytes);
        if (offered !== "more") return settle(offered);
      }
    };
    const closed = (): void => reject(new SyncError("link-lost", "the visitor went away before it said what it wants"));
    stream.on("readable", read);
    stream.once("close", closed);
  });
}
