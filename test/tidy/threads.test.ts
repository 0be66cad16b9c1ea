/** Test files that are over soon share a thread: none is left out, none runs twice. */
import test from "ava";
import { isInTurn } from "../../build/testing/in-turn.ts";
import { testFiles } from "../../build/testing/test-files.ts";
import { byThread } from "../../build/testing/threads.ts";

test("every test file runs in one thread", (t) => {
  const files = testFiles();
  t.deepEqual([...byThread(files).values()].flat().sort(), [...files].sort());
});

test("files of one folder share threads, a few each, and long ones have their own", (t) => {
  const tables = Array.from({ length: 25 }, (_, n) => `test/unit/store/${n}.test.ts`);
  const threads = byThread([...tables, "test/wire/x.test.ts", "test/fleet/a.test.ts", "test/fleet/b.test.ts"]);
  t.deepEqual(
    [...threads].map(([name, { length }]) => [name, length]),
    [
      ["unit-store-1", 24],
      ["unit-store-2", 1],
      ["wire-1", 1],
      ["test/fleet/a.test.ts", 1],
      ["test/fleet/b.test.ts", 1],
    ],
  );
});

test("the longest threads begin first, the others in their order", (t) => {
  const files = ["test/crash/evicting", "test/desk/story", "test/fleet/seeds/seeds-1", "test/scenario/joining", "test/unit/model/item"];
  t.deepEqual(
    [...byThread(files.map((file) => `${file}.test.ts`)).keys()],
    ["test/fleet/seeds/seeds-1.test.ts", "test/desk/story.test.ts", "crash-1", "scenario-1", "unit-model-1"],
  );
});

test("tests run in turn where they compute, and side by side where they wait", (t) => {
  const computing = [
    "test/scenario/joining.test.ts",
    "test/unit/roles/loop.test.ts",
    "test/fleet/seeds/seed-range.ts",
    "test/wire/cbor.test.ts",
  ];
  for (const file of computing) t.true(isInTurn(file), file);
  for (const file of ["test/link/port.test.ts", "test/desk/story.test.ts", "test/contract/storage.ts", "test/browser/tour.test.ts"])
    t.false(isInTurn(file), file);
});
