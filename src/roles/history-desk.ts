/** The histories of this machine as an administrator reads them (B02): what the client function lost and what the server function lost. */
import type { Storage } from "../../hal/storage.ts";
import type { HistoryRecord } from "../../hal/services/history.ts";
import type { EntryName } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import { lostText } from "../model/lost.ts";
import type { Owner } from "../model/owner.ts";
import { CLIENT_HISTORY, type Kept, readNewest, SERVER_HISTORY } from "../store/history.ts";
import { entryKey } from "../store/keys.ts";
import type { MachineNames } from "../store/machine-names.ts";
import { isoTime } from "./communication-log.ts";
import { recordId } from "./record-id.ts";
import { shownValue } from "./shown-value.ts";
import { type Sources, standingIn, standingOf } from "./standing.ts";

export interface HistoryDeskParts extends Sources {
  readonly storage: Storage;
  readonly names: MachineNames;
}

export class HistoryDesk {
  readonly #parts: HistoryDeskParts;

  constructor(parts: HistoryDeskParts) {
    this.#parts = parts;
  }

  async history(owner?: Owner): Promise<readonly HistoryRecord[]> {
    const kept = await this.#newest(owner, () => true, LIMITS.historyShownMax);
    return await Promise.all(kept.map((one) => this.#shown(one)));
  }

  /** What of one entry lost, the newest first. */
  async ofEntry(name: EntryName): Promise<readonly HistoryRecord[]> {
    const key = entryKey(name);
    const kept = await this.#newest(name.owner, ({ lost }) => entryKey(lost) === key, LIMITS.historyOfEntryMax);
    return kept.map((one) => recordOf(one));
  }

  async #newest(owner: Owner | undefined, isMeant: (kept: Kept) => boolean, max: number): Promise<Kept[]> {
    const found: Kept[] = [];
    for (const place of [CLIENT_HISTORY, SERVER_HISTORY]) {
      let count = 0;
      for await (const kept of readNewest(this.#parts.storage, place, owner)) {
        if (!isMeant(kept)) continue;
        found.push(kept);
        count += 1;
        if (count === max) break;
      }
    }
    return found.sort((a, b) => b.lost.lostAtMs - a.lost.lostAtMs).slice(0, max);
  }

  async #shown(kept: Kept): Promise<HistoryRecord> {
    const standing = await standingIn(this.#parts, kept.lost);
    return { ...recordOf(kept), ...(standing === undefined ? {} : { stands: standingOf(standing, this.#parts.names) }) };
  }
}

function recordOf({ storageKey, lost }: Kept): HistoryRecord {
  const { owner, item, key, value, because, stamp, lostAtMs, by, putBackMs } = lost;
  return {
    id: recordId(storageKey),
    lostBy: storageKey.startsWith(SERVER_HISTORY.from) ? "server" : "client",
    owner,
    item,
    key,
    value: value === undefined ? undefined : shownValue(item, value),
    because,
    text: lostText(because),
    ...(by === undefined ? {} : { by }),
    ...(stamp === 0 ? {} : { madeAt: isoTime(stamp) }),
    lostAt: isoTime(lostAtMs),
    ...(putBackMs === undefined ? {} : { putBackAt: isoTime(putBackMs) }),
  };
}
