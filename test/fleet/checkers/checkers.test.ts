/** Every checker is seen to fire: on a history that is true but for one thing. */
import test from "ava";
import { FACTORY_POLICY } from "../../../hal/sim/sim-users.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { must } from "../../../src/model/assert.ts";
import type { Accepted, Why } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { CHAIN_START, type LineageEntry } from "../../../src/model/position.ts";
import type { Value } from "../../../src/model/value.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import type { Change } from "../../../src/protocol/change.ts";
import { decodeCbor, encodeCbor } from "../../../src/protocol/cbor.ts";
import type { Down } from "../../../src/protocol/down.ts";
import { decodeAccepted, encodeAccepted, encodeEdit } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { CLIENT_HISTORY, keepLost, type Lost } from "../../../src/store/history.ts";
import { Journal } from "../../../src/store/journal.ts";
import { packJournalHead, unpackJournalHead } from "../../../src/store/journal-head.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { Replica } from "../../../src/store/replica.ts";
import { REPLICA_BASE } from "../../../src/store/replica-now.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import { BaseMirror } from "../model/base-mirror.ts";
import { Fold } from "../model/fold.ts";
import { Journals } from "../model/journals.ts";
import { ServerMirror } from "../model/server-mirror.ts";
import { StoreMirror } from "../model/store-mirror.ts";
import { historyFault } from "../histories.ts";
import { machinesFault, ownersFault } from "../listings.ts";
import { originFault } from "../origins.ts";
import { passwordFault, passwordFor } from "../passwords.ts";
import { seededDice } from "../random.ts";
import { VirtualDisk } from "../virtual-disk.ts";
import { AskingChecker } from "./asking-checker.ts";
import { AnswerChecker } from "./answer-checker.ts";
import { BoundsChecker } from "./bounds-checker.ts";
import { DecisionChecker } from "./decision-checker.ts";
import { DoubleKeyChecker } from "./double-key-checker.ts";
import { Faults } from "./faults.ts";
import { HealthChecker } from "./health-checker.ts";
import { HoldChecker } from "./hold-checker.ts";
import { IdentityChecker } from "./identity-checker.ts";
import { JoinChecker } from "./join-checker.ts";
import { JournalChecker } from "./journal-checker.ts";
import { livenessFault } from "./liveness.ts";
import { LockChecker } from "./lock-checker.ts";
import { OwnEditChecker } from "./own-edit-checker.ts";
import { PendingChecker, type PendingCheckerParts } from "./pending-checker.ts";
import { ReplicaChecker } from "./replica-checker.ts";
import { SettingsChecker } from "./settings-checker.ts";
import { StampChecker } from "./stamp-checker.ts";
import { StatusChecker } from "./status-checker.ts";
import { StoreChecker } from "./store-checker.ts";
import { type Told, TellingChecker } from "./telling-checker.ts";
import { WaitingChecker } from "./waiting-checker.ts";

const [A, B] = [deviceId("a".repeat(32)), deviceId("b".repeat(32))];
const RUN = runId("1".repeat(16));
const inSession = (version: number, atMs = 0) => ({ atMs, epoch: "e", version });
const FIRST = { fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } };
const ALICE = "user:alice" as Owner;
const BOB = "user:bob" as Owner;

interface Made {
  readonly device?: typeof A;
  readonly owner?: Owner;
  readonly item?: string;
  readonly key?: string;
  readonly value?: Value | undefined;
  readonly why?: Why;
  readonly seen?: number;
  readonly stamp?: number;
}

let sequence = 0;
function edit(made: Made = {}): Accepted {
  sequence += 1;
  const { device = A, owner = ALICE, item = "display-language", key = "", why = "first", seen = 0, stamp = 100 } = made;
  const value = "value" in made ? made.value : `v-${sequence}`;
  return { id: { device, run: RUN, sequence }, owner, item, key, value, seen, stamp, certain: true, by: "", why };
}

const change = (revision: number, edits: readonly Accepted[], more: Partial<Change> = {}): Change => ({
  revision,
  at: 1_000,
  edits: edits.map((one) => ({ edit: one, bytes: encodeAccepted(one) })),
  removals: [],
  adoption: undefined,
  logins: [],
  scopes: [],
  purges: [],
  ...more,
});

type Doctor = (batch: readonly Write[]) => readonly Write[];
const honest: Doctor = (batch) => batch;

/** A server and a client on watched disks; `doctor` changes what reaches the disk. */
class Watched {
  readonly faults = new Faults();
  readonly journals = new Journals();
  readonly server = new VirtualDisk(seededDice(1));
  readonly client = new VirtualDisk(seededDice(2));
  doctor: Doctor = honest;

  constructor(onRecorded?: PendingCheckerParts["onRecorded"]) {
    const { journals, faults } = this;
    const decisions = new DecisionChecker({ usersMax: () => 1_000 });
    const checker = new JournalChecker({ journals, faults, decisions });
    const pending = new PendingChecker({ journals, faults, ...(onRecorded === undefined ? {} : { onRecorded }) });
    this.server.watch(new ServerMirror({ machine: "s", journals, checker, faults }));
    this.client.watch(new BaseMirror({ machine: "a", replicas: new ReplicaChecker({ journals, faults }), pending }));
  }

  storage(disk: VirtualDisk): Storage {
    const peek = disk.peek();
    return {
      get: (key) => peek.get(key),
      getMany: (keys) => peek.getMany(keys),
      range: (options) => peek.range(options),
      close: () => peek.close(),
      write: async (batch) => disk.commit(this.doctor(batch)),
    };
  }

  /** A journal of three revisions, and a replica at the second of them. */
  async begun(): Promise<{ readonly journal: Journal; readonly replica: Replica; readonly last: Uint8Array }> {
    const journal = await Journal.open(this.storage(this.server), () => FIRST);
    const changes: Uint8Array[] = [];
    for (const edits of [[edit()], [edit({ owner: BOB })], [edit({ owner: BOB, why: "seen", seen: 2 })]]) {
      const { revision: _, at: __, ...draft } = change(1, edits);
      const committed = await journal.commit(1_000, async (transaction) => void (await transaction.append(draft)), 0);
      changes.push(...committed.changes);
    }
    const replica = await Replica.open(this.storage(this.client), A);
    const start = { ...FIRST, epoch: { number: 1, id: FIRST.epoch.id }, revision: 0, chainHash: "0".repeat(32) };
    await replica.beginTransfer(start, 0);
    await replica.storePart({ bytes: packPart([]), last: "", end: true, revision: 0 });
    await replica.switchBase([], {});
    await replica.accept(changes.slice(0, 2), undefined);
    return { journal, replica, last: changes[2] ?? new Uint8Array() };
  }
}

const changed =
  (which: (key: string) => boolean, how: (value: Uint8Array) => Uint8Array | undefined): Doctor =>
  (batch) =>
    batch.flatMap(({ key, value }) => {
      if (!which(key) || value === undefined) return [{ key, value }];
      const other = how(value);
      return other === undefined ? [] : [{ key, value: other }];
    });

const flipped = (value: Uint8Array): Uint8Array => value.map((byte, index) => (index === value.length - 2 ? byte ^ 1 : byte));
const anotherHash = (value: Uint8Array): Uint8Array => value.map((byte, index) => (index === 0 ? byte ^ 1 : byte));

test("a true history has no fault", async (t) => {
  const watched = new Watched();
  const { replica, last } = await watched.begun();
  await replica.accept([last], undefined);
  t.is(watched.faults.first, undefined);
});

