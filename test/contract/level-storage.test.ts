import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test, { type ExecutionContext } from "ava";
import { build } from "esbuild";
import { openLevelStorage } from "../../hal/parts/level-storage.ts";
import type { Storage } from "../../hal/storage.ts";
import { SyncError } from "../../src/model/errors.ts";
import { put, storageContract, text } from "./storage.ts";
import { rejects } from "./throws.ts";
import { freshFolder } from "../fresh-folder.ts";

storageContract(test, "level storage", async (t) => {
  const dir = freshFolder(t);
  const storage = await openLevelStorage({ dir });
  t.teardown(() => storage.close());
  return { storage, reopen: () => openLevelStorage({ dir }) };
});

async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: "", to: "\uffff" })) keys.push(key);
  return keys;
}

const keyOf = (index: number): string => `key/${String(index).padStart(5, "0")}`;
const contentOf = (index: number): string => `${index} `.repeat(30);

/** A storage with some hundred records in tables and in the log, closed in peace or left as a kill leaves it. */
async function filledDir(t: ExecutionContext, end: "closed" | "killed"): Promise<string> {
  const dir = freshFolder(t);
  const storage = await openLevelStorage({ dir });
  await storage.write([{ key: "large", value: Buffer.alloc(300_000, 1) }]);
  for (let first = 0; first < 600; first += 20) {
    await storage.write(Array.from({ length: 20 }, (_, index) => put(keyOf(first + index), contentOf(first + index))));
  }
  const copy = freshFolder(t);
  if (end === "killed") cpSync(dir, copy, { recursive: true });
  await storage.close();
  return end === "killed" ? copy : dir;
}

const dbFiles = (dir: string): string[] => readdirSync(join(dir, "db")).filter((file) => !/^(LOCK|LOG|LOG\.old)$/.test(file));

test("one folder is one process's: a second opening is unavailable, and harms nothing", async (t) => {
  const dir = freshFolder(t);
  const storage = await openLevelStorage({ dir });
  await storage.write([put("a")]);
  await rejects(t, "hal-unavailable", () => openLevelStorage({ dir }));
  t.is(text(await storage.get("a")), "a");
  await storage.close();
});

test("a first start that was cut short is begun anew", async (t) => {
  const dir = freshFolder(t);
  const storage = await openLevelStorage({ dir });
  await storage.close();
  rmSync(join(dir, "created"));
  for (const file of dbFiles(dir)) writeFileSync(join(dir, "db", file), "");
  const again = await openLevelStorage({ dir });
  await again.write([put("a")]);
  await again.close();
  t.true(existsSync(join(dir, "created")));
});

for (const lost of [/^CURRENT$/, /^MANIFEST/]) {
  test(`a lost ${lost.source.replace(/\W/g, "")} is repaired, and no record is missing`, async (t) => {
    const dir = await filledDir(t, "closed");
    for (const file of dbFiles(dir).filter((name) => lost.test(name))) rmSync(join(dir, "db", file));
    const notices: string[] = [];
    const storage = await openLevelStorage({ dir, notice: (notice) => notices.push(notice) });
    t.is((await keysOf(storage)).length, 601);
    t.is(text(await storage.get(keyOf(599))), contentOf(599));
    await storage.write([put("works")]);
    await storage.close();
    t.regex(notices.join(), /could be repaired/);
  });
}

test("a lost table is never taken for an empty one: the storage is moved aside, and the next opening starts anew", async (t) => {
  const dir = await filledDir(t, "closed");
  for (const file of dbFiles(dir).filter((name) => name.endsWith(".ldb"))) rmSync(join(dir, "db", file));
  const notices: string[] = [];
  await rejects(t, "hal-broken", () => openLevelStorage({ dir, notice: (notice) => notices.push(notice) }));
  t.regex(notices.join(), /moved to .*damaged/);
  t.true(existsSync(join(dir, "damaged")));
  const storage = await openLevelStorage({ dir });
  t.deepEqual(await keysOf(storage), []);
  await storage.write([put("new")]);
  await storage.close();
});

test("a table that was cut short is damage, not a medium that fails: the storage is moved aside, and the next opening starts anew", async (t) => {
  const dir = await filledDir(t, "closed");
  for (const file of dbFiles(dir).filter((name) => name.endsWith(".ldb"))) {
    const path = join(dir, "db", file);
    writeFileSync(path, readFileSync(path).subarray(0, Math.floor(statSync(path).size / 2)));
  }
  await rejects(t, "hal-broken", () => openLevelStorage({ dir }));
  t.true(existsSync(join(dir, "damaged")));
  const storage = await openLevelStorage({ dir });
  t.deepEqual(await keysOf(storage), []);
  await storage.close();
});

test("a lost folder is damage as well", async (t) => {
  const dir = await filledDir(t, "closed");
  rmSync(join(dir, "db"), { recursive: true });
  await rejects(t, "hal-broken", () => openLevelStorage({ dir }));
  const storage = await openLevelStorage({ dir });
  t.deepEqual(await keysOf(storage), []);
  await storage.close();
});

