/** Both ways, every `beatMs`: I am here. Any other message renews the lease as well. */
import type { JournalTime } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import type { Position } from "../model/position.ts";
import { decodeNames, encodeNames, type Names } from "./names.ts";
import { decodePosition, encodePosition } from "./position.ts";
import { list, optional, owner, time, tuple, whole } from "./reader.ts";
import { count, upTo } from "./writer.ts";

export interface ClientBeat {
  readonly kind: "client-beat";
  /** Who is logged in at this machine now (M22). */
  readonly loggedIn: readonly Owner[];
  /** Edits that it keeps and that the server has not answered: for people. 0 where it does not say. */
  readonly waiting: number;
}

export interface ServerBeat {
  readonly kind: "server-beat";
  readonly position: Position;
  readonly journalTime: JournalTime;
  /** How the machines are called, while one of them is news. */
  readonly names: Names;
}

export const encodeClientBeat = ({ loggedIn, waiting }: ClientBeat): unknown[] => [
  upTo(LIMITS.loggedInMax, loggedIn),
  ...(waiting === 0 ? [] : [count(waiting)]),
];

export function decodeClientBeat(raw: unknown): ClientBeat {
  const [loggedIn, waiting] = tuple(raw, "client-beat", 1);
  return {
    kind: "client-beat",
    loggedIn: list(loggedIn, "client-beat.loggedIn", { max: LIMITS.loggedInMax }, owner),
    waiting: optional(waiting, "client-beat.waiting", whole) ?? 0,
  };
}

export const encodeServerBeat = ({ position, journalTime, names }: ServerBeat): unknown[] => [
  encodePosition(position),
  count(journalTime),
  ...encodeNames(names),
];

export function decodeServerBeat(raw: unknown): ServerBeat {
  const [position, journalTime, names] = tuple(raw, "server-beat", 2);
  return {
    kind: "server-beat",
    position: decodePosition(position, "server-beat.position"),
    journalTime: time(journalTime, "server-beat.journalTime"),
    names: decodeNames(names, "server-beat.names"),
  };
}
