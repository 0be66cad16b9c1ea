/** Which items are device-specific, as the journal of the fleet has it; and what follows for what people set. */
import type { Scope } from "../../src/model/item.ts";
import type { Change } from "../../src/protocol/change.ts";
import type { Wiretap } from "./wiretap.ts";

export class Sharing {
  readonly #wiretap: Wiretap;
  readonly #deviceSpecific = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #onChange: ((item: string) => void)[] = [];
  readonly #canaries = new Map<string, string[]>();
  #changes = 0;

  constructor(wiretap: Wiretap) {
    this.#wiretap = wiretap;
  }

  isOwn(item: string): boolean {
    return this.#deviceSpecific.has(item);
  }

  /** The scope was changed at least once, other than by the integrator. */
  hasChanged(item: string): boolean {
    return this.#changed.has(item);
  }

  /** How often a scope was said so far. */
  get changes(): number {
    return this.#changes;
  }

  onChange(listener: (item: string) => void): void {
    this.#onChange.push(listener);
  }

  /** A text in a value that was set while the item is device-specific: it never travels until the item is shared (M20). */
  keepsAtHome(item: string, canary: string): void {
    this.#canaries.set(item, [...(this.#canaries.get(item) ?? []), canary]);
    this.#wiretap.canaries.add(canary);
  }

  changed({ scopes, revision }: Change): void {
    for (const { item, scope } of scopes) {
      if (revision > 1) this.#changed.add(item);
      this.#set(item, scope);
    }
  }

  /** A journal begins whose scopes these are: those of a restored state, or of the copy of whoever takes over. */
  begun(scopes: ReadonlyMap<string, { readonly scope: Scope }>): void {
    for (const item of new Set([...this.#deviceSpecific, ...scopes.keys()])) {
      const scope = scopes.get(item)?.scope ?? "shared";
      if (this.isOwn(item) === (scope === "device-specific")) continue;
      this.#changed.add(item);
      this.#set(item, scope);
    }
  }

  #set(item: string, scope: Scope): void {
    this.#changes += 1;
    if (scope === "device-specific") this.#deviceSpecific.add(item);
    else {
      this.#deviceSpecific.delete(item);
      // What was a machine's own is offered to the others now (M19).
      for (const canary of this.#canaries.get(item) ?? []) this.#wiretap.canaries.delete(canary);
      this.#canaries.delete(item);
    }
    for (const listener of this.#onChange) listener(item);
  }
}
