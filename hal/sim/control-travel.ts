/**
 * How edits travel, as far as this machine sees it: made here, accepted by the server machine, or arrived here from
 * another machine. Told to the desk for its picture, and for nothing else; a crowd of edits is told by its first names.
 */
import type { EntryName } from "../../src/model/entry.ts";
import type { Administration } from "../services.ts";
import type { Travel, TravelStep } from "./control.ts";
import type { Services } from "./control-services.ts";
import type { SimHal } from "./sim-hal.ts";

export interface TravelWatchParts {
  readonly hal: Pick<SimHal, "stores">;
  readonly services: Pick<Services, "recorded">;
  readonly tell: (travel: Travel) => void;
}

/** As many entries are named in one telling. */
const NAMES_MAX = 20;
/** As many edits are waited for; those beyond are not told as accepted. */
const AWAITED_MAX = 200;

export class TravelWatch {
  readonly #parts: TravelWatchParts;
  /** Edits made here that the server machine has not answered, with their numbers. */
  #awaited: readonly { readonly number: number; readonly name: EntryName }[] = [];
  #administration: Administration | undefined;

  constructor(parts: TravelWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    for (const store of [this.#parts.hal.stores.settings, this.#parts.hal.stores.addressBook]) {
      store.onApplied((names) => this.#tell("arrived", names));
      store.onEdit((edits) => {
        this.#tell("edited", edits);
        void this.#await(edits.slice(0, NAMES_MAX));
      });
    }
  }

  /** The module is active, or no longer; edits of an earlier life may be waiting. */
  onModule(administration: Administration | undefined): void {
    this.#administration = administration;
    this.#awaited = [];
    const pending = administration?.status().client?.pending ?? 0;
    if (administration === undefined || pending === 0 || pending > AWAITED_MAX) return;
    this.#awaited = administration.acknowledged().pending.map((edit) => ({ number: edit.number, name: nameOf(edit) }));
  }

  /** Looks which of the edits the server machine has answered. */
  look(): void {
    const client = this.#administration?.status().client;
    if (this.#administration === undefined || this.#awaited.length === 0 || client === undefined || client.pending > AWAITED_MAX) return;
    const { acknowledged } = this.#administration.acknowledged();
    const accepted = this.#awaited.filter(({ number }) => number <= acknowledged);
    if (accepted.length === 0) return;
    this.#awaited = this.#awaited.filter(({ number }) => number > acknowledged);
    this.#tell(
      "accepted",
      accepted.map(({ name }) => name),
    );
  }

  async #await(edits: readonly (EntryName & { readonly mark: number })[]): Promise<void> {
    try {
      const numbers = await this.#parts.services.recorded(edits.map(({ mark }) => mark));
      const named = numbers.flatMap((number, index) => {
        const edit = edits[index];
        return edit === undefined ? [] : [{ number, name: nameOf(edit) }];
      });
      this.#awaited = [...this.#awaited, ...named].slice(-AWAITED_MAX);
      this.look();
    } catch {
      // The module is not running: these edits are found among the pending ones when it is.
      return;
    }
  }

  #tell(step: TravelStep, names: readonly EntryName[]): void {
    if (names.length === 0) return;
    const shown = names.slice(0, NAMES_MAX);
    this.#parts.tell({ step, names: shown.map(nameOf), more: names.length - shown.length });
  }
}

/** Without the value, which is nobody's business here. */
const nameOf = ({ owner, item, key }: EntryName): EntryName => ({ owner, item, key });
