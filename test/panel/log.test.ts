import test from "ava";
import type { LogRecord } from "../../src/model/log.ts";
import { headOf, type LogNote, type NoteKind, notedEntry, type Refused } from "../../src/model/log-note.ts";
import { noteText } from "../../src/model/log-note-text.ts";
import { COMMON } from "../../src/model/owner.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { view } from "../../src/panel/view.ts";
import { owner } from "./machine.ts";
import { unreadableAnywhere } from "./readable.ts";
import { ADMINISTRATOR, at, sketch } from "./state.ts";

const ALICE = owner("user:alice");
const SALES = owner("group:1");
const BUTTON = { owner: ALICE, item: "personal-button", key: "1f0c", called: "Plan 7" };
const FAILURE = { code: "server-unreachable", detail: "no answer from 127.0.0.11 within 30 s" } as const;
const AT = "2026-06-01T12:34:56.000Z";

/** One note of each kind, or more where it is told in more ways; and the names and figures that nobody may miss. */
const NOTES: { readonly [kind in NoteKind]: readonly (readonly [note: LogNote & { kind: kind }, ...said: string[]])[] } = {
  "server-started": [[{ kind: "server-started" }]],
  "server-stopped": [[{ kind: "server-stopped" }]],
  "client-started": [[{ kind: "client-started" }]],
  joined: [[{ kind: "joined" }]],
  connected: [[{ kind: "connected" }]],
  "backed-up": [[{ kind: "backed-up" }]],
  restored: [[{ kind: "restored" }]],
  "act-completed": [[{ kind: "act-completed" }]],
  "storage-lost": [[{ kind: "storage-lost" }]],
  "places-alike": [[{ kind: "places-alike" }]],
  "clock-remembered": [[{ kind: "clock-remembered" }, "7"]],
  "date-ahead": [[{ kind: "date-ahead", days: 6_935 }, "6935"]],
  "server-off": [[{ kind: "server-off" }]],
  "server-ended": [[{ kind: "server-ended" }]],
  failed: [[{ kind: "failed", failure: FAILURE }]],
  refused: [
    ...(
      [
        [{ of: "machine", machine: "MFP-11" }, "MFP-11"],
        [{ of: "visitor", address: "192.168.110.111" }, "192.168.110.111"],
        [{ of: "entry", entry: BUTTON }, "alice", "Plan 7"],
        [{ of: "entry", entry: { ...BUTTON, more: 86 } }, "alice", "Plan 7", "86"],
        [{ of: "holding", holding: ALICE }, "alice"],
        [{ of: "holding", holding: `${COMMON}/7`, entries: [3, 40] }, "7", "3", "40"],
        [{ of: "holding", holding: `${COMMON}/buttons`, entries: [1, 1] }, "1"],
        [{ of: "this-machine", by: "answer" }],
        [{ of: "server-function", by: "start" }],
        [{ of: "server-place", machine: "MFP-3" }, "MFP-3"],
        [{ of: "restore" }],
      ] as const satisfies readonly (readonly [Refused, ...string[]])[]
    ).map(
      ([refused, ...said]) => [{ kind: "refused", refused, refusal: { word: "too-many-machines", machinesMax: 10 } }, ...said] as const,
    ),
  ],
  unsent: [
    [{ kind: "unsent", edits: 1 }, "1"],
    [{ kind: "unsent", edits: 7 }, "7"],
  ],
  "machine-registered": [[{ kind: "machine-registered", machine: "MFP-2", serialNumber: "QWE00012" }, "MFP-2", "QWE00012"]],
  "machine-removed": [[{ kind: "machine-removed", machine: "MFP-2" }, "MFP-2"]],
  "not-understood": [[{ kind: "not-understood", machine: "MFP-2", sent: "edit", failure: FAILURE }, "MFP-2"]],
  "owner-deleted": [
    [{ kind: "owner-deleted", owner: ALICE }, "alice"],
    [{ kind: "owner-deleted", owner: SALES }, "Sales"],
  ],
  "owner-evicted": [[{ kind: "owner-evicted", owner: ALICE, entries: 12 }, "alice", "12"]],
  "users-over-limit": [[{ kind: "users-over-limit", users: 40, usersMax: 20 }, "40", "20"]],
  "users-near-limit": [[{ kind: "users-near-limit", users: 900, usersMax: 1_000 }, "900", "1000"]],
  "scope-changed": [
    [{ kind: "scope-changed", item: "timeline", scope: "shared" }],
    [{ kind: "scope-changed", item: "timeline", scope: "device-specific" }],
  ],
  "number-moved": [[{ kind: "number-moved", entry: BUTTON, taken: 5, number: 81 }, "alice", "Plan 7", "5", "81"]],
  "server-found": [[{ kind: "server-found", address: "192.168.18.138" }, "192.168.18.138"]],
  "edit-lost": [[{ kind: "edit-lost", entry: BUTTON }, "alice", "Plan 7"]],
  "edit-refused": [[{ kind: "edit-refused", entry: BUTTON, word: "too-many-entries" }, "alice", "Plan 7"]],
  "stays-here": [[{ kind: "stays-here", entry: BUTTON, failure: FAILURE }, "alice", "Plan 7"]],
  "not-applied": [[{ kind: "not-applied", entry: BUTTON, reason: { because: "machine", detail: "no finisher" } }, "alice", "Plan 7"]],
  "over-limit": [[{ kind: "over-limit", holding: ALICE }, "alice"]],
  "edits-wait": [[{ kind: "edits-wait", edits: 5_000 }, "5000"]],
  undone: [
    [{ kind: "undone", edits: 1 }, "1"],
    [{ kind: "undone", edits: 3 }, "3"],
  ],
  "put-back": [
    [{ kind: "put-back", owner: ALICE, entries: 1 }, "alice", "1"],
    [{ kind: "put-back", owner: ALICE, entries: 4 }, "alice", "4"],
  ],
  "scope-replaced": [
    [{ kind: "scope-replaced", owner: ALICE, entries: 1 }, "alice", "1"],
    [{ kind: "scope-replaced", owner: ALICE, entries: 4 }, "alice", "4"],
  ],
  "export-prepared": [
    [{ kind: "export-prepared", owners: [], minutes: 15 }, "15"],
    [{ kind: "export-prepared", owners: [ALICE, SALES], minutes: 15 }, "alice", "Sales", "15"],
  ],
  "export-left-out": [[{ kind: "export-left-out", entries: 2 }, "2"]],
  "import-left-out": [[{ kind: "import-left-out", entries: 1 }, "1"]],
  "act-failed": [[{ kind: "act-failed", failure: FAILURE }]],
  "took-over": [[{ kind: "took-over", hadData: true }], [{ kind: "took-over", hadData: false }]],
  "predecessor-back": [
    [{ kind: "predecessor-back", inheritance: "taken" }],
    [{ kind: "predecessor-back", inheritance: "nothing" }],
    [{ kind: "predecessor-back", inheritance: "kept" }],
  ],
  "other-server": [[{ kind: "other-server", address: "10.0.0.9" }, "10.0.0.9"]],
  "epoch-begun": [[{ kind: "epoch-begun", machine: "MFP-3" }, "MFP-3"]],
  "places-differ": [[{ kind: "places-differ", machine: undefined }], [{ kind: "places-differ", machine: "MFP-3" }, "MFP-3"]],
  "function-failed": [[{ kind: "function-failed", which: "client", code: "crashed", detail: "Error: no base", againS: 8 }, "8"]],
};
const ALL = Object.values(NOTES).flat();