const JOURNAL_LIES: readonly (readonly [what: string, doctor: Doctor, fault: RegExp])[] = [
  [
    "a state record that is missing",
    changed(
      (key) => key.startsWith("s/s/e/"),
      () => undefined,
    ),
    /^I1: the state of s .* is missing/,
  ],
  ["a state record with another byte", changed((key) => key.startsWith("s/s/e/"), flipped), /^I1: the state of s .* other bytes/],
  [
    "an owner record that is missing",
    changed(
      (key) => key.startsWith("s/s/o/"),
      () => undefined,
    ),
    /^I1: the state of s .*o\/user:alice is missing/,
  ],
  ["a chain hash with another byte", changed((key) => key.startsWith("s/c/"), anotherHash), /^I1: the chain hash/],
  [
    "a head that is ahead of its changes",
    changed(
      (key) => key === "s/meta",
      (value) => {
        const head = unpackJournalHead(value);
        return packJournalHead({ ...head, revision: head.revision + 1 });
      },
    ),
    /^I1: s (says revision|has a journal)/,
  ],
  [
    "a state that is written without a change",
    (batch) => batch.filter(({ key }) => key.startsWith("s/s/")),
    /^I1: s writes its state without/,
  ],
];

for (const [what, doctor, fault] of JOURNAL_LIES) {
  test(`I1 fires on ${what}`, async (t) => {
    const watched = new Watched();
    const journal = await Journal.open(watched.storage(watched.server), () => FIRST);
    watched.doctor = doctor;
    const { revision: _, at: __, ...draft } = change(1, [edit()]);
    await journal.commit(1_000, async (transaction) => void (await transaction.append(draft)), 0);
    t.regex(watched.faults.first ?? "", fault);
  });
}

test("I2 fires on a copy of which all is missing, unless the machine has noted that it is to be fetched anew", async (t) => {
  for (const isNoted of [false, true]) {
    const watched = new Watched();
    const { journal } = await watched.begun();
    const replicas = new ReplicaChecker({ journals: watched.journals, faults: watched.faults });
    replicas.base({ machine: "a", position: journal.position, generation: 2, records: new Map(), isNoted, written: [] });
    t.regex(watched.faults.first ?? "", isNoted ? /^$/ : /^I2: the base of a at revision 3: .* is missing/);
  }
});

/** How far the base is, with another revision or chain hash. */
const now = (how: (revision: unknown, hash: unknown) => readonly unknown[]): Doctor =>
  changed(
    (key) => key === REPLICA_BASE,
    (value) => {
      const [revision, hash, ...rest] = decodeCbor(value, value.length) as unknown[];
      return encodeCbor([...how(revision, hash), ...rest]);
    },
  );

const BASE_LIES: readonly (readonly [what: string, doctor: Doctor, fault: RegExp])[] = [
  [
    "a record that the base leaves out",
    changed(
      (key) => key.startsWith("c/s/") && key.includes("e/"),
      () => undefined,
    ),
    /^I2: .* other bytes/,
  ],
  ["a record with another byte", changed((key) => key.startsWith("c/s/") && key.includes("e/"), flipped), /^I2: .* other bytes/],
  [
    "a record of another owner",
    (batch) => [...batch, { key: "c/s/1/e/user:eve\0display-language\0", value: new Uint8Array(20) }],
    /^I2: .*should not be/,
  ],
  ["a position that no journal had", now((revision) => [revision, Buffer.alloc(16, 0xdd)]), /^I20: /],
];

for (const [what, doctor, fault] of BASE_LIES) {
  test(`I2, I20 fire on ${what}`, async (t) => {
    const watched = new Watched();
    const { replica, last } = await watched.begun();
    watched.doctor = doctor;
    await replica.accept([last], undefined);
    t.regex(watched.faults.first ?? "", fault);
  });
}

test("I3 fires on a base that goes back", async (t) => {
  const watched = new Watched();
  const { replica, last } = await watched.begun();
  watched.doctor = now(() => [0, Buffer.alloc(16)]);
  await replica.accept([last], undefined);
  t.regex(watched.faults.first ?? "", /^I3: a goes from revision 2 back to 0/);
});

test("I4 fires on a pending edit that nobody answered and that is gone, B02 on a loser that no history keeps", async (t) => {
  const watched = new Watched();
  const { replica } = await watched.begun();
  const { why: _, ...pending } = edit({ key: "", item: "accessibility" });
  await replica.record([pendingOf(pending)], 1);
  const [only] = [...replica.pending.all()];
  if (only === undefined) return t.fail();
  await replica.write([replica.pending.replace({ ...only, answer: { outcome: "superseded", revision: 2 } })], {});
  t.regex(watched.faults.first ?? "", /^B02: /);

  const other = new Watched();
  const begun = await other.begun();
  await begun.replica.record([pendingOf(pending)], 1);
  await begun.replica.write([begun.replica.pending.remove(pending.id.sequence)], {});
  t.regex(other.faults.first ?? "", /^I4: /);
});

const HELD = (): Fold => {
  const fold = new Fold();
  fold.take(change(1, [edit({ stamp: 500 }), edit({ owner: BOB, stamp: 500 })]));
  fold.take(change(2, [], { removals: [{ owner: BOB, kind: "deleted" }] }));

  fold.take(change(3, [], { scopes: [{ item: "timeline", scope: "device-specific" }] }));
  return fold;
};
const adoption = (holding: string) => ({ adoption: { holding, item: undefined, join: joinId("9".repeat(16)), device: B } });

const WRONG: readonly (readonly [rule: string, what: string, change: Change])[] = [
  ["P5", "a first that is none", change(4, [edit()])],
  ["P5", "a seen that was not seen", change(4, [edit({ why: "seen", device: B })])],
  ["P5", "an own of another machine", change(4, [edit({ why: "own", device: B, stamp: 600 })])],
  ["P5", "a later that is earlier", change(4, [edit({ why: "later", device: B, stamp: 499 })])],
  ["P5", "a later where nothing stood", change(4, [edit({ why: "later", item: "accessibility" })])],
  ["P3", "a stamp from the future", change(4, [edit({ why: "later", stamp: 1_001 })])],
  ["P3", "knowledge that is stamped before what it knew", change(4, [edit({ why: "seen", seen: 1, stamp: 499 })])],
  ["P22", "an edit of an owner that had ended", change(4, [edit({ owner: BOB, seen: 1, stamp: 1_000 })])],
  ["P26", "a deletion that begins an owner", change(4, [edit({ owner: "user:eve" as Owner, value: undefined })])],
  ["P26", "the removal of nobody", change(4, [], { removals: [{ owner: BOB, kind: "deleted" }] })],
  ["P26", "common removed", change(4, [], { removals: [{ owner: "common" as Owner, kind: "deleted" }] })],
  [
    "P26",
    "a victim that the change touches",
    change(4, [edit({ why: "seen", seen: 1, stamp: 600 })], { removals: [{ owner: ALICE, kind: "evicted" }] }),
  ],
  ["I10", "a holding that is held", change(4, [edit({ why: "adopted", device: B })], adoption(ALICE))],
  ["I10", "entries of two holdings", change(4, [edit({ why: "adopted", device: B, owner: "user:x" as Owner })], adoption("user:y"))],
  ["I10", "adopted by nobody", change(4, [edit({ why: "adopted", owner: "user:x" as Owner })])],
  ["I12", "an item that stays on its machine", change(4, [edit({ item: "timeline", key: "t" })])],
  ["I16", "one user too many", change(4, [edit({ owner: "user:x" as Owner }), edit({ owner: "user:y" as Owner })])],
];

for (const [rule, what, wrong] of WRONG) {
  test(`${rule} fires on ${what}`, (t) => {
    const checker = new DecisionChecker({ usersMax: () => 2 });
    t.is(checker.fault(HELD(), wrong)?.rule, rule);
  });
}

test("P26 an end that was brought is taken of somebody who is not held, and of somebody of whom something was set since", (t) => {
  const checker = new DecisionChecker({ usersMax: () => 2 });
  t.is(checker.fault(HELD(), change(4, [], { removals: [{ owner: BOB, kind: "deleted", at: 700 }] })), undefined);
  const survives = edit({ why: "seen", seen: 1, stamp: 600 });
  const fold = HELD();
  fold.take(change(4, [survives]));
  const ends = (at: number): Change => change(5, [survives], { removals: [{ owner: ALICE, kind: "evicted", at }] });
  t.is(checker.fault(fold, ends(599)), undefined, "it was set after the end");
  t.is(checker.fault(fold, ends(600))?.rule, "P5", "it was not");
  const brought = change(4, [survives], { removals: [{ owner: ALICE, kind: "evicted", at: 550 }] });
  t.not(checker.fault(HELD(), brought)?.rule, "P26");
});

