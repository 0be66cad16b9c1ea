/** What the server function loses is kept in a history of its own (B02): the data of owners that had to make room. */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Config } from "../../model/config.ts";
import { daysMs } from "../../model/day.ts";
import type { JournalTime } from "../../model/ids.ts";
import type { Owner } from "../../model/owner.ts";
import type { Transaction } from "../../store/journal.ts";
import { erasuresFromHistory, keepLost, SERVER_HISTORY, trimHistory } from "../../store/history.ts";
import { entriesOfOwner } from "../../store/keys.ts";
import { unpackEntry } from "../../store/records.ts";

/** How often what is too old is looked for. */
const TRIM_EVERY_MS = 3600_000;

interface ServerHistoryParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly config: Pick<Config, "historyDays">;
}

export class ServerHistory {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #keptMs: number;
  #trimmedMs: number;

  constructor({ storage, clock, config }: ServerHistoryParts) {
    this.#storage = storage;
    this.#keptMs = daysMs(config.historyDays);
    this.#clock = clock;
    this.#trimmedMs = clock.monotonicMs();
  }

  /** Keeps what stands of an owner that the next change of this transaction evicts, in the write of that change. Gives how many entries. */
  async keepEvicted(owner: Owner, transaction: Transaction): Promise<number> {
    let kept = 0;
    for await (const [, record] of transaction.view.range(entriesOfOwner(owner))) {
      const { item, key, value, stamp, by, id } = unpackEntry(record).edit;
      if (value === undefined) continue;
      const lost = { owner, item, key, value, because: "evicted", stamp, lostAtMs: transaction.at, by, device: id.device } as const;
      transaction.put(keepLost(SERVER_HISTORY, lost, transaction.revision + 1));
      kept += 1;
    }
    return kept;
  }

  /** A deletion leaves nothing here either (M15), from the write on that deletes. */
  async eraseDeleted(owner: Owner, transaction: Transaction): Promise<void> {
    const deleted = new Map([[owner, transaction.at]]);
    for (const write of await erasuresFromHistory(this.#storage, SERVER_HISTORY, deleted)) transaction.put(write);
  }

  /** Called with each beat: now and then, what is too old or too much goes. */
  async trim(now: JournalTime): Promise<void> {
    if (this.#clock.monotonicMs() - this.#trimmedMs < TRIM_EVERY_MS) return;
    this.#trimmedMs = this.#clock.monotonicMs();
    await trimHistory(this.#storage, SERVER_HISTORY, now - this.#keptMs);
  }
}
