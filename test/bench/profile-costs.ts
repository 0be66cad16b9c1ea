/** What V8's profiles say, added up by function. */

export interface Cost {
  /** The function and the line where it begins. */
  readonly where: string;
  readonly cost: number;
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  /** Which node was at work at each sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface HeapNode {
  readonly callFrame: Frame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** By sample: time in a function itself, without what it called; ms. V8 has written the profile. */
export function cpuCosts(profile: unknown): readonly Cost[] {
  const { nodes, samples, timeDeltas } = profile as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  return samples.flatMap((id, index) => {
    const frame = frames.get(id);
    return frame === undefined || frame.functionName === "(idle)"
      ? []
      : [{ where: whereOf(frame), cost: (timeDeltas[index] ?? 0) / 1_000 }];
  });
}

/** By place: what it had allocated and is alive; kB. V8 has written the profile. */
export function heapCosts(profile: unknown): readonly Cost[] {
  const costs: Cost[] = [];
  const visit = ({ callFrame, selfSize, children }: HeapNode): void => {
    costs.push({ where: whereOf(callFrame), cost: selfSize / 1_000 });
    for (const child of children) visit(child);
  };
  visit((profile as { readonly head: HeapNode }).head);
  return costs;
}

/** The sum of each function, the most costly first. */
export function byFunction(costs: readonly Cost[]): readonly Cost[] {
  const sums = new Map<string, number>();
  for (const { where, cost } of costs) sums.set(where, (sums.get(where) ?? 0) + cost);
  return [...sums].map(([where, cost]) => ({ where, cost })).sort((a, b) => b.cost - a.cost);
}

const whereOf = ({ functionName, url, lineNumber }: Frame): string => {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name}  ${url.slice(url.lastIndexOf("/") + 1)}:${lineNumber + 1}`;
};