test("I11 fires on an edit from before what is forgotten, and not on a newer one, on one in its knowledge, or of a key that was just drawn", (t) => {
  const checker = new DecisionChecker({ usersMax: () => 3 });
  const EVE = "user:eve" as Owner;
  const fold = HELD();
  // Deletions of hers are forgotten up to revision 2 and stamp 800.
  const holdings = new Map([["", { since: 1, device: undefined, join: undefined }]]);
  const ends = { deleted: undefined, evicted: undefined, purged: { revision: 2, at: 800 } };
  fold.owners.set(EVE, { holdings, ...ends, lastLoginDay: 0, begunDay: 0 });
  t.is(checker.fault(fold, change(4, [edit({ owner: EVE, seen: 1, stamp: 700 })]))?.rule, "I11");
  for (const made of [
    { seen: 1, stamp: 801 },
    { seen: 2, stamp: 700 },
    { key: "3f2b8a9c-1d2e-4f3a-8b4c-5d6e7f809a1b", item: "personal-button" },
  ])
    t.is(checker.fault(fold, change(4, [edit({ owner: EVE, ...made })])), undefined);
});

test("I9 fires on an edit that its machine had made before it joined, and not on what it supplied or made since", (t) => {
  const faults = new Faults();
  const joins = new JoinChecker(faults);
  const [before, since] = [edit({ device: B }), edit({ device: B })];
  joins.joined(B, before.id.sequence);
  joins.changed("s", change(2, [since, { ...before, why: "adopted" }, edit({ device: A })]));
  t.is(faults.first, undefined);
  joins.changed("s", change(3, [before]));
  t.regex(faults.first ?? "", /^I9: revision 3 of s: .* before its machine joined/);
});

test("I7 fires on a machine that shows again what somebody had before them when they changed it, and not on what came since", async (t) => {
  for (const [seenLast, isFault] of [
    [true, true],
    [false, false],
  ] as const) {
    const watched = new Watched();
    const { journal } = await watched.begun();
    const branch = watched.journals.find(journal.position);
    const stands = [...(branch?.between("e/user:alice\0display-language\0", 0, 9) ?? [])].at(-1);
    const valueIn = (record: Uint8Array): Value | undefined => decodeAccepted(record.subarray(8)).value;
    const value = stands?.bytes instanceof Uint8Array ? valueIn(stands.bytes) : undefined;
    if (value === undefined || stands === undefined) return t.fail();
    const { journals, faults } = watched;
    const own = new OwnEditChecker({ journals, faults, isWatched: () => true, valueOf: valueIn });
    const seen = seenLast ? journal.position : { ...journal.position, revision: 0, chainHash: CHAIN_START };
    own.edited("a", "user:alice display-language ", { value: "mine" }, seen);
    own.applied("a", "user:alice display-language ", { value: "mine" });
    own.recorded("a", edit({ value: "mine", seen: seen.revision }));
    t.is(faults.first, undefined);
    own.applied("a", "user:alice display-language ", { value });
    t.regex(faults.first ?? "", isFault ? /^I7: a shows user:alice/ : /^$/);
  }
});

test("P6 an edit that an older image of a disk has again is not one that was recorded now", async (t) => {
  const recorded: [sequence: number, isFound: boolean][] = [];
  const watched = new Watched((_, { id }, __, isFound) => void recorded.push([id.sequence, isFound]));
  const { replica } = await watched.begun();
  const { why: _, ...pending } = edit({ key: "", item: "accessibility" });
  await replica.record([pendingOf(pending)], 1);
  watched.client.replace(watched.client.medium.content);
  t.deepEqual(recorded, [
    [pending.id.sequence, false],
    [pending.id.sequence, true],
  ]);
});

test("P6 fires on an edit that says its author had seen more than the machine showed", async (t) => {
  const watched = new Watched();
  const { journal } = await watched.begun();
  const { journals, faults } = watched;
  const own = new OwnEditChecker({ journals, faults, isWatched: () => true, valueOf: () => undefined });
  own.edited("a", "user:alice display-language ", { value: "mine" }, journal.position);
  own.recorded("a", edit({ value: "mine", seen: journal.position.revision + 1 }));
  t.regex(faults.first ?? "", /^P6: edit \d+ of a/);
});

test("P1, P2 fire on stamps of one author that go back, or that claim more than it can know, and not where its disk is another", async (t) => {
  const watched = new Watched();
  const { replica } = await watched.begun();
  const { position } = replica;
  const fault = (stamps: readonly Partial<Accepted>[], disk: "same" | "another" | "stopped" = "same"): string | undefined => {
    const faults = new Faults();
    const checker = new StampChecker({ journals: watched.journals, faults });
    for (const one of stamps) {
      if (disk === "another") checker.forget("a");
      if (disk === "stopped") checker.stopped("a");
      checker.recorded("a", { ...edit(), ...one }, position, "perhaps");
    }
    return faults.first;
  };
  t.is(fault([{ stamp: 2_000 }, { stamp: 2_000 }, { stamp: 2_001 }]), undefined);
  t.regex(fault([{ stamp: 2_000 }, { stamp: 1_999 }]) ?? "", /^P1: .* stamped 1999, and the one that it made before 2000$/);
  t.is(fault([{ stamp: 2_000 }, { stamp: 1_999 }], "another"), undefined);
  t.is(fault([{ stamp: 2_000 }, { stamp: 1_999 }], "stopped"), undefined);
  t.regex(fault([{ stamp: 999, seen: 2 }], "stopped") ?? "", /^P1: .* revision 2/);
  t.regex(fault([{ stamp: 999, seen: 2 }]) ?? "", /^P1: .* revision 2, which its author had seen, is of 1000$/);
  t.is(fault([{ stamp: 999, seen: 0 }]), undefined);
  t.is(fault([{ stamp: 2_000 }, { stamp: 2_000, certain: false }]), undefined);
  t.is(fault([{ stamp: 1_000, certain: false }]), undefined);
  t.is(fault([{ stamp: 1_001, certain: false }]), undefined, "what it had stamped before nobody knows");
  t.regex(fault([{ stamp: 900 }, { stamp: 1_001, certain: false }]) ?? "", /^P2: .* not certain, and later than/);
  for (const [knew, certain, value, expected] of [
    ["surely", true, "de", /^$/],
    ["perhaps", true, "de", /^$/],
    ["perhaps", false, "de", /^$/],
    ["no", false, "de", /^$/],
    ["no", true, "de", /^P2: .* has not heard journal time since it was switched on$/],
    ["surely", false, "de", /^P2: .* not certain, and its machine had heard journal time$/],
    ["surely", false, "another", /^$/],
  ] as const) {
    const faults = new Faults();
    const checker = new StampChecker({ journals: watched.journals, faults });
    checker.edited("a", "user:alice display-language ", { value: "de", knew });
    checker.recorded("a", { ...edit({ value, stamp: 1_000 }), certain }, position, knew);
    t.regex(faults.first ?? "", expected);
  }
});

test("I24 fires on a password that went to another destination", (t) => {
  const lead = (url: string, pwd: string) => new Map<string, Value>([["user:alice personal-address f1", { url, pwd }]]);
  t.is(passwordFault(lead("nas1", passwordFor("nas1"))), undefined);
  t.is(passwordFault(lead("nas2", "")), undefined);
  t.regex(passwordFault(lead("nas2", passwordFor("nas1"))) ?? "", /personal-address f1 lead to nas2/);
});

