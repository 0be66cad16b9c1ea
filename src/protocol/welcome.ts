/** Server to client: you are in, this is the session, and so you catch up. */
import type { JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import { type Answer, decodeAnswerList, encodeAnswerList } from "./answers.ts";
import { storageKey } from "./hello.ts";
import { decodeNames, encodeNames, type Names } from "./names.ts";
import { decodeLineageEntry, decodePosition, encodeLineageEntry, encodePosition } from "./position.ts";
import { bytes, flag, hex, list, optional, time, tuple, whole, word } from "./reader.ts";
import { count, maybe, tail, unhex, upTo } from "./writer.ts";

export interface Welcome {
  readonly kind: "welcome";
  /** Answers the hello with this number. */
  readonly number: number;
  /** Epochs of this journal, oldest first (P12). */
  readonly lineage: readonly LineageEntry[];
  /** Where the server stands now. */
  readonly position: Position;
  readonly journalTime: JournalTime;
  readonly beatMs: number;
  readonly leaseMs: number;
  /**
   * "changes": the client's copy is a state of this journal; blocks from its revision on are to be pulled (none when it
   * is at `position`). "snapshot": parts are to be pulled, then changes after `start`. `resume`: the partial snapshot
   * that the hello named goes on from where it was.
   */
  readonly way: { readonly kind: "changes" } | { readonly kind: "snapshot"; readonly start: Position; readonly resume: boolean };
  /** Edits of the hello's pending ranges that were decided already (P10). */
  readonly answers: readonly Answer[];
  /** How the machines are called that are or were in the fleet; none where the hello said that they are known. */
  readonly names: Names;
  /** Digest of the order of the server machine's network places (M25), 16 hex digits; undefined from a server that does not say it. */
  readonly networkPlaces: string | undefined;
  /** The changes after the client's copy follow, up to what a message has room for: the hello said that they may. */
  readonly follows?: true;
}

/** One key range of the server's state. Keys are those after the one asked for, up to and with `last`. */
export interface Part {
  readonly kind: "part";
  readonly after: string;
  readonly last: string;
  /** No key comes after `last`. */
  readonly end: boolean;
  /** The state of this range is that of this revision. */
  readonly revision: Revision;
  /** Deflated records: key and value, each with its length before it. */
  readonly bytes: Uint8Array;
}

const HOUR_MS = 3_600_000;

export const encodeWelcome = (welcome: Welcome): unknown[] => [
  count(welcome.number),
  upTo(LIMITS.lineageMax, welcome.lineage).map(encodeLineageEntry),
  encodePosition(welcome.position),
  count(welcome.journalTime),
  count(welcome.beatMs),
  count(welcome.leaseMs),
  encodeWay(welcome.way),
  encodeAnswerList(welcome.answers),
  ...tail(encodeNames(welcome.names)[0], maybe(welcome.networkPlaces, unhex), welcome.follows),
];

export function decodeWelcome(raw: unknown): Welcome {
  const [number, lineage, position, journalTime, beatMs, leaseMs, way, answers, ...later] = tuple(raw, "welcome", 8);
  const [names, networkPlaces, follows] = later;
  return {
    kind: "welcome",
    number: whole(number, "welcome.number"),
    lineage: list(lineage, "welcome.lineage", { min: 1, max: LIMITS.lineageMax }, decodeLineageEntry),
    position: decodePosition(position, "welcome.position"),
    journalTime: time(journalTime, "welcome.journalTime"),
    beatMs: whole(beatMs, "welcome.beatMs", { min: 1, max: HOUR_MS }),
    leaseMs: whole(leaseMs, "welcome.leaseMs", { min: 1, max: HOUR_MS }),
    way: decodeWay(way, "welcome.way"),
    answers: decodeAnswerList(answers, "welcome.answers"),
    names: decodeNames(names, "welcome.names"),
    networkPlaces: optional(networkPlaces, "welcome.networkPlaces", (given, path) => hex(given, path, 8)),
    ...(optional(follows, "welcome.follows", flag) === true ? { follows: true } : {}),
  };
}

export const encodePart = ({ after, last, end, revision, bytes: records }: Part): unknown[] => [after, last, end, count(revision), records];

export function decodePart(raw: unknown): Part {
  const [after, last, end, revision, records] = tuple(raw, "part", 5);
  return {
    kind: "part",
    after: storageKey(after, "part.after"),
    last: storageKey(last, "part.last"),
    end: flag(end, "part.end"),
    revision: whole(revision, "part.revision"),
    bytes: bytes(records, "part.bytes", { max: LIMITS.partBytesMax }),
  };
}

const encodeWay = (way: Welcome["way"]): unknown[] =>
  way.kind === "changes" ? [way.kind] : [way.kind, encodePosition(way.start), way.resume];

function decodeWay(raw: unknown, path: string): Welcome["way"] {
  const [kind] = tuple(raw, path, 1);
  if (word(kind, `${path}.kind`, ["changes", "snapshot"]) === "changes") return { kind: "changes" };
  const [, start, resume] = tuple(raw, path, 3);
  return { kind: "snapshot", start: decodePosition(start, `${path}.start`), resume: flag(resume, `${path}.resume`) };
}
