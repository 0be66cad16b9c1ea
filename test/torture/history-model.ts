/**
 * What machines may show in the end, by what people did at them: a model of its own, written from the rules (B03, M15, M16) and fed
 * with histories that were recorded on real machines. It knows neither the product nor the simulation's oracle, and says nothing
 * where the rules leave it open: of two edits made in one moment either may stand.
 */

/** An edit of an entry, by somebody at a machine. */
export interface Made {
  readonly machine: number;
  readonly entry: string;
  /** Unlike every other in the history; undefined: deleted. */
  readonly value: string | undefined;
  /** What the machine showed right before. */
  readonly shown: string | undefined;
  /** Asked for, and answered: it was made in between. ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The machine said that it has it; otherwise it may have it or not. */
  readonly isTaken: boolean;
  /** The machine had heard of the server since it was switched on: it knew what time it was in the fleet. */
  readonly knowsTime: boolean;
}

/** [Delete User Data] of all these entries; an administrator was told that it is done. */
export interface Ended {
  readonly entries: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface History {
  readonly made: readonly Made[];
  readonly ended: readonly Ended[];
  /** Two edits closer together than this are one moment to the fleet: beats are this late on a busy computer. */
  readonly momentMs: number;
}

/** What a machine shows of each entry in the end; what it does not show is not there. */
export type Shown = ReadonlyMap<string, string>;

/** What is not as the rules have it, in a sentence each. */
export function faultsOf(history: History, shown: ReadonlyMap<number, Shown>): string[] {
  const entries = new Set([...history.made.map(({ entry }) => entry), ...[...shown.values()].flatMap((of) => [...of.keys()])]);
  return [...entries].sort().flatMap((entry) => faultsIn(entry, history, shown));
}

function faultsIn(entry: string, history: History, shown: ReadonlyMap<number, Shown>): string[] {
  const values = [...shown].map(([machine, of]): [number, string | undefined] => [machine, of.get(entry)]);
  const [first] = values;
  if (first === undefined) return [];
  const other = values.find(([, value]) => value !== first[1]);
  if (other !== undefined) return [`${entry}: machine ${first[0]} shows ${first[1]}, machine ${other[0]} shows ${other[1]} (M16)`];
  const made = history.made.filter((each) => each.entry === entry);
  const standing = first[1];
  const fault = standing === undefined ? whyGone(made, history) : whyNot(standing, made, history);
  return fault === undefined ? [] : [`${entry} = ${standing ?? "nothing"}: ${fault}`];
}

/** What forbids that this value stands. */
function whyNot(value: string, made: readonly Made[], history: History): string | undefined {
  const edit = made.find((each) => each.value === value);
  if (edit === undefined) return "nobody ever set it";
  return overcome(edit, made, history);
}

/** What forbids that nothing stands. */
function whyGone(made: readonly Made[], { ended, momentMs, ...rest }: History): string | undefined {
  const history = { ended, momentMs, ...rest };
  const left = made.filter((edit) => overcome(edit, made, history) === undefined);
  // Somebody's deletion may be what stands; so may the state before an edit of which nobody was told that it is there.
  if (left.some(({ value }) => value === undefined) || !left.some(({ isTaken }) => isTaken)) return undefined;
  const mayHaveEnded = left.every((edit) =>
    ended.some(({ entries, toMs }) => entries.includes(edit.entry) && edit.fromMs <= toMs + momentMs),
  );
  return mayHaveEnded ? undefined : `${left.map(({ value }) => value).join(" or ")} was promised and not deleted (B03)`;
}

/** Why an edit cannot be what stands in the end, or undefined. */
function overcome(edit: Made, made: readonly Made[], { ended, momentMs }: History): string | undefined {
  for (const later of made) {
    if (!later.isTaken || later.fromMs < edit.toMs) continue;
    if (later.machine === edit.machine) return `the same machine set ${later.value} afterwards (B03)`;
    if (edit.value !== undefined && later.shown === edit.value) return `whoever set ${later.value} had it before them (B03)`;
    if (later.knowsTime && later.fromMs > edit.toMs + momentMs) return `${later.value} was set later on machine ${later.machine} (B03)`;
  }
  const end = ended.find(({ entries, fromMs }) => entries.includes(edit.entry) && edit.toMs + momentMs < fromMs);
  return end === undefined ? undefined : "its owner was deleted afterwards (M15)";
}
