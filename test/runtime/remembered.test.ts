import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { openMemory, recall, remember } from "../../hal/runtime/remembered.ts";
import { freshFolder } from "../fresh-folder.ts";

const STARTED = { applicationId: "a", started: true, securityCounter: 3 };

test("what is remembered is there at the next power-on", async (t) => {
  const path = join(freshFolder(t), "not", "yet", "there", "state.json");
  t.is(await recall(path), undefined);
  await remember(path, STARTED);
  t.deepEqual(await recall(path), STARTED);
  await remember(path, { ...STARTED, started: false });
  t.deepEqual(await recall(path), { ...STARTED, started: false });
});

test("a power cut while it is written leaves the state as it was", async (t) => {
  const dir = freshFolder(t);
  const path = join(dir, "state.json");
  await remember(path, STARTED);
  const [name = ""] = await readdir(dir);
  t.is(name, "state.json");
  // The draft is what a cut leaves behind: half of a file under another name.
  await writeFile(join(dir, ".runtime-state.draft"), '{"applic');
  t.deepEqual(await recall(path), STARTED);
  await remember(path, { ...STARTED, securityCounter: 4 });
  t.deepEqual(await recall(path), { ...STARTED, securityCounter: 4 });
});

for (const damage of [
  "",
  "{",
  "null",
  "[]",
  '{"started":true}',
  '{"applicationId":1,"started":true,"securityCounter":1}',
  '{"applicationId":"a","started":"yes","securityCounter":1}',
]) {
  test(`a damaged file (${damage === "" ? "empty" : damage}) is not taken for "never started"`, async (t) => {
    const path = join(freshFolder(t), "state.json");
    await writeFile(path, damage);
    await t.throwsAsync(recall(path), { message: /state\.json is damaged/ });
    t.is(await readFile(path, "utf8"), damage);
  });
}

const MANIFEST = { applicationId: "a", securityCounter: 3, lifecycle: { autoStart: true } } as Parameters<typeof openMemory>[1];

test("a module that was never installed here starts as its manifest says; later it goes by what was kept", async (t) => {
  const path = join(freshFolder(t), "state.json");
  const memory = await openMemory(path, MANIFEST);
  t.true(memory.started);
  await memory.keep(false);
  t.false((await openMemory(path, MANIFEST)).started);
  t.deepEqual(await recall(path), { ...STARTED, started: false });
});

test("what is as it was is not written again", async (t) => {
  const path = join(freshFolder(t), "state.json");
  const files: number[] = [];
  const memory = await openMemory(path, MANIFEST);
  for (const started of [true, true, false, false, true]) {
    await memory.keep(started);
    files.push((await stat(path)).ino);
    t.is((await recall(path))?.started, started);
  }
  const [first, second, third, fourth, fifth] = files;
  t.deepEqual([second === first, third === second, fourth === third, fifth === fourth], [true, false, true, false]);
  const later = await openMemory(path, MANIFEST);
  await later.keep(true);
  t.true((await stat(path)).ino === fifth);
  await (await openMemory(path, { ...MANIFEST, securityCounter: 4 })).keep(true);
  t.is((await recall(path))?.securityCounter, 4);
});

test("the folder of another application, or of a newer release, is refused", async (t) => {
  const path = join(freshFolder(t), "state.json");
  await remember(path, STARTED);
  await t.throwsAsync(openMemory(path, { ...MANIFEST, applicationId: "b" }), { message: /belongs to another application, a/ });
  await t.throwsAsync(openMemory(path, { ...MANIFEST, securityCounter: 2 }), { message: /nothing lower is taken/ });
  await t.notThrowsAsync(openMemory(path, { ...MANIFEST, securityCounter: 4 }));
});
