/** B02: the histories of a machine as people read them: both together, the newest first, of one entry or one owner, so many of them. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import { HistoryDesk } from "../../../src/roles/history-desk.ts";
import { CLIENT_HISTORY, type HistoryPlace, keepLost, type Lost, SERVER_HISTORY } from "../../../src/store/history.ts";
import { ALICE } from "./own-copy.ts";

const bob = must(userOwner("bob"), "an owner");

/** What is kept of it in one of the two. */
const lost = (owner: Owner, key: string, lostAtMs: number, other: Partial<Lost> = {}): Lost => ({
  owner,
  item: "shortcut",
  key,
  value: "x",
  because: "superseded",
  stamp: 1_000,
  lostAtMs,
  ...other,
});

async function desk(...all: readonly (readonly [HistoryPlace, Lost])[]) {
  const storage = new MemoryStorage();
  await storage.write(all.map(([place, each], sequence) => keepLost(place, each, sequence)));
  const sources = { client: { copy: undefined }, server: { journal: undefined } };
  return new HistoryDesk({ ...sources, storage, names: { of: () => undefined } } as never);
}

const told = (records: readonly { readonly key: string; readonly lostBy: string }[]): string[] =>
  records.map(({ key, lostBy }) => `${key} ${lostBy}`);

test("B02 what client and server function lost is one list, the newest first, of everybody or of one owner", async (t) => {
  const history = await desk(
    [CLIENT_HISTORY, lost(ALICE, "a", 10)],
    [SERVER_HISTORY, lost(ALICE, "b", 20)],
    [CLIENT_HISTORY, lost(bob, "c", 30)],
    [SERVER_HISTORY, lost(ALICE, "d", 5)],
  );
  t.deepEqual(told(await history.history()), ["c client", "b server", "a client", "d server"]);
  t.deepEqual(told(await history.history(ALICE)), ["b server", "a client", "d server"]);
});

test("B02 of more than people read the oldest are left out, of each history and of both", async (t) => {
  const many = (place: HistoryPlace, count: number, fromMs: number) =>
    Array.from({ length: count }, (_, index) => [place, lost(ALICE, `${index}`, fromMs + index)] as const);
  const max = LIMITS.historyShownMax;
  const history = await desk(...many(CLIENT_HISTORY, max + 5, 10_000), ...many(SERVER_HISTORY, 5, 90_000));
  const shown = await history.history();
  t.is(shown.length, max);
  t.deepEqual(told(shown.slice(0, 6)), ["4 server", "3 server", "2 server", "1 server", "0 server", `${max + 4} client`]);
});

test("B02 B04 what of one entry lost is of that entry alone, and says what is known of it", async (t) => {
  const history = await desk(
    [CLIENT_HISTORY, lost(ALICE, "a", 10, { by: "alice", putBackMs: 50 })],
    [CLIENT_HISTORY, lost(ALICE, "a", 20, { stamp: 0, value: undefined })],
    [CLIENT_HISTORY, lost(ALICE, "b", 30)],
    [CLIENT_HISTORY, lost(bob, "a", 40)],
  );
  const [second, first, ...others] = await history.ofEntry({ owner: ALICE, item: "shortcut", key: "a" });
  t.deepEqual(others, []);
  t.like(first, { by: "alice", value: "x", madeAt: "1970-01-01T00:00:01.000Z", putBackAt: "1970-01-01T00:00:00.050Z" });
  t.deepEqual([second?.value, second?.madeAt, second?.by, second?.putBackAt], [undefined, undefined, undefined, undefined]);
});
