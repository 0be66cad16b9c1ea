/** B05: space that is set aside for a full medium, and for what it may be given up. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { LevelReserve } from "../../hal/parts/level-reserve.ts";

const KIB = 1024;

/** A reserve of so many bytes, as it was left by a medium that had no space for more. */
function reserveOf(t: ExecutionContext, bytes: number): { readonly reserve: LevelReserve; readonly path: string } {
  const dir = mkdtempSync(join(tmpdir(), "level-reserve-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "reserve");
  if (bytes > 0) writeFileSync(path, Buffer.alloc(bytes));
  return { reserve: new LevelReserve(path), path };
}

test("B05 a write takes no space that the next start needs: the last 128 KiB are given up for a start alone", async (t) => {
  for (const [bytes, what, isGiven] of [
    [0, "starting", false],
    [0, "writing", false],
    [32 * KIB, "starting", true],
    [128 * KIB, "writing", false],
    [128 * KIB, "starting", true],
    [256 * KIB, "writing", true],
    [1024 * KIB, "starting", true],
  ] as const) {
    const { reserve, path } = reserveOf(t, bytes);
    t.is(await reserve.give(what), isGiven, `${bytes} bytes, ${what}`);
    t.is(existsSync(path), bytes > 0 && !isGiven, "given up as a whole, or not at all");
  }
});

test("B05 what was given up is set aside again: all of it where there is space", async (t) => {
  for (const bytes of [0, 32 * KIB, 1024 * KIB]) {
    const { reserve, path } = reserveOf(t, bytes);
    t.is(await reserve.set(), "whole");
    t.is(statSync(path).size, 1024 * KIB);
  }
});