test("B06 fires on a brought entry that takes the place of one that was later on the lost server", (t) => {
  const checker = new DecisionChecker({ usersMax: () => 2 });
  const fold = HELD();
  fold.take(change(4, [edit({ why: "brought", device: B, seen: 7, stamp: 600 })]));
  t.is(checker.fault(fold, change(5, [edit({ why: "brought", seen: 8, stamp: 500 })]))?.rule, "B06");
  t.is(checker.fault(fold, change(5, [edit({ why: "brought", seen: 6, stamp: 600 })]))?.rule, "B06");
  t.is(checker.fault(fold, change(5, [edit({ why: "brought", seen: 6, stamp: 700 })])), undefined);
});

test("what is right is no fault", (t) => {
  const checker = new DecisionChecker({ usersMax: () => 2 });
  const right = [
    change(4, [edit({ why: "seen", seen: 1, stamp: 500 })]),
    change(4, [edit({ why: "later", device: B, stamp: 500 })]),
    change(4, [edit({ owner: BOB, seen: 2 })]),
    change(4, [edit({ why: "adopted", device: B, owner: BOB })], adoption(BOB)),
    change(4, [edit({ value: undefined, why: "own", stamp: 500 })]),
  ];
  for (const one of right) t.is(checker.fault(HELD(), one), undefined);
});

test("P5, P7 fire on answers that are not true", async (t) => {
  const lies = [
    { outcome: "accepted", revision: 3 },
    { outcome: "superseded", revision: 3 },
    { outcome: "owner-removed", revision: 3 },
  ] as const;
  for (const { outcome, revision } of lies) {
    const watched = new Watched();
    await watched.begun();
    const [branch] = watched.journals.branches;
    if (branch === undefined) return t.fail();
    const checker = new AnswerChecker(watched.faults);
    const { why: _, ...made } = edit({ owner: BOB, seen: 3, device: B });
    checker.pushed([encodeEdit(made)]);
    checker.answered("b", branch, inSession(2), [{ run: RUN, sequence: made.id.sequence, outcome, revision }]);
    t.regex(watched.faults.first ?? "", /^P5: /, outcome);
  }
  const watched = new Watched();
  await watched.begun();
  const [branch] = watched.journals.branches;
  const checker = new AnswerChecker(watched.faults);
  const answer = { run: RUN, sequence: 99, revision: 1 };
  if (branch === undefined) return t.fail();
  checker.answered("a", branch, inSession(2), [{ ...answer, outcome: "accepted" }]);
  checker.answered("a", branch, inSession(2), [{ ...answer, outcome: "superseded" }]);
  t.regex(watched.faults.first ?? "", /^P7: /);
});

test("P5 M33 an edit that comes when later ones of its machine were decided since a restore was undone by that: it is not accepted, and has lost to nothing", async (t) => {
  const [first, second] = [
    { number: 1, id: epochId("e".repeat(16)), first: 1 },
    { number: 2, id: epochId("2".repeat(16)), first: 4, born: "restore" },
  ] as const;
  const faultOf = async (outcome: "accepted" | "superseded", lineage: readonly LineageEntry[], later: number) => {
    const watched = new Watched();
    await watched.begun();
    const branch = must(watched.journals.branches[0], "a journal");
    branch.lineage = lineage;
    const checker = new AnswerChecker(watched.faults);
    const session = { atMs: 0, epoch: lineage.at(-1)?.id ?? "", version: 2 };
    for (const [sequence, said] of [
      [later, "device-specific"],
      [5, outcome],
    ] as const) {
      const { why: _, ...made } = edit({ owner: BOB, seen: 3, device: B });
      checker.pushed([encodeEdit({ ...made, id: { ...made.id, sequence } })]);
      checker.answered("b", branch, session, [{ run: RUN, sequence, outcome: said, revision: 3 }]);
    }
    return watched.faults.first ?? "";
  };
  t.is(await faultOf("superseded", [first, second], 6), "");
  t.regex(await faultOf("superseded", [first], 6), /^P5: /);
  t.regex(await faultOf("superseded", [first, second], 4), /^P5: /);
  t.regex(await faultOf("accepted", [first, second], 6), /^P5: /);
});

test("P25 an edit from before what is forgotten of its owner is rightly superseded, though nothing stands", async (t) => {
  for (const [seen, fault] of [
    [2, undefined],
    [3, /^P5: /],
  ] as const) {
    const watched = new Watched();
    await watched.begun();
    const [branch] = watched.journals.branches;
    if (branch === undefined) return t.fail();
    const holdings = new Map([["", { since: 1, device: undefined, join: undefined }]]);
    const ends = { deleted: undefined, evicted: undefined, purged: { revision: 3, at: 800 } };
    branch.fold.owners.set(BOB, { holdings, ...ends, lastLoginDay: 0, begunDay: 0 });
    const checker = new AnswerChecker(watched.faults);
    const { why: _, ...made } = edit({ owner: BOB, seen, stamp: 700, device: B });
    checker.pushed([encodeEdit(made)]);
    checker.answered("b", branch, inSession(2), [{ run: RUN, sequence: made.id.sequence, outcome: "superseded", revision: 3 }]);
    if (fault === undefined) t.is(watched.faults.first, undefined);
    else t.regex(watched.faults.first ?? "", fault);
  }
});

test("I21 fires on a server that speaks to one key in two sessions, and on two edits of one name", async (t) => {
  const faultOf = (...said: readonly (readonly [server: string, to: typeof A, session: string, kind: "welcome" | "refuse" | "part"])[]) => {
    const faults = new Faults();
    const checker = new IdentityChecker(faults);
    for (const [server, to, session, kind] of said) checker.said({ server, to, session, kind });
    return faults.first;
  };
  t.is(
    faultOf(["s", A, "1", "welcome"], ["s", A, "1", "part"], ["s", A, "2", "welcome"], ["s", A, "1", "refuse"], ["s", A, "2", "part"]),
    undefined,
  );
  t.is(faultOf(["s", A, "1", "welcome"], ["s", B, "2", "welcome"], ["z", A, "3", "welcome"], ["s", A, "1", "part"]), undefined);
  t.regex(faultOf(["s", A, "1", "welcome"], ["s", A, "2", "welcome"], ["s", A, "1", "part"]) ?? "", /^I21: /);
  const ownFaultOf = (...said: readonly (readonly [session: string, kind: "welcome" | "part"])[]) => {
    const faults = new Faults();
    const checker = new IdentityChecker(faults);
    for (const [session, kind] of said) checker.said({ server: "s", to: A, session, kind, isOwn: true });
    return faults.first;
  };
  t.is(ownFaultOf(["inside", "part"], ["1", "welcome"], ["1", "part"], ["inside again", "part"], ["2", "welcome"]), undefined);
  t.regex(ownFaultOf(["1", "welcome"], ["2", "welcome"], ["1", "part"]) ?? "", /^I21: /);
  const named = (...edits: readonly Parameters<typeof edit>[0][]) => {
    const faults = new Faults();
    const checker = new IdentityChecker(faults);
    for (const one of edits) {
      const { why: _, ...made } = edit(one);
      checker.pushed([encodeEdit({ ...made, value: one?.value ?? "x", id: { ...made.id, sequence: 5 } })]);
    }
    return faults.first;
  };
  t.is(named({ stamp: 100, seen: 3 }, { stamp: 100, seen: 1 }, { stamp: 101, device: B }), undefined);
  t.regex(named({ stamp: 100 }, { stamp: 101 }) ?? "", /^I21: /);
  t.regex(named({ value: "x" }, { value: "y" }) ?? "", /^I21: /);
});

