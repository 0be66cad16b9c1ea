/**
 * The server machine whose place this one has taken, and those that had served the fleet before it: to be told, should they
 * come back (B06).
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import type { FormerServer } from "./former-servers.ts";

const KEY = "s/predecessor";

export interface Predecessor extends FormerServer {
  /** It has stepped aside. */
  readonly isTold: boolean;
}

type Row = readonly [server: DeviceId, destination: string, isTold?: boolean];
/** What follows the destination came later. */
type Packed = readonly [...Row, before?: readonly Row[]];

/** The last one first; at least one. */
export function notePredecessors([last, ...before]: readonly [Predecessor, ...Predecessor[]]): Write {
  return { key: KEY, value: encodeCbor([...rowOf(last), before.map(rowOf)]) };
}

/** Nobody served before it: the state is another fleet's now, whose former servers are not this one's. */
export const NO_PREDECESSORS: Write = { key: KEY, value: undefined };

/** With the one that served last, where it stood before, and as many of the others as are kept. */
export const withPredecessor = (before: readonly Predecessor[], last: Predecessor): readonly [Predecessor, ...Predecessor[]] => [
  last,
  ...before.filter(({ server }) => server !== last.server).slice(0, LIMITS.formerServersMax),
];

export async function readPredecessors(storage: Storage): Promise<Predecessor[]> {
  const bytes = await storage.get(KEY);
  if (bytes === undefined) return [];
  const [server, destination, isTold = false, before = []] = decodeCbor(bytes, LIMITS.entryBytesMax) as Packed;
  return [
    { server, destination, isTold },
    ...before.map(([other, where, told = false]) => ({ server: other, destination: where, isTold: told })),
  ];
}

/** The write that notes that one of them has stepped aside. */
export const noteTold = (all: readonly Predecessor[], { server }: Predecessor): Write[] => {
  const [last, ...before] = all.map((one) => (one.server === server ? { ...one, isTold: true } : one));
  return last === undefined ? [] : [notePredecessors([last, ...before])];
};

const rowOf = ({ server, destination, isTold }: Predecessor) => [server, destination, isTold] as const;
