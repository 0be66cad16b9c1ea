/** What administrators do to a whole machine or a whole owner. */
import type { VirtualMachine } from "../machine.ts";
import { JOIN_OWNERS } from "../people.ts";
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
export function importDeeds({ fleet, later }: Scene): Imports {
  const running = new Map<VirtualMachine, { end(): void }>();
  const deed: Deed = {
    name: "import or export",
    weight: 4,
    happens: (machine, dice) => {
      if (!machine.running || running.has(machine)) return false;
      const one = machine.hal.restrictions.beginImportExport();
      if (one === "locked") return false;
      running.set(machine, one);
      fleet.say(`${machine.name}: an import or export runs`);
      later(dice.between(500, 20_000), `${machine.name} import ends`, () => {
        running.delete(machine);
        one.end();
      });
      return true;
    },
  };
  const end = (): void => {
    for (const one of running.values()) one.end();
    running.clear();
  };
  return { deeds: [deed], end };
}
