/** What a seed decides once for its whole history: how large the fleet is, how hasty its people are, what may go wrong. */
import type { Config } from "../../src/model/config.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Dice } from "./random.ts";
import type { ClockFault } from "./virtual-time.ts";

export interface Character {
  /** "s" serves. */
  readonly names: readonly string[];
  readonly serverTakesPart: boolean;
  /** Everybody works on the same few entries, fast: most of what can go wrong between two writes needs that. */
  readonly isHot: boolean;
  readonly steps: number;
  readonly faults: boolean;
  /** Storage may refuse what it is given. */
  readonly storageFails: boolean;
  /** The administrator chooses the scope of sharing now and then. */
  readonly scopesChange: boolean;
  /** The server's own clock and its time server may be wrong, against M06. */
  readonly clocksLie: boolean;
  /** A machine that takes fewer entries than the others (M27), and one of an older model that lacks some items (M26). */
  readonly small: string | undefined;
  readonly old: string | undefined;
  /** More users than this and the oldest makes room (M22). */
  readonly usersMax: number;
  /** Before which step everybody goes home for the night. */
  readonly nightAt: number | undefined;
  readonly config: Partial<Config>;
  readonly clocks: Readonly<Record<string, ClockFault>>;
}

export interface CharacterOptions {
  readonly machines?: number;
  readonly steps?: number;
  readonly faults?: boolean;
}

const YEAR_MS = 365 * 24 * 3_600_000;

export function aCharacter(dice: Dice, options: CharacterOptions): Character {
  const { faults = true } = options;
  // Rolled whether it is asked for or not, so that a smaller fleet is otherwise the same.
  const rolled = dice.chance(0.08) ? dice.between(6, 10) : dice.between(2, 5);
  const names = ["s", ..."abcdefghi".slice(0, (options.machines ?? rolled) - 1)];
  const serverTakesPart = dice.chance(0.4);
  const isHot = dice.chance(0.3);
  const steps = isHot ? dice.between(80, 240) : dice.between(40, 140);
  const scopes: Config["scopes"] = dice.chance(0.5) ? { timeline: "device-specific" } : {};
  const clocks = dice.fork("clocks");
  const usersMax = dice.chance(0.2) ? dice.between(2, 3) : LIMITS.usersMax;
  return {
    names,
    serverTakesPart,
    isHot,
    steps: options.steps ?? steps,
    faults,
    storageFails: faults && dice.chance(0.1),
    scopesChange: dice.chance(0.2),
    clocksLie: faults && dice.chance(0.12),
    small: names.length > 2 && dice.chance(0.15) ? names.at(-1) : undefined,
    old: names.length > 3 && dice.chance(0.15) ? names.at(-2) : undefined,
    nightAt: dice.chance(0.05) ? dice.between(1, steps) : undefined,
    usersMax,
    config: { scopes, usersMax, ...(dice.chance(0.3) ? { changesKept: dice.between(1, 25) } : {}) },
    clocks: Object.fromEntries(names.map((name) => [name, faults ? aClock(name, clocks) : { offsetMs: 0, driftPpm: 0 }])),
  };
}

/** The server's clock is right (M06); a client's may be anything. */
function aClock(name: string, dice: Dice): ClockFault {
  const driftPpm = dice.between(-100, 100);
  if (name === "s") return { offsetMs: 0, driftPpm };
  const offsetMs = dice.pick([0, dice.between(-3_600_000, 3_600_000), -10 * YEAR_MS, 10 * YEAR_MS]);
  return { offsetMs, driftPpm };
}
