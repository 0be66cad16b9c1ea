/** One message of each kind, and one edit, accepted edit and change: what the golden bytes pin, and what tests break. */
import type { Accepted, Edit } from "../../src/model/entry.ts";
import { type DeviceId, deviceId, epochId, fleetId, joinId, runId, sessionId } from "../../src/model/ids.ts";
import { COMMON, type Owner, parseOwner } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import type { Change } from "../../src/protocol/change.ts";
import type { Down, DownBody } from "../../src/protocol/down.ts";
import { encodeAccepted } from "../../src/protocol/edit.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import type { Up, UpBody } from "../../src/protocol/up.ts";

export const owner = (text: string): Owner => {
  const parsed = parseOwner(text);
  if (parsed === undefined) throw new Error(`no owner: ${text}`);
  return parsed;
};

export const SERVER: DeviceId = deviceId("5e".repeat(16));
export const MACHINE: DeviceId = deviceId("ab".repeat(16));
const FLEET = fleetId("f0".repeat(16));
const RUN = runId("0123456789abcdef");
const JOIN = joinId("77".repeat(8));
const EPOCH = { number: 3, id: epochId("e3".repeat(8)) };
const position = (revision: number): Position => ({ fleet: FLEET, epoch: EPOCH, revision, chainHash: "c4".repeat(16) });

export const edit: Edit = {
  id: { device: MACHINE, run: RUN, sequence: 42 },
  owner: owner("user:SALES\\alice"),
  item: "personal-button",
  key: "b0a7b810-9dad-41d1-80b4-00c04fd430c8",
  value: {
    name: "2 auf 1 \u{1f5a8}",
    function: "copy",
    settings: { copies: 2, duplex: true, zoom: 70.5, tray: null, mark: Uint8Array.of(1, 2, 255), sides: [-1, 2 ** 40] },
  },
  seen: 1_000,
  stamp: 1_762_000_000_000,
  certain: true,
  by: "user:SALES\\alice",
};

export const deletion: Edit = { ...edit, item: "common-address", owner: COMMON, key: "1", value: undefined, certain: false, by: "import" };

export const accepted: Accepted = { ...edit, why: "later" };

export const change: Change = {
  revision: 1_001,
  at: 1_762_000_000_005,
  edits: [accepted, { ...deletion, why: "adopted" } as const].map((of) => ({ edit: of, bytes: encodeAccepted(of) })),
  removals: [
    { owner: owner("user:bob"), kind: "deleted" },
    { owner: owner("group:12"), kind: "evicted" },
  ],
  adoption: { holding: "common/11", item: undefined, join: JOIN, device: MACHINE },
  logins: [{ owner: owner("user:SALES\\alice"), day: 20_393 }],
  scopes: [{ item: "timeline", scope: "device-specific" }],
  purges: [],
};

/** What an item that is shared again was supplied by. */
export const changeOfItem: Change = {
  revision: 1_011,
  at: 1_762_000_000_009,
  edits: [{ edit: accepted, bytes: encodeAccepted(accepted) }],
  removals: [],
  adoption: { holding: "user:SALES\\alice", item: "timeline", join: JOIN, device: MACHINE },
  logins: [],
  scopes: [],
  purges: [],
};

/** What was deleted long ago and is remembered one by one no longer. */
export const changeThatPurges: Change = {
  revision: 1_012,
  at: 1_762_000_000_010,
  edits: [],
  removals: [],
  adoption: undefined,
  logins: [],
  scopes: [],
  purges: [{ owner: owner("user:SALES\\alice"), upTo: 904, stamp: 1_754_000_000_000 }],
};

/** Its author had just drawn the key. */
export const freshEdit: Edit = { ...edit, key: "f81d4fae-7dec-41d0-8765-00a0c91e6bf6", fresh: true };

/** With an owner's end that was brought (B06). */
export const broughtChange: Change = {
  ...change,
  removals: [{ owner: owner("user:bob"), kind: "deleted", at: 1_761_999_999_000 }],
  edits: [{ ...accepted, why: "brought" } as const].map((of) => ({ edit: of, bytes: encodeAccepted(of) })),
};

const envelope: Envelope = { version: 1, fleet: FLEET, epoch: EPOCH, from: MACHINE, session: sessionId("5e55".repeat(4)), counter: 300 };
const up = (body: UpBody, around: Partial<Envelope> = {}): Up => ({ envelope: { ...envelope, ...around }, body });
const down = (body: DownBody, around: Partial<Envelope> = {}): Down => ({ envelope: { ...envelope, from: SERVER, ...around }, body });