/** Opens and reads everything: nothing wrong may come out. What is refused is fine, what is missing is not. */
async function readsRightOrRefuses(t: ExecutionContext, dir: string, what: string): Promise<"right" | "refused"> {
  try {
    const storage = await openLevelStorage({ dir });
    try {
      for (let index = 0; index < 600; index += 1) t.is(text(await storage.get(keyOf(index))), contentOf(index), what);
      t.is((await keysOf(storage)).length, 601, what);
    } finally {
      await storage.close();
    }
    return "right";
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    t.is(error.code, "hal-broken", `${what}: ${error.message}`);
    return "refused";
  }
}

for (const end of ["closed", "killed"] as const) {
  test(`a flipped bit anywhere in a ${end} storage never gives a wrong record or hides one`, async (t) => {
    const whole = await filledDir(t, end);
    const seen = { right: 0, refused: 0 };
    const dir = join(freshFolder(t), "copy");
    for (const file of dbFiles(whole)) {
      const { size } = statSync(join(whole, "db", file));
      for (let at = 11; at < size; at += file.endsWith(".log") || size < 5_000 ? 1_499 : 24_007) {
        // The log's last block is what a kill or a loss of power tears: for all anybody can tell, what stood there was never acknowledged.
        if (end === "killed" && file.endsWith(".log") && at > size - (size % 32_768) - 2_500) break;
        rmSync(dir, { recursive: true, force: true });
        cpSync(whole, dir, { recursive: true });
        const bytes = readFileSync(join(dir, "db", file));
        bytes[at] = (bytes[at] ?? 0) ^ 0x10;
        writeFileSync(join(dir, "db", file), bytes);
        seen[await readsRightOrRefuses(t, dir, `${file} at ${at} of ${size}`)] += 1;
      }
    }
    t.true(seen.refused > 10, JSON.stringify(seen));
  });
}

/** Records written twice, with a table for each time, closed in peace. */
async function rewrittenDir(t: ExecutionContext): Promise<string> {
  const dir = freshFolder(t);
  for (const round of ["old", "new"]) {
    const storage = await openLevelStorage({ dir });
    await storage.write(Array.from({ length: 600 }, (_, index) => put(keyOf(index), `${round} ${contentOf(index)}`)));
    await storage.close();
  }
  // What the log has comes into a table at the next opening.
  await (await openLevelStorage({ dir })).close();
  return dir;
}

test("a block that cannot be read: the opening after one that met it looks through all, and no former value comes up by a repair", async (t) => {
  const whole = await rewrittenDir(t);
  const dir = join(freshFolder(t), "copy");
  const seen = { right: 0, refused: 0 };
  const tables = dbFiles(whole).filter((name) => name.endsWith(".ldb"));
  t.true(tables.length >= 2, "the former values are still there");
  for (const file of tables) {
    const { size } = statSync(join(whole, "db", file));
    for (let at = 11; at < size; at += 2_003) {
      rmSync(dir, { recursive: true, force: true });
      cpSync(whole, dir, { recursive: true });
      const bytes = readFileSync(join(dir, "db", file));
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      writeFileSync(join(dir, "db", file), bytes);
      const what = `${file} at ${at} of ${size}`;
      for (const start of ["the first start", "the next start"]) {
        const storage = await openLevelStorage({ dir }).catch((error: unknown) => error);
        if (!(storage instanceof Object) || !("get" in storage)) {
          t.true(storage instanceof SyncError && storage.code === "hal-broken", `${what}: ${String(storage)}`);
          seen.refused += 1;
          break;
        }
        const opened = storage as Storage;
        let unread = 0;
        for (let index = 0; index < 600; index += 1) {
          const value = await opened.get(keyOf(index)).catch((error: SyncError) => error.code);
          // A record that is damaged says so, and is known by its key: whoever uses the storage mends it.
          if (value === "hal-broken") unread += 1;
          // LevelDB checks no checksums of its own while it reads: what was changed and is still a key is known by a whole reading only.
          else if (value !== "storage-damaged" && start === "the next start")
            t.is(text(value as Uint8Array), `new ${contentOf(index)}`, `${what}, ${start}`);
        }
        await opened.close();
        if (unread === 0) {
          seen.right += 1;
          break;
        }
        t.is(start, "the first start", `${what}: ${unread} records are still not read`);
      }
    }
  }
  t.true(seen.refused >= 3, JSON.stringify(seen));
});