test("P7 a server whose disk was put back knows nothing of what it answered since, and all of what it answered before", async (t) => {
  for (const [takenMs, fault] of [
    [50, /^$/],
    [51, /^P7: /],
  ] as const) {
    const watched = new Watched();
    await watched.begun();
    const [branch] = watched.journals.branches;
    const checker = new AnswerChecker(watched.faults);
    if (branch === undefined) return t.fail();
    checker.answered("a", branch, inSession(2, 50), [{ run: RUN, sequence: 99, revision: 1, outcome: "accepted" }]);
    checker.answered("a", branch, inSession(2, 60), [{ run: RUN, sequence: 99, revision: 1, outcome: "accepted" }]);
    checker.serverPutBack(takenMs);
    checker.answered("a", branch, inSession(2, 70), [{ run: RUN, sequence: 99, revision: 1, outcome: "superseded" }]);
    t.regex(watched.faults.first ?? "", fault);
  }
});

test("P7, M26 an answer in the words of the version before is the same answer, and another one is not", async (t) => {
  const faultOf = async (...answers: readonly (readonly [number, Answer["outcome"]])[]): Promise<string> => {
    const watched = new Watched();
    await watched.begun();
    const [branch] = watched.journals.branches;
    const checker = new AnswerChecker(watched.faults);
    for (const [version, outcome] of answers)
      if (branch !== undefined) checker.answered("a", branch, inSession(version), [{ run: RUN, sequence: 99, revision: 1, outcome }]);
    return watched.faults.first ?? "";
  };
  t.is(await faultOf([1, "owner-removed"], [2, "owner-evicted"], [1, "owner-removed"]), "");
  t.is(await faultOf([2, "edit-unreadable"], [1, "superseded"]), "");
  t.regex(await faultOf([2, "owner-removed"], [2, "owner-evicted"]), /^P7: /);
  t.regex(await faultOf([1, "owner-removed"], [2, "owner-evicted"], [2, "owner-removed"]), /^P7: /);
  t.regex(await faultOf([1, "superseded"], [2, "owner-evicted"]), /^P7: /);
  t.regex(await faultOf([1, "owner-removed"], [1, "superseded"]), /^P7: /);
});

test("I32 fires on a machine that asks one thing over and over, and on one that asks when all is up to date", (t) => {
  const faultOf = (asks: (checker: AskingChecker) => void) => {
    const faults = new Faults();
    asks(new AskingChecker(faults));
    return faults.first ?? "";
  };
  const pull = (after: number) => ({ kind: "pull-changes", after }) as const;
  const askedEvery = (ms: number, question: (n: number) => ReturnType<typeof pull>) =>
    faultOf((checker) => {
      for (let n = 0; n < 30; n += 1) checker.asks("a", question(n), n * ms);
    });
  t.regex(
    askedEvery(1_000, () => pull(7)),
    /^I32: a asks for the changes after 7 7 times/,
  );
  t.is(
    askedEvery(2_500, () => pull(7)),
    "",
    "now and then",
  );
  t.is(askedEvery(10, pull), "", "what leads on");
  const atRest = (...bodies: Parameters<AskingChecker["asks"]>[1][]) =>
    faultOf((checker) => {
      checker.atRest = true;
      for (const body of bodies) checker.asks("a", body, 0);
    });
  t.is(atRest(pull(7)), "", "its connection may break");
  t.regex(atRest(pull(7), pull(8)), /^I32: a asks for the changes after 8 although/);
  t.regex(atRest({ kind: "pull-part", after: "" }), /^I32: a asks for the part after "" although/);
  t.is(atRest({ kind: "client-beat", loggedIn: [], waiting: 0 }), "");
});

test("I21 fires on two machines with one key that come in in turn, on one that is taken for two, and M32 on a log that is silent", (t) => {
  const faultOf = (
    happens: (checker: DoubleKeyChecker, at: (to: string, atMs: number) => Parameters<DoubleKeyChecker["welcomed"]>[0]) => void,
  ) => {
    const faults = new Faults();
    const checker = new DoubleKeyChecker(faults);
    happens(checker, (to, atMs) => ({ server: "s", to, identity: A, atMs }));
    return faults.first ?? "";
  };
  const inTurn = (turns: readonly (readonly [machine: string, run: string])[], everyMs: number, restartsAt = -1) =>
    faultOf((checker, at) => {
      for (const [turn, [machine, run]] of turns.entries()) {
        checker.speaks("s", turn < restartsAt ? 100 + turn : turn);
        checker.greets(machine, A, run, turn * everyMs);
        checker.welcomed(at(machine, turn * everyMs));
      }
    });
  const two = [
    ["a", "1"],
    ["z", "2"],
    ["a", "1"],
    ["z", "2"],
  ] as const;
  t.regex(inTurn(two, 1_000), /^I21: s welcomes a and z/);
  t.is(inTurn(two, 30_000), "");
  t.is(inTurn(two, 1_000, 2), "", "a server that starts again has forgotten who was there");
  t.is(
    inTurn(
      ["1", "2", "3", "4"].map((run) => ["a", run] as const),
      1_000,
    ),
    "",
    "a machine that restarts",
  );
  const refused = (greeting: readonly string[], hasInLog: boolean) =>
    faultOf((checker, at) => {
      for (const machine of greeting) checker.greets(machine, A, machine, 0);
      checker.refused(at("a", 1_000), "this life");
      checker.look((_, life) => life !== "this life" || hasInLog);
    });
  t.is(refused(["a", "z"], true), "");
  t.regex(refused(["a"], true), /^I21: s takes a for two/);
  t.regex(refused(["a", "z"], false), /^M32: /);
});

test("I8 fires on a machine at rest that shows something else, B03 on a value that comes back", async (t) => {
  const watched = new Watched();
  const { journal } = await watched.begun();
  const stores = new StoreChecker({
    journals: watched.journals,
    faults: watched.faults,
    isShared: () => true,
    changesScope: () => false,
    mayLack: () => false,
    plainOwners: new Set([ALICE]),
    isMember: () => true,
  });
  const store = new StoreMirror({ changed: () => undefined });
  t.regex(stores.difference("a", store, journal.position) ?? "", /is missing here/);
  for (const value of ["x", "y"]) stores.changed("a", "user:alice display-language ", { value });
  t.is(watched.faults.first, undefined);
  stores.changed("a", "user:alice display-language ", { value: "x" });
  t.regex(watched.faults.first ?? "", /^B03: /);
});

/** As much of a fleet as the checkers of presence and health look at. */
function fakeFleet(
  now: { ms: number },
  { held, operating }: { readonly held: boolean; readonly operating: boolean },
  crashes: unknown[] = [],
  /** Is given what the machines' listeners of their status are told. */
  heard: ((status: unknown) => void)[] = [],
): Fleet {
  const hal = { restrictions: { importExportRunning: () => false } };
  const common = {
    on: true,
    asleep: false,
    running: true,
    crashes,
    log: [],
    administration: { onLog: () => undefined, onStatus: (listener: (status: unknown) => void) => heard.push(listener) },
    sleptAtMs: 0,
    address: "10.0.0.1",
    destination: "10.0.0.1",
    hal,
  };
  const server = { ...common, name: "s", heldAwake: held, status: { server: { state: "running", machines: 2 }, client: undefined } };
  const state = operating ? "synchronized" : "restart-needed";
  const client = { ...common, name: "a", status: { server: undefined, client: { state } } };
  const world = {
    get nowMs(): number {
      return now.ms;
    },
  };
  return { world, server, machines: [server, client], network: { isCut: () => false } } as unknown as Fleet;
}

