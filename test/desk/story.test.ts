import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import anyTest, { type TestFn } from "ava";
import { type RealDesk, type Row, buildBundles, startRealDesk, until } from "./real-desk.ts";
import { freshFolder } from "../fresh-folder.ts";

const test = anyTest as TestFn<{ distDir: string; remove: () => Promise<void> }>;

test.before(async (t) => {
  t.context = await buildBundles();
});
test.after.always((t) => t.context.remove?.());

const ACCOUNT = { account: "Administrator", password: "desk" };
const SERVER = "127.0.0.11";

const BOOK = [
  "# Canon AddressBook CSV version: 0x0002",
  "# CharSet: UTF-8",
  "# dn: fixed",
  "# SubAddressBookName: ",
  "# DB Version: 0x010a",
  "",
  "objectclass,cn,cnread,cnshort,subdbid,mailaddress,dialdata,uri,url,path,protocol,username,pwd,member,indxid,enablepartial,sub,faxprotocol,ecm,txstartspeed,commode,lineselect,uricommode,uriflag,pwdinputflag,ifaxmode,transsvcstr1,transsvcstr2,ifaxdirectmode,documenttype,bwpapersize,bwcompressiontype,bwpixeltype,bwbitsperpixel,bwresolution,clpapersize,clcompressiontype,clpixeltype,clbitsperpixel,clresolution,accesscode,uuid,cnreadlang,enablesfp,memberobjectuuid,loginusername,logindomainname,usergroupname,personalid,",
  'email,"J\u00f6rg M\u00fcller","J\u00f6rg M\u00fcller","J\u00f6rg",11,"joerg@example.com",,,,,smtp,,,,1,off,,,,,,,,,,,,,,,,,,,,,,,,,0,11111111-1111-1111-1111-111111111111,"J\u00f6rg",,,,,,,',
  "",
].join("\r\n");

/** What an address book says; its first lines are about the file. */
const columnsAndRows = (book: string): readonly string[] => book.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));

const rows = (desk: RealDesk): Promise<readonly Row[]> => desk.get("/machines");
const itemsOf = (desk: RealDesk, machine: number, owner: string): Promise<string> =>
  desk.get<unknown>(`/machines/${machine}/items?owner=${owner}`).then((items) => JSON.stringify(items));

/** Machine 1 serves and takes part, the others are its clients. */
async function synchronize(desk: RealDesk): Promise<void> {
  await desk.send("PUT", "/machines/1/synchronize", { server: true, client: { destination: "localhost:8443", ...ACCOUNT } });
  await desk.send("POST", "/machines/1/power", { action: "restart" });
  for (const machine of [2, 3]) {
    await desk.send("PUT", `/machines/${machine}/synchronize`, { client: { destination: SERVER, ...ACCOUNT } });
    await desk.send("POST", `/machines/${machine}/power`, { action: "restart" });
  }
  await inStep(desk);
}

const inStep = (desk: RealDesk): Promise<readonly Row[]> =>
  until(
    () => rows(desk),
    (all) =>
      all.every(({ client }) => client?.state === "synchronized" && client.pending === 0) &&
      new Set(all.map(({ client }) => client?.revision)).size === 1,
  );

test("the whole story on the bundles: an address book spreads, edits go both ways, a plug is pulled, nothing is lost", async (t) => {
  const desk = await startRealDesk(t, t.context.distDir);
  await desk.send("POST", "/machines/1/address-book?format=csv", BOOK);
  await synchronize(desk);
  await until(
    () => itemsOf(desk, 3, "common"),
    (text) => text.includes("J\u00f6rg M\u00fcller"),
  );
  t.is(await itemsOf(desk, 2, "common"), await itemsOf(desk, 1, "common"));

  for (const machine of [1, 2, 3]) {
    const value = { name: `from ${machine}`, function: "copy" };
    await desk.send("PUT", `/machines/${machine}/items`, [{ owner: "user:alice", item: "personal-button", key: `b${machine}`, value }]);
  }
  await until(
    () => itemsOf(desk, 2, "user:alice"),
    (text) => ["from 1", "from 2", "from 3"].every((name) => text.includes(name)),
  );

  // An edit that was answered survives the plug, also when the server machine was away.
  await desk.send("POST", "/machines/1/power", { action: "pull-plug" });
  await desk.send("PUT", "/machines/2/items", [{ owner: "user:alice", item: "display-language", key: "", value: "fr" }]);
  await desk.send("POST", "/machines/2/power", { action: "pull-plug" });
  await desk.send("POST", "/machines/1/power", { action: "switch-on" });
  await desk.send("POST", "/machines/2/power", { action: "switch-on" });
  await until(
    () => itemsOf(desk, 3, "user:alice"),
    (text) => text.includes('"fr"'),
  );
  await inStep(desk);
  t.is(await itemsOf(desk, 2, "user:alice"), await itemsOf(desk, 3, "user:alice"));
  t.is(await itemsOf(desk, 1, "user:alice"), await itemsOf(desk, 3, "user:alice"));

  // M23 while it is started; afterwards the book comes out as it went in.
  await t.throwsAsync(desk.get("/machines/2/address-book?format=csv"), { message: /409.*locked-while-synchronising/ });
  await desk.send("PUT", "/machines/2/synchronize", { client: null });
  t.deepEqual(columnsAndRows(await desk.get<string>("/machines/2/address-book?format=csv")), columnsAndRows(BOOK));
});

