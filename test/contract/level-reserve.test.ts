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

const FULL = Object.assign(new Error("IO error: MANIFEST-000015: No space left on device"), { code: "LEVEL_IO_ERROR" });

/** What an opening that needs so much to be free finds held when it goes well; undefined: it does not. */
async function openingThatNeeds(reserve: LevelReserve, path: string, held: number, needed: number): Promise<number | undefined> {
  const left = (): number => (existsSync(path) ? statSync(path).size : 0);
  const open = () => (held - left() >= needed ? Promise.resolve(left()) : Promise.reject(FULL));
  return await reserve.whileOpening(open).catch((error: unknown) => {
    if (error !== FULL) throw error;
    return undefined;
  });
}

test("B05 a write takes no space that the next start needs: the last 128 KiB are given up for a start alone", async (t) => {
  for (const [before, after] of [
    [0, 0],
    [32, 32],
    [128, 128],
    [256, 128],
    [1024, 128],
  ] as const) {
    const { reserve, path } = reserveOf(t, before * KIB);
    t.is(await reserve.giveForWrites(), after < before, `${before} KiB`);
    t.is(existsSync(path) ? statSync(path).size : 0, after * KIB);
  }
});

test("B05 a start takes as little of it as it needs: what somebody else takes meanwhile is not the last of it", async (t) => {
  for (const [before, needed, after] of [
    [1024, 0, 1024],
    [1024, 10, 512],
    [128, 70, 32],
    [128, 128, 0],
    [32, 10, 0],
    [32, 33, undefined],
    [0, 1, undefined],
  ] as const) {
    const { reserve, path } = reserveOf(t, before * KIB);
    const left = await openingThatNeeds(reserve, path, before * KIB, needed * KIB);
    t.is(left, after === undefined ? undefined : after * KIB, `${before} KiB, of which ${needed} are needed`);
  }
});

test("B05 an opening that fails for anything but space takes nothing of it", async (t) => {
  const { reserve, path } = reserveOf(t, 128 * KIB);
  const damaged = new Error("Corruption: bad record");
  t.is(await t.throwsAsync(() => reserve.whileOpening(() => Promise.reject(damaged))), damaged);
  t.is(statSync(path).size, 128 * KIB);
});

test("B05 what was given up is set aside again: all of it where there is space", async (t) => {
  for (const bytes of [0, 32 * KIB, 1024 * KIB]) {
    const { reserve, path } = reserveOf(t, bytes);
    t.is(await reserve.set(), "whole");
    t.is(statSync(path).size, 1024 * KIB);
  }
});