const hello: UpBody = {
  kind: "hello",
  purpose: "rejoin",
  run: RUN,
  number: 2,
  protocol: { min: 1, max: 1 },
  position: position(1_000),
  partial: { start: position(900), after: "e/user:alice/shortcut/1" },
  pending: [{ run: RUN, first: 41, last: 45 }],
  journalTime: 1_762_000_000_000,
  device: { serialNumber: "ABC01234", deviceName: "2. Stock", productName: "iR-ADV C5840", location: "K\u00f6ln" },
  digests: {
    "login-service": "01".repeat(8),
    domains: "02".repeat(8),
    departments: "03".repeat(8),
    groups: "04".repeat(8),
    networkPlaces: "05".repeat(8),
  },
  loggedIn: [owner("user:SALES\\alice")],
};

export const UPS: Readonly<Record<string, Up>> = {
  hello: up(hello),
  "hello-first": up(
    { ...hello, purpose: "join", number: 1, position: undefined, partial: undefined, pending: [], journalTime: undefined, loggedIn: [] },
    { fleet: undefined, epoch: undefined, session: undefined, counter: 0 },
  ),
  "hello-that-knows-names": up({ ...hello, names: "06".repeat(8), follows: true }),
  "pull-changes": up({ kind: "pull-changes", after: 1_000 }),
  "pull-part": up({ kind: "pull-part", after: "e/user:alice/shortcut/1" }),
  "pull-part-ahead": up({ kind: "pull-part", after: "e/user:alice/shortcut/1", ahead: 3 }),
  offer: up({
    kind: "offer",
    join: JOIN,
    holding: "user:SALES\\alice",
    item: undefined,
    baseRevision: 1_001,
    lastSequence: 40,
    part: 0,
    of: 2,
    deflated: true,
    bytes: Uint8Array.of(1, 2, 3),
  }),
  "offer-item": up({
    kind: "offer",
    join: JOIN,
    holding: "user:SALES\\alice",
    item: "timeline",
    baseRevision: 1_010,
    lastSequence: 41,
    part: 0,
    of: 1,
    deflated: false,
    bytes: Uint8Array.of(5),
  }),
  push: up({ kind: "push", number: 7, edits: [Uint8Array.of(1, 2, 3), Uint8Array.of(4)] }),
  bring: up({ kind: "bring", number: 1, common: 1_000, bytes: Uint8Array.of(1, 2, 3) }),
  "hello-of-a-successor": up({
    ...hello,
    lineage: [
      { number: 1, id: epochId("e1".repeat(8)), first: 1 },
      { ...EPOCH, first: 500, born: "promotion" },
    ],
  }),
  "hello-of-a-promoted-machine": up({
    ...hello,
    purpose: "preview",
    lineage: [
      { number: 1, id: epochId("e1".repeat(8)), first: 1 },
      { ...EPOCH, first: 500, born: "promotion", mandate: { at: 1_762_000_000_000, id: EPOCH.id } },
    ],
  }),
  "client-beat": up({ kind: "client-beat", loggedIn: [owner("user:SALES\\alice")], waiting: 0 }, { seal: Uint8Array.of(9, 9) }),
  "client-beat-of-a-machine-with-edits": up({ kind: "client-beat", loggedIn: [], waiting: 300 }),
  "client-end": up({ kind: "client-end", reason: "sleep" }),
};

