/** Waiting for what the desk hears: conditions are looked at again whenever something has changed. */

export class Conditions {
  readonly #waiting = new Set<() => void>();

  /** Something has changed. */
  check(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** `came` resolves when the condition holds, `forget` ends the waiting for it. */
  next(holds: () => boolean): { readonly came: Promise<void>; forget(): void } {
    let look: () => void = () => undefined;
    const came = new Promise<void>((resolve) => {
      look = () => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    return { came, forget: () => void this.#waiting.delete(look) };
  }

  /** Whether the condition came to hold in time. */
  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const next = this.next(holds);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    const came = await Promise.race([next.came.then(() => true), late]);
    clearTimeout(timer);
    next.forget();
    return came;
  }
}
