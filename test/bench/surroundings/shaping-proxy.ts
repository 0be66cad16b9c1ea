/**
 * A network with a bandwidth and a delay: a proxy that passes on every byte, later. All connections share one wire in
 * each direction, as they share the server's cable; a piece leaves when the wire is free and arrives a delay later.
 */
import { type Server, type Socket, connect, createServer } from "node:net";
import type { Address } from "../subject.ts";

export interface LinkSpeed {
  readonly bitsPerSecond: number;
  /** One way. */
  readonly delayMs: number;
}

export interface ShapingProxyParts {
  readonly at: Address;
  readonly to: Address;
  readonly link: LinkSpeed;
}

/** Bytes on their way, of one connection and direction, beyond which its sender is not read from: what a switch would hold. */
const QUEUE_BYTES_MAX = 128 * 1024;
/** A larger piece would hold the wire for so long that others had to wait for all of it. */
const PIECE_BYTES = 8 * 1024;

class Wire {
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  #freeAtMs = 0;

  constructor({ bitsPerSecond, delayMs }: LinkSpeed) {
    this.#bytesPerMs = bitsPerSecond / 8_000;
    this.#delayMs = delayMs;
  }

  /** When a piece that is sent now has arrived. */
  arrivesAtMs(bytes: number): number {
    this.#freeAtMs = Math.max(performance.now(), this.#freeAtMs) + bytes / this.#bytesPerMs;
    return this.#freeAtMs + this.#delayMs;
  }
}

export class ShapingProxy {
  readonly #parts: ShapingProxyParts;
  readonly #server: Server;
  readonly #up: Wire;
  readonly #down: Wire;
  readonly #sockets = new Set<Socket>();

  private constructor(parts: ShapingProxyParts) {
    this.#parts = parts;
    this.#up = new Wire(parts.link);
    this.#down = new Wire(parts.link);
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => this.#join(near));
  }

  static async open(parts: ShapingProxyParts): Promise<ShapingProxy> {
    const proxy = new ShapingProxy(parts);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(parts.at.port, parts.at.host, resolve);
    });
    return proxy;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near: Socket): void {
    const far = connect({ ...this.#parts.to, noDelay: true, allowHalfOpen: true });
    this.#pipe(near, far, this.#up);
    this.#pipe(far, near, this.#down);
  }

  #pipe(from: Socket, to: Socket, wire: Wire): void {
    this.#sockets.add(from);
    const way = new Way({ from, to, wire });
    from.on("data", (bytes: Buffer) => way.send(bytes));
    to.on("drain", () => from.resume());
    from.once("end", () => way.end());
    from.on("error", () => to.destroy());
    from.once("close", () => {
      this.#sockets.delete(from);
      if (from.errored !== null) to.destroy();
    });
  }
}

/** One direction of a connection: pieces arrive in their order. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #wire: Wire;
  /** An empty piece is the end. */
  readonly #pieces: { readonly piece: Buffer; readonly arrivesAtMs: number }[] = [];
  #queuedBytes = 0;
  #isWaiting = false;

  constructor({ from, to, wire }: { readonly from: Socket; readonly to: Socket; readonly wire: Wire }) {
    this.#from = from;
    this.#to = to;
    this.#wire = wire;
  }

  send(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.#add(bytes.subarray(at, at + PIECE_BYTES));
    if (this.#queuedBytes >= QUEUE_BYTES_MAX) this.#from.pause();
  }

  end(): void {
    this.#add(Buffer.alloc(0));
  }

  #add(piece: Buffer): void {
    this.#pieces.push({ piece, arrivesAtMs: this.#wire.arrivesAtMs(piece.length) });
    this.#queuedBytes += piece.length;
    if (!this.#isWaiting) this.#wait();
  }

  #wait(): void {
    const [next] = this.#pieces;
    this.#isWaiting = next !== undefined;
    if (next !== undefined) setTimeout(() => this.#deliver(), Math.max(0, next.arrivesAtMs - performance.now()));
  }

  #deliver(): void {
    // A timer may be up to a millisecond early, never so much that the rate suffers: pieces left at times that add up.
    const nowMs = performance.now() + 0.5;
    for (let next = this.#pieces[0]; next !== undefined && next.arrivesAtMs <= nowMs; next = this.#pieces[0]) {
      this.#pieces.shift();
      this.#queuedBytes -= next.piece.length;
      if (!this.#to.writable) continue;
      if (next.piece.length === 0) this.#to.end();
      else this.#to.write(next.piece);
    }
    if (this.#queuedBytes < QUEUE_BYTES_MAX && !this.#to.writableNeedDrain) this.#from.resume();
    this.#wait();
  }
}
