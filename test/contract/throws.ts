/** What contract suites ask of errors: the code, never the text. */
import type { ExecutionContext } from "ava";
import { SyncError, type ErrorCode } from "../../src/model/errors.ts";

export async function rejects(t: ExecutionContext, code: ErrorCode, act: () => Promise<unknown>): Promise<void> {
  const error = await t.throwsAsync(act, { any: true });
  t.true(error instanceof SyncError, `a SyncError was expected, not ${String(error)}`);
  if (error instanceof SyncError) t.is(error.code, code, error.message);
}
