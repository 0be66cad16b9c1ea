/** Stands between the module and its machine, and writes down what passes and when. Nothing is changed or held back. */
import type { Duplex } from "node:stream";
import type { ItemStore } from "../../hal/item-store.ts";
import type { Destination, Network } from "../../hal/network.ts";
import type { Storage } from "../../hal/storage.ts";
import { editOf, editsIn } from "./edits.ts";
import { type Sightings, type TcpBytes, monotonicMs } from "./orders.ts";

/** Looks for edits by their numbers; idle while nothing is watched for. */
export class EditWatch {
  #first = 0;
  #durable: number[] = [];
  #shown: number[] = [];
  #durableCount = 0;
  #shownCount = 0;

  get active(): boolean {
    return this.#durable.length > 0;
  }

  start({ first, count }: { readonly first: number; readonly count: number }): void {
    this.#first = first;
    this.#durable = new Array<number>(count).fill(Number.NaN);
    this.#shown = new Array<number>(count).fill(Number.NaN);
    this.#durableCount = 0;
    this.#shownCount = 0;
  }

  stop(): Sightings {
    const sightings = { durableAtMs: this.#durable, shownAtMs: this.#shown };
    this.#durable = [];
    this.#shown = [];
    return sightings;
  }

  durable(numbers: readonly number[], atMs: number): void {
    for (const number of numbers) if (this.#sees(this.#durable, number, atMs)) this.#durableCount += 1;
  }

  shown(numbers: readonly number[], atMs: number): void {
    for (const number of numbers) if (this.#sees(this.#shown, number, atMs)) this.#shownCount += 1;
  }

  get seen(): { readonly durable: number; readonly shown: number } {
    return { durable: this.#durableCount, shown: this.#shownCount };
  }

  #sees(times: number[], number: number, atMs: number): boolean {
    const index = number - this.#first;
    if (!Number.isNaN(times[index] ?? 0)) return false;
    times[index] = atMs;
    return true;
  }
}

/** What the probe of the module's database hears of. */
export interface StorageTap {
  readonly watch: EditWatch;
  readonly onWritten: (bytes: number) => void;
}

export function probedStorage(storage: Storage, { watch, onWritten }: StorageTap): Storage {
  return {
    get: (key) => storage.get(key),
    getMany: (keys) => storage.getMany(keys),
    range: (options) => storage.range(options),
    close: () => storage.close(),
    async write(batch) {
      const numbers = watch.active ? batch.flatMap(({ value }) => (value === undefined ? [] : editsIn(value))) : [];
      const bytes = batch.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);
      await storage.write(batch);
      watch.durable(numbers, monotonicMs());
      onWritten(bytes);
    },
  };
}

export function probedStore(store: ItemStore, watch: EditWatch): ItemStore {
  return {
    items: store.items,
    owners: () => store.owners(),
    read: (owner, among) => store.read(owner, among),
    edit: (changes, by) => store.edit(changes, by),
    onEdit: (listener) => store.onEdit(listener),
    mark: () => store.mark(),
    editsSince: (mark) => store.editsSince(mark),
    forgetEdits: (mark) => store.forgetEdits(mark),
    appliedPosition: () => store.appliedPosition(),
    onEvicted: (listener) => store.onEvicted(listener),
    async apply(changes, position, knownMark) {
      const numbers = watch.active ? changes.flatMap((change) => editOf(change) ?? []) : [];
      const notApplied = await store.apply(changes, position, knownMark);
      watch.shown(numbers, monotonicMs());
      return notApplied;
    },
  };
}

/** What a TCP socket of Node counts. */
interface Counting {
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface NetworkTap {
  readonly onConnect: () => void;
  /** Where all connections go, whatever they are made to: through a network of the bench's own. */
  readonly way: Destination | undefined;
}

/** The module's network, with the payload of all connections that it made itself or that came in. */
export class CountedNetwork implements Network {
  readonly address: string;
  readonly #network: Network;
  readonly #open = new Set<Duplex & Counting>();
  readonly #tap: NetworkTap;
  #received = 0;
  #sent = 0;

  constructor(network: Network, tap: NetworkTap) {
    this.#network = network;
    this.#tap = tap;
    this.address = network.address;
  }

  get bytes(): TcpBytes {
    let [received, sent] = [this.#received, this.#sent];
    for (const { bytesRead, bytesWritten } of this.#open) {
      received += bytesRead;
      sent += bytesWritten;
    }
    return { received, sent };
  }

  listen: Network["listen"] = (port, onConnection) =>
    this.#network.listen(port, (incoming) => {
      this.#count(incoming.stream);
      onConnection(incoming);
    });

  connect: Network["connect"] = async (destination, signal) => {
    this.#tap.onConnect();
    const stream = await this.#network.connect(this.#tap.way ?? destination, signal);
    this.#count(stream);
    return stream;
  };

  datagrams: Network["datagrams"] = (destination) => this.#network.datagrams(destination);
  joinGroup: Network["joinGroup"] = (group, options) => this.#network.joinGroup(group, options);
  askGroup: Network["askGroup"] = (group, options) => this.#network.askGroup(group, options);
  proxy: Network["proxy"] = () => this.#network.proxy();
  onProxy: Network["onProxy"] = (listener) => this.#network.onProxy(listener);

  #count(stream: Duplex): void {
    if (!isCounting(stream)) throw new Error("the bench counts bytes of Node's own sockets only");
    this.#open.add(stream);
    stream.once("close", () => {
      this.#open.delete(stream);
      this.#received += stream.bytesRead;
      this.#sent += stream.bytesWritten;
    });
  }
}

const isCounting = (stream: Duplex): stream is Duplex & Counting => "bytesRead" in stream && "bytesWritten" in stream;
