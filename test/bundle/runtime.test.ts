import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { signManifest } from "../../hal/runtime/signature.ts";
import { RuntimeProcess, installed } from "./runtime-process.ts";

const ONE_LIFE = ["installed", "resolved", "starting", "active", "stopping", "resolved"];

test("the packed runtime runs a module in an empty folder, and ends in order on SIGTERM", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t));
  await runtime.until(/machine: resources/);
  runtime.child.kill("SIGTERM");
  t.is(await runtime.ended, 0);
  t.deepEqual(runtime.states(), ONE_LIFE);
  t.deepEqual(
    runtime.lines.filter((line) => /^machine: (services|closed)/.test(line)),
    ["machine: services on", "machine: services off", "machine: closed"],
  );
});

test("whoever started it by hand ends it with Ctrl-C", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t), { byHand: true });
  await runtime.until(/runtime: active/);
  runtime.child.kill("SIGINT");
  t.is(await runtime.ended, 0);
  t.true(runtime.lines.includes("runtime: ending: SIGINT"));
  t.deepEqual(runtime.states(), ONE_LIFE);
});

test("started by another process, it leaves Ctrl-C to that one", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t));
  await runtime.until(/runtime: active/);
  runtime.child.kill("SIGINT");
  runtime.child.kill("SIGTERM");
  t.is(await runtime.ended, 0);
  t.true(runtime.lines.includes("runtime: ending: SIGTERM"));
});

test("it ends in order when the process that started it is gone", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t));
  await runtime.until(/runtime: active/);
  runtime.child.disconnect();
  t.is(await runtime.ended, 0);
  t.deepEqual(runtime.states(), ONE_LIFE);
});

test("it ends also when the process that started it was gone before it could listen to that", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t));
  runtime.child.disconnect();
  t.is(await runtime.ended, 0);
  t.is(runtime.lines[0], "runtime: ending: the process that started it is gone");
});

for (const file of ["module.mjs", "sim-provider.mjs"]) {
  test(`one flipped bit in ${file} is a refusal, and nothing of it runs`, async (t) => {
    const folder = await installed(t);
    const bytes = await readFile(join(folder, file));
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    await writeFile(join(folder, file), bytes);
    const runtime = RuntimeProcess.start(t, folder);
    t.is(await runtime.ended, 1);
    t.true(runtime.lines.some((line) => line.includes(`${file}: SHA-256 is`)));
    t.false(runtime.lines.some((line) => /^(machine|module):/.test(line)));
  });
}

test("a part that is missing is a refusal; a language that is missing is not spoken", async (t) => {
  const folder = await installed(t, "module");
  const { entry }: { entry: { parts: string[] } } = JSON.parse(await readFile(join(folder, "device-manifest.json"), "utf8"));
  const parts = (await readdir(folder)).filter((name) => /^module.*\.mjs$/.test(name));
  t.deepEqual(parts.sort(), ["module.mjs", ...entry.parts].sort(), "the folder has all parts, and no language but English");
  const panel = parts.find((part) => part.includes("panel")) ?? "";

  const spoken = RuntimeProcess.start(t, folder, { nodeArguments: ["--max-old-space-size=48"] });
  await spoken.until(/runtime: active/);
  spoken.child.kill("SIGTERM");
  t.is(await spoken.ended, 0);

  await rm(join(folder, panel));
  const refused = RuntimeProcess.start(t, folder);
  t.is(await refused.ended, 1);
  t.true(refused.lines.some((line) => line.includes(`${panel}: missing`)));
});

test("the addon of this processor is compared byte by byte, one for another by its size alone", async (t) => {
  const folder = await installed(t);
  const { files }: { files: { path: string; platform?: string; size: number }[] } = JSON.parse(
    await readFile(join(folder, "device-manifest.json"), "utf8"),
  );
  const foreign = files.find(({ platform }) => platform !== undefined && !platform.startsWith(`${process.platform}-`));
  if (foreign === undefined) throw new Error("there are addons for several systems");
  await writeFile(join(folder, foreign.path), new Uint8Array(foreign.size));
  const good = RuntimeProcess.start(t, folder);
  await good.until(/runtime: active/);
  good.child.kill("SIGTERM");
  t.is(await good.ended, 0);
  await writeFile(join(folder, foreign.path), new Uint8Array(foreign.size - 1));
  const cut = RuntimeProcess.start(t, folder);
  t.is(await cut.ended, 1);
  t.true(cut.lines.some((line) => line.includes(`${foreign.path}: ${foreign.size - 1} bytes instead of`)));
  await rm(join(folder, foreign.path));
  const [own = ""] = (await readdir(folder)).filter((name) => name.startsWith(`classic-level-${process.platform}-${process.arch}`));
  const bytes = await readFile(join(folder, own));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  await writeFile(join(folder, own), bytes);
  const changed = RuntimeProcess.start(t, folder);
  t.is(await changed.ended, 1);
  t.true(changed.lines.some((line) => line.includes(`${own}: SHA-256 is`)));
});

