/**
 * A person sets an entry in the few milliseconds between the module's write of somebody else's change to it and its showing:
 * what stands before the person is not what the module has by then (P6, P11).
 */
import type { Write } from "../../../hal/storage.ts";
import type { VirtualMachine } from "../machine.ts";
import { choiceFor, isFolderKey } from "../people.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

/** An entry in the replica's visible or arriving copy. */
const ENTRY = /^c\/s\/\d+\/e\/([^\0]*)\0([^\0]*)\0([^]*)$/;
/** Showing what was written begins within this. */
const SOON_MS = 3;

export function betweenDeeds({ acts, fleet, traits, isOver }: Scene): Deed[] {
  const waiting = new Map<VirtualMachine, Dice>();
  const followed = new Set<VirtualMachine>();
  const follow = (machine: VirtualMachine): void => {
    if (followed.has(machine)) return;
    followed.add(machine);
    machine.moduleDisk.watch({ replaced: () => undefined, committed: (batch) => committed(machine, batch) });
  };
  const committed = (machine: VirtualMachine, batch: readonly Write[]): void => {
    const dice = waiting.get(machine);
    if (dice === undefined || isOver()) return;
    const [entry] = batch.flatMap(({ key, value }) => (value === undefined ? [] : (ENTRY.exec(key) ?? [])));
    const [, owner = "", item = "", key = ""] = ENTRY.exec(entry ?? "") ?? [];
    const choice = choiceFor(owner, item, key);
    if (choice === undefined) return;
    waiting.delete(machine);
    const act = (): void => {
      if (!machine.on || isOver()) return;
      void (isFolderKey(item, key) ? acts.leadsElsewhere(machine.name, choice, dice) : acts.person(machine.name, choice));
    };
    // In the same moment, or when the printer is about to show it.
    if (dice.chance(0.5)) act();
    else fleet.world.after(dice.between(0, SOON_MS), `${machine.name} set in between`, act);
  };
  return [
    {
      name: "set between write and showing",
      weight: traits.has("between") ? 25 : 0,
      happens: (machine, dice) => {
        if (!machine.running) return false;
        follow(machine);
        waiting.set(machine, dice);
        return true;
      },
    },
  ];
}
