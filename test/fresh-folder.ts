/** An empty folder for one test, gone after it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** `below`: where it is made, for a test that needs a certain file system. */
export function freshFolder(t: Pick<ExecutionContext, "teardown">, below = tmpdir()): string {
  const folder = mkdtempSync(join(below, "css-test-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