test("M25 a machine whose network places are registered in another order says so and keeps its keychains apart, until the order is put right", async (t) => {
  const desk = await startRealDesk(t, t.context.distDir);
  const places = async (machine: number, networkPlaces: readonly string[]): Promise<void> => {
    await desk.send("PUT", `/machines/${machine}/network-settings`, { networkPlaces });
    await desk.send("POST", `/machines/${machine}/power`, { action: "restart" });
  };
  for (const machine of [1, 2]) await places(machine, ["scan", "archive"]);
  await places(3, ["archive", "scan"]);
  await synchronize(desk);
  const differs = async (): Promise<readonly boolean[]> =>
    (await rows(desk)).map(({ client }) => client !== null && "networkPlacesDiffer" in client);
  t.deepEqual(await differs(), [false, false, true]);
  const keychain = { owner: "user:alice", item: "keychain", key: "1", value: { user: "alice", password: "CANARY-9" } };
  const language = { owner: "user:alice", item: "display-language", key: "", value: "fr" };
  await desk.send("PUT", "/machines/2/items", [keychain, language]);
  await until(
    () => itemsOf(desk, 3, "user:alice"),
    (text) => text.includes('"fr"'),
  );
  t.false((await itemsOf(desk, 3, "user:alice")).includes("keychain"));
  await places(3, ["scan", "archive"]);
  await until(
    () => itemsOf(desk, 3, "user:alice"),
    (text) => text.includes("keychain") && !text.includes("CANARY"),
  );
  t.deepEqual(await differs(), [false, false, false]);
});

test("Ctrl-C ends the desk and all its machines, a sleeping one included, and the next desk finds their data", async (t) => {
  const folder = freshFolder(t);
  const data = join(folder, "kept");
  const first = await startRealDesk(t, t.context.distDir, ["--machines", "2", "--data", data]);
  await first.send("PUT", "/machines/1/items", [{ owner: "user:bob", item: "display-language", key: "", value: "it" }]);
  await first.send("POST", "/machines/2/power", { action: "energy-saver" });
  const pids = [1, 2].map((machine) => Number(readFileSync(join(data, `machine-${machine}`, "machine.pid"), "utf8")));
  first.process.kill("SIGINT");
  const [code] = await once(first.process, "exit");
  t.is(code, 0);
  for (const pid of pids) t.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  const second = await startRealDesk(t, t.context.distDir, ["--machines", "2", "--data", data]);
  t.regex(await itemsOf(second, 1, "user:bob"), /"it"/);
});

test("a desk that was killed leaves nothing behind that the next one does not end", async (t) => {
  const folder = freshFolder(t);
  const data = join(folder, "kept");
  const first = await startRealDesk(t, t.context.distDir, ["--machines", "2", "--data", data]);
  await first.send("POST", "/machines/1/power", { action: "energy-saver" });
  const pid = Number(readFileSync(join(data, "machine-1", "machine.pid"), "utf8"));
  first.process.kill("SIGKILL");
  await once(first.process, "exit");
  t.true(process.kill(pid, 0), "a machine in full sleep cannot end itself");
  const second = await startRealDesk(t, t.context.distDir, ["--machines", "2", "--data", data]);
  t.true(second.output.some((line) => line.includes(`ended machine process ${pid}`)));
  t.is((await rows(second))[0]?.power, "active");
});

const ends = async (distDir: string, argv: readonly string[]): Promise<{ code: unknown; lines: readonly string[] }> => {
  const child = spawn(process.execPath, [join(distDir, "desk.mjs"), ...argv], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (bytes) => (text += bytes));
  const [code] = await once(child, "close");
  return { code, lines: text.trim().split("\n") };
};

test("bad options, taken ports and foreign folders get one clear line and an exit code", async (t) => {
  const { distDir } = t.context;
  const folder = freshFolder(t);
  const data = join(folder, "data");
  t.like(await ends(distDir, ["--machines", "12"]), { code: 2, lines: { length: 1 } });
  writeFileSync(join(folder, "thesis.txt"), "years of work");
  const foreign = await ends(distDir, ["--data", folder, "--fresh", "--map-ports"]);
  t.like(foreign, { code: 1, lines: { length: 1 } });
  t.regex(foreign.lines[0] ?? "", /is not a desk's folder/);
  const blocker = createServer().listen(0, "127.0.0.1");
  t.teardown(() => blocker.close());
  await once(blocker, "listening");
  const address = blocker.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const taken = await ends(distDir, ["--port", String(port), "--data", data, "--map-ports"]);
  t.like(taken, { code: 1, lines: { length: 1 } });
  t.regex(taken.lines[0] ?? "", /is taken; stop what uses it, or choose another with --port/);
});
