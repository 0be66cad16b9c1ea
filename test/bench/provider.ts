/**
 * The simulated printer of hal/sim with probes between it and the module, and with plain sockets: the desk's cables and
 * cards would stand in the way of every byte. Everything else is as on the desk: the printer's own LevelDB and the
 * module's, synced writes, SNTP, the module's own TLS.
 */
import { createHash } from "node:crypto";
import type { Hal } from "../../hal/hal.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import type { Destination } from "../../hal/network.ts";
import type { Panel } from "../../hal/panel.ts";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import type { Administration, Machine } from "../../hal/services.ts";
import { openMachine as openSimulated } from "../../hal/sim/provider.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { type DataSetOptions, dataSet } from "./data-set.ts";
import { editOf } from "./edits.ts";
import { answerOrders, makeEdits } from "./answer-orders.ts";
import { pressKeys } from "./press-keys.ts";
import { type EditTimes, type JoinTimes, type OrderTable, WAY, monotonicMs } from "./orders.ts";
import { CountedNetwork, EditWatch, probedStorage, probedStore } from "./probes.ts";

export async function openMachine(options: {
  readonly dataDir: string;
  readonly arguments: Readonly<Record<string, string>>;
}): Promise<Machine> {
  const simulated = await openSimulated(options);
  const { address = "127.0.0.1" } = options.arguments;
  const machine = new MeasuredMachine(simulated, new NodeNetwork({ address, listenAddress: address }));
  machine.listen();
  return {
    hal: machine.hal,
    capabilities: simulated.capabilities,
    onModule: (administration) => {
      machine.onModule(administration);
      simulated.onModule(administration);
    },
    onResources: (report) => simulated.onResources(report),
    close: () => simulated.close(),
  };
}

/** Entries of several owners go into one edit of the printer's store. */
const LOAD_BATCH = 500;

class MeasuredMachine {
  /** For the module. */
  readonly hal: Hal;
  readonly #stores: readonly ItemStore[];
  readonly #panel: Panel;
  readonly #network: CountedNetwork;
  readonly #watch = new EditWatch();
  readonly #waiting = new Set<(times: JoinTimes) => void>();
  #administration: Administration | undefined;
  #connectAtMs: number | undefined;
  #replicaAtMs: number | undefined;
  #joined: JoinTimes | undefined;
  #stored = { bytes: 0, writes: 0 };

  constructor({ hal }: Machine, network: NodeNetwork) {
    this.#stores = [hal.settings, hal.addressBook];
    this.#panel = hal.panel;
    const way = process.env[WAY];
    this.#network = new CountedNetwork(network, {
      onConnect: () => {
        this.#connectAtMs ??= monotonicMs();
      },
      way: way === undefined ? undefined : (JSON.parse(way) as Destination),
    });
    const watch = this.#watch;
    const onWritten = (bytes: number): void => {
      this.#stored = { bytes: this.#stored.bytes + bytes, writes: this.#stored.writes + 1 };
      // A server machine goes nowhere, and has no copy: the look would count as its work with each edit.
      if (this.#replicaAtMs !== undefined || this.#connectAtMs === undefined) return;
      const atMs = monotonicMs();
      // The module takes notice of its write after this returns.
      setImmediate(() => this.#lookAtReplica(atMs));
    };
    this.hal = {
      ...hal,
      network: this.#network,
      storage: probedStorage(hal.storage, { watch, onWritten }),
      settings: probedStore(hal.settings, watch),
      addressBook: probedStore(hal.addressBook, watch),
    };
  }

  onModule(administration: Administration | undefined): void {
    this.#administration = administration;
    administration?.onStatus(() => this.#lookAtStatus());
  }

  listen(): void {
    answerOrders(this.#table);
  }

  /** The status names a revision as soon as the module's database holds the state of one. */
  #lookAtReplica(writtenAtMs: number): void {
    if (this.#replicaAtMs !== undefined || this.#administration?.status().client?.revision === undefined) return;
    this.#replicaAtMs = writtenAtMs;
  }

  #lookAtStatus(): void {
    if (this.#joined !== undefined || this.#administration?.status().client?.state !== "synchronized") return;
    const upToDateAtMs = monotonicMs();
    const [connectAtMs = Number.NaN, replicaAtMs = upToDateAtMs] = [this.#connectAtMs, this.#replicaAtMs];
    this.#joined = { connectAtMs, replicaAtMs, upToDateAtMs, bytes: this.#network.bytes };
    for (const resolve of this.#waiting) resolve(this.#joined);
    this.#waiting.clear();
  }

  readonly #table: OrderTable = {
    load: (takes) => this.#load(takes),
    joined: () => this.#joined ?? new Promise((resolve) => this.#waiting.add(resolve)),
    edit: ({ edits, pace }) => makeEdits(edits, pace, (edit) => this.#save(edit)),
    import: ({ edits }) => this.#import(edits),
    press: ({ presses, pauseMs }) => pressKeys(this.#panel, presses, pauseMs),
    watch: (takes) => {
      this.#watch.start(takes);
      return undefined;
    },
    seen: () => ({ ...this.#watch.seen, pending: this.#administration?.status().client?.pending ?? 0 }),
    sightings: () => this.#watch.stop(),
    counters: () => ({ tcp: this.#network.bytes, storedBytes: this.#stored.bytes, storedWrites: this.#stored.writes }),
    digest: () => this.#digest(),
  };

  async #load(options: DataSetOptions): Promise<{ entries: number }> {
    let [batch, entries]: [Entry[], number] = [[], 0];
    const save = async (): Promise<void> => {
      for (const store of this.#stores) {
        const mine = batch.filter(({ item }) => store.items.has(item));
        if (mine.length > 0) await store.edit(mine, "import");
        // While the client function is off nobody asks what was edited: the module forgets it at each start.
        await store.forgetEdits(store.mark());
      }
      entries += batch.length;
      batch = [];
    };
    for (const owned of dataSet(options)) {
      batch.push(...owned);
      if (batch.length >= LOAD_BATCH) await save();
    }
    await save();
    return { entries };
  }

  async #save(edit: EntryChange): Promise<void> {
    const store = this.#stores.find(({ items }) => items.has(edit.item));
    if (store === undefined) throw new Error(`no store of this printer keeps ${edit.item}`);
    await store.edit([edit], "");
    this.#watch.shown(
      [editOf(edit)].flatMap((number) => number ?? []),
      monotonicMs(),
    );
  }

  async #import(edits: readonly EntryChange[]): Promise<EditTimes> {
    const calledMs = monotonicMs();
    for (const store of this.#stores) {
      const mine = edits.filter(({ item }) => store.items.has(item));
      if (mine.length > 0) await store.edit(mine, "import");
    }
    const savedMs = monotonicMs();
    this.#watch.shown(
      edits.flatMap((edit) => editOf(edit) ?? []),
      savedMs,
    );
    return { calledAtMs: edits.map(() => calledMs), savedAtMs: edits.map(() => savedMs) };
  }

  async #digest(): Promise<{ entries: number; digest: string }> {
    const hash = createHash("sha256");
    let entries = 0;
    for (const store of this.#stores) {
      for (const owner of await store.owners()) {
        for (const entry of await store.read(owner)) {
          entries += 1;
          hash.update(`${JSON.stringify(entry, sorted)}\n`);
        }
      }
    }
    return { entries, digest: hash.digest("hex") };
  }
}

/** Fields in one order, whatever order a machine keeps them in. */
const sorted = (_field: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
