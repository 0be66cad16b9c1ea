/** A server's link over the virtual network. One machine has one connection: a newer one takes the place of the older. */
import type { DeviceId } from "../../src/model/ids.ts";
import type { Admission, CameBy, ServerLink } from "../../src/link/link.ts";
import { encodeDown } from "../../src/protocol/codec.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import type { Connection, Way } from "./virtual-connection.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import type { Life } from "./virtual-time.ts";

export class VirtualServerLink implements ServerLink {
  readonly #network: VirtualNetwork;
  readonly #node: Node;
  readonly #life: Life;
  readonly admission: Admission;
  readonly #onMessage: ((from: DeviceId, message: Up, by: CameBy) => void)[] = [];
  readonly #onGone: ((device: DeviceId) => void)[] = [];
  readonly #connections = new Map<DeviceId, Connection>();
  #closed = false;

  constructor(parts: { readonly network: VirtualNetwork; readonly node: Node; readonly life: Life; readonly admission: Admission }) {
    this.#network = parts.network;
    this.#node = parts.node;
    this.#life = parts.life;
    this.admission = parts.admission;
  }

  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void {
    this.#onMessage.push(listener);
  }

  onGone(listener: (device: DeviceId) => void): void {
    this.#onGone.push(listener);
  }

  send(to: DeviceId, message: Down): void {
    const connection = this.#connections.get(to);
    if (connection !== undefined && !this.#life.over) this.#transmit(connection, "down", message, encodeDown(message));
  }

  broadcast(message: Down): void {
    if (this.#life.over) return;
    const bytes = encodeDown(message);
    for (const connection of this.#connections.values()) this.#transmit(connection, "broadcast", message, bytes);
  }

  cut(device: DeviceId): void {
    this.#connections.get(device)?.cutByServer();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#network.stopServing(this);
    for (const connection of this.#connections.values()) connection.closedBy("server");
    this.#connections.clear();
  }

  // ---- what the network tells it

  admits(device: DeviceId): boolean {
    return device === this.#node.identity || this.admission.isPinned(device);
  }

  accepted(connection: Connection): void {
    const device = connection.client.node.identity;
    const older = this.#connections.get(device);
    this.#connections.set(device, connection);
    older?.fail();
  }

  received(from: DeviceId, message: Up): void {
    if (this.#closed) return;
    for (const listener of this.#onMessage) listener(from, message, "network");
  }

  lost(connection: Connection): void {
    const device = connection.client.node.identity;
    if (this.#closed || this.#connections.get(device) !== connection) return;
    this.#connections.delete(device);
    for (const listener of this.#onGone) listener(device);
  }

  #transmit(connection: Connection, way: Exclude<Way, "up">, message: Down, bytes: Uint8Array): void {
    const tap = { atMs: this.#network.world.nowMs, from: this.#node.name, to: connection.client.node.name, way, bytes, message };
    if (this.#network.tapped(tap)) connection.send(way, bytes);
  }
}
