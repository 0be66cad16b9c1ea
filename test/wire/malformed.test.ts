import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { BODY, broken, bytes, long, many, places, type Raw, rawOf, SAMPLES, sample, shortest } from "./broken.ts";
import { fault, shown } from "./faults.ts";

const RUN = bytes(8);

/** Which message, where in it, what stands there instead, and how the refusal begins. */
const TABLE: readonly (readonly [name: string, at: readonly number[], element: unknown, path: string])[] = [
  ["bring", [BODY, 0], 0, "bring.number: must be 1-"],
  ["bring", [BODY, 1], -1, "bring.common: must be 0-"],
  ["bring", [BODY, 2], "records", "bring.bytes: must be bytes"],
  ["bring", [BODY, 2], bytes(LIMITS.partBytesMax + 1), "bring.bytes: must have 0-196608 bytes"],
  ["brought", [BODY, 0], 0, "brought.number: must be 1-"],
  ["hello-of-a-successor", [BODY, 11], 7, "hello.lineage: must be an array"],
  ["hello-of-a-promoted-machine", [BODY, 11, 1, 4], 7, "hello.lineage[1].mandate: must be an array"],
  ["hello-of-a-promoted-machine", [BODY, 11, 1, 4, 0], -1, "hello.lineage[1].mandate.at: must be 0-"],
  ["hello-of-a-promoted-machine", [BODY, 11, 1, 4, 0], LIMITS.journalTimeMax + 1, "hello.lineage[1].mandate.at: must be 0-"],
  ["hello-of-a-promoted-machine", [BODY, 11, 1, 4, 1], bytes(7), "hello.lineage[1].mandate.id: must have 8-8 bytes"],
  ["hello", [BODY, 11], many(LIMITS.lineageMax + 1, [1, RUN, 1]), "hello.lineage: must have 0-128 elements"],
  ["hello-that-knows-names", [BODY, 12], bytes(7), "hello.names: must have 8-8 bytes"],
  ["hello-that-knows-names", [BODY, 13], 1, "hello.follows: must be true or false"],
  ["welcome-that-is-followed", [BODY, 10], 1, "welcome.follows: must be true or false"],
  ["hello", [BODY, 8, 0], long(LIMITS.deviceTextCharactersMax + 1), "hello.device.serialNumber: must have 0-"],
  ["hello", [BODY, 8, 2], long(LIMITS.deviceTextCharactersMax + 1), "hello.device.productName: must have 0-"],
  ["hello", [BODY, 8, 3], long(LIMITS.deviceTextCharactersMax + 1), "hello.device.location: must have 0-"],
  ["server-beat", [BODY, 2], many(LIMITS.machineNamesMax + 1, [bytes(16), "x"]), "server-beat.names: must have 0-"],
  ["server-beat", [BODY, 2], [[bytes(16), long(LIMITS.deviceTextCharactersMax + 1)]], "server-beat.names[0].name: must have 0-"],
  ["pull-part", [BODY, 1], 0, "pull-part.ahead: must be 1-"],
  ["offer", [BODY, 1], "of common/1", "offer.holding: must be"],
  ["offer", [BODY, 8], long(LIMITS.itemCharactersMax + 1), "offer.item: must have 1-"],
  ["offer", [BODY, 8], "", "offer.item: must have 1-"],
  ["push", [0], 7, "envelope: must be an array"],
  ["push", [0, 0], 0, "envelope.version: must be 1-"],
  ["push", [0, 0], 3, "envelope.version: must be 1-2, is 3"],
  ["push", [0, 0], "1", "envelope.version: must be a whole number"],
  ["push", [0, 1], bytes(15), "envelope.fleet: must have 16-16 bytes"],
  ["push", [0, 1], "f0".repeat(16), "envelope.fleet: must be bytes"],
  ["push", [0, 1], null, "envelope.fleet: must be bytes"],
  ["push", [0, 2], [3], "envelope.epoch: must have at least 2"],
  ["push", [0, 2], [-1, bytes(8)], "envelope.epoch.number: must be 0-"],
  ["push", [0, 2], [3, bytes(9)], "envelope.epoch.id: must have 8-8 bytes"],
  ["push", [0, 3], undefined, "envelope.from: must be bytes"],
  ["push", [0, 4], bytes(16), "envelope.session: must have 8-8 bytes"],
  ["push", [0, 5], 1.5, "envelope.counter: must be a whole number"],
  ["push", [0, 5], 2 ** 60, "envelope.counter: must be a whole number"],
  ["push", [0, 6], bytes(LIMITS.sealBytesMax + 1), "envelope.seal: must have 0-1024 bytes"],
  ["push", [1], "pop", "kind: must be a kind"],
  ["push", [1], "answers", "kind: must be a kind of message that client machines send"],
  ["push", [1], undefined, "kind: must be a kind"],
  ["push", [1], "toString", "kind: must be a kind"],
  ["answers", [1], "push", "kind: must be a kind of message that server machines send"],
  ["push", [BODY], undefined, "push: must be an array"],
  ["push", [BODY], { number: 7 }, "push: must be an array"],
  ["push", [BODY, 0], -7, "push.number: must be 0-"],
  ["push", [BODY, 1], [], "push.edits: must have 1-500 elements, has 0"],
  ["push", [BODY, 1], many(501, bytes(1)), "push.edits: must have 1-500 elements, has 501"],
  ["push", [BODY, 1, 1], "edit", "push.edits[1]: must be bytes"],
  ["push", [BODY, 1, 1], bytes(0), "push.edits[1]: must have 1-20480 bytes, has 0"],
  ["push", [BODY, 1, 0], bytes(LIMITS.editBytesMax + 1), "push.edits[0]: must have 1-20480 bytes"],
  ["push", [BODY, 1], many(7, bytes(20_000)), "push.edits: must have at most 131072 bytes together, have 140000"],
  ["hello", [BODY, 0], "leave", "hello.purpose: must be one of join, rejoin, preview"],
  ["hello", [BODY, 1], bytes(7), "hello.run: must have 8-8 bytes"],
  ["hello", [BODY, 2], 0, "hello.number: must be 1-"],
  ["hello", [BODY, 3], [0, 1], "hello.protocol.min: must be 1-"],
  ["hello", [BODY, 3], [3, 2], "hello.protocol: min 3 must not be above max 2"],
  ["hello", [BODY, 4, 0], bytes(8), "hello.position.fleet: must have 16-16 bytes"],
  ["hello", [BODY, 4, 2], -1, "hello.position.revision: must be 0-"],
  ["hello", [BODY, 4, 3], long(32), "hello.position.chainHash: must be bytes"],
  ["hello", [BODY, 5, 0], 1, "hello.partial.start: must be an array"],
  ["hello", [BODY, 5, 1], long(1_025), "hello.partial.after: must have 0-1024 characters"],
  ["hello", [BODY, 6], many(65, [RUN, 1, 2]), "hello.pending: must have 0-64 elements"],
  ["hello", [BODY, 6, 0], [RUN, 0, 2], "hello.pending[0].first: must be 1-"],
  ["hello", [BODY, 6, 0], [RUN, 5, 4], "hello.pending[0].last: must be 5-"],
  ["hello", [BODY, 7], "now", "hello.journalTime: must be a whole number"],
  ["hello", [BODY, 8, 0], undefined, "hello.device.serialNumber: must be text"],
  ["hello", [BODY, 8, 1], long(257), "hello.device.deviceName: must have 0-256 characters, has 257"],
  ["hello", [BODY, 9, 4], bytes(0), "hello.digests.networkPlaces: must have 8-8 bytes"],
  ["hello", [BODY, 10], many(33, "user:a"), "hello.loggedIn: must have 0-32 elements"],
  ["hello", [BODY, 10, 0], "alice", "hello.loggedIn[0]: must be the canonical text of an owner"],
  ["hello", [BODY, 10, 0], "user:Mu\u0308ller", "hello.loggedIn[0]: must be the canonical text of an owner"],
  ["pull-changes", [BODY, 0], "0", "pull-changes.after: must be a whole number"],
  ["pull-part", [BODY, 0], long(1_025), "pull-part.after: must have 0-1024 characters"],
  ["offer", [BODY, 0], bytes(16), "offer.join: must have 8-8 bytes"],
  ["offer", [BODY, 1], "common", "offer.holding: must name a part of common"],
  ["offer", [BODY, 1], "common/", "offer.holding: must be the canonical text of an owner"],
  ["offer", [BODY, 1], `common/${long(300)}`, "offer.holding: must have 0-300 characters"],
  ["offer", [BODY, 2], -1, "offer.baseRevision: must be 0-"],
  ["offer", [BODY, 3], -1, "offer.lastSequence: must be 0-"],
  ["offer", [BODY, 4], 2, "offer.part: must be 0-1, is 2"],
  ["offer", [BODY, 5], 0, "offer.of: must be 1-64"],
  ["offer", [BODY, 5], 65, "offer.of: must be 1-64"],
  ["offer", [BODY, 6], 1, "offer.deflated: must be true or false"],
  ["offer", [BODY, 7], bytes(LIMITS.pieceBytesMax + 1), "offer.bytes: must have 0-131072 bytes"],
  ["client-beat", [BODY, 0], many(33, "user:a"), "client-beat.loggedIn: must have 0-32 elements"],
  ["client-beat", [BODY, 0, 0], "", "client-beat.loggedIn[0]: must be the canonical"],
  ["client-end", [BODY, 0], "put-out", "client-end.reason: must be one of stopped, sleep, off"],
  ["welcome", [BODY, 1], [], "welcome.lineage: must have 1-128 elements, has 0"],
  ["welcome", [BODY, 1], many(129, [1, RUN, 1]), "welcome.lineage: must have 1-128 elements"],
  ["welcome", [BODY, 1, 0], [1, RUN], "welcome.lineage[0]: must have at least 3 elements, has 2"],
  ["welcome", [BODY, 1, 1], [1, RUN, 1, "theft"], "welcome.lineage[1].born: must be one of restore, promotion"],
  ["welcome", [BODY, 1, 1, 2], -1, "welcome.lineage[1].first: must be 0-"],
  ["welcome", [BODY, 4], 0, "welcome.beatMs: must be 1-3600000"],
  ["welcome", [BODY, 5], 3_600_001, "welcome.leaseMs: must be 1-3600000"],
  ["welcome", [BODY, 6], ["delta"], "welcome.way.kind: must be one of changes, snapshot"],
  ["welcome", [BODY, 6], ["snapshot"], "welcome.way: must have at least 3 elements, has 1"],
  ["welcome", [BODY, 6, 2], "yes", "welcome.way.resume: must be true or false"],
  ["welcome", [BODY, 7], many(501, [RUN, 1, 1, "accepted", 1]), "welcome.answers: must have 0-500 elements"],
  ["welcome", [BODY, 7, 0], [RUN, 1, 1, "accepted"], "welcome.answers[0]: must have at least 5 elements"],
  ["welcome", [BODY, 7, 0, 2], 20_001, "welcome.answers[0].many: must be 1-20000"],
  ["welcome", [BODY, 7], many(2, [RUN, 1, 20_000, "accepted", 1]), "welcome.answers: must be at most 20000 answers, are 40000"],
  [
    "welcome",
    [BODY, 7],
    [
      [RUN, 1, 20_000, "accepted", 1],
      [RUN, 30_000, 1, "accepted", 1],
    ],
    "welcome.answers: must be at most 20000 answers, are 20001",
  ],
  ["answers", [BODY, 1, 0, 1], 0, "answers.answers[0].sequence: must be 1-"],
  ["answers", [BODY, 1, 0, 1], Number.MAX_SAFE_INTEGER - 19_999, "answers.answers[0].sequence: must be 1-"],
  ["answers", [BODY, 1, 0, 3], 7, "answers.answers[0].outcome: must be text"],
  ["answers", [BODY, 1, 0, 3], "", "answers.answers[0].outcome: must have 1-64 characters, has 0"],
  ["answers", [BODY, 1, 0, 4], null, "answers.answers[0].revision: must be a whole number"],
  ["part", [BODY, 1], 1, "part.last: must be text"],
  ["part", [BODY, 2], 0, "part.end: must be true or false"],
  ["part", [BODY, 4], bytes(LIMITS.partBytesMax + 1), "part.bytes: must have 0-196608 bytes"],
  ["refuse", [BODY, 1], "put-out", "refuse.refusal: must be an array"],
  ["refuse", [BODY, 1], [], "refuse.refusal: must have at least 1 elements"],
  ["refuse", [BODY, 1], [5], "refuse.refusal.word: must be text"],
  ["refuse", [BODY, 1], [""], "refuse.refusal.word: must have 1-64 characters, has 0"],
  ["refuse", [BODY, 1], ["settings-differ", ["fonts"]], "refuse.refusal.parts[0]: must be one of login-service"],
  ["refuse", [BODY, 1], ["clock-not-right", "late"], "refuse.refusal.sntp: must be one of off, silent"],
  ["refuse", [BODY, 1], ["protocol-version", 1], "refuse.refusal.served[1]: must be a whole number"],
  ["refuse", [BODY, 1], ["too-many-machines"], "refuse.refusal.machinesMax: must be a whole number"],
  ["changes", [BODY, 0], 0, "changes.first: must be 1-"],
  ["changes", [BODY, 1], 999, "changes.first: must be at most one after last (999), is 1001"],
  ["changes", [BODY, 2], 1, "changes.part: must be 0-0, is 1"],
  ["changes", [BODY, 5], bytes(LIMITS.pieceBytesMax + 1), "changes.bytes: must have 0-131072 bytes"],
  ["offer-answer", [BODY, 2], 1, "offer-answer.outcome: must be text"],
  ["server-beat", [BODY, 0], null, "server-beat.position: must be an array"],
  ["server-beat", [BODY, 1], -1, "server-beat.journalTime: must be 0-"],
  ["server-end", [BODY, 0], "sleep", "server-end.reason: must be one of unknown-session"],
  ["server-end", [BODY, 1], [null], "server-end.refusal.word: must be text"],
];

