/**
 * One connection between a client machine and a server machine: three lanes (up, down, broadcast), each in order. What
 * a cut cable holds back arrives when it is healed in time; otherwise the connection fails, each end hears of it when
 * it does, and what was on its way is gone.
 */
import { decodeDown, decodeUp } from "../../src/protocol/codec.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import type { Life } from "./virtual-time.ts";

export type Way = "up" | "down" | "broadcast";

interface Lane {
  readonly way: Way;
  lastAtMs: number;
  /** What arrived at the gap and waits for the path. */
  held: Uint8Array[];
  /** Since when something does. */
  heldSinceMs: number;
}

/** Both ends give a connection up on which they hear nothing for so long, be the path open again by then: a broker after one and a half keep-alives. */
const SILENT_MS_MAX = 1.5 * LIMITS.keepAliveMs;

export interface End {
  readonly node: Node;
  readonly life: Life;
}

export class Connection {
  readonly #network: VirtualNetwork;
  readonly number: number;
  readonly client: End;
  readonly server: End;
  readonly isProxied: boolean;
  readonly #onUp: (message: Up) => void;
  readonly #onDown: (message: Down) => void;
  readonly #onClientLost: () => void;
  readonly #onServerLost: () => void;
  readonly #lanes: Record<Way, Lane> = { up: lane("up"), down: lane("down"), broadcast: lane("broadcast") };
  #open = true;
  /** A message was lost: nothing gets through any more, although nobody knows yet. */
  #doomed = false;
  #failing = false;
  /** The server ended it: what is sent from now on goes nowhere. */
  #cut = false;

  constructor(parts: {
    readonly network: VirtualNetwork;
    readonly client: End;
    readonly server: End;
    /** It goes through a proxy, and ends with it. */
    readonly isProxied: boolean;
    readonly onUp: (message: Up) => void;
    readonly onDown: (message: Down) => void;
    readonly onClientLost: () => void;
    readonly onServerLost: () => void;
  }) {
    this.#network = parts.network;
    this.number = parts.network.nextConnectionNumber();
    this.client = parts.client;
    this.server = parts.server;
    this.isProxied = parts.isProxied;
    this.#onUp = parts.onUp;
    this.#onDown = parts.onDown;
    this.#onClientLost = parts.onClientLost;
    this.#onServerLost = parts.onServerLost;
  }

  get open(): boolean {
    return this.#open;
  }

  touches(name: string): boolean {
    return this.client.node.name === name || this.server.node.name === name;
  }

  belongsTo(life: Life): boolean {
    return this.client.life === life || this.server.life === life;
  }

  send(way: Way, bytes: Uint8Array): void {
    if (!this.#open || this.#cut) return;
    const { weather, dice } = this.#network;
    if (dice.chance(weather.loss)) this.#doom();
    this.#travel(way, bytes, this.#network.latency());
    this.#network.mayEcho(this, way, bytes);
    if (dice.chance(weather.duplicates))
      this.#network.world.after(dice.between(1, 2_500), `${this.#name(way)} again`, () => this.#copyArrives(way, bytes));
  }

  /** What is sent arrives: nothing is held back, and nobody is about to lose it. */
  get flows(): boolean {
    const isHeld = Object.values(this.#lanes).some(({ held }) => held.length > 0);
    return this.#open && !this.#doomed && !this.#failing && !this.#cut && !isHeld;
  }

  /** A copy of what was said over an earlier connection of the two. */
  arrivesLate(way: Way, bytes: Uint8Array): void {
    this.#copyArrives(way, bytes);
  }

  /** Whether it connects the same two machines. */
  isBetween({ client, server }: Pick<Connection, "client" | "server">): boolean {
    return this.client.node === client.node && this.server.node === server.node;
  }

  /** The path is open again: what was held back goes on, after the time that a sender takes to try again. */
  pathMayBeFree(): void {
    for (const one of Object.values(this.#lanes)) {
      if (one.held.length === 0 || this.#blocked(one.way)) continue;
      this.#network.world.after(this.#network.dice.between(50, 2_000), `${this.#name(one.way)} resumes`, () => this.#release(one));
    }
  }

  /** Both ends lose it, each at its own time. */
  fail(): void {
    this.#loseClient(this.#network.latency());
    this.#loseServer(this.#network.latency());
    this.#end();
  }

  /** One end closes in order: what it sent still arrives, then the other end hears of it. */
  closedBy(end: "client" | "server"): void {
    this.#afterWhatSent(end, "closed", () => {
      const [from, to] = end === "client" ? [this.client, this.server] : [this.server, this.client];
      if (this.#network.isCut(from.node.name, to.node.name)) return this.#stall();
      if (end === "client") this.#loseServer(0);
      else this.#loseClient(0);
      this.#end();
    });
  }

  /** The server puts the client out: what it sent before still arrives, then both ends hear of it. */
  cutByServer(): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#afterWhatSent("server", "cut", () => {
      if (this.#network.isCut(this.server.node.name, this.client.node.name)) return this.#doom();
      this.#loseClient(0);
      this.#loseServer(0);
      this.#end();
    });
  }

  processEnded(life: Life, how: "closed" | "silent"): void {
    if (how === "closed") this.closedBy(this.client.life === life ? "client" : "server");
    else this.#stall();
  }

  /** What an end does after its last words travels behind them. */
  #afterWhatSent(end: "client" | "server", label: string, act: () => void): void {
    const world = this.#network.world;
    const lanes = end === "client" ? [this.#lanes.up] : [this.#lanes.down, this.#lanes.broadcast];
    const lastMs = Math.max(world.nowMs, ...lanes.map((one) => one.lastAtMs));
    world.after(lastMs - world.nowMs + this.#network.latency(), `${this.#name("up")} ${label}`, () => {
      if (this.#open) act();
    });
  }

  #travel(way: Way, bytes: Uint8Array, latencyMs: number): void {
    const world = this.#network.world;
    const one = this.#lanes[way];
    one.lastAtMs = Math.max(world.nowMs + latencyMs, one.lastAtMs);
    world.after(one.lastAtMs - world.nowMs, this.#name(way), () => {
      if (!this.#open) return;
      if (one.held.length > 0 || this.#blocked(way, "arrives")) {
        if (one.held.length === 0) one.heldSinceMs = world.nowMs;
        one.held.push(bytes);
        this.#stall();
      } else this.#arrives(way, bytes);
    });
  }

