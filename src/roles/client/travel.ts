/** What of an entry leaves the machine, and what comes back to it: scope, withheld fields, secrets. */
import type { EntryChange, EntryName } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import { deviceId, runId } from "../../model/ids.ts";
import { type ItemDefinition, ITEMS, itemOf, type Scope } from "../../model/item.ts";
import { isFields, sameValue, type Value } from "../../model/value.ts";
import { encodeEdit } from "../../protocol/edit.ts";
import type { Seal } from "../../store/seal.ts";

/** An edit of these bounds is only measured. */
const NOBODY = {
  id: { device: deviceId("0".repeat(32)), run: runId("0".repeat(16)), sequence: Number.MAX_SAFE_INTEGER },
  seen: Number.MAX_SAFE_INTEGER,
  stamp: Number.MAX_SAFE_INTEGER,
  certain: true,
  by: "",
} as const;

export class Travel {
  readonly #seal: Seal;
  #scopes: ReadonlyMap<string, Scope>;
  #isApart = false;

  constructor(seal: Seal) {
    this.#seal = seal;
    this.#scopes = new Map(ITEMS.map(({ id, scope }) => [id, scope]));
  }

  setScopes(scopes: ReadonlyMap<string, Scope>): void {
    this.#scopes = new Map([...ITEMS.map(({ id, scope }): [string, Scope] => [id, scope]), ...scopes]);
  }

  /** While the network places are in another order here, what points at them is kept apart (M25). */
  keepApart(isApart: boolean): void {
    this.#isApart = isApart;
  }

  isApart(item: string): boolean {
    return this.#isApart && itemOf(item)?.byNetworkPlace === true;
  }

  /** Device-specific data never leaves its machine (M20), and what comes of it is not applied. */
  isDeviceSpecific(item: string): boolean {
    return this.#scopes.get(item) === "device-specific";
  }

  /** Whether this machine sends and shows it for now. */
  isShared(item: string): boolean {
    return !this.isDeviceSpecific(item) && !this.isApart(item);
  }

  /** The value as the journal keeps it. */
  outgoing(entry: EntryChange): Value | undefined {
    const definition = itemOf(entry.item);
    if (entry.value === undefined || definition === undefined) return entry.value;
    const value = without(entry.value, definition.withheldFields);
    if (definition.secret) return this.#seal.close(entry, value);
    return eachField(value, definition.secretFields, (field, secret) => this.#seal.close(fieldOf(entry, field), secret));
  }

  /** Whether the entry could leave this machine. What could not stays here alone, whatever stands elsewhere. */
  canLeave(entry: EntryChange): boolean {
    try {
      encodeEdit({ ...entry, ...NOBODY, value: this.outgoing(entry) });
      return true;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return false;
    }
  }

  /** The value as the machine's store keeps it; `local` is what stands there, whose withheld fields stay. */
  incoming(name: EntryName, value: Value, local: Value | undefined): Value {
    const definition = itemOf(name.item);
    if (definition === undefined) return value;
    const open = definition.secret
      ? this.#seal.open(name, value)
      : eachField(value, definition.secretFields, (field, sealed) => this.#seal.open(fieldOf(name, field), sealed));
    return withheldKept(open, local, definition);
  }

  /**
   * Whether the journal's value, brought to this machine, would leave its local one as it is: what never travels is not
   * compared. A secret that cannot be opened here is another one than this machine's.
   */
  isSame(name: EntryName, visible: Value, local: Value): boolean {
    try {
      return sameValue(this.incoming(name, visible, local), local);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return false;
    }
  }
}

/** The value with these fields, where it has them, replaced. */
function eachField(value: Value, fields: readonly string[], replaced: (field: string, value: Value) => Value): Value {
  if (fields.length === 0 || !isFields(value)) return value;
  let changed: { [field: string]: Value } | undefined;
  for (const field of fields) {
    const part = value[field];
    if (part === undefined) continue;
    changed ??= { ...value };
    changed[field] = replaced(field, part);
  }
  return changed ?? value;
}

/** A secret field is bound to its entry and to its own name. */
const fieldOf = ({ owner, item, key }: EntryName, field: string): EntryName => ({ owner, item: `${item}.${field}`, key });

function without(value: Value, fields: readonly string[]): Value {
  if (!isFields(value) || fields.length === 0) return value;
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));
}

function withheldKept(value: Value, local: Value | undefined, { withheldFields }: ItemDefinition): Value {
  if (withheldFields.length === 0 || !isFields(value) || !isFields(local)) return value;
  const kept: [string, Value][] = withheldFields.flatMap((field) => (local[field] === undefined ? [] : [[field, local[field]]]));
  return kept.length === 0 ? value : { ...value, ...Object.fromEntries(kept) };
}