/** What stands at its bound, and is read. */
const FITTING: readonly (readonly [name: string, at: readonly number[], element: unknown])[] = [
  ["bring", [BODY, 2], bytes(LIMITS.partBytesMax)],
  ["push", [0, 6], bytes(LIMITS.sealBytesMax)],
  ["push", [BODY, 1], many(500, bytes(1))],
  ["push", [BODY, 1, 0], bytes(LIMITS.editBytesMax)],
  ["hello", [BODY, 3], [2, 2]],
  ["hello", [BODY, 5, 1], long(1_024)],
  ["hello", [BODY, 6], many(64, [RUN, 1, 1])],
  ["hello", [BODY, 7], LIMITS.journalTimeMax],
  ["hello", [BODY, 8, 1], long(256)],
  ["hello", [BODY, 10], many(32, "user:a")],
  ["pull-part", [BODY, 0], long(1_024)],
  ["offer", [BODY, 5], 64],
  ["offer", [BODY, 7], bytes(LIMITS.pieceBytesMax)],
  ["client-beat", [BODY, 0], many(32, "user:a")],
  ["welcome", [BODY, 1], many(128, [1, RUN, 1])],
  ["welcome", [BODY, 4], 1],
  ["welcome", [BODY, 5], 3_600_000],
  [
    "welcome",
    [BODY, 7],
    [
      [RUN, 1, 19_999, "accepted", 1],
      [RUN, 30_000, 1, "accepted", 1],
    ],
  ],
  ["answers", [BODY, 1, 0, 1], Number.MAX_SAFE_INTEGER - 20_000],
  ["answers", [BODY, 1], [[RUN, 1, 20_000, "accepted", 1]]],
  ["answers", [BODY, 1, 0, 3], long(64)],
  ["part", [BODY, 4], bytes(LIMITS.partBytesMax)],
  ["changes", [BODY, 5], bytes(LIMITS.pieceBytesMax)],
];