export const DOWNS: Readonly<Record<string, Down>> = {
  welcome: down({
    kind: "welcome",
    number: 2,
    lineage: [
      { number: 1, id: epochId("e1".repeat(8)), first: 1 },
      { ...EPOCH, first: 500 },
    ],
    position: position(1_001),
    journalTime: 1_762_000_000_005,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "snapshot", start: position(900), resume: true },
    answers: [
      { run: RUN, sequence: 41, outcome: "accepted", revision: 999 },
      { run: RUN, sequence: 42, outcome: "accepted", revision: 999 },
      { run: RUN, sequence: 43, outcome: "superseded", revision: 999 },
    ],
    names: [],
    networkPlaces: undefined,
  }),
  "welcome-restored": down({
    kind: "welcome",
    number: 1,
    lineage: [
      { number: 1, id: epochId("e1".repeat(8)), first: 1 },
      { number: 2, id: epochId("e2".repeat(8)), first: 500, born: "promotion" },
      { ...EPOCH, first: 501, born: "restore" },
    ],
    position: position(500),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [],
    networkPlaces: undefined,
  }),
  "welcome-restored-and-raised": down({
    kind: "welcome",
    number: 1,
    lineage: [
      { number: 1, id: epochId("e1".repeat(8)), first: 1 },
      { number: 2, id: epochId("e2".repeat(8)), first: 500, born: "restore", mandate: { at: 5, id: epochId("e2".repeat(8)) } },
      { ...EPOCH, first: 501, born: "restore", mandate: { at: 5, id: epochId("e2".repeat(8)) } },
    ],
    position: position(500),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [],
    networkPlaces: undefined,
  }),
  brought: down({ kind: "brought", number: 1 }),
  "welcome-changes": down({
    kind: "welcome",
    number: 1,
    lineage: [{ ...EPOCH, first: 1 }],
    position: position(0),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [],
    networkPlaces: undefined,
  }),
  "welcome-names": down({
    kind: "welcome",
    number: 1,
    lineage: [{ ...EPOCH, first: 1 }],
    position: position(0),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [
      [MACHINE, "2. Stock"],
      [SERVER, "Empfang"],
    ],
    networkPlaces: undefined,
  }),
  "welcome-places": down({
    kind: "welcome",
    number: 1,
    lineage: [{ ...EPOCH, first: 1 }],
    position: position(0),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [],
    networkPlaces: "05".repeat(8),
  }),
  "welcome-that-is-followed": down({
    kind: "welcome",
    number: 1,
    lineage: [{ ...EPOCH, first: 1 }],
    position: position(1_001),
    journalTime: 0,
    beatMs: 2_500,
    leaseMs: 20_000,
    way: { kind: "changes" },
    answers: [],
    names: [],
    networkPlaces: "05".repeat(8),
    follows: true,
  }),
  part: down({ kind: "part", after: "", last: "e/user:alice/shortcut/1", end: false, revision: 1_001, bytes: Uint8Array.of(1, 2, 3) }),
  refuse: down({ kind: "refuse", number: 2, refusal: { word: "settings-differ", parts: ["domains", "groups"] } }, { session: undefined }),
  changes: down({ kind: "changes", first: 1_001, last: 1_002, part: 0, of: 1, deflated: false, bytes: Uint8Array.of(1, 2, 3) }),
  "changes-empty": down({ kind: "changes", first: 1_003, last: 1_002, part: 0, of: 1, deflated: false, bytes: new Uint8Array() }),
  answers: down({
    kind: "answers",
    number: 7,
    answers: [
      { run: RUN, sequence: 44, outcome: "accepted", revision: 1_001 },
      { run: RUN, sequence: 45, outcome: "owner-removed", revision: 1_001 },
    ],
  }),
  "offer-answer": down({
    kind: "offer-answer",
    join: JOIN,
    holding: "common/buttons",
    item: undefined,
    outcome: "owner-held",
    revision: 1_002,
  }),
  "offer-answer-item": down({
    kind: "offer-answer",
    join: JOIN,
    holding: "user:SALES\\alice",
    item: "timeline",
    outcome: "accepted",
    revision: 1_011,
  }),
  "server-beat": down(
    { kind: "server-beat", position: position(1_001), journalTime: 1_762_000_002_500, names: [] },
    { session: undefined },
  ),
  "server-beat-names": down(
    { kind: "server-beat", position: position(1_001), journalTime: 1_762_000_002_500, names: [[MACHINE, "2. Stock"]] },
    { session: undefined },
  ),
  "server-end": down({ kind: "server-end", reason: "put-out", refusal: { word: "put-out" } }),
  "server-end-off": down({ kind: "server-end", reason: "off" }, { session: undefined }),
};

/** What only later versions than the first say. */
export const DOWNS_SINCE_2: Readonly<Record<string, Down>> = {
  "refuse-stood-down": down({ kind: "refuse", number: 2, refusal: { word: "stood-down" } }, { session: undefined }),
  "answers-device-specific": down({
    kind: "answers",
    number: 8,
    answers: [{ run: RUN, sequence: 44, outcome: "device-specific", revision: 1_001 }],
  }),
};
