/**
 * How edits travel, as far as this machine sees it: made here, accepted by the server machine, or arrived here from
 * another machine. Told to the desk for its picture, and for nothing else; a crowd of edits is told by its first names.
 */
import type { EntryName } from "../../src/model/entry.ts";
import type { LocalEdit } from "../item-store.ts";
import type { Administration } from "../services.ts";
import type { Travel, TravelStep } from "./control.ts";
import type { Services } from "./control-services.ts";
import type { SimHal } from "./sim-hal.ts";
import { Soon } from "./soon.ts";

export interface TravelWatchParts {
  readonly hal: Pick<SimHal, "stores">;
  readonly services: Pick<Services, "recorded">;
  readonly tell: (travel: Travel) => void;
}

/** As many entries are named in one telling. */
const NAMES_MAX = 20;
/** As many edits are waited for; those beyond are not told as accepted. */
const AWAITED_MAX = 200;
/** What happens within this time after something was told is told together: a burst costs one message a step, not one an edit. */
const TELL_MS = 250;

interface Gathered {
  readonly names: readonly EntryName[];
  readonly count: number;
}

const NOTHING: Gathered = { names: [], count: 0 };

export class TravelWatch {
  readonly #parts: TravelWatchParts;
  readonly #soon: Soon;
  /** What has not been told yet. */
  readonly #untold: Record<Exclude<TravelStep, "accepted">, Gathered> = { edited: NOTHING, arrived: NOTHING };
  /** The first edits among them, whose numbers are asked for. */
  #made: readonly LocalEdit[] = [];
  /** Edits made here that the server machine has not answered, with their numbers. */
  #awaited: readonly { readonly number: number; readonly name: EntryName }[] = [];
  #administration: Administration | undefined;

  constructor(parts: TravelWatchParts) {
    this.#parts = parts;
    this.#soon = new Soon({ act: () => this.#tellAll(), windowMs: TELL_MS });
  }

  start(): void {
    for (const store of [this.#parts.hal.stores.settings, this.#parts.hal.stores.addressBook]) {
      store.onApplied((names) => this.#note("arrived", names));
      store.onEdit((edits) => {
        this.#made = [...this.#made, ...edits.slice(0, NAMES_MAX - this.#made.length)];
        this.#note("edited", edits);
      });
    }
  }

  /** What has not been told by now is not told any more. */
  close(): void {
    this.#soon.end();
  }

  /** The module is active, or no longer; edits of an earlier life may be waiting. */
  onModule(administration: Administration | undefined): void {
    this.#administration = administration;
    this.#awaited = [];
    const pending = administration?.status().client?.pending ?? 0;
    if (administration === undefined || pending === 0 || pending > AWAITED_MAX) return;
    this.#awaited = administration.acknowledged().pending.map((edit) => ({ number: edit.number, name: nameOf(edit) }));
  }

  /** The server machine may have answered edits. */
  look(): void {
    if (this.#awaited.length > 0) this.#soon.changed();
  }

  #note(step: "edited" | "arrived", names: readonly EntryName[]): void {
    if (names.length === 0) return;
    const { names: before, count } = this.#untold[step];
    const room = NAMES_MAX - before.length;
    this.#untold[step] = { names: room > 0 ? [...before, ...names.slice(0, room).map(nameOf)] : before, count: count + names.length };
    this.#soon.changed();
  }

  #tellAll(): void {
    const { edited, arrived } = this.#untold;
    const made = this.#made;
    [this.#untold.edited, this.#untold.arrived, this.#made] = [NOTHING, NOTHING, []];
    this.#tell("edited", edited);
    this.#tell("accepted", this.#accepted());
    this.#tell("arrived", arrived);
    if (made.length > 0) void this.#await(made);
  }

  /** Which of the edits the server machine has answered since it was looked. */
  #accepted(): Gathered {
    const client = this.#administration?.status().client;
    if (this.#administration === undefined || this.#awaited.length === 0 || client === undefined || client.pending > AWAITED_MAX)
      return NOTHING;
    const { acknowledged } = this.#administration.acknowledged();
    const accepted = this.#awaited.filter(({ number }) => number <= acknowledged);
    this.#awaited = this.#awaited.filter(({ number }) => number > acknowledged);
    return { names: accepted.slice(0, NAMES_MAX).map(({ name }) => name), count: accepted.length };
  }

  async #await(edits: readonly LocalEdit[]): Promise<void> {
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

  #tell(step: TravelStep, { names, count }: Gathered): void {
    if (count > 0) this.#parts.tell({ step, names, more: count - names.length });
  }
}

/** Without the value, which is nobody's business here. */
const nameOf = ({ owner, item, key }: EntryName): EntryName => ({ owner, item, key });
