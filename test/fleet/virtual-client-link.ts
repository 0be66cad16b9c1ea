/** A client's link over the virtual network: connects, and connects again after a back-off, until it is closed. */
import { SyncError } from "../../src/model/errors.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { ClientLink, Destination } from "../../src/link/link.ts";
import { encodeUp } from "../../src/protocol/codec.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import { Connection } from "./virtual-connection.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import type { Life } from "./virtual-time.ts";

type Why = SyncError | Refusal | undefined;

export class VirtualClientLink implements ClientLink {
  readonly life: Life;
  readonly #network: VirtualNetwork;
  readonly #node: Node;
  readonly #destination: Destination;
  readonly #server: DeviceId;
  readonly #onState: ((state: "down" | "up", why: Why) => void)[] = [];
  readonly #onMessage: ((message: Down) => void)[] = [];
  #connection: Connection | undefined;
  #attempt = 0;
  #failures = 0;
  #closed = false;

  constructor(parts: { readonly network: VirtualNetwork; readonly node: Node; readonly life: Life; readonly destination: Destination; readonly server: DeviceId }) {
    this.life = parts.life;
    this.#network = parts.network;
    this.#node = parts.node;
    this.#destination = parts.destination;
    this.#server = parts.server;
  }

  get state(): "down" | "up" {
    return this.#connection === undefined ? "down" : "up";
  }

  onState(listener: (state: "down" | "up", why: Why) => void): void {
    this.#onState.push(listener);
  }

  onMessage(listener: (message: Down) => void): void {
    this.#onMessage.push(listener);
  }

  begin(): void {
    this.life.after(0, "connects", () => this.#connect());
  }

  send(message: Up): void {
    const connection = this.#connection;
    if (connection === undefined || this.life.over) return;
    const bytes = encodeUp(message);
    this.#network.tapped({ atMs: this.#network.world.nowMs, from: this.#node.name, to: connection.server.node.name, way: "up", bytes, message });
    connection.send("up", bytes);
  }

  restart(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#closed) return;
    this.#connection = undefined;
    connection.closedBy("client");
    this.life.after(0, "restarts", () => this.#down(undefined));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#connection?.closedBy("client");
    this.#connection = undefined;
  }

  #connect(): void {
    if (this.#closed || this.#connection !== undefined) return;
    const attempt = (this.#attempt += 1);
    const answered = (act: () => void): void => {
      this.life.after(this.#network.latency(), "connect answered", () => {
        if (this.#closed || attempt !== this.#attempt || this.#connection !== undefined) return;
        act();
      });
    };
    const node = this.#network.nodeAt(this.#destination.host);
    const silent = node === undefined || !node.powered || this.#network.isCut(this.#node.name, node.name) || this.#network.isCut(node.name, this.#node.name);
    if (silent || !node.wakeForConnection()) {
      this.life.after(LIMITS.connectMs, "connect timed out", () => {
        if (attempt === this.#attempt) this.#down(unreachable(this.#destination, "no answer"));
      });
      return;
    }
    answered(() => this.#knock(node));
  }

  #knock(node: Node): void {
    const serving = this.#network.serverAt(node);
    if (serving === undefined || serving.life.over) return this.#down(unreachable(this.#destination, "refused"));
    if (node.identity !== this.#server) return this.#down({ word: "another-server" });
    if (!serving.link.admits(this.#node.identity)) return this.#down({ word: "not-paired" });
    const connection = new Connection({
      network: this.#network,
      client: { node: this.#node, life: this.life },
      server: { node, life: serving.life },
      onUp: (message) => serving.link.received(this.#node.identity, message),
      onDown: (message) => this.#received(connection, message),
      onClientLost: () => this.#lost(connection),
      onServerLost: () => serving.link.lost(connection),
    });
    this.#network.connected(connection);
    serving.link.accepted(connection);
    this.#connection = connection;
    this.#failures = 0;
    for (const listener of this.#onState) listener("up", undefined);
  }

  #received(connection: Connection, message: Down): void {
    if (this.#closed || connection !== this.#connection) return;
    for (const listener of this.#onMessage) listener(message);
  }

  #lost(connection: Connection): void {
    if (this.#closed || connection !== this.#connection) return;
    this.#connection = undefined;
    this.#down(new SyncError("link-lost", "the connection was lost; it is made again"));
  }

  #down(why: Why): void {
    if (this.#closed) return;
    for (const listener of this.#onState) listener("down", why);
    const backoffMs = Math.min(LIMITS.backoffMaxMs, LIMITS.backoffFirstMs * 2 ** this.#failures);
    this.#failures += 1;
    this.life.after(this.#network.dice.between(backoffMs / 2, backoffMs), "connects again", () => this.#connect());
  }
}

const unreachable = ({ host, port }: Destination, why: string): SyncError => new SyncError("server-unreachable", `${host}:${port}: ${why}; it is tried again`);
