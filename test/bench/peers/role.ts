/** A process of a peer: started with its place in the fleet, ended by SIGTERM, asked as our own machines are. */
import type { EntryChange } from "../../../src/model/entry.ts";
import { answerOrders, makeEdits } from "../answer-orders.ts";
import { dataSet } from "../data-set.ts";
import { type JoinTimes, type OrderTable, type TcpBytes, monotonicMs } from "../orders.ts";
import { type Place, STARTED } from "./place.ts";
import { Keeper, type Put } from "./keeper.ts";

export interface Role {
  /** The server's: takes all of the data. */
  load?(batches: Iterable<readonly Put[]>): Promise<void>;
  /** How it writes an entry down. */
  readonly recordOf: (change: EntryChange) => Put;
  /** Makes an edit; resolves when it is durable here. */
  edit(change: EntryChange): Promise<void>;
  /** Edits of its own that the server has not acknowledged, where the peer has acknowledgements. */
  readonly pending: number;
  readonly tcp: TcpBytes;
  /** Ends in order, before the database is closed. */
  close(): Promise<void>;
}

/** Tells when a client is equal to the server for the first time. */
export class Joining {
  readonly #waiting = new Set<(times: JoinTimes) => void>();
  #connectAtMs = Number.NaN;
  #times: JoinTimes | undefined;

  connecting(): void {
    if (Number.isNaN(this.#connectAtMs)) this.#connectAtMs = monotonicMs();
  }

  /** A peer has no stores of its own beside the replica: durable is up to date. */
  joined(bytes: TcpBytes): void {
    if (this.#times !== undefined) return;
    const atMs = monotonicMs();
    this.#times = { connectAtMs: this.#connectAtMs, replicaAtMs: atMs, upToDateAtMs: atMs, bytes };
    for (const resolve of this.#waiting) resolve(this.#times);
    this.#waiting.clear();
  }

  times(): JoinTimes | Promise<JoinTimes> {
    return this.#times ?? new Promise((resolve) => this.#waiting.add(resolve));
  }
}

export interface RoleParts extends Place {
  readonly keeper: Keeper;
  readonly joining: Joining;
}

/** The whole life of a process; `open` resolves when a server serves, or a client has begun to connect. */
export async function live(open: (parts: RoleParts) => Promise<Role>): Promise<void> {
  const place = JSON.parse(process.argv[2] ?? "{}") as Place;
  const keeper = new Keeper(place.dir);
  const joining = new Joining();
  await keeper.database.open();
  const role = await open({ ...place, keeper, joining });
  answerOrders(tableOf(role, keeper, joining));
  process.once("SIGTERM", () => void end(role, keeper));
  process.once("disconnect", () => process.exit(0));
  process.send?.({ bench: "answer", id: STARTED });
}

async function end(role: Role, { database }: Keeper): Promise<void> {
  await role.close();
  await database.close();
  process.exit(0);
}

const tableOf = (role: Role, keeper: Keeper, joining: Joining): OrderTable => ({
  load: async (options) => {
    let entries = 0;
    const batches = function* (): Generator<readonly Put[]> {
      for (const owned of dataSet(options)) {
        entries += owned.length;
        yield owned.map(role.recordOf);
      }
    };
    await role.load?.(batches());
    return { entries };
  },
  joined: () => joining.times(),
  edit: ({ edits, pace }) => makeEdits(edits, pace, (edit) => role.edit(edit)),
  import: ({ edits }) => makeEdits(edits, { inFlight: edits.length }, (edit) => role.edit(edit)),
  press: () => {
    throw new Error("it has no panel");
  },
  watch: (takes) => {
    keeper.watch.start(takes);
    return undefined;
  },
  seen: () => ({ ...keeper.watch.seen, pending: role.pending }),
  sightings: () => keeper.watch.stop(),
  counters: () => ({ tcp: role.tcp, ...keeper.stored }),
  digest: () => keeper.digest(),
});
