/** Rounds of a story in which people work while something is done to their machines, and all must be well again afterwards. */
import type { TortureFleet } from "./fleet.ts";
import { People } from "./people.ts";
import { seconds, type StoryFigures, type StoryTools } from "./story.ts";

export interface RoundsParts {
  readonly fleet: TortureFleet;
  readonly tools: StoryTools;
  /** Each machine is edited this often; ms. */
  readonly everyMs: number;
  /** While people work. Gives when it was over (`performance.now()`); undefined: when they have stopped, and all is mended. */
  readonly happen: () => Promise<number | undefined>;
  /** After they have stopped. */
  readonly mend?: () => void;
  /** What else is wrong when the machines have settled; rounds count from 1. */
  readonly faults?: (round: number) => Promise<readonly string[]>;
}

/** Begins the fleet, and goes on until the time is up. */
export async function rounds({ fleet, tools, everyMs, happen, mend, faults: others }: RoundsParts): Promise<StoryFigures> {
  const figures = { cycles: 0, lost: 0, unopenable: 0, recoverySeconds: 0, faults: [] as string[] };
  const people = new People();
  await fleet.begin();
  const endMs = performance.now() + tools.budgetMs;
  while (performance.now() < endMs) {
    figures.cycles += 1;
    let isOver = false;
    const work = fleet.machines.map((machine) => people.work(machine, everyMs, () => isOver));
    const overMs = await happen();
    isOver = true;
    await Promise.all(work);
    mend?.();
    const sinceMs = overMs ?? performance.now();
    await fleet.settled();
    const more = (await others?.(figures.cycles)) ?? [];
    figures.recoverySeconds = Math.max(figures.recoverySeconds, seconds(sinceMs));
    const { lost, faults } = await fleet.faults(people);
    figures.lost += lost.length;
    figures.faults.push(...faults, ...lost.slice(0, 5), ...more);
  }
  return { ...figures, acknowledged: people.acknowledged };
}
