/** Client to server: who I am, where I stand. Opens every connection, and every doubt ends in it (PROTOCOL.md, "The one exchange"). */
import { type JournalTime, type Revision, type RunId, runId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import type { PolicyPart } from "../model/refusal.ts";
import { label } from "./names.ts";
import { decodeLineageEntry, decodePosition, encodeLineageEntry, encodePosition } from "./position.ts";
import { flag, hex, list, optional, owner, refuse, text, time, tuple, whole, word } from "./reader.ts";
import { count, maybe, tail, unhex, upTo } from "./writer.ts";

/** Edits of one run with sequences from first to last, ends included; those between may lie in other ranges. */
export interface PendingRange {
  readonly run: RunId;
  readonly first: number;
  readonly last: number;
}

/** A snapshot that was being transferred: the journal position it started from, and the last key that is stored. */
export interface PartialSnapshot {
  readonly start: Position;
  readonly after: string;
}

export interface Hello {
  readonly kind: "hello";
  readonly purpose: "join" | "rejoin" | "preview";
  readonly run: RunId;
  /** 1, 2, 3 ... within the run: an overtaken hello is ignored (P14). */
  readonly number: number;
  readonly protocol: { readonly min: number; readonly max: number };
  readonly position: Position | undefined;
  readonly partial: PartialSnapshot | undefined;
  /** Of the oldest runs, at most LIMITS.pendingRangesMax of them; what is not named is answered when it is pushed. */
  readonly pending: readonly PendingRange[];
  /** The sender's estimate of journal time; undefined before it ever heard one. It can only raise the server's (P4). */
  readonly journalTime: JournalTime | undefined;
  readonly device: {
    readonly serialNumber: string;
    readonly deviceName: string;
    readonly productName: string;
    readonly location: string;
  };
  /** Digests (16 hex digits) of the settings that must be the same (M10), and of the order of network places (M25). */
  readonly digests: { readonly [part in PolicyPart]: string } & { readonly networkPlaces: string };
  readonly loggedIn: readonly Owner[];
  /** The epochs that the journal of `position` went through, as far as they are known: whoever took over names them (B06). */
  readonly lineage?: readonly LineageEntry[];
  /** Digest (16 hex digits) of the names of machines that it knows: a server machine that knows the same does not say them again. */
  readonly names?: string;
  /** The changes that the copy misses may follow the welcome, without being asked for. */
  readonly follows?: true;
}

/** A client whose copy is at revision `after` asks for the next block of changes; the answer is `changes`, empty at the end. */
export interface PullChanges {
  readonly kind: "pull-changes";
  readonly after: Revision;
}

/** A client asks for the snapshot part whose keys come after this one; "" for the first. */
export interface PullPart {
  readonly kind: "pull-part";
  readonly after: string;
  /**
   * So many parts may be on their way, the one after `after` included: those after it follow without being asked for. Whoever
   * says it reads parts in columns (part-columns.ts).
   */
  readonly ahead?: number;
}

const PURPOSES = ["join", "rejoin", "preview"] as const satisfies readonly Hello["purpose"][];

export const encodeHello = (hello: Hello): unknown[] => [
  hello.purpose,
  unhex(hello.run),
  count(hello.number),
  [count(hello.protocol.min), count(hello.protocol.max)],
  maybe(hello.position, encodePosition),
  maybe(hello.partial, ({ start, after }) => [encodePosition(start), after]),
  upTo(LIMITS.pendingRangesMax, hello.pending).map(({ run, first, last }) => [unhex(run), count(first), count(last)]),
  maybe(hello.journalTime, count),
  encodeDevice(hello.device),
  encodeDigests(hello.digests),
  upTo(LIMITS.loggedInMax, hello.loggedIn),
  ...tail(
    maybe(hello.lineage, (lineage) => upTo(LIMITS.lineageMax, lineage).map(encodeLineageEntry)),
    maybe(hello.names, unhex),
    hello.follows,
  ),
];

export function decodeHello(raw: unknown): Hello {
  const [purpose, run, number, protocol, position, partial, pending, journalTime, device, digests, loggedIn, ...later] = tuple(
    raw,
    "hello",
    11,
  );
  const [lineage, names, follows] = later;
  return {
    kind: "hello",
    purpose: word(purpose, "hello.purpose", PURPOSES),
    run: runId(hex(run, "hello.run", 8)),
    number: whole(number, "hello.number", { min: 1 }),
    protocol: decodeVersions(protocol, "hello.protocol"),
    position: optional(position, "hello.position", decodePosition),
    partial: optional(partial, "hello.partial", decodePartial),
    pending: list(pending, "hello.pending", { max: LIMITS.pendingRangesMax }, decodePending),
    journalTime: optional(journalTime, "hello.journalTime", time),
    device: decodeDevice(device, "hello.device"),
    digests: decodeDigests(digests, "hello.digests"),
    loggedIn: list(loggedIn, "hello.loggedIn", { max: LIMITS.loggedInMax }, owner),
    ...(lineage === undefined ? {} : { lineage: list(lineage, "hello.lineage", { max: LIMITS.lineageMax }, decodeLineageEntry) }),
    ...(names === undefined ? {} : { names: hex(names, "hello.names", 8) }),
    ...(optional(follows, "hello.follows", flag) === true ? { follows: true } : {}),
  };
}

export const encodePullChanges = ({ after }: PullChanges): unknown[] => [count(after)];

export function decodePullChanges(raw: unknown): PullChanges {
  const [after] = tuple(raw, "pull-changes", 1);
  return { kind: "pull-changes", after: whole(after, "pull-changes.after") };
}

export const encodePullPart = ({ after, ahead }: PullPart): unknown[] => [after, ...tail(maybe(ahead, count))];

export function decodePullPart(raw: unknown): PullPart {
  const [after, ahead] = tuple(raw, "pull-part", 1);
  return {
    kind: "pull-part",
    after: storageKey(after, "pull-part.after"),
    ...(ahead === undefined ? {} : { ahead: whole(ahead, "pull-part.ahead", { min: 1 }) }),
  };
}

/** A key of the server's state; "" stands before the first. */
export const storageKey = (raw: unknown, path: string): string => text(raw, path, { max: LIMITS.storageKeyCharactersMax });

function decodeVersions(raw: unknown, path: string): Hello["protocol"] {
  const [min, max] = tuple(raw, path, 2);
  const versions = { min: whole(min, `${path}.min`, { min: 1 }), max: whole(max, `${path}.max`, { min: 1 }) };
  return versions.min <= versions.max ? versions : refuse(path, `min ${versions.min} must not be above max ${versions.max}`);
}

function decodePartial(raw: unknown, path: string): PartialSnapshot {
  const [start, after] = tuple(raw, path, 2);
  return { start: decodePosition(start, `${path}.start`), after: storageKey(after, `${path}.after`) };
}

function decodePending(raw: unknown, path: string): PendingRange {
  const [run, first, last] = tuple(raw, path, 3);
  const from = whole(first, `${path}.first`, { min: 1 });
  return {
    run: runId(hex(run, `${path}.run`, 8)),
    first: from,
    last: whole(last, `${path}.last`, { min: from, max: Number.MAX_SAFE_INTEGER }),
  };
}

const encodeDevice = ({ serialNumber, deviceName, productName, location }: Hello["device"]): unknown[] =>
  [serialNumber, deviceName, productName, location].map(label);

function decodeDevice(raw: unknown, path: string): Hello["device"] {
  const [serialNumber, deviceName, productName, location] = tuple(raw, path, 4);
  const max = LIMITS.deviceTextCharactersMax;
  return {
    serialNumber: text(serialNumber, `${path}.serialNumber`, { max }),
    deviceName: text(deviceName, `${path}.deviceName`, { max }),
    productName: text(productName, `${path}.productName`, { max }),
    location: text(location, `${path}.location`, { max }),
  };
}

const encodeDigests = (digests: Hello["digests"]): unknown[] =>
  [digests["login-service"], digests.domains, digests.departments, digests.groups, digests.networkPlaces].map(unhex);

function decodeDigests(raw: unknown, path: string): Hello["digests"] {
  const [loginService, domains, departments, groups, networkPlaces] = tuple(raw, path, 5);
  return {
    "login-service": hex(loginService, `${path}.login-service`, 8),
    domains: hex(domains, `${path}.domains`, 8),
    departments: hex(departments, `${path}.departments`, 8),
    groups: hex(groups, `${path}.groups`, 8),
    networkPlaces: hex(networkPlaces, `${path}.networkPlaces`, 8),
  };
}
