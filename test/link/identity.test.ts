import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import test from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { deviceIdOf } from "../../src/link/certificate.ts";
import { openIdentity } from "../../src/link/identity.ts";
import { SyncError } from "../../src/model/errors.ts";
import { mqttLinks } from "../../src/link/mqtt-links.ts";
import { Lan, seededRandom } from "./lan.ts";
import { freshFolder } from "../fresh-folder.ts";

const storeOf = (seed: string) => aesKeyStore({ key: seededRandom(seed)(32), random: seededRandom(`${seed} nonces`) });
const openssl = spawnSync("openssl", ["version"]).status === 0 ? test : test.skip;

test("an identity is made once and found again, its key sealed", async (t) => {
  const storage = new MemoryStorage();
  const parts = { storage, keyStore: storeOf("a"), log: t.log };
  const first = await openIdentity(parts);
  const second = await openIdentity(parts);
  t.is(first.device, second.device);
  t.is(first.key, second.key);
  t.regex(first.device, /^[0-9a-f]{32}$/);
  t.is(deviceIdOf(new X509Certificate(first.certificate).raw), first.device);
  const kept = await storage.get("link/key");
  t.false(Buffer.from(kept ?? []).includes(Buffer.from(first.key.split("\n")[1] ?? "", "base64").subarray(0, 16)));
});

test("two machines have two identities, and each its own secrets", async (t) => {
  const open = (seed: string) => openIdentity({ storage: new MemoryStorage(), keyStore: storeOf(seed), log: t.log });
  const [a, b] = [await open("a"), await open("b")];
  t.not(a.device, b.device);
  t.notDeepEqual(a.secret("x"), b.secret("x"));
  t.notDeepEqual(a.secret("x"), a.secret("y"));
});

test("a machine whose certificate or key is damaged in both of its places becomes a new one, says so, and is that one from then on", async (t) => {
  for (const key of ["certificate", "key"]) {
    const said: string[] = [];
    const storage = new MemoryStorage();
    const open = async () => await openIdentity({ storage, keyStore: storeOf("a"), log: (text) => said.push(text) });
    const before = await open();
    const read = storage.getMany.bind(storage);
    storage.getMany = async (keys) => {
      if (keys.includes(`link/${key}`) || keys.includes(`link/again/${key}`))
        throw new SyncError("storage-damaged", "the checksum is wrong");
      return await read(keys);
    };
    const after = await open();
    t.not(after.device, before.device, key);
    t.is(said.length, 1);
    storage.getMany = read;
    t.is((await open()).device, after.device, key);
  }
});

test("a machine whose key cannot be opened any more becomes a new one and says so; a key store that is away makes none", async (t) => {
  const storage = new MemoryStorage();
  const log: string[] = [];
  const first = await openIdentity({ storage, keyStore: storeOf("a"), log: (text) => log.push(text) });
  const away = { ...storeOf("a"), open: () => Promise.reject(new SyncError("hal-unavailable", "not now")) };
  await t.throwsAsync(openIdentity({ storage, keyStore: away, log: t.log }), { instanceOf: SyncError });
  const second = await openIdentity({ storage, keyStore: storeOf("b"), log: (text) => log.push(text) });
  t.not(first.device, second.device);
  t.is(log.length, 1);
});

test("P14 a key that another machine has as well ends with this start of the module: until then it stays, and the next start has another", async (t) => {
  const lan = new Lan();
  const { hal, links, random } = lan.machine("copy");
  const device = await links.identity();
  t.false(links.identityEnds);
  await links.endIdentity();
  t.true(links.identityEnds);
  t.is(await links.identity(), device);
  const next = mqttLinks({ hal, random, config: { port: 8443 } });
  t.not(await next.identity(), device);
  t.false(next.identityEnds);
});

openssl("the certificate passes the strict check of openssl, today and when the clock is years off", async (t) => {
  const { certificate } = await openIdentity({ storage: new MemoryStorage(), keyStore: storeOf("a"), log: t.log });
  const dir = freshFolder(t);
  const file = join(dir, "certificate.pem");
  writeFileSync(file, certificate);
  for (const at of ["2020-06-01", "2026-11-22", "2100-01-01"]) {
    const seconds = String(Date.parse(`${at}T00:00:00Z`) / 1000);
    for (const purpose of ["sslserver", "sslclient"]) {
      const args = ["verify", "-x509_strict", "-partial_chain", "-attime", seconds, "-purpose", purpose, "-trusted", file, file];
      t.regex(execFileSync("openssl", args, { encoding: "utf8" }), /: OK/);
    }
  }
});
