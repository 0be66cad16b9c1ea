import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { measure, report } from "../../hal/runtime/measure.ts";
import { freshFolder } from "../fresh-folder.ts";

test("a data folder is measured with all its folders", async (t) => {
  const folder = freshFolder(t);
  await mkdir(join(folder, "a", "b"), { recursive: true });
  await writeFile(join(folder, "one"), Buffer.alloc(1024));
  await writeFile(join(folder, "a", "b", "two"), Buffer.alloc(1025));
  t.is((await measure(folder)).filespaceKb, 3);
  t.is((await measure(join(folder, "missing"))).filespaceKb, 0);
});

(process.platform === "linux" ? test : test.skip)("memory, threads and descriptors of this process are seen", async (t) => {
  const file = await open("/proc/self/status");
  t.teardown(() => file.close());
  const { memoryKb = 0, residentKb = 0, threads = 0, fileDescriptors = 0, sockets = -1 } = await measure("/nonexistent");
  t.true(memoryKb > 1_000 && memoryKb < residentKb);
  t.true(threads >= 2);
  t.true(fileDescriptors >= 4);
  t.true(sockets >= 0 && sockets < fileDescriptors);
});

const DECLARED = { memoryKb: 10, threads: 10, sockets: 10, fileDescriptors: 10, filespaceKb: 10 };

test("exactly what was declared is not over; one more is; what was not measured is not", (t) => {
  t.deepEqual(report(DECLARED, { memoryKb: 10, threads: 11 }).over, ["threads"]);
});
