/** What the log says of things, and how: levels, names that may be said, and what waits for somebody. */
import test from "ava";
import { clientWaitsForSomebody } from "../../../src/model/attention.ts";
import { firstCharacters, hasControlCharacters, hasMoreCharacters } from "../../../src/model/characters.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { isJob } from "../../../src/model/job.ts";
import { noteText } from "../../../src/model/log-note-text.ts";
import { logText } from "../../../src/model/log.ts";
import { failureOf, headOf, isWaiting, type LogNote, notedEntry } from "../../../src/model/log-note.ts";
import { COMMON, groupOwner, ownerOf, userOwner } from "../../../src/model/owner.ts";
import { refusalLevel } from "../../../src/model/refusal.ts";

test("M32 what passes by itself is a Warning, other refusals and failures are Errors, each under its word", (t) => {
  t.deepEqual((["own-client-first", "server-not-running", "not-paired", "stood-down"] as const).map(refusalLevel), [
    "Warning",
    "Warning",
    "Error",
    "Error",
  ]);
  const failure = failureOf(new SyncError("message-malformed", "a sentence"));
  t.deepEqual(failure, { code: "message-malformed", detail: "a sentence" });
  const notes: readonly (readonly [note: object, level: string, code: string])[] = [
    [{ kind: "failed", failure: { code: "link-lost", detail: "" } }, "Warning", "link-lost"],
    [{ kind: "not-understood", failure }, "Error", "message-malformed"],
    [{ kind: "stays-here", failure }, "Error", "message-malformed"],
    [{ kind: "act-failed", failure }, "Error", "message-malformed"],
    [{ kind: "function-failed", code: "link-lost" }, "Error", "link-lost"],
    [{ kind: "refused", refusal: { word: "own-client-first" } }, "Warning", "own-client-first"],
    [{ kind: "edit-refused", word: "too-many-entries" }, "Error", "too-many-entries"],
    [{ kind: "edit-refused", word: "owner-removed" }, "Information", "owner-removed"],
    [{ kind: "edit-refused", word: "owner-held" }, "Information", "owner-held"],
    [{ kind: "joined" }, "Information", "joined"],
  ];
  for (const [note, level, code] of notes) t.deepEqual(headOf(note as LogNote), { level, code } as never, JSON.stringify(note));
  const entry = { owner: COMMON, item: "common-address", key: "k", called: "" };
  t.regex(noteText({ kind: "edit-refused", entry, word: "owner-removed" }), /was not taken by the server machine: .*deleted meanwhile$/);
});

test("B08 an entry is noted with what people call it, a secret one by its key alone", (t) => {
  const owner = COMMON;
  const called = (item: string, value?: never | object) => notedEntry({ owner, item, key: "k" }, value as never).called;
  t.is(called("common-address", { name: "Sales", cn: "other" }), "Sales");
  t.is(called("common-address", { cn: "Sales" }), "Sales");
  t.is(called("common-address", { cn: 7 }), "");
  t.is(called("common-address", "text" as never), "");
  t.is(called("common-address"), "");
  t.is(called("keychain", { name: "the bank's" }), "");
  t.is(called("of-a-newer-version", { name: "New" }), "New");
});

test("M06 a server function that waits for the right time waits; any other refusal of it does not", (t) => {
  t.true(isWaiting({ of: "server-function", by: "clock" }));
  t.false(isWaiting({ of: "server-function", by: "start" }));
  t.false(isWaiting({ of: "this-machine", by: "clock" } as never));
});

test("M32 the log as a file: a line each, whatever a sentence has in it", (t) => {
  const record = { at: "2026-01-01T00:00:00.000Z", level: "Warning", code: "link-lost", text: "two\r\n  lines\tand a tab" } as const;
  t.is(
    logText([record, { ...record, text: "b" }]),
    `${record.at}\tWarning\tlink-lost\ttwo lines and a tab\n${record.at}\tWarning\tlink-lost\tb\n`,
  );
  t.is(logText([]), "");
});

test("B05 a client function waits for somebody when it is refused, has a fault, or is offline for what does not pass by itself", (t) => {
  const rows: readonly (readonly [standing: Parameters<typeof clientWaitsForSomebody>[0], waits: boolean])[] = [
    [{ state: "up-to-date" }, false],
    [{ state: "offline" }, false],
    [{ state: "offline", reason: "server-not-running" }, false],
    [{ state: "offline", reason: "not-paired" }, true],
    [{ state: "synchronising", reason: "not-paired" }, false],
    [{ state: "refused" }, true],
    [{ state: "refused", reason: "server-not-running" }, true],
    [{ state: "up-to-date", fault: "hal-failed" }, true],
  ];
  for (const [standing, waits] of rows) t.is(clientWaitsForSomebody(standing), waits, JSON.stringify(standing));
});

test("characters are counted as people do, and none is cut in two", (t) => {
  t.deepEqual(
    [hasMoreCharacters("abc", 3), hasMoreCharacters("abcd", 3), hasMoreCharacters("🎉🎉🎉", 3), hasMoreCharacters("🎉🎉🎉🎉", 3)],
    [false, true, false, true],
  );
  t.deepEqual([firstCharacters("abc", 3), firstCharacters("abcd", 3), firstCharacters("🎉🎉🎉", 2)], ["abc", "abc", "🎉🎉"]);
  for (const text of ["\u0000", "a\u001f", "\u007f", "a\nb"]) t.true(hasControlCharacters(text), JSON.stringify(text));
  for (const text of ["", " ", "~", "\u0080", "Müller"]) t.false(hasControlCharacters(text), JSON.stringify(text));
});

test("an owner is made of its parts; common has none", (t) => {
  t.is(ownerOf({ kind: "common" }), COMMON);
  t.is(ownerOf({ kind: "common", name: "x" }), undefined);
  t.is(ownerOf({ kind: "common", domain: "x" }), undefined);
  t.deepEqual(
    [userOwner("alice"), userOwner("alice", "SALES"), groupOwner("1"), groupOwner("1", "SALES"), userOwner("")].map(
      (owner) => owner && String(owner),
    ),
    ["user:alice", "user:SALES\\alice", "group:1", "group:SALES\\1", undefined],
  );
});

test("a function of a newer machine is none that this one knows", (t) => {
  t.true(isJob("copy") && isJob("access-stored-files"));
  t.false(isJob("") || isJob("staple") || isJob("Copy"));
});