test("a file that is longer than the manifest says is a refusal", async (t) => {
  const folder = await installed(t);
  await writeFile(join(folder, "module.mjs"), `${await readFile(join(folder, "module.mjs"), "utf8")}\n`);
  const runtime = RuntimeProcess.start(t, folder);
  t.is(await runtime.ended, 1);
  t.true(runtime.lines.some((line) => /module\.mjs: \d+ bytes instead of \d+/.test(line)));
});

test("a machine that trusts one maker runs what that maker signed, and nothing else", async (t) => {
  const folder = await installed(t);
  const [maker, stranger] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const manifest = await readFile(join(folder, "device-manifest.json"));
  const trust = join(folder, "..", "maker.pem");
  await writeFile(trust, maker.publicKey.export({ type: "spki", format: "pem" }));
  const sign = (key: KeyObject) =>
    writeFile(join(folder, "device-manifest.sig"), signManifest(manifest, String(key.export({ type: "pkcs8", format: "pem" }))));

  const unsigned = RuntimeProcess.start(t, folder, { more: ["--trust", trust] });
  t.is(await unsigned.ended, 1);
  t.true(unsigned.lines.some((line) => line.includes("device-manifest.sig is missing")));

  await sign(stranger.privateKey);
  const forged = RuntimeProcess.start(t, folder, { more: ["--trust", trust] });
  t.is(await forged.ended, 1);
  t.true(forged.lines.some((line) => line.includes("not of the maker this machine trusts")));

  await sign(maker.privateKey);
  const good = RuntimeProcess.start(t, folder, { more: ["--trust", trust] });
  t.regex(await good.until(/runtime: installed/), /signature good/);
  good.child.kill("SIGTERM");
  await good.ended;

  await writeFile(join(folder, "device-manifest.json"), manifest.toString().replace('"users": 1000', '"users": 1001'));
  const changed = RuntimeProcess.start(t, folder, { more: ["--trust", trust] });
  t.is(await changed.ended, 1);
});

test("a module without its provider's capability stays installed and says why", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t), { more: ["--arg", "without=panel@1"] });
  await runtime.until(/not started: this machine does not provide panel@1/);
  runtime.child.kill("SIGTERM");
  t.is(await runtime.ended, 0);
});

test("on a flash model the module sees a client-only machine", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t), { more: ["--class", "flash"] });
  t.is(await runtime.until(/^module:/), "module: server false, config {}");
});

test("what does not fit beside the other modules is not started", async (t) => {
  const runtime = RuntimeProcess.start(t, await installed(t), { more: ["--class", "flash", "--in-use", "sockets=120"] });
  t.is(await runtime.ended, 1);
  t.true(runtime.lines.some((line) => /no room .* sockets: 16 declared, 8 free/.test(line)));
});

for (const [behaviour, message] of [
  ["crashes", "Error: cannot go on"],
  ["refuses", "Error: cannot start"],
  ["throws", "Error: thrown where nobody is"],
  ["rejects", "Error: nobody waits for this"],
] as const) {
  test(`a module that ${behaviour} is started again, and the reason is told`, async (t) => {
    const runtime = RuntimeProcess.start(t, await installed(t), { more: ["--arg", `behaviour=${behaviour}`] });
    await runtime.until(new RegExp(`crash 2 within an hour: ${message}; started again in 1000 ms`));
    runtime.child.kill("SIGTERM");
    t.is(await runtime.ended, 0);
  });
}

test("a module that was stopped stays stopped over a power cycle; one that was started comes back, also after a kill", async (t) => {
  const folder = await installed(t);
  const first = RuntimeProcess.start(t, folder);
  await first.until(/runtime: active/);
  first.child.kill("SIGKILL");
  t.is(await first.ended, "SIGKILL");

  const second = RuntimeProcess.start(t, folder);
  await second.until(/runtime: active/);
  second.child.send({ runtime: "stop-module" });
  await second.until(/stopping: stopped by an order/);
  second.child.kill("SIGKILL");
  await second.ended;

  const third = RuntimeProcess.start(t, folder);
  await third.until(/runtime: installed/);
  third.child.send({ runtime: "start-module" });
  await third.until(/runtime: active/);
  t.deepEqual(third.states(), ["installed", "resolved", "starting", "active"]);
});

test("a bundle with a lower security counter than was installed before is refused", async (t) => {
  const folder = await installed(t);
  const first = RuntimeProcess.start(t, folder);
  await first.until(/runtime: active/);
  first.child.kill("SIGTERM");
  await first.ended;
  const path = join(folder, "data", "runtime-state.json");
  await writeFile(path, (await readFile(path, "utf8")).replace('"securityCounter":1', '"securityCounter":2'));
  const second = RuntimeProcess.start(t, folder);
  t.is(await second.ended, 1);
  t.true(second.lines.some((line) => /has security counter 1; 2 was installed here/.test(line)));
});
