/** One kind of thing that goes wrong, or that people do to a whole machine. */
import type { Acts } from "../acts.ts";
import type { Trait } from "../character.ts";
import type { Checkers } from "../checkers.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Dice } from "../random.ts";
import type { Sharing } from "../sharing.ts";
import type { Tally } from "../tally.ts";

export interface Deed {
  /** As the summary counts it. */
  readonly name: string;
  /** How often it is chosen, beside the others; 0: never in this history. */
  readonly weight: number;
  /** false: it cannot happen to this machine now, and nothing did. */
  readonly happens: (machine: VirtualMachine, dice: Dice) => boolean;
}

/** What deeds work with. */
export interface Scene {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly checkers: Checkers;
  readonly sharing: Sharing;
  readonly traits: ReadonlySet<Trait>;
  readonly tally: Tally;
  /** What is to get right by itself does so, unless everything was put right before. */
  readonly later: (ms: number, label: string, act: () => void) => void;
  /** The machine is switched on again after a while that the dice decide. */
  readonly laterBackUp: (machine: VirtualMachine, dice: Dice) => void;
  /** Nothing goes wrong any more. */
  readonly isOver: () => boolean;
}
