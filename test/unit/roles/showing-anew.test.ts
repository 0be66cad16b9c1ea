/** What shows an owner of whom the machine has nothing: what goes as text, and what does not. */
import test from "ava";
import type { AppliedChange } from "../../../hal/item-store.ts";
import { must } from "../../../src/model/assert.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { ShowingAnew } from "../../../src/roles/client/showing-anew.ts";
import { TextChange } from "../../../src/roles/client/text-change.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { type LazyValue, valueAtHand } from "../../../src/store/state-records.ts";

const ALICE = "user:alice" as Owner;

const lazy = (item: string, key: string, value: Value): LazyValue => {
  const cbor = encodeCbor(value);
  return { stateKey: entryKey({ owner: ALICE, item, key }), cbor, from: 0, to: cbor.length, value: undefined };
};

function anew({ not = new Map<string, { because: string }>(), apart = "", own = "" } = {}): ShowingAnew {
  const applier = {
    take: (name: object, value: Value) => ({ name, change: { ...name, value, opened: true } }),
    keepApart: (name: object) => ({ name, not: { because: "keychain-order", detail: "" } }),
  };
  const parts = {
    applier,
    stores: { keeps: (item: string) => item !== "timeline" },
    travel: { isDeviceSpecific: (item: string) => item === own, isApart: (item: string) => item === apart },
    notApplied: { size: not.size, reasonOf: (key: string) => not.get(key) },
  };
  return new ShowingAnew(parts as never);
}

const asTold = (taken: readonly { readonly change?: AppliedChange; readonly not?: unknown }[]): string[] =>
  taken.map(({ change, not }) => {
    if (change === undefined) return `not ${JSON.stringify(not)}`;
    return `${change.item} ${change.key} ${change.text === undefined ? "value" : Buffer.from(change.text).toString()}`;
  });

test("M16 plain values go as text; what is secret, unknown to a store, or beyond JSON goes as its value", (t) => {
  const takes = anew().takes(ALICE, [
    lazy("keychain", "k", { password: "p" }),
    lazy("personal-address", "a", { cn: "Ännchen", pwd: "sealed" }),
    lazy("personal-address", "b", { cn: "pwd", other: { pwd: "x" } }),
    lazy("personal-address", "c", { cn: new Uint8Array(1) }),
    lazy("personal-button", "d", { name: "x", settings: {} }),
    lazy("timeline", "e", 1),
    lazy("of-tomorrow", "f", 1),
    valueAtHand(entryKey({ owner: ALICE, item: "shortcut", key: "g" }), "read before"),
  ]);
  t.deepEqual(asTold(takes), [
    "keychain k value",
    "personal-address a value",
    'personal-address b {"cn":"pwd","other":{"pwd":"x"}}',
    "personal-address c value",
    'personal-button d {"name":"x","settings":{}}',
    "timeline e value",
    "of-tomorrow f value",
    "shortcut g value",
  ]);
});

test("M19 M25 M27 what stays on its machine, is kept apart, or had no room is not shown by it", (t) => {
  const key = entryKey({ owner: ALICE, item: "shortcut", key: "full" });
  const showing = anew({ not: new Map([[key, { because: "evicted" }]]), apart: "keychain", own: "timeline" });
  const entries = [lazy("keychain", "k", "x"), lazy("shortcut", "full", 1), lazy("shortcut", "there", 1), lazy("timeline", "t", 1)];
  t.deepEqual(asTold(showing.takes(ALICE, entries)), ['not {"because":"keychain-order","detail":""}', "shortcut there 1"]);
});

test("P29 a value that cannot be read is found out before it is shown", (t) => {
  t.throws(() => anew().takes(ALICE, [{ ...lazy("shortcut", "s", "text"), to: 3 }]), { code: "message-malformed" });
});

test("a change that is told as text has its value, however it is copied", (t) => {
  const value = { name: "Ä", settings: { copies: 2 } };
  const change = new TextChange(ALICE, "shortcut", "s", Buffer.from(JSON.stringify(value)));
  t.deepEqual(change.value, value);
  const { value: spread } = { ...change };
  t.deepEqual(spread, value);
  t.deepEqual(structuredClone(change).value, value);
  t.deepEqual(must(JSON.parse(JSON.stringify([change])) as { value: Value }[], "one")[0]?.value, value);
});