test("I14 fires on a server that may sleep while a machine operates, and on one that is kept awake by nobody", (t) => {
  for (const [state, fault] of [
    [{ held: false, operating: true }, /^M28: /],
    [{ held: true, operating: false }, /^B07: /],
    [{ held: true, operating: true }, /^$/],
    [{ held: false, operating: false }, /^$/],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const checker = new HoldChecker({ fleet: fakeFleet(now, state), faults });
    for (; now.ms < 60_000; now.ms += 250) checker.look();
    t.regex(faults.first ?? "", fault);
  }
});

test("M29 the own client keeps its server machine awake through a proxy alone, and never stands in the way of a change of scope", (t) => {
  for (const [proxyExcludesLocalhost, held, fault] of [
    [false, false, /^M28: /],
    [false, true, /^$/],
    [true, false, /^$/],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const fleet = fakeFleet(now, { held, operating: false });
    const own = { destination: "localhost", proxy: { proxy: "http://proxy:3128", proxyExcludesLocalhost } };
    const server = { ...fleet.server, ...own, status: { ...fleet.server?.status, client: { state: "synchronized" } } };
    const machines = fleet.machines.map((machine) => (machine.name === "s" ? server : machine));
    const checker = new HoldChecker({ fleet: { ...fleet, server, machines } as unknown as Fleet, faults });
    for (; now.ms < 60_000; now.ms += 250) checker.look();
    checker.scopeChanged("s");
    t.regex(faults.first ?? "", fault);
  }
});

test("M29 the session of an own client that came through a proxy until now keeps its server machine awake for a lease, and no longer", (t) => {
  for (const [untilMs, fault] of [
    [75_000, /^$/],
    [120_000, /^B07: /],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const fleet = fakeFleet(now, { held: true, operating: false });
    const proxy = { proxy: "http://proxy:3128", proxyExcludesLocalhost: false };
    const server = {
      ...fleet.server,
      destination: "localhost",
      proxy,
      status: { ...fleet.server?.status, client: { state: "synchronized" } },
    };
    const machines = fleet.machines.map((machine) => (machine.name === "s" ? server : machine));
    const checker = new HoldChecker({ fleet: { ...fleet, server, machines } as unknown as Fleet, faults });
    for (; now.ms < untilMs; now.ms += 250) {
      if (now.ms === 50_000) proxy.proxyExcludesLocalhost = true;
      checker.look();
    }
    t.regex(faults.first ?? "", fault);
  }
});

test("I13 fires on a scope that is changed while a machine operates, and not where it has just fallen asleep", (t) => {
  const changed = (before: (machine: { asleep: boolean }) => void): string | undefined => {
    const now = { ms: 0 };
    const faults = new Faults();
    const fleet = fakeFleet(now, { held: true, operating: true });
    const checker = new HoldChecker({ fleet, faults });
    for (; now.ms <= 20_000; now.ms += 250) checker.look();
    for (const machine of fleet.machines) if (machine.name === "a") before(machine as unknown as { asleep: boolean });
    checker.scopeChanged("s");
    return faults.first;
  };
  t.is(
    changed(() => undefined),
    "I13: s changes the scope although a operates",
  );
  t.is(
    changed((machine) => (machine.asleep = true)),
    undefined,
  );
});

test("I14 a server that failed and started again between two looks waits for a lease again", (t) => {
  const now = { ms: 0 };
  const faults = new Faults();
  const heard: ((status: unknown) => void)[] = [];
  const checker = new HoldChecker({ fleet: fakeFleet(now, { held: true, operating: false }, [], heard), faults });
  for (; now.ms < 60_000; now.ms += 250) {
    checker.look();
    if (now.ms === 30_000) for (const listener of heard) listener({ server: { state: "stopped-by-error" } });
  }
  t.is(faults.first, undefined);
});

test("I14 whoever was put out or refused counts no more, heard or not, until it is welcomed again", (t) => {
  const refused = { kind: "refuse", number: 1, refusal: { word: "not-paired" } } as const;
  const end = (reason: "put-out" | "unknown-session") => ({ kind: "server-end", reason }) as const;
  const welcome = { kind: "welcome" } as Down["body"];
  for (const [said, fault] of [
    [[end("put-out")], /^$/],
    [[welcome, refused, end("unknown-session")], /^$/],
    [[end("put-out"), welcome], /^M28: /],
    [[welcome, end("unknown-session")], /^M28: /],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const checker = new HoldChecker({ fleet: fakeFleet(now, { held: false, operating: true }), faults });
    for (const body of said) checker.told("s", "a", body);
    for (; now.ms < 60_000; now.ms += 250) checker.look();
    t.regex(faults.first ?? "", fault);
  }
});

test("I14 a machine that was pointed to another server keeps that one awake, and not this one", (t) => {
  const now = { ms: 0 };
  const faults = new Faults();
  const fleet = fakeFleet(now, { held: false, operating: true });
  const machines = fleet.machines.map((machine) => (machine.name === "a" ? { ...machine, destination: "10.0.0.2" } : machine));
  const checker = new HoldChecker({ fleet: { ...fleet, machines } as unknown as Fleet, faults });
  for (; now.ms < 60_000; now.ms += 250) checker.look();
  t.is(faults.first, undefined);
});

test("health fires on a module that crashed", (t) => {
  const faults = new Faults();
  const fleet = fakeFleet({ ms: 0 }, { held: false, operating: false }, [new Error("out of cheese")]);
  new HealthChecker({ fleet, faults, storageFails: false, isPutBack: false }).look();
  t.regex(faults.first ?? "", /^health: .*out of cheese/);
});

test("health lets a machine say that its module's storage is lost where that alone was put back, and nothing else be damaged", (t) => {
  const lost = "what the module had kept on this machine is lost, its functions are stopped";
  for (const [isPutBack, text, fault] of [
    [true, lost, /^$/],
    [false, lost, /^health: /],
    [true, "a record is damaged", /^health: /],
  ] as const) {
    const faults = new Faults();
    const fleet = fakeFleet({ ms: 0 }, { held: false, operating: false });
    const machines = fleet.machines.map((machine) => ({ ...machine, log: [{ code: "storage-damaged", text }] }));
    new HealthChecker({ fleet: { ...fleet, machines } as unknown as Fleet, faults, storageFails: false, isPutBack }).look();
    t.regex(faults.first ?? "", fault);
  }
});

test("M22 fires on a victim who is not the one that logged in longest ago, unless the other is logged in", (t) => {
  const fold = new Fold();
  fold.take(change(1, [edit(), edit({ owner: BOB })], { logins: [{ owner: BOB, day: 3 }] }));
  const evicts = (owner: Owner): Change => change(2, [edit({ owner: "user:eve" as Owner })], { removals: [{ owner, kind: "evicted" }] });
  const checker = new DecisionChecker({ usersMax: () => 2 });
  t.is(checker.fault(fold, evicts(BOB))?.rule, "M22");
  t.is(checker.fault(fold, evicts(ALICE)), undefined);
  t.is(new DecisionChecker({ usersMax: () => 2, mayBeLoggedIn: (user) => user === ALICE }).fault(fold, evicts(BOB)), undefined);
  fold.take(change(2, [], { logins: [{ owner: ALICE, day: 3 }] }));
  t.is(
    checker.fault(
      fold,
      change(
        3,
        evicts(BOB).edits.map(({ edit }) => edit),
        { removals: [{ owner: BOB, kind: "evicted" }] },
      ),
    )?.rule,
    "M22",
  );
});

test("I26 fires on a journal that grows although nobody wants its changes, and on a log without an end", (t) => {
  for (const isWanted of [false, true]) {
    const faults = new Faults();
    const bounds = new BoundsChecker({ machine: "s", faults, changesKept: 3, mayBeWanted: () => isWanted });
    for (let n = 0; n < 5; n += 1) bounds.committed([{ key: `s/c/${n}`, value: new Uint8Array(1) }]);
    t.is(faults.first, undefined);
    bounds.committed([{ key: "s/c/5", value: new Uint8Array(1) }]);
    t.is(faults.first, isWanted ? undefined : "I26: s keeps 6 changes, and is to keep 3");
  }
  const faults = new Faults();
  const bounds = new BoundsChecker({ machine: "a", faults, changesKept: 3, mayBeWanted: () => false });
  bounds.committed(Array.from({ length: 600 }, (_, n) => ({ key: `l/${n}`, value: new Uint8Array(1) })));
  t.regex(faults.first ?? "", /^I26: a keeps 600 records of its log/);
});

/** A checker that has looked at a machine for twenty seconds; `state`: of its client function, which is stopped without one. */
function locksWatched(
  now: { ms: number },
  {
    state,
    held,
    isEnding = false,
    importsFromMs = Number.POSITIVE_INFINITY,
  }: { readonly state: string | undefined; readonly held: boolean; readonly isEnding?: boolean; readonly importsFromMs?: number },
) {
  const hal = { restrictions: { held: () => held, importExportRunning: () => now.ms >= importsFromMs } };
  const status = { server: undefined, client: state === undefined ? undefined : { state } };
  const machine = { name: "a", on: true, running: true, isEnding, asleep: false, administration: {}, status, hal };
  const faults = new Faults();
  const world = {
    get nowMs(): number {
      return now.ms;
    },
  };
  const checker = new LockChecker({ fleet: { world, machines: [machine] } as unknown as Fleet, faults });
  for (now.ms = 0; now.ms < 20_000; now.ms += 250) checker.look();
  return { faults, checker, machine: machine as unknown as VirtualMachine };
}

test("I15 fires on imports that are not locked, on locks that are left, and on an export that nobody opened", (t) => {
  const now = { ms: 0 };
  const watched = (state: string | undefined, held: boolean, isEnding = false) => locksWatched(now, { state, held, isEnding });
  t.regex(watched("synchronized", false).faults.first ?? "", /^I15: a synchronises/);
  t.regex(watched(undefined, true).faults.first ?? "", /^I15: the client function of a is stopped/);
  for (const [state, held] of [
    ["synchronized", true],
    [undefined, false],
    ["restart-needed", false],
  ] as const)
    t.is(watched(state, held).faults.first, undefined);
  t.is(watched("synchronized", false, true).faults.first, undefined, "it gives up what it held, and ends");
  const { faults, checker, machine } = watched("synchronized", true);
  checker.prepared("a", [BOB]);
  checker.began(machine, [BOB]);
  t.is(faults.first, undefined);
  now.ms += 15 * 60_000 + 1;
  checker.began(machine, [BOB]);
  t.regex(faults.first ?? "", /^I15: a begins an export/);
  const another = watched("synchronized", true);
  another.checker.prepared("a", [BOB]);
  another.checker.began(another.machine, [ALICE]);
  t.regex(another.faults.first ?? "", /^I15: a begins an export/);
  const third = watched("synchronized", true);
  third.checker.prepared("a", "all");
  third.checker.began(third.machine, undefined);
  t.regex(third.faults.first ?? "", /^I15: a begins an import/);
});

test("M24 fires on a machine that applies or hands over something while an import runs, and not at once", (t) => {
  for (const [importsFromMs, fault] of [
    [0, /^M24: an import or export runs on a, and (its module changes user:alice|it sends push)/],
    [17_000, /^$/],
    [Number.POSITIVE_INFINITY, /^$/],
  ] as const) {
    for (const what of ["applies", "pushes"]) {
      const { faults, checker, machine } = locksWatched({ ms: 0 }, { state: "paused", held: true, importsFromMs });
      if (what === "pushes") checker.forwards("a", "push");
      else checker.applied(machine, "user:alice display-language ");
      t.regex(faults.first ?? "", fault);
    }
  }
});

test("M24 lets a machine look at what a server has while an import runs, as long as no client function would apply it", (t) => {
  for (const [state, fault] of [
    [undefined, /^$/],
    ["paused", /^M24: an import or export runs on a, and it sends pull-part/],
  ] as const) {
    const { faults, checker } = locksWatched({ ms: 0 }, { state, held: state !== undefined, importsFromMs: 0 });
    checker.forwards("a", "pull-part");
    t.regex(faults.first ?? "", fault);
  }
});

test("M11 fires on a module that changes what its machine shows while its client function is stopped", (t) => {
  for (const [state, fault] of [
    [undefined, /^M11: .* its module changes user:alice/],
    ["synchronized", /^$/],
  ] as const) {
    const { faults, checker, machine } = locksWatched({ ms: 0 }, { state, held: state !== undefined });
    checker.applied(machine, "user:alice display-language ");
    t.regex(faults.first ?? "", fault);
  }
});

test("M10 fires on a machine that takes part and differs, and on one that is told of something else", (t) => {
  const told = (parts: readonly string[]) => ({ state: "refused", refusal: { word: "settings-differ", parts } });
  for (const [client, domains, fault] of [
    [{ state: "synchronized" }, ["SALES"], /^M10: a takes part, and differs from s in domains$/],
    [{ state: "synchronized" }, [], /^$/],
    [told(["groups"]), ["SALES"], /^M10: a is told of groups, and differs in domains$/],
    [told(["domains"]), ["SALES"], /^$/],
    [told(["domains"]), [], /^M10: a is told of domains, and differs in $/],
    [{ ...told(["domains"]), state: "offline" }, [], /^$/],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const fleet = fakeFleet(now, { held: true, operating: true });
    const users = { policy: () => FACTORY_POLICY };
    const machines = fleet.machines.map((machine) =>
      machine.name === "s"
        ? Object.assign(machine, { hal: { ...machine.hal, users }, running: true })
        : {
            ...machine,
            hal: { users: { policy: () => ({ ...FACTORY_POLICY, domains }) } },
            status: { server: undefined, client },
            running: true,
          },
    );
    const checker = new SettingsChecker({ fleet: { ...fleet, machines } as unknown as Fleet, faults });
    for (; now.ms < 120_000; now.ms += 250) checker.look();
    t.regex(faults.first ?? "", fault);
  }
});

test("B04 fires on whatever a machine says of an entry that its server's journal does not say", (t) => {
  const standing = { revision: 3, edit: edit({ why: "seen", seen: 2 }) };
  const { id, by, certain, stamp } = standing.edit;
  const name = { owner: ALICE, item: "display-language", key: "", replaced: [], text: "so it is" };
  const at = new Date(stamp).toISOString();
  const true_ = {
    ...name,
    state: "standing",
    why: "seen",
    revision: 3,
    deviceId: id.device,
    deviceName: "machine a",
    by,
    certain,
    at,
    deleted: false,
  } as const;
  const namesOf = (device: string): readonly string[] => (device === A ? ["machine a", "clone 1"] : []);
  t.is(originFault(true_, standing, namesOf), undefined);
  t.is(originFault({ word: "nothing-kept" }, undefined, namesOf), undefined);
  t.is(originFault({ ...true_, state: "here-alone" }, undefined, namesOf), undefined);
  t.regex(originFault({ word: "nothing-kept" }, standing, namesOf) ?? "", /stands since revision 3$/);
  t.is(originFault(true_, undefined, namesOf), "so it is, and the server has nothing of it");
  t.is(originFault({ ...true_, why: "later" }, standing, namesOf), "later, and it is seen");
  t.is(originFault({ ...true_, revision: 2 }, standing, namesOf), "2, and it is 3");
  t.is(originFault({ ...true_, deviceId: B }, standing, namesOf), `${B}, and it is ${A}`);
  t.regex(originFault({ ...true_, at: new Date(0).toISOString() }, standing, namesOf) ?? "", /^at 1970.* stamped 100$/);
  t.is(originFault({ ...true_, deviceName: "machine b" }, standing, namesOf), "on machine b, and it was on machine a or clone 1");
  t.is(originFault({ ...true_, deviceName: "clone 1" }, standing, namesOf), undefined, "one key is one machine");
});

test("B05 fires on a machine that says it is up to date and hears nobody, or stays behind", (t) => {
  for (const [served, at, fault] of [
    ["running", 3, /^$/],
    ["stood-down", 3, /^B05: a says that it is up to date, and hears nobody$/],
    ["running", 2, /^B05: a says that it is up to date at revision 2, and the server is at 3$/],
  ] as const) {
    const now = { ms: 0 };
    const faults = new Faults();
    const fleet = fakeFleet(now, { held: true, operating: true });
    const machines = fleet.machines.map((machine) => {
      const client = { state: "synchronized", revision: at };
      const server = { state: served, revision: 3 };
      return { ...machine, status: machine.name === "s" ? { server, client: undefined } : { server: undefined, client } };
    });
    const checker = new StatusChecker({ fleet: { ...fleet, machines } as unknown as Fleet, faults });
    for (; now.ms < 120_000; now.ms += 250) checker.look();
    t.regex(faults.first ?? "", fault);
  }
});

test("B03, B05 fires on a machine that says more of itself than its disk has, and not on one whose answer is about to be written", (t) => {
  const told = { machine: "a", life: 1, state: "synchronized", isAtWork: true, acknowledged: 3, pending: [] } as const;
  const disk = { hasBase: true, isShown: true, isWanted: false, unanswered: [] };
  const four = [{ number: 4, owner: ALICE, item: "display-language", key: "" }];
  const said = (
    now: Partial<typeof disk> | { readonly unanswered: readonly number[] },
    then: Partial<Told> = {},
    ...atMs: readonly number[]
  ) => {
    const faults = new Faults();
    const checker = new TellingChecker(faults);
    for (const ms of atMs.length > 0 ? atMs : [0]) checker.look({ ...told, ...then }, { ...disk, ...now }, ms);
    return faults.first;
  };
  t.is(said({}), undefined);
  t.is(said({ hasBase: false }, { acknowledged: 0 }), "B05: a says that it is up to date, and has no base");
  t.is(said({ isShown: false }), "B05: a says that it is up to date, and has not shown what came");
  t.is(said({ isWanted: true }, { acknowledged: 0 }), "B05: a says that it is up to date, and has not offered all that it has");
  t.is(said({ isWanted: true }, { state: "joining" }), "B03: a says that its edits up to 3 are acknowledged amid a join");
  t.is(said({ isWanted: true }, { state: "joining", acknowledged: 0 }), undefined);
  t.is(said({ unanswered: [3] }, {}, 0, 200), undefined, "its answer is about to be written");
  t.is(said({ unanswered: [3] }, {}, 0, 250), "B03: a says that its edits up to 3 are acknowledged, and nobody has answered 3");
  t.is(said({ unanswered: [4] }, {}, 0, 250), "B03: a says that these of its edits wait: none, and those that do are: 4");
  t.is(said({ unanswered: [4] }, { pending: four }, 0, 250), undefined);
  const faults = new Faults();
  const checker = new TellingChecker(faults);
  for (const life of [1, 2]) checker.look({ ...told, life }, { ...disk, unanswered: [3] }, life * 1_000);
  t.is(faults.first, undefined, "it said so before it was killed, and says so after, for a moment each");
  t.is(said({}, { pending: four }, 0, 250), "B03: a says that these of its edits wait: 4, and those that do are: ");
  t.is(said({}, { pending: four, isAtWork: false, state: "offline" }, 0, 250), undefined, "the write that would have them failed");
});

test("B03 fires on an edit that waits although nothing is in its way, and not on one that waits for a way, or for another one", (t) => {
  const [way, another] = [{}, {}];
  const waited = (...looks: readonly (readonly [atMs: number, oldest: string | undefined, way: unknown, isEasy: boolean])[]) => {
    const faults = new Faults();
    const checker = new WaitingChecker(faults);
    for (const [atMs, oldest, over, isEasy] of looks) checker.look({ machine: "a", oldest, way: over, isEasy }, atMs);
    return faults.first;
  };
  t.is(waited([0, "edit 7", way, true], [1_000, "edit 7", way, true]), undefined);
  t.is(waited([0, "edit 7", way, true], [1_001, "edit 7", way, true]), "B03: a is up to date and linked, and its edit 7 waits for 1001 ms");
  t.is(waited([0, "edit 7", way, true], [900, "edit 7", way, false], [1_800, "edit 7", way, true]), undefined, "a slow disk meanwhile");
  t.is(waited([0, "edit 7", way, false], [15_000, "edit 7", way, false]), undefined);
  t.is(
    waited([0, "edit 7", way, false], [15_001, "edit 7", way, false]),
    "B03: a is up to date and linked, and its edit 7 waits for 15001 ms",
  );
  t.is(waited([0, "edit 7", way, true], [900, "edit 7", undefined, true], [1_800, "edit 7", way, true]), undefined, "no way meanwhile");
  t.is(waited([0, "edit 7", way, true], [1_001, "edit 7", another, true]), undefined, "another connection");
  t.is(waited([0, "edit 7", way, true], [1_001, "edit 8", way, true]), undefined, "another edit");
  t.is(waited([0, "edit 7", way, true], [500, undefined, way, true], [1_001, "edit 7", way, true]), undefined);
});

test("M31 fires on lists of machines and of users that are not what is there", (t) => {
  const present = [{ identity: A, deviceName: "machine a", serialNumber: "SN-a" }];
  const row = {
    deviceId: A,
    deviceName: "machine a",
    serialNumber: "SN-a",
    productName: "",
    location: "",
    operating: true,
    lastContactAt: "",
  };
  const away = { ...row, deviceId: B, deviceName: "machine b", operating: false };
  t.is(machinesFault([row, away], present), undefined, "one that was not stopped keeps its place");
  t.is(machinesFault([], present), "machine a is listed 0 times");
  t.is(machinesFault([row, row], present), "machine a is listed 2 times");
  t.is(machinesFault([{ ...row, operating: false }], present), "machine a operates, and is listed as one that does not");
  t.is(machinesFault([{ ...row, deviceName: "x" }], present), "machine a (SN-a) is listed as x (SN-a)");
  const state = new Fold();
  state.take(change(1, [edit(), edit({ owner: "common" as Owner, item: "shared-button" })], { logins: [{ owner: ALICE, day: 1 }] }));
  const alice = { owner: ALICE, kind: "user", domain: "", name: "alice", lastLogin: "1970-01-02" } as const;
  t.is(ownersFault([alice], state), undefined);
  t.is(ownersFault([], state), "user:alice is held, and not listed");
  t.is(ownersFault([alice, { ...alice, owner: BOB }], state), "user:bob is listed, and not held");
  t.is(ownersFault([{ ...alice, lastLogin: "1970-01-01" }], state), "the last login of user:alice is said to be on 1970-01-01");
});

test("P23 fires on what is kept of somebody who was deleted after it was made, and on nothing else", async (t) => {
  const state = new Fold();
  state.take(change(1, [edit()]));
  state.take(change(2, [], { removals: [{ owner: ALICE, kind: "deleted" }] }));
  const kept = async (lost: Partial<Lost>): Promise<string | undefined> => {
    const storage = new VirtualDisk(seededDice(1)).peek();
    const whole: Lost = {
      owner: ALICE,
      item: "display-language",
      key: "",
      value: "de",
      because: "superseded",
      stamp: 500,
      lostAtMs: 5,
      ...lost,
    };
    await storage.write([keepLost(CLIENT_HISTORY, whole, 1)]);
    return await historyFault(storage, state);
  };
  t.regex((await kept({})) ?? "", /^user:alice display-language "" of 500/);
  t.is(await kept({ stamp: 1_000 }), undefined, "made at that time or later");
  t.is(await kept({ notAfter: 2_000 }), undefined, "it may have been made after it");
  t.is(await kept({ owner: BOB }), undefined);
});

test("I32 fires on whatever is left undone", (t) => {
  const done = { machine: "a", pending: 0, transfers: false, offered: [], hasBase: true, recorded: 3, acknowledged: 3 };
  t.is(livenessFault(done), undefined);
  t.is(livenessFault({ ...done, pending: 2 }), "I32: a: 2 edits wait");
  t.is(livenessFault({ ...done, transfers: true, offered: [BOB] }), "I32: a: a transfer is under way, user:bob is on offer");
  t.is(livenessFault({ ...done, hasBase: false }), "I32: a: it never joined");
  t.is(livenessFault({ ...done, recorded: 4 }), "I32: a: its edits after 3 are not acknowledged");
});
