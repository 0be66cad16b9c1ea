/** Imports and exports of one machine, of whatever kind, take turns. */
import test from "ava";
import type { Restrictions } from "../../hal/restrictions.ts";
import { ExchangeTurns } from "../../src/import-export/exchange-turns.ts";

/** Writes down when the machine counts a run as an import or export. */
function restrictionsThat(locked: () => boolean, notes: string[]): Restrictions {
  return {
    hold: () => ({ release: () => undefined }),
    held: locked,
    importExportRunning: () => false,
    onImportExport: () => () => undefined,
    maxUsersPolicy: () => "delete-oldest",
    setMaxUsersPolicy: () => Promise.resolve("chosen"),
    onMaxUsersPolicy: () => () => undefined,
    beginImportExport: (exported) => {
      if (locked()) return "locked";
      notes.push(`begins ${exported ?? "an import"}`);
      return { end: () => notes.push("ends") };
    },
    allowExport: () => ({ release: () => undefined }),
  };
}

test("a run begins its work when the one before it has ended, also when that failed", async (t) => {
  const notes: string[] = [];
  const turns = new ExchangeTurns(restrictionsThat(() => false, notes));
  let breaks: (why: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    breaks = reject;
  });
  const first = turns.run(undefined, () => broken);
  const second = turns.run("all", () => Promise.resolve(notes.push("the second works")));
  await Promise.resolve();
  t.deepEqual(notes, ["begins an import", "begins all"]);
  breaks(new Error("the store is full"));
  await t.throwsAsync(first, { message: "the store is full" });
  await second;
  t.deepEqual(notes.slice(2).sort(), ["ends", "ends", "the second works"]);
});

test("M23 a locked machine does no work", async (t) => {
  const turns = new ExchangeTurns(restrictionsThat(() => true, []));
  const outcome = await turns.run("all", () => Promise.reject(new Error("nothing leaves a locked machine")));
  t.deepEqual(outcome, { kind: "refused", refusal: { word: "locked-while-synchronising" } });
});
