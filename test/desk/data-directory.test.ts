import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { BadFolder, DataDirectory } from "../../hal/sim/desk/data-directory.ts";
import { endLeftover, forgetProcess, rememberProcess } from "../../hal/sim/desk/leftovers.ts";
import { freshFolder } from "../fresh-folder.ts";

test("a new folder becomes a desk's, and what machines put there survives", (t) => {
  const path = join(freshFolder(t), "new");
  const first = new DataDirectory(path);
  first.open({ fresh: false });
  writeFileSync(join(first.machine(1), "data"), "kept");
  first.close();
  const second = new DataDirectory(path);
  second.open({ fresh: false });
  t.true(existsSync(join(second.machine(1), "data")));
});

test("a folder that cannot be made, or is a file, is said in one line and ends at once", (t) => {
  const file = join(freshFolder(t), "file");
  writeFileSync(file, "x");
  for (const path of [file, join(file, "below"), "/proc/desk"]) {
    t.throws(() => new DataDirectory(path).open({ fresh: false }), { instanceOf: BadFolder, message: /^[^\n]+--data$/ }, path);
  }
});

test("--fresh empties the machines' folders and nothing else", (t) => {
  const path = freshFolder(t);
  const first = new DataDirectory(path);
  first.open({ fresh: false });
  writeFileSync(join(first.machine(1), "data"), "");
  writeFileSync(join(first.machine(11), "data"), "");
  mkdirSync(join(path, "machine-x"));
  writeFileSync(join(path, "notes.txt"), "mine");
  first.close();
  const second = new DataDirectory(path);
  second.open({ fresh: true });
  second.close();
  t.deepEqual(readdirSync(path).sort(), ["desk.json", "machine-x", "notes.txt"]);
});

for (const fresh of [false, true]) {
  test(`a folder of something else is refused and left alone${fresh ? ", with --fresh as well" : ""}`, (t) => {
    const path = freshFolder(t);
    mkdirSync(join(path, "machine-1"));
    writeFileSync(join(path, "thesis.txt"), "years of work");
    const error = t.throws(() => new DataDirectory(path).open({ fresh }), { instanceOf: BadFolder });
    t.regex(error?.message ?? "", /nothing was touched/);
    t.deepEqual(readdirSync(path).sort(), ["machine-1", "thesis.txt"]);
  });
}

for (const [what, marker] of [
  ["another kind", '{"kind":"photo album","format":1}'],
  ["another format", '{"kind":"custom-settings-sync desk","format":99}'],
  ["no JSON", "desk"],
] as const) {
  test(`a marker of ${what} is refused`, (t) => {
    const path = freshFolder(t);
    writeFileSync(join(path, "desk.json"), marker);
    t.throws(() => new DataDirectory(path).open({ fresh: true }), { instanceOf: BadFolder });
  });
}

test("a machine left over from a killed desk is ended, when it is that machine still", async (t) => {
  const path = freshFolder(t);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "--", "--data", path, "--start"]);
  t.teardown(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  rememberProcess(path, child.pid ?? 0);
  // exec may not have replaced the command line yet.
  const exited = once(child, "exit");
  await once(child.stderr, "readable", { signal: AbortSignal.timeout(50) }).catch(() => undefined);
  t.is(endLeftover(path), child.pid);
  t.deepEqual(await exited, [null, "SIGKILL"]);
  t.is(endLeftover(path), undefined);
});

test("a process that has only taken over the id of a machine is left alone", (t) => {
  const path = freshFolder(t);
  rememberProcess(path, process.pid);
  t.is(endLeftover(path), undefined);
  rememberProcess(path, process.pid);
  forgetProcess(path);
  t.deepEqual(readdirSync(path), []);
});

const onLinux = existsSync("/dev/full") ? test : test.skip;
onLinux("a machine on a full disk is switched on, though its process cannot be noted: a note ends nothing then", (t) => {
  const path = freshFolder(t);
  symlinkSync("/dev/full", join(path, "machine.pid"));
  t.notThrows(() => rememberProcess(path, process.pid));
  rmSync(join(path, "machine.pid"));
  t.is(endLeftover(path), undefined);
});

test("a note that a broken disk does not let go of ends nothing: a folder stands where the file was", (t) => {
  const path = freshFolder(t);
  mkdirSync(join(path, "machine.pid"));
  t.notThrows(() => forgetProcess(path));
});
