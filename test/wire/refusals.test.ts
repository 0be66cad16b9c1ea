import test from "ava";
import type { Refusal, RefusalWord } from "../../src/model/refusal.ts";
import { decodeRefusal, encodeRefusal, isRefusalWord, outcomeWord } from "../../src/protocol/refuse.ts";
import { fault } from "./faults.ts";

/** One of each word: whoever adds a word adds it here. */
const REFUSALS: { readonly [W in RefusalWord]: Extract<Refusal, { readonly word: W }> } = {
  "too-many-machines": { word: "too-many-machines", machinesMax: 10 },
  "own-client-first": { word: "own-client-first" },
  "settings-differ": { word: "settings-differ", parts: ["login-service", "domains", "departments", "groups"] },
  "not-a-server-model": { word: "not-a-server-model" },
  "clock-not-right": { word: "clock-not-right", sntp: "silent" },
  "put-out": { word: "put-out" },
  "not-paired": { word: "not-paired" },
  "account-refused": { word: "account-refused" },
  "another-server": { word: "another-server" },
  "protocol-version": { word: "protocol-version", served: [1, 2] },
  "too-many-users": { word: "too-many-users", usersMax: 500 },
  "too-many-entries": { word: "too-many-entries", entriesMax: 200 },
  "too-many-lists": { word: "too-many-lists", listsMax: 50 },
  "owner-removed": { word: "owner-removed" },
  "owner-evicted": { word: "owner-evicted" },
  "owner-held": { word: "owner-held" },
  "edit-unreadable": { word: "edit-unreadable" },
  "owner-unknown": { word: "owner-unknown" },
  "destination-malformed": { word: "destination-malformed", text: "10.0.0" },
  "locked-while-synchronising": { word: "locked-while-synchronising" },
  "server-not-running": { word: "server-not-running" },
  "client-not-running": { word: "client-not-running" },
  "machine-unknown": { word: "machine-unknown" },
  "machines-operating": { word: "machines-operating", machines: ["first floor", "second floor"] },
  "scope-fixed": { word: "scope-fixed", item: "shortcut" },
  "device-specific": { word: "device-specific" },
  "common-kept": { word: "common-kept" },
  "no-own-client": { word: "no-own-client" },
  "import-export-running": { word: "import-export-running" },
  "backup-unusable": { word: "backup-unusable", fault: "newer" },
  "preview-stale": { word: "preview-stale" },
  "nothing-kept": { word: "nothing-kept" },
  "search-depth": { word: "search-depth", depthMax: 8 },
  "server-not-found": { word: "server-not-found", searchDepth: 2 },
  "several-servers": { word: "several-servers", addresses: ["10.0.0.1", "10.0.0.2"] },
  "server-alive": { word: "server-alive" },
  "stood-down": { word: "stood-down" },
  "key-in-use-twice": { word: "key-in-use-twice" },
  "own-machine": { word: "own-machine", machine: "first floor" },
  "passphrase-short": { word: "passphrase-short", charactersMin: 12 },
  "unknown-word": { word: "unknown-word", text: "of-tomorrow" },
};

test("each refusal is read as it was written", (t) => {
  for (const refusal of Object.values(REFUSALS)) t.deepEqual(decodeRefusal(encodeRefusal(refusal), "r"), refusal);
});

test("each refusal that says more than its word is refused without that", (t) => {
  for (const refusal of Object.values(REFUSALS)) {
    const says = Object.keys(refusal).length > 1;
    if (says) t.is(fault(t, () => decodeRefusal([refusal.word], "r"), refusal.word).code, "message-malformed");
    else t.deepEqual(decodeRefusal([refusal.word], "r"), refusal);
  }
});

test("a word of a newer version is shown as it is, and is no known one; what belongs to every object is no word", (t) => {
  for (const word of ["of-tomorrow", "toString", "constructor"]) {
    t.deepEqual(decodeRefusal([word, 7], "r"), { word: "unknown-word", text: word });
    t.false(isRefusalWord(word));
    t.is(outcomeWord(word, "r"), "unknown-word");
  }
  t.is(outcomeWord("put-out", "r"), "put-out");
});
