/** M32: what comes together and fares alike is few lines of the log. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON } from "../../../src/model/owner.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { notedTogether } from "../../../src/roles/noted-together.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

const address = (key: string, list: string) => ({ owner: COMMON, item: "common-address", key, value: { subdbid: list, cn: key } });
const fared = (word: string, list: string, keys: readonly string[]) => keys.map((key) => ({ word, edit: address(key, list) }));
const noted = (all: Parameters<typeof notedTogether>[0]) =>
  notedTogether(all).map(({ word, entry }) => [word, entry.called, entry.more].filter((part) => part !== undefined).join(" "));

test("M32 entries are named one by one while they are few; of more, the first is named, and how many there are besides", (t) => {
  const keys = Array.from({ length: LIMITS.logAlikeMax + 1 }, (_, n) => `k${n}`);
  const few = keys.slice(1);
  t.deepEqual(noted([]), []);
  t.deepEqual(
    noted(fared("full", "1", few)),
    few.map((key) => `full ${key}`),
  );
  t.deepEqual(noted(fared("full", "1", keys)), [`full k0 ${LIMITS.logAlikeMax}`]);
  t.deepEqual(
    noted([...fared("full", "1", keys), ...fared("full", "2", ["z"]), ...fared("superseded", "1", few)]),
    [`full k0 ${LIMITS.logAlikeMax}`, "full z", ...few.map((key) => `superseded ${key}`)],
    "another list and another reason have lines of their own",
  );
});

test("M32 a function that fails again as it did is said once, whatever service is told of it; another failure is said", async (t) => {
  const log = new CommunicationLog({ storage: new MemoryStorage(), clock: new ManualClock() });
  const failed = (code: "hal-full" | "hal-unavailable" | "crashed", detail: string, which: "client" | "server" = "client") =>
    log.write({ kind: "function-failed", which, code, detail, againS: detail.length });
  for (const detail of ["000009.log is full", "000011.log is full", "000013.log"]) failed("hal-full", detail);
  t.is(log.records().length, 1);
  failed("hal-full", "000015.log", "server");
  t.is(log.records().length, 2, "of the other function");
  failed("hal-unavailable", "cannot be read", "server");
  t.is(log.records().length, 3, "for another reason");
  for (const detail of ["one defect", "another"]) failed("crashed", detail, "server");
  t.is(log.records().length, 5, "defects are told apart");
  await log.close();
});

test("M32 a few troubles that come in turns are said once each, until something else is said or one of them was gone for long", async (t) => {
  const clock = new ManualClock();
  const log = new CommunicationLog({ storage: new MemoryStorage(), clock });
  const refused = (machine: string) => log.refused({ of: "machine", machine }, { word: "key-in-use-twice" });
  const texts = () => log.records().map(({ text }) => text.split(":")[0]);
  for (let n = 0; n < 20; n += 1) {
    refused("a");
    await clock.advance(LIMITS.logAgainMs / 10);
    refused("b");
  }
  t.deepEqual(texts(), ["a", "b"], "however long it goes on");
  await clock.advance((LIMITS.logAgainMs * 9) / 10 - 1);
  refused("a");
  t.is(texts().length, 2);
  await clock.advance(LIMITS.logAgainMs);
  refused("a");
  refused("b");
  t.deepEqual(texts(), ["a", "b", "a", "b"], "after so long it is news");
  log.write({ kind: "connected" });
  for (const machine of ["a", "b", "a"]) refused(machine);
  t.deepEqual(texts().slice(4), ["connected to the server machine", "a", "b"], "and after anything else");
  log.write({ kind: "server-off" });
  refused("b");
  refused("a");
  t.is(texts().length, 10, "a Warning as well, where it is no failure");
  for (let n = 0; n <= LIMITS.logTurnsMax; n += 1) refused(`m${n}`);
  refused("m0");
  t.is(texts().filter((text) => text === "m0").length, 2, "of many each is said: nobody counts them");
  await log.close();
});
