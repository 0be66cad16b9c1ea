/** Any message, edit and change that our side may send, for round trips and as a start for mutations. */
import fc from "fast-check";
import type { Accepted, Edit, Why } from "../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId, runId, sessionId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON, ownerOf } from "../../src/model/owner.ts";
import type { PolicyPart, Refusal } from "../../src/model/refusal.ts";
import type { Value } from "../../src/model/value.ts";
import type { Change } from "../../src/protocol/change.ts";
import type { DownBody } from "../../src/protocol/down.ts";
import { encodeAccepted } from "../../src/protocol/edit.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import type { UpBody } from "../../src/protocol/up.ts";

/** Plain data: these texts and other leaves, in arrays and maps of one another. */
export const plainData = (text: fc.Arbitrary<string>, ...others: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      ...others,
      fc.array(tie("value"), { maxLength: 6 }),
      fc.dictionary(text, tie("value"), { maxKeys: 6 }),
    ),
  })).value;

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString("hex"));
const device = hex(16).map(deviceId);
const run = hex(8).map(runId);
const fleet = hex(16).map(fleetId);
const join = hex(8).map(joinId);
const whole = fc.oneof(fc.nat(30), fc.nat(), fc.maxSafeNat());
const time = whole.map((ms) => Math.min(ms, LIMITS.journalTimeMax));
const positive = whole.map((number) => Math.max(1, number));
const bytes = fc.uint8Array({ maxLength: 40 });
/** Text without a byte-order mark in front: the one text that does not travel. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: "binary", maxLength: maxLength / 2 }).map((text) => text.replace(/^\ufeff+/, ""));
const line = (maxLength: number): fc.Arbitrary<string> =>
  anyText(maxLength).map((text) => text.replace(/\p{Cc}/gu, "").replace(/^\ufeff+/, ""));
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const name = line(40).map((text) => text.normalize("NFC").replaceAll("\\", "") || "x");
export const owner = fc.oneof(
  fc.constant(COMMON),
  fc
    .record({ kind: fc.constantFrom("user" as const, "group" as const), domain: fc.oneof(fc.constant(""), name), name })
    .map((parts) => ownerOf(parts) ?? COMMON),
);
const holding: fc.Arbitrary<string> = owner.chain((of) =>
  fc.constantFrom<string>(...(of === COMMON ? ["common/buttons", "common/11"] : [of])),
);

const itemText = fc.constantFrom("timeline", "previous-settings");

const scalar: fc.Arbitrary<Value> = fc
  .oneof(
    anyText(200),
    fc.boolean(),
    fc.constant(null),
    bytes,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.maxSafeInteger(),
  )
  .map((value) => (Object.is(value, -0) ? 0 : value));
const fieldName = anyText(20).filter((text) => text !== "__proto__");
export const value: fc.Arbitrary<Value> = fc.letrec<{ node: Value }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("node"), { maxLength: 5 }),
    fc.dictionary(fieldName, tie("node"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).node;

const made: fc.Arbitrary<Edit> = fc.record({
  id: fc.record({ device, run, sequence: whole }),
  owner,
  item: fc.oneof(
    fc.constantFrom("timeline", "personal-address"),
    line(60).map((text) => text || "x"),
  ),
  key: line(60),
  value: optional(value),
  seen: whole,
  stamp: time,
  certain: fc.boolean(),
  by: line(200),
});
export const edit: fc.Arbitrary<Edit> = fc.tuple(made, fc.boolean()).map(([of, fresh]) => (fresh ? { ...of, fresh } : of));
const why = fc.constantFrom<Why>("first", "seen", "later", "own", "adopted", "brought", "server");
export const accepted: fc.Arbitrary<Accepted> = fc.tuple(made, why).map(([of, because]) => ({ ...of, why: because }));

export const change: fc.Arbitrary<Change> = fc.record({
  revision: positive,
  at: time,
  edits: fc.array(
    accepted.map((of) => ({ edit: of, bytes: encodeAccepted(of) })),
    { maxLength: 4 },
  ),
  removals: fc.array(
    fc.record({ owner, kind: fc.constantFrom("deleted" as const, "evicted" as const), at: time }, { requiredKeys: ["owner", "kind"] }),
    { maxLength: 3 },
  ),
  adoption: optional(fc.record({ holding, join, device, item: optional(itemText) })),
  logins: fc.array(fc.record({ owner, day: whole }), { maxLength: 3 }),
  scopes: fc.array(fc.record({ item: fc.constant("timeline"), scope: fc.constantFrom("shared", "device-specific") }), { maxLength: 2 }),
  purges: fc.array(fc.record({ owner, upTo: whole, stamp: time }), { maxLength: 2 }),
});

const epoch = fc.record({ number: whole, id: hex(8).map(epochId) });
const position = fc.record({ fleet, epoch, revision: whole, chainHash: hex(16) });
export const envelope: fc.Arbitrary<Envelope> = fc
  .record({
    fleet: optional(fleet),
    epoch: optional(epoch),
    from: device,
    session: optional(hex(8).map(sessionId)),
    counter: whole,
    seal: optional(bytes),
  })
  .map(({ seal, ...rest }) => ({ version: 1, ...rest, ...(seal === undefined ? {} : { seal }) }));

const part = fc.constantFrom<PolicyPart>("login-service", "domains", "departments", "groups");
const plainRefusal = fc.constantFrom<Refusal["word"]>(
  "own-client-first",
  "not-a-server-model",
  "put-out",
  "not-paired",
  "account-refused",
  "another-server",
  "owner-removed",
  "owner-evicted",
  "owner-held",
  "owner-unknown",
  "locked-while-synchronising",
  "server-not-running",
  "client-not-running",
  "machine-unknown",
  "device-specific",
  "common-kept",
  "no-own-client",
  "import-export-running",
  "preview-stale",
  "nothing-kept",
  "server-alive",
  "stood-down",
  "key-in-use-twice",
);
export const refusal: fc.Arbitrary<Refusal> = fc.oneof(
  plainRefusal.map((word) => ({ word }) as Refusal),
  whole.map((machinesMax): Refusal => ({ word: "too-many-machines", machinesMax })),
  fc.uniqueArray(part).map((parts): Refusal => ({ word: "settings-differ", parts })),
  fc.constantFrom("off" as const, "silent" as const).map((sntp): Refusal => ({ word: "clock-not-right", sntp })),
  fc.tuple(whole, whole).map((served): Refusal => ({ word: "protocol-version", served })),
  whole.map((usersMax): Refusal => ({ word: "too-many-users", usersMax })),
  whole.map((entriesMax): Refusal => ({ word: "too-many-entries", entriesMax })),
  whole.map((listsMax): Refusal => ({ word: "too-many-lists", listsMax })),
  anyText(200).map((text): Refusal => ({ word: "destination-malformed", text })),
  anyText(200).map((machine): Refusal => ({ word: "own-machine", machine })),
  whole.map((charactersMin): Refusal => ({ word: "passphrase-short", charactersMin })),
  anyText(200).map((text): Refusal => ({ word: "unknown-word", text })),
  fc.array(anyText(100), { maxLength: 10 }).map((machines): Refusal => ({ word: "machines-operating", machines })),
  fc
    .tuple(anyText(200), fc.array(anyText(100), { maxLength: 10 }))
    .map(([machine, machines]): Refusal => ({ word: "backup-of-another-fleet", machine, machines })),
  anyText(60).map((item): Refusal => ({ word: "scope-fixed", item })),
  fc
    .constantFrom("passphrase" as const, "damaged" as const, "newer" as const)
    .map((fault): Refusal => ({ word: "backup-unusable", fault })),
  whole.map((depthMax): Refusal => ({ word: "search-depth", depthMax })),
  whole.map((searchDepth): Refusal => ({ word: "server-not-found", searchDepth })),
  fc.array(fc.string({ maxLength: 40 }), { maxLength: 16 }).map((addresses): Refusal => ({ word: "several-servers", addresses })),
);

const answer = fc.record({
  run: fc.constantFrom(runId("11".repeat(8)), runId("22".repeat(8))),
  sequence: fc.integer({ min: 1, max: 6 }),
  outcome: fc.constantFrom("accepted", "superseded", "owner-removed"),
  revision: fc.nat(2),
} as const);
const answers = fc.array(answer, { maxLength: 30 });
const piece = fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 64 })).map(([at, of]) => ({ part: at % of, of }));
const label = line(100);
const digest = hex(8);
const key = anyText(400);
const loggedIn = fc.array(owner, { maxLength: 3 });

export const upBody: fc.Arbitrary<UpBody> = fc.oneof(
  fc
    .tuple(
      fc.record({
        kind: fc.constant("hello" as const),
        purpose: fc.constantFrom("join", "rejoin", "preview"),
        run,
        number: positive,
        protocol: positive.chain((max) => fc.record({ min: fc.integer({ min: 1, max }), max: fc.constant(max) })),
        position: optional(position),
        partial: optional(fc.record({ start: position, after: key })),
        pending: fc.array(
          fc.tuple(run, positive, positive).map(([of, a, b]) => ({ run: of, first: Math.min(a, b), last: Math.max(a, b) })),
          { maxLength: 4 },
        ),
        journalTime: optional(time),
        device: fc.record({ serialNumber: label, deviceName: label, productName: label, location: label }),
        digests: fc.record({ "login-service": digest, domains: digest, departments: digest, groups: digest, networkPlaces: digest }),
        loggedIn,
      }),
      fc.record({ names: digest, follows: fc.constant(true as const) }, { requiredKeys: [] }),
    )
    .map(([hello, later]) => ({ ...hello, ...later })),
  fc.record({ kind: fc.constant("pull-changes" as const), after: whole }),
  fc.record({ kind: fc.constant("pull-part" as const), after: key }),
  fc
    .tuple(
      fc.record({ join, holding, item: optional(itemText), baseRevision: whole, lastSequence: whole, deflated: fc.boolean(), bytes }),
      piece,
    )
    .map(([offer, at]) => ({ kind: "offer" as const, ...offer, ...at })),
  fc.record({
    kind: fc.constant("push" as const),
    number: whole,
    edits: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant("bring" as const), number: positive, common: whole, bytes }),
  fc.record({ kind: fc.constant("client-beat" as const), loggedIn, waiting: whole }),
  fc.record({ kind: fc.constant("client-end" as const), reason: fc.constantFrom("stopped", "sleep", "off") }),
);

export const downBody: fc.Arbitrary<DownBody> = fc.oneof(
  fc.record({ kind: fc.constant("brought" as const), number: positive }),
  fc
    .tuple(
      fc.record({
        kind: fc.constant("welcome" as const),
        number: whole,
        lineage: fc.array(
          fc
            .tuple(epoch, whole, fc.constantFrom({}, { born: "restore" as const }, { born: "promotion" as const }), time, fc.boolean())
            .map(([of, first, birth, at, isActed]) => ({
              ...of,
              first,
              ...birth,
              ...("born" in birth && isActed ? { mandate: { at, id: of.id } } : {}),
            })),
          { minLength: 1, maxLength: 4 },
        ),
        position,
        journalTime: time,
        beatMs: fc.integer({ min: 1, max: 3_600_000 }),
        leaseMs: fc.integer({ min: 1, max: 3_600_000 }),
        way: fc.oneof(
          fc.constant({ kind: "changes" as const }),
          fc.record({ kind: fc.constant("snapshot" as const), start: position, resume: fc.boolean() }),
        ),
        answers,
        names: fc.array(fc.tuple(device, line(40)), { maxLength: 4 }),
        networkPlaces: fc.option(digest, { nil: undefined }),
      }),
      fc.constantFrom({}, { follows: true as const }),
    )
    .map(([welcome, later]) => ({ ...welcome, ...later })),
  fc.record({ kind: fc.constant("part" as const), after: key, last: key, end: fc.boolean(), revision: whole, bytes }),
  fc.record({ kind: fc.constant("refuse" as const), number: whole, refusal }),
  fc.tuple(positive, whole, piece, fc.boolean(), bytes).map(([first, more, at, deflated, of]) => ({
    kind: "changes" as const,
    first: Math.min(first, 2 ** 40),
    last: Math.min(first, 2 ** 40) - 1 + (more % 100),
    ...at,
    deflated,
    bytes: of,
  })),
  fc.record({ kind: fc.constant("answers" as const), number: whole, answers }),
  fc.record({
    kind: fc.constant("offer-answer" as const),
    item: optional(itemText),
    join,
    holding,
    outcome: fc.constantFrom("accepted", "owner-held"),
    revision: whole,
  }),
  fc.record({
    kind: fc.constant("server-beat" as const),
    position,
    journalTime: time,
    names: fc.array(fc.tuple(device, line(40)), { maxLength: 4 }),
  }),
  fc
    .tuple(fc.constantFrom("unknown-session" as const, "stopped" as const, "off" as const, "put-out" as const), optional(refusal))
    .map(([reason, why]) =>
      why === undefined ? { kind: "server-end" as const, reason } : { kind: "server-end" as const, reason, refusal: why },
    ),
);
