/** Modules of two versions in one fleet, which is brought up to date machine by machine, and sometimes back again (M26). */
import { SPOKEN, type Versions } from "../../../src/protocol/version.ts";
import type { Deed, Scene } from "./deed.ts";

/** What the module before this one spoke. */
export const OLDER: Versions = { min: SPOKEN.min, max: SPOKEN.max - 1 };

export function versionDeeds({ fleet, traits, laterBackUp }: Scene): Deed[] {
  return [
    {
      name: "module of another version",
      weight: traits.has("versions") ? 8 : 0,
      happens: (machine, dice) => {
        if (!machine.running) return false;
        machine.protocol = machine.protocol === SPOKEN ? OLDER : SPOKEN;
        fleet.say(`${machine.name}: its module speaks up to version ${machine.protocol.max} from now on`);
        void machine.restartSoon();
        laterBackUp(machine, dice);
        return true;
      },
    },
  ];
}
