/** What administrators do to a whole machine or a whole owner. */
import type { ExportedOwners } from "../../../hal/restrictions.ts";
import { ownerNamed, type VirtualMachine } from "../machine.ts";
import { JOIN_OWNERS } from "../people.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

export interface Imports {
  readonly deeds: Deed[];
  /** Ends those that run. */
  readonly end: () => void;
}

export function administratorDeeds({ fleet, acts, checkers }: Scene): Deed[] {
  return [
    {
      name: "client function started or stopped",
      weight: 5,
      happens: (machine) => {
        const server = fleet.at("s");
        if (!machine.running || machine === server) return false;
        if (!acts.isStarted(machine.name)) {
          acts.joinSoon(machine.name, server.address);
          return true;
        }
        acts.leaveSoon(machine.name);
        checkers.left(machine.name);
        return true;
      },
    },
    {
      name: "owner deleted",
      weight: 3,
      happens: (_, dice) => {
        acts.deleteOwnerSoon(dice.pick(JOIN_OWNERS.filter((owner) => owner !== "common")));
        return true;
      },
    },
  ];
}

/** Imports and exports of the machine's own, for which synchronisation pauses (M24). */
export function importDeeds({ fleet, acts, checkers, traits, later }: Scene): Imports {
  const running = new Map<VirtualMachine, { end(): void }>();
  const runs = (machine: VirtualMachine, dice: Dice, exported?: ExportedOwners): boolean => {
    if (!machine.running || running.has(machine)) return false;
    const one = machine.hal.restrictions.beginImportExport(exported);
    if (one === "locked") return false;
    checkers.locks.began(machine, exported);
    running.set(machine, one);
    fleet.say(`${machine.name}: an import or export runs`);
    later(dice.between(500, 20_000), `${machine.name} import ends`, () => {
      running.delete(machine);
      one.end();
    });
    return true;
  };
  const chosen = (dice: Dice): ExportedOwners => (dice.chance(0.5) ? "all" : [ownerNamed(dice.pick(JOIN_OWNERS))]);
  const deeds: Deed[] = [
    { name: "import or export", weight: 4, happens: (machine, dice) => runs(machine, dice) },
    {
      name: "export prepared",
      weight: traits.has("exports") ? 8 : 0,
      happens: (_, dice) => acts.prepareExportSoon(chosen(dice), (machine, owners) => checkers.locks.prepared(machine, owners)),
    },
    { name: "export", weight: traits.has("exports") ? 8 : 0, happens: (machine, dice) => runs(machine, dice, chosen(dice)) },
    {
      name: "export on the server machine",
      weight: traits.has("exports") ? 8 : 0,
      happens: (_, dice) => runs(fleet.at("s"), dice, chosen(dice)),
    },
  ];
  const end = (): void => {
    for (const one of running.values()) one.end();
    running.clear();
  };
  return { deeds, end };
}
