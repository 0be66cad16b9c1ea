/** What a machine's own stores hold durably, read without taking time: for checkers. */
import type { Position } from "../../src/model/position.ts";
import type { Value } from "../../src/model/value.ts";
import { isFields } from "../../src/model/value.ts";
import { itemOf } from "../../src/model/item.ts";
import { SimItemStores } from "../../hal/sim/sim-item-stores.ts";
import type { VirtualMachine } from "./machine.ts";

export interface MachineCopy {
  readonly machine: string;
  readonly positions: readonly (Position | undefined)[];
  /** "owner item key" with the value, shared items only when asked for; withheld fields are left out. */
  readonly entries: ReadonlyMap<string, Value>;
}

/** `isShared` decides which items are looked at. The machine must be on. */
export async function copyOf(machine: VirtualMachine, isShared: (owner: string, item: string) => boolean): Promise<MachineCopy> {
  const { clock, device } = machine.hal;
  const stores = new SimItemStores({ storage: machine.machineDisk.peek(), clock, keyStore: device.keyStore });
  await stores.open();
  const entries = new Map<string, Value>();
  for (const store of [stores.settings, stores.addressBook]) {
    for (const owner of await store.owners()) {
      for (const { item, key, value } of await store.read(owner))
        if (isShared(owner, item)) entries.set(`${owner} ${item} ${key}`, withoutWithheld(item, value));
    }
  }
  return { machine: machine.name, positions: [stores.settings.appliedPosition(), stores.addressBook.appliedPosition()], entries };
}

/** The part of a value that travels (M21). */
export function withoutWithheld(item: string, value: Value): Value {
  const withheld = itemOf(item)?.withheldFields ?? [];
  if (withheld.length === 0 || !isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([field]) => !withheld.includes(field)));
}

/** Where two copies differ in items that are compared, in a sentence; undefined when they are the same. */
export function difference(
  a: MachineCopy,
  b: MachineCopy,
  isCompared: (owner: string, item: string) => boolean = () => true,
): string | undefined {
  for (const name of new Set([...a.entries.keys(), ...b.entries.keys()])) {
    const [owner = "", item = ""] = name.split(" ");
    if (!isCompared(owner, item)) continue;
    const [left, right] = [a.entries.get(name), b.entries.get(name)].map((value) => JSON.stringify(value));
    if (left !== right) return `${name}: ${a.machine} has ${left}, ${b.machine} has ${right}`;
  }
  return undefined;
}
