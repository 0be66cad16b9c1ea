/** Where an entry comes from (B04): from a pending edit, else from what stands, else from the machine's own store. */
import type { Provenance, ProvenanceAdministration } from "../../hal/services/provenance.ts";
import type { EntryName } from "../model/entry.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import type { Refusal } from "../model/refusal.ts";
import { whyText } from "../model/why-text.ts";
import { entryKey } from "../store/keys.ts";
import type { MachineNames } from "../store/machine-names.ts";
import { damagedCopy } from "../store/segment.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import type { HistoryDesk } from "./history-desk.ts";
import { authorOf, isUnreadable, machineOf, type Sources, standingIn, standingOf } from "./standing.ts";

export interface ProvenanceDeskParts extends Sources {
  readonly stores: MachineStores;
  readonly names: MachineNames;
  readonly device: DeviceId;
  readonly history: HistoryDesk;
}

type Origin = Omit<Provenance, keyof EntryName | "text" | "replaced">;

export class ProvenanceDesk implements ProvenanceAdministration {
  readonly #parts: ProvenanceDeskParts;

  constructor(parts: ProvenanceDeskParts) {
    this.#parts = parts;
  }

  async why(owner: Owner, item: string, key: string): Promise<Refusal | Provenance> {
    const name = { owner, item, key };
    const origin = (await this.#pending(name)) ?? (await this.#standing(name)) ?? (await this.#hereAlone(name));
    if (origin === undefined) return { word: "nothing-kept" };
    const text = whyText({ ...origin, machine: origin.deviceName ?? origin.deviceId });
    return { ...name, ...origin, text, replaced: await this.#parts.history.ofEntry(name) };
  }

  async #pending(name: EntryName): Promise<Origin | undefined> {
    const { client, names } = this.#parts;
    const edit = client.copy?.replica.pending.newestOn(entryKey(name));
    if (edit === undefined) return undefined;
    const below = await standingIn(this.#parts, name);
    const over = below === undefined ? {} : { over: standingOf(below, names) };
    return { state: "pending", deleted: edit.value === undefined, ...authorOf(edit, names), ...over };
  }

  async #standing(name: EntryName): Promise<Origin | undefined> {
    const standing = await standingIn(this.#parts, name);
    if (standing === undefined && isUnreadable(this.#parts, name.item)) throw damagedCopy();
    if (standing === undefined) return undefined;
    return { state: "standing", deleted: standing.edit.value === undefined, ...standingOf(standing, this.#parts.names) };
  }

  /** The machine's store does not say who wrote an entry, or when. */
  async #hereAlone({ owner, item, key }: EntryName): Promise<Origin | undefined> {
    const { stores, device, names } = this.#parts;
    const entries = await stores.read(owner);
    if (!entries.some((entry) => entry.item === item && entry.key === key)) return undefined;
    return { state: "here-alone", deleted: false, by: "", ...machineOf(device, names), certain: true };
  }
}