for (const [name, at, element] of FITTING) {
  test(`${name} with ${shown(element)} at ${at.join(".")} is read: that is the most, or the least, there may be`, (t) => {
    const of = sample(name);
    t.notThrows(() => of.decode(broken(of, at, element)));
  });
}

for (const [name, at, element, path] of TABLE) {
  test(`${name} with ${shown(element)} at ${at.join(".")} is refused by name: ${path}`, (t) => {
    const of = sample(name);
    const error = fault(t, () => of.decode(broken(of, at, element)));
    t.is(error.code, "message-malformed");
    t.true(error.message.startsWith(`message refused: ${path}`), error.message);
  });
}

for (const [name, of] of SAMPLES) {
  test(`${name}: an object in any place is refused, with the place`, (t) => {
    for (const at of places(rawOf(of))) {
      const error = fault(t, () => of.decode(broken(of, at, { what: "is this" })), `refused at ${at.join(".")}`);
      t.is(error.code, "message-malformed");
      t.regex(error.message, /^message refused: [a-z][A-Za-z.[\]0-9-]*: must /, at.join("."));
    }
  });

  test(`${name}: each array cut short by one is refused, unless it is a list`, (t) => {
    for (const at of [[0], [BODY], []]) {
      const raw = shortest(rawOf(of));
      const array = at.reduce((level: Raw, index) => level[index] as Raw, raw);
      array.pop();
      t.regex(fault(t, () => of.decode(encodeCbor(raw))).message, /must have at least/);
    }
  });
}
