/** Both ways, every `beatMs`: I am here. Any other message renews the lease as well. */
import type { JournalTime } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import type { Position } from "../model/position.ts";
import { decodeNames, encodeNames, type Names } from "./names.ts";
import { decodePosition, encodePosition } from "./position.ts";
import { list, owner, time, tuple } from "./reader.ts";
import { count, upTo } from "./writer.ts";

export interface ClientBeat {
  readonly kind: "client-beat";
  /** Who is logged in at this machine now (M22). */
  readonly loggedIn: readonly Owner[];
}

export interface ServerBeat {
  readonly kind: "server-beat";
  readonly position: Position;
  readonly journalTime: JournalTime;
  /** How the machines are called, while one of them is news. */
  readonly names: Names;
}

export const encodeClientBeat = ({ loggedIn }: ClientBeat): unknown[] => [upTo(LIMITS.loggedInMax, loggedIn)];

export function decodeClientBeat(raw: unknown): ClientBeat {
  const [loggedIn] = tuple(raw, "client-beat", 1);
  return { kind: "client-beat", loggedIn: list(loggedIn, "client-beat.loggedIn", { max: LIMITS.loggedInMax }, owner) };
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