/** As it is read again after a restart. */
const recordOf = (note: LogNote): LogRecord =>
  JSON.parse(JSON.stringify({ at: AT, ...headOf(note), text: noteText(note), note })) as LogRecord;

const list = (log: readonly LogRecord[], tag: keyof typeof LANGUAGES = "en") => {
  const state = at({ screen: "admin", page: { kind: "log" } }, { user: ADMINISTRATOR });
  return { ...state, languages: { en: LANGUAGES[tag] ?? LANGUAGES.en }, facts: { ...state.facts, log } };
};
const full = (record: LogRecord, tag: keyof typeof LANGUAGES = "en") => {
  const state = at({ screen: "admin", page: { kind: "log-record", record } }, { user: ADMINISTRATOR });
  return { ...state, languages: { en: LANGUAGES[tag] ?? LANGUAGES.en } };
};

for (const tag of Object.keys(LANGUAGES)) {
  test(`M32 ${tag}: each kind of note is told with its names and figures, in the list and in full`, (t) => {
    for (const [note, ...said] of ALL) {
      const record = recordOf(note);
      const line = sketch(view(list([record], tag)))[1] ?? "";
      const rows = sketch(view(full(record, tag)));
      for (const word of said) {
        t.true(line.includes(word), `${word} in ${line}`);
        t.true(rows.join("\n").includes(word), `${word} in ${rows.join("\n")}`);
      }
      t.notRegex(`${line}${rows.join("")}`, /undefined|NaN|\[object/);
    }
  });
}

test("M32 no language but English tells a note in English", (t) => {
  for (const tag of Object.keys(LANGUAGES).filter((other) => other !== "en"))
    for (const [note] of ALL) {
      const record = recordOf(note);
      const [there, here] = [sketch(view(list([record], tag)))[1], sketch(view(list([record])))[1]];
      t.not(there, here);
      const rows = sketch(view(full(record, tag)))
        .slice(1)
        .filter((row) => row.includes(record.text));
      t.true(
        rows.every((row) => row.startsWith(LANGUAGES[tag]?.admin.log.detail ?? "-")),
        rows.join("\n"),
      );
    }
});

test("M32 no note is cut on a small display, in any language", (t) => {
  t.deepEqual(unreadableAnywhere(list(ALL.map(([note]) => recordOf(note)))), []);
  for (const [note] of ALL) t.deepEqual(unreadableAnywhere(full(recordOf(note))), []);
});

test("M32 a record in full says why and what to do, and to service what the machine noted", (t) => {
  const [refused, failed] = [NOTES.refused[0]?.[0], NOTES.failed[0]?.[0]];
  t.deepEqual(refused && sketch(view(full(recordOf(refused)))), [
    "Error: 2026-06-01 12:34 UTC",
    "MFP-11 was told: This machine was not admitted.",
    "The server already has all 10 machines it can take, itself included.",
    "Stop the client function on a machine that is no longer needed, or take it out at the server: Synchronize Custom Settings (Server) > Machines.",
    "> OK",
  ]);
  t.true(failed && sketch(view(full(recordOf(failed)))).includes(`For service: ${FAILURE.detail}`));
});

test("M32 the record of an older version is shown in English, and that of a newer one", (t) => {
  const old: LogRecord = { at: AT, level: "Information", code: "machine-registered", text: "MFP-2 (QWE00012) takes part" };
  const newer = JSON.parse(
    JSON.stringify({ ...old, code: "moon-risen", text: "the moon has risen", note: { kind: "moon-risen" } }),
  ) as LogRecord;
  t.is(sketch(view(list([old], "de")))[1], "> 2026-06-01 12:34 UTC Hinweis: MFP-2 (QWE00012) takes part");
  t.deepEqual(sketch(view(full(old, "de"))).slice(1), ["Im Protokoll (englisch): MFP-2 (QWE00012) takes part", "> OK"]);
  t.is(sketch(view(list([newer], "ja")))[1], "> 2026-06-01 12:34 UTC 情報：the moon has risen");
});

test("M32 B08 an entry is called by its name in a note, a secret one by nothing", (t) => {
  const name = { owner: ALICE, key: "1" };
  t.is(notedEntry({ ...name, item: "personal-button" }, { name: "Plan", function: "copy" }).called, "Plan");
  t.is(notedEntry({ ...name, item: "personal-address" }, { cn: "Anna", pwd: "geheim" }).called, "Anna");
  t.deepEqual(notedEntry({ ...name, item: "keychain" }, { name: "geheim", user: "geheim", password: "geheim" }), {
    ...name,
    item: "keychain",
    called: "",
  });
  t.is(notedEntry({ ...name, item: "display-language" }, "de").called, "");
});