test("twenty kills lose nothing that was acknowledged, and leave no half of a batch", async (t) => {
  const dir = freshFolder(t);
  const outdir = freshFolder(t, "out-test");
  await build({
    entryPoints: ["test/contract/level-writer.ts"],
    outfile: join(outdir, "level-writer.mjs"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  let from = 0;
  for (let cycle = 0; cycle < 20; cycle += 1) {
    const acknowledged = await writeAndKill(join(outdir, "level-writer.mjs"), { dir, from, lines: 5 + cycle * 9 });
    const storage = await openLevelStorage({ dir });
    const keys = new Set(await keysOf(storage));
    for (const number of acknowledged) t.true(keys.has(`a/${number}`), `batch ${number} of cycle ${cycle} was acknowledged`);
    for (const key of keys) if (key.startsWith("a/")) t.true(keys.has(`b/${key.slice(2)}`), `half of batch ${key}`);
    t.true([...keys].filter((key) => key.startsWith("gone/")).length <= 4 * (cycle + 1), "deletions are part of their batch");
    from = Math.max(...[...keys].flatMap((key) => (key.startsWith("a/") ? [Number(key.slice(2))] : []))) + 1;
    await storage.close();
  }
});

async function writeAndKill(program: string, { dir, from, lines }: { dir: string; from: number; lines: number }): Promise<number[]> {
  const child = spawn(process.execPath, [program, dir, String(from)], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: number[] = [];
  const gone = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === lines) child.kill("SIGKILL");
  }
  await gone;
  return acknowledged;
}

/** A small file system of its own, to be filled up; undefined where none can be mounted. */
function smallMedium(t: ExecutionContext): string | undefined {
  const dir = freshFolder(t);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", dir]).status !== 0) return undefined;
  t.teardown(() => void spawnSync("umount", ["-l", dir]));
  return dir;
}

test("a full medium refuses writes, keeps what it has, and works again once there is space", async (t) => {
  const medium = smallMedium(t);
  if (medium === undefined) return t.pass();
  const dir = join(medium, "storage");
  const storage = await openLevelStorage({ dir });
  await storage.write([put("before")]);
  writeFileSync(join(medium, "fill"), Buffer.alloc(3 * 1024 * 1024));
  const acknowledged: string[] = [];
  const refused = await t.throwsAsync(async () => {
    for (let number = 0; ; number += 1) {
      const key = `fill/${String(number).padStart(4, "0")}`;
      // Bytes that do not compress.
      await storage.write([
        { key, value: Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * number * 2_654_435_761) >>> 13)) },
      ]);
      acknowledged.push(key);
    }
  });
  t.true(refused instanceof SyncError && refused.code === "hal-full", String(refused));
  t.true(acknowledged.length > 5);
  t.is(text(await storage.get("before")), "before", "reading goes on");
  for (let tries = 0; tries < 5; tries += 1) {
    await rejects(t, "hal-full", () =>
      storage.write([{ key: "fill/refused", value: Buffer.alloc(2_500_000, "x1y2") }, put("fill/refused-too")]),
    );
    t.is(text(await storage.get("before")), "before", "reading goes on");
  }
  rmSync(join(medium, "fill"));
  await storage.write([put("after")]);
  t.deepEqual((await storage.getMany(["before", "after"])).map(text), ["before", "after"]);
  const keys = (await keysOf(storage)).filter((key) => key.startsWith("fill/"));
  t.deepEqual(keys, acknowledged);
  await storage.close();
  const again = await openLevelStorage({ dir });
  t.deepEqual(
    (await keysOf(again)).filter((key) => key.startsWith("fill/")),
    acknowledged,
  );
  await again.close();
});

/** Leaves not a page. */
function fillUp(medium: string, name: string): void {
  const { bavail, bsize } = statfsSync(medium);
  writeFileSync(join(medium, name), Buffer.alloc(bavail * bsize));
}

test("a storage on a medium that is full to the last page opens again and again, reads, and says of a write that there is no space", async (t) => {
  const medium = smallMedium(t);
  if (medium === undefined) return t.pass();
  const dir = join(medium, "storage");
  const first = await openLevelStorage({ dir });
  const taken: string[] = [];
  for (let number = 0; number < 100; number += 1) {
    await first.write([{ key: `k${number}`, value: randomBytes(1_000) }]);
    taken.push(`k${number}`);
  }
  await first.close();
  for (let start = 0; start < 6; start += 1) {
    fillUp(medium, `fill${start}`);
    const storage = await openLevelStorage({ dir });
    t.deepEqual((await keysOf(storage)).sort(), taken.toSorted());
    // What others write on the medium takes what was given up for the start.
    fillUp(medium, `more${start}`);
    const key = `full${start}`;
    const wasTaken = await storage.write([{ key, value: randomBytes(200_000) }]).then(
      () => true,
      (error: unknown) => {
        t.true(error instanceof SyncError && error.code === "hal-full", String(error));
        return false;
      },
    );
    if (wasTaken) taken.push(key);
    t.deepEqual((await keysOf(storage)).sort(), taken.toSorted(), "reading goes on");
    await storage.close();
  }
  for (const name of readdirSync(medium).filter((file) => file !== "storage")) rmSync(join(medium, name));
  const storage = await openLevelStorage({ dir });
  await storage.write([put("after")]);
  t.deepEqual((await keysOf(storage)).sort(), [...taken, "after"].sort());
  await storage.close();
  t.is(statSync(join(dir, "reserve")).size, 1024 * 1024);
});

test("the folder holds nothing but what it should", async (t) => {
  const dir = freshFolder(t);
  mkdirSync(join(dir, "damaged"));
  const storage = await openLevelStorage({ dir });
  await storage.close();
  t.deepEqual(readdirSync(dir).sort(), ["created", "damaged", "db", "reserve", "witness"]);
  t.is(statSync(join(dir, "reserve")).size, 1024 * 1024);
});