  #release(one: Lane): void {
    if (one.held.length > 0 && this.#network.world.nowMs > one.heldSinceMs + SILENT_MS_MAX) return this.fail();
    while (this.#open && one.held.length > 0 && !this.#blocked(one.way)) {
      const bytes = one.held.shift();
      if (bytes !== undefined) this.#arrives(one.way, bytes);
    }
  }

  #arrives(way: Way, bytes: Uint8Array): void {
    this.#network.world.note(`${bytes.length}`);
    const receiver = way === "up" ? this.server : this.client;
    if (receiver.life.over) return this.#stall();
    if (way === "up") receiver.life.deliver(() => this.#onUp(decodeUp(bytes)));
    else receiver.life.deliver(() => this.#onDown(decodeDown(bytes)));
  }

  #copyArrives(way: Way, bytes: Uint8Array): void {
    if (this.#open && !this.#blocked(way)) this.#arrives(way, bytes);
  }

  /** What arrives at a port of a sleeping machine wakes it, if it listens for that (M37); what it is told on a connection of its own does not. */
  #blocked(way: Way, arrives?: "arrives"): boolean {
    const [from, to] = way === "up" ? [this.client, this.server] : [this.server, this.client];
    if (this.#doomed || this.#network.isCut(from.node.name, to.node.name)) return true;
    if (!to.node.powered || to.life.over) return true;
    return to.life.asleep && !(way === "up" && arrives !== undefined && to.node.wakeForConnection());
  }

  #doom(): void {
    this.#doomed = true;
    this.#stall();
  }

  /** Something is held back: after a while somebody gives up, unless it is moving again by then. */
  #stall(): void {
    if (this.#failing || !this.#open) return;
    this.#failing = true;
    const dead = this.client.life.over || this.server.life.over;
    const patienceMs = this.client.life.asleep ? LIMITS.slowReaderMs : this.#network.dice.between(1_500, dead ? 40_000 : 15_000);
    this.#network.world.after(patienceMs, `${this.#name("up")} stalls`, () => {
      this.#failing = false;
      if (!this.#open) return;
      const stuck = Object.values(this.#lanes).some((one) => one.held.length > 0 && this.#blocked(one.way));
      if (stuck || this.#doomed || this.client.life.over || this.server.life.over) this.fail();
      else this.pathMayBeFree();
    });
  }

  #loseClient(delayMs: number): void {
    this.client.life.after(delayMs, `${this.#name("down")} lost`, this.#onClientLost);
  }

  #loseServer(delayMs: number): void {
    this.server.life.after(delayMs, `${this.#name("up")} lost`, this.#onServerLost);
  }

  #end(): void {
    this.#open = false;
    this.#network.disconnected(this);
  }

  #name(way: Way): string {
    return way === "up" ? `${this.client.node.name}>${this.server.node.name}` : `${this.server.node.name}>${this.client.node.name} ${way}`;
  }
}

const lane = (way: Way): Lane => ({ way, lastAtMs: 0, held: [], heldSinceMs: 0 });
