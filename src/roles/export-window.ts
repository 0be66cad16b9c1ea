/** The export that is open for 15 minutes in spite of the lock (M23), in monotonic time. It lasts no longer for being used. */
import type { Clock } from "../../hal/clock.ts";
import type { ExportedOwners, ExportPermit, Restrictions } from "../../hal/restrictions.ts";
import type { ExportWindow as Shown } from "../../hal/services/user-data.ts";
import { LIMITS } from "../model/limits.ts";

interface Opened {
  readonly owners: ExportedOwners;
  readonly permit: ExportPermit;
  /** Monotonic time. */
  readonly endsAtMs: number;
}

export class ExportWindow {
  readonly #clock: Clock;
  readonly #restrictions: Restrictions;
  #opened: Opened | undefined;

  constructor({ clock, restrictions }: { readonly clock: Clock; readonly restrictions: Restrictions }) {
    this.#clock = clock;
    this.#restrictions = restrictions;
  }

  /** From now on for its whole time, whatever was open before. */
  open(owners: ExportedOwners): void {
    this.close();
    const permit = this.#restrictions.allowExport(owners, LIMITS.exportWindowMs);
    this.#opened = { owners, permit, endsAtMs: this.#clock.monotonicMs() + LIMITS.exportWindowMs };
  }

  close(): void {
    this.#opened?.permit.release();
    this.#opened = undefined;
  }

  /** What it adds to the client function's status. */
  status(): { readonly exportWindow?: Shown } {
    if (this.#opened === undefined) return {};
    const { owners, endsAtMs } = this.#opened;
    const secondsLeft = Math.ceil((endsAtMs - this.#clock.monotonicMs()) / 1000);
    return secondsLeft > 0 ? { exportWindow: { owners, secondsLeft } } : {};
  }
}
