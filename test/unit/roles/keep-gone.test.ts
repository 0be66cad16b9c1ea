/** B02: what goes from a machine is in its history before; an attempt that is repeated is one loss, and takes no other record along. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry } from "../../../src/model/entry.ts";
import type { Lost } from "../../../src/store/history.ts";
import { keepGone } from "../../../src/roles/client/keep-gone.ts";
import { CLIENT_HISTORY, keepLost, readNewest } from "../../../src/store/history.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, DEVICE } from "./own-copy.ts";

const shortcut = (key: string, value: Entry["value"] = key): Entry => ({ owner: ALICE, item: "shortcut", key, value });

/** A machine whose history has these records, the newest last; `edited`: what is edited meanwhile. */
async function machine(before: readonly Partial<Lost>[] = [], edited: readonly Entry[] = []) {
  const storage = new MemoryStorage();
  for (const [index, lost] of before.entries()) {
    const record = { ...shortcut("a"), because: "replaced-at-join", stamp: 0, notAfter: 1, lostAtMs: index + 1, ...lost };
    await storage.write([keepLost(CLIENT_HISTORY, record as never, index)]);
  }
  const parts = {
    storage,
    clock: new ManualClock(),
    replica: { head: { at: 5, mark: 0, heard: undefined }, position: undefined },
    stores: { mark: () => edited.length, editsSince: async () => edited },
    travel: { outgoing: ({ value }: Entry) => value, isSame: (_: Entry, one: unknown, other: unknown) => one === other },
  };
  const keep = (...entries: readonly Entry[]) => keepGone(entries, "replaced-at-join", parts as never);
  const kept = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { lost } of readNewest(storage, CLIENT_HISTORY, undefined)) keys.push(`${lost.key} ${lost.because}`);
    return keys.sort();
  };
  return { keep, kept };
}

const ONE = ["a replaced-at-join"];

test("B02 what goes is kept, but for what somebody is editing meanwhile", async (t) => {
  const { keep, kept } = await machine([], [shortcut("b")]);
  t.is(await keep(shortcut("a"), shortcut("b")), 1);
  t.deepEqual(await kept(), ONE);
  t.is(await keep(), 0);
  const all = await machine([], [shortcut("a")]);
  t.is(await all.keep(shortcut("a")), 0);
  t.deepEqual(await all.kept(), []);
});

test("B02 M19 an attempt that is repeated replaces the records of the one before, and is nothing new", async (t) => {
  const { keep, kept } = await machine();
  t.is(await keep(shortcut("a"), shortcut("c")), 2);
  t.is(await keep(shortcut("a"), shortcut("c")), 0);
  t.deepEqual(await kept(), ["a replaced-at-join", "c replaced-at-join"]);
  t.is(await keep(shortcut("a"), shortcut("d")), 2, "behind a record of something else nothing is looked for");
});

test("B02 a record that says anything else stays, and the loss is a new one", async (t) => {
  const others: readonly (readonly [what: string, lost: Partial<Lost>])[] = [
    ["for another reason", { because: "superseded" }],
    ["that was put back", { putBackMs: 7 }],
    ["an edit, which says who made it", { device: DEVICE }],
    ["of another value", { value: "b" }],
    ["of another entry", { key: "b" }],
  ];
  for (const [what, lost] of others) {
    const { keep, kept } = await machine([lost]);
    t.is(await keep(shortcut("a")), 1, what);
    t.is((await kept()).length, 2, what);
  }
  const twice = await machine([{}, {}]);
  t.is(await twice.keep(shortcut("a")), 0);
  t.deepEqual(await twice.kept(), [...ONE, ...ONE], "of two alike the newest alone is that of the last attempt");
});
