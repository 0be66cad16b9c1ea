/** Test files that are over soon share a thread: none is left out, none runs twice. */
import test from "ava";
import { testFiles } from "../../build/testing/test-files.ts";
import { byThread } from "../../build/testing/threads.ts";

test("every test file runs in one thread", (t) => {
  const files = testFiles();
  t.deepEqual([...byThread(files).values()].flat().sort(), [...files].sort());
});

test("files of one folder share threads, a few each, and long ones have their own", (t) => {
  const tables = Array.from({ length: 13 }, (_, n) => `test/unit/store/${n}.test.ts`);
  const threads = byThread([...tables, "test/wire/x.test.ts", "test/crash/a.test.ts", "test/crash/b.test.ts"]);
  t.deepEqual(
    [...threads].map(([name, { length }]) => [name, length]),
    [
      ["unit-store-1", 12],
      ["unit-store-2", 1],
      ["wire-1", 1],
      ["test/crash/a.test.ts", 1],
      ["test/crash/b.test.ts", 1],
    ],
  );
});
