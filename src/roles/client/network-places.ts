/**
 * Keychain entries point at network places by their order (M25). While this machine's order is another than the server
 * machine's, they are kept apart: what is set here stays here, and what the fleet has is kept and not shown. When the
 * order is put right, the fleet's entries replace this machine's, into its history, and what the fleet never had of this
 * machine's becomes an edit (decisions/keychain-order.md).
 */
import type { Edit, Entry } from "../../model/entry.ts";
import { itemOf } from "../../model/item.ts";
import { LIMITS } from "../../model/limits.ts";
import { entryKey } from "../../store/keys.ts";
import { pendingOf } from "../../store/pending.ts";
import { digest } from "../digests.ts";
import type { ClientParts } from "./client-parts.ts";
import type { JournalClock } from "./journal-clock.ts";
import type { Shower } from "./shower.ts";

type Parts = Pick<ClientParts, "replica" | "stores" | "travel" | "staying" | "description" | "clock" | "log" | "device" | "run"> & {
  readonly journalClock: JournalClock;
  readonly shower: Shower;
};

const REPLACED = "replaced-at-reordering";
const pointsAtPlaces = (item: string): boolean => itemOf(item)?.byNetworkPlace === true;

export class NetworkPlaces {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get #own(): string {
    return digest(this.#parts.description.capabilities.networkPlaces);
  }

  /** At a start, before anything is recorded: the order of this machine may have changed with it. */
  async recall(): Promise<void> {
    const { replica, travel } = this.#parts;
    const { places } = replica.head;
    if (places !== undefined && !places.apart && places.server !== this.#own) return await this.#part(places.server);
    travel.keepApart(places?.apart === true);
  }

  /** What the welcome says of the server machine's order; undefined: an older server says nothing, and nothing is kept apart. */
  async hear(server: string | undefined): Promise<void> {
    const { replica } = this.#parts;
    const { places } = replica.head;
    if (server === undefined || (places?.server === server && (places.apart || server === this.#own))) return;
    if (server !== this.#own) return await this.#part(server);
    await replica.write([], { places: { server, apart: places?.apart === true } });
  }

  /** Whether the order was put right, and the keychains are still kept apart. */
  get isReturnDue(): boolean {
    const { places } = this.#parts.replica.head;
    return places?.apart === true && places.server === this.#own;
  }

  /** Edits that nobody has yet stay with this machine: they point at places that are others elsewhere. */
  async #part(server: string): Promise<void> {
    const { replica, travel, log } = this.#parts;
    const own = [...replica.pending.all()].filter(({ edit, answer }) => answer === undefined && pointsAtPlaces(edit.item));
    await replica.write(
      own.map(({ edit }) => replica.pending.remove(edit.id.sequence)),
      { places: { server, apart: true } },
    );
    travel.keepApart(true);
    log.write({ kind: "places-differ", machine: undefined });
  }

  /** Only with a base that is up to date. `record` is called between batches of the comparison. */
  async comeBack(record: () => Promise<void>): Promise<void> {
    const { replica, travel, shower, log } = this.#parts;
    const edits = await this.#newEntries();
    await this.#parts.staying.note();
    if (replica.pending.size + edits.length > LIMITS.pendingMax) return;
    const last = edits.at(-1);
    const numbers = last === undefined ? {} : { sequence: last.id.sequence, lastStamp: last.stamp };
    await replica.write(
      edits.map((edit) => replica.pending.add(pendingOf(edit))),
      { ...numbers, places: { server: this.#own, apart: false }, unshown: REPLACED },
    );
    travel.keepApart(false);
    await shower.showAll(REPLACED, record);
    log.write({ kind: "places-alike" });
  }

  /** This machine's entries that the fleet never had, as edits made now. */
  async #newEntries(): Promise<readonly Edit[]> {
    const { replica, stores, travel, staying } = this.#parts;
    const edits: Edit[] = [];
    for (const owner of await stores.owners()) {
      for (const entry of (await stores.read(owner)).filter(({ item }) => pointsAtPlaces(item))) {
        const [visible] = await replica.visible([entry]);
        if (visible !== undefined || (await replica.stateRecord(entryKey(entry))) !== undefined) continue;
        const value = staying.travelling(() => travel.outgoing(entry), entry);
        if (value !== undefined) edits.push(this.#editOf({ ...entry, value }, edits.length + 1));
      }
    }
    return edits;
  }

  #editOf({ owner, item, key, value }: Entry, number: number): Edit {
    const { replica, clock, journalClock, device, run } = this.#parts;
    const { sequence, lastStamp, at, position } = replica.head;
    const { stamp, certain } = journalClock.stamp(clock.monotonicMs(), clock.boot, Math.max(lastStamp, at));
    const id = { device, run, sequence: sequence + number };
    return { id, owner, item, key, value, seen: position?.revision ?? 0, stamp, certain, by: "" };
  }
}
