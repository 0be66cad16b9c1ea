/** Several ways to a server machine as one: port 8443, a broker of others, and the machine's own client. */
import type { DeviceId } from "../model/ids.ts";
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";
import type { CameBy, ServerLink } from "./link.ts";

/** A machine is written to on every way; the ones it is not on know nothing of it and drop the message. */
export class JoinedServerLink implements ServerLink {
  readonly #ways: readonly ServerLink[];
  readonly #closed: () => Promise<void>;

  /** `closed` is called, and waited for, when all ways are closed. */
  constructor({ ways, closed }: { readonly ways: readonly ServerLink[]; readonly closed: () => Promise<void> }) {
    this.#ways = ways;
    this.#closed = closed;
  }

  onMessage(listener: (from: DeviceId, message: Up, by: CameBy) => void): void {
    for (const way of this.#ways) way.onMessage(listener);
  }

  onGone(listener: (device: DeviceId) => void): void {
    for (const way of this.#ways) way.onGone(listener);
  }

  send(to: DeviceId, message: Down): void {
    for (const way of this.#ways) way.send(to, message);
  }

  broadcast(message: Down): void {
    for (const way of this.#ways) way.broadcast(message);
  }

  cut(device: DeviceId): void {
    for (const way of this.#ways) way.cut(device);
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.close()));
    await this.#closed();
  }
}
