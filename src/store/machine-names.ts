/**
 * How machines are called, for people, to whom their ids say nothing. A name stays known when its machine has left: what
 * it set is still there. Labels only; nothing is decided by them.
 */
import type { Clock } from "../../hal/clock.ts";
import type { Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const KEY = "m/names";

export type MachineName = readonly [device: DeviceId, name: string];

export class MachineNames {
  readonly #storage: Storage;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #learnedMs = Number.NEGATIVE_INFINITY;
  /** The one heard last comes last. */
  readonly #names: Map<DeviceId, string>;

  private constructor(storage: Storage, clock: Pick<Clock, "monotonicMs">, names: readonly MachineName[]) {
    this.#storage = storage;
    this.#clock = clock;
    this.#names = new Map(names);
  }

  static async open(storage: Storage, clock: Pick<Clock, "monotonicMs">): Promise<MachineNames> {
    const bytes = await storage.get(KEY).catch(unlessDamaged);
    return new MachineNames(storage, clock, bytes === undefined ? [] : (decodeCbor(bytes, LIMITS.messageBytesMax) as MachineName[]));
  }

  of(device: DeviceId): string | undefined {
    return this.#names.get(device);
  }

  /** At most LIMITS.machineNamesMax. */
  all(): MachineName[] {
    return [...this.#names];
  }

  /** All of them while one is news to machines that operate: many beats long, so that one that is lost does no harm. */
  news(): MachineName[] {
    return this.#clock.monotonicMs() - this.#learnedMs < LIMITS.machineNamesToldMs ? this.all() : [];
  }

  /** Durable when resolved, where anything was new. Those not heard of for longest make room. */
  async learn(machines: readonly MachineName[]): Promise<void> {
    const news = machines.filter(([device, name]) => name !== "" && this.#names.get(device) !== name);
    if (news.length === 0) return;
    this.#learnedMs = this.#clock.monotonicMs();
    for (const [device, name] of machines) {
      if (name === "") continue;
      this.#names.delete(device);
      this.#names.set(device, name);
    }
    for (const device of [...this.#names.keys()].slice(0, Math.max(0, this.#names.size - LIMITS.machineNamesMax)))
      this.#names.delete(device);
    await this.#storage.write([{ key: KEY, value: encodeCbor(this.all()) }]);
  }
}
