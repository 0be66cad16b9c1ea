/**
 * The network card of one simulated machine: it holds the machine's real address and port, and what arrives there goes
 * through the machine's cable to its process. It answers for the machine when nobody else can: an address without power
 * is silence, a connection to a sleeping machine wakes it, and a machine that lost its power never says goodbye.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type Server, type Socket, connect as connectSocket, createServer } from "node:net";
import type { Cable } from "../cable.ts";
import { joinByCable } from "../cable-join.ts";
import { listenWhenFree } from "./listen-when-free.ts";

export type CardState =
  /** Connections reach the module at this local socket; `knock` is called first and wakes the machine where it sleeps. */
  | { readonly kind: "open"; readonly path: string; readonly knock: () => Promise<void> }
  /** The machine is on and nothing listens: the system says so by a refusal. */
  | { readonly kind: "refusing" }
  /** No answer at all. What arrives meanwhile waits, as a SYN that is sent again. */
  | { readonly kind: "silent" };

export interface NetworkCardParts {
  readonly cable: Cable;
  /** Where it listens in truth: the machine's address, or 127.0.0.1 where ports are mapped. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Told when the port could not be listened on again. */
  readonly onTrouble: (text: string) => void;
}

interface Connection {
  readonly outer: Socket;
  readonly inner: Socket;
  /** Ends the join without a word to either side. */
  readonly part: () => void;
}

export class NetworkCard {
  readonly #parts: NetworkCardParts;
  readonly #connections = new Set<Connection>();
  /** Accepted by the system while the machine gave no answer. */
  readonly #waiting = new Set<Socket>();
  /** Ends of connections of a machine that lost its power: nobody knows of them any more. */
  readonly #orphans = new Set<Socket>();
  readonly #holder = createSocket("udp4");
  #closed = false;
  #state: CardState = { kind: "silent" };
  #server: Server | undefined;
  #changing: Promise<void> = Promise.resolve();
  #port: number;

  constructor(parts: NetworkCardParts) {
    this.#parts = parts;
    this.#port = parts.port;
  }

  /** Of the incoming direction. */
  get cable(): Cable {
    return this.#parts.cable;
  }

  /** Where it listens in truth. */
  get port(): number {
    return this.#port;
  }

  /** Takes the address; rejects with the system's error when it is taken or not there. */
  async open(): Promise<void> {
    this.#server = await this.#listen();
    const address = this.#server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    if (this.#parts.port === 0) return;
    // A machine that refuses connections listens nowhere, and still has its address: another desk is not to take it. It is held at
    // the port beside, because who listens for searches on this computer's own network has the machines' port on all addresses.
    this.#holder.bind({ port: this.#port + 1, address: this.#parts.host, exclusive: true });
    try {
      await once(this.#holder, "listening");
    } catch (error) {
      this.#server.close();
      throw error;
    }
  }

  set(state: CardState): void {
    if (this.#closed) return;
    this.#state = state;
    this.#changing = this.#changing.then(() => this.#follow());
  }

  /** Resolves when what was set last is so. */
  settled(): Promise<void> {
    return this.#changing;
  }

  /** The machine has lost its power: its ends of all connections vanish, and the other ends hear nothing of it. */
  losePower(): void {
    for (const { outer, inner, part } of [...this.#connections]) {
      part();
      inner.destroy();
      this.#orphan(outer);
    }
  }

  /** Another machine has lost its power: what it was connected to hears nothing of it. */
  peerLostPower(address: string): void {
    for (const { outer, inner, part } of [...this.#connections]) {
      if (plainAddress(outer) !== address) continue;
      part();
      outer.destroy();
      this.#orphan(inner);
    }
  }

  /** The machine has power again, and resets connections that it does not know. */
  regainPower(): void {
    for (const socket of this.#orphans) socket.resetAndDestroy();
    this.#orphans.clear();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#changing;
    for (const { outer, inner, part } of this.#connections) {
      part();
      outer.destroy();
      inner.destroy();
    }
    for (const socket of [...this.#waiting, ...this.#orphans]) socket.destroy();
    this.#server?.close();
    this.#server = undefined;
    this.#holder.close();
  }

  async #follow(): Promise<void> {
    if (this.#state.kind === "refusing") {
      for (const socket of this.#waiting) socket.resetAndDestroy();
      this.#waiting.clear();
      this.#server?.close();
      this.#server = undefined;
      return;
    }
    if (this.#server === undefined) await this.#listenAgain();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const socket of waiting) this.#take(socket);
  }

  async #listenAgain(): Promise<void> {
    try {
      this.#server = await this.#listen();
    } catch (cause) {
      this.#parts.onTrouble(
        `${this.#parts.host}:${this.#port} cannot be listened on again: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  async #listen(): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      this.#take(socket);
    });
    await listenWhenFree(server, this.#port, this.#parts.host);
    return server;
  }

  #take(outer: Socket): void {
    const state = this.#state;
    if (outer.destroyed) return;
    if (state.kind === "refusing") {
      outer.resetAndDestroy();
    } else if (state.kind === "silent" || !this.#parts.cable.open) {
      this.#wait(outer);
    } else {
      void this.#forward(outer, state);
    }
  }

  #wait(outer: Socket): void {
    this.#waiting.add(outer);
    const off = this.#parts.cable.onChange(() => {
      if (this.#waiting.delete(outer)) this.#take(outer);
      off();
    });
    outer.once("close", () => {
      off();
      this.#waiting.delete(outer);
    });
  }

  async #forward(outer: Socket, { path, knock }: CardState & { kind: "open" }): Promise<void> {
    await knock();
    if (outer.destroyed) return;
    const inner = connectSocket({ path, allowHalfOpen: true });
    inner.on("error", () => inner.destroy());
    inner.write(`${plainAddress(outer)}\n`);
    const part = joinByCable(this.#parts.cable, outer, inner);
    const connection = { outer, inner, part };
    this.#connections.add(connection);
    for (const socket of [outer, inner]) {
      socket.once("close", () => {
        if (outer.destroyed && inner.destroyed) this.#connections.delete(connection);
      });
    }
    outer.resume();
  }

  #orphan(socket: Socket): void {
    this.#orphans.add(socket);
    socket.once("end", () => socket.destroy());
    socket.once("close", () => this.#orphans.delete(socket));
  }
}

const plainAddress = (socket: Socket): string => (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
