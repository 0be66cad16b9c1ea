/** A proxy of others, for real: Debian's tinyproxy, with an account (M29). */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import anyTest, { type ExecutionContext } from "ava";
import type { ProxySettings } from "../../hal/network.ts";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import type { CameBy } from "../../src/link/link.ts";
import { SyncError } from "../../src/model/errors.ts";
import { type Register, until, up } from "../contract/link.ts";
import { Lan, moment, scramAccount, TestAdmission } from "./lan.ts";
import { freePort } from "../free-port.ts";
import { freshFolder } from "../fresh-folder.ts";

const PROGRAM = ["tinyproxy", "/usr/sbin/tinyproxy", "/usr/bin/tinyproxy"].find(
  (program) => spawnSync(program, ["-v"]).error === undefined,
);
const test: Register = (title, body) => {
  if (PROGRAM !== undefined) anyTest(title, body);
  else anyTest.skip(`${title} (needs the program tinyproxy, which is not here)`, body);
};

const SERVER = "127.0.77.1";
/** The same for a proxy, and not an address that a machine takes for its own. */
const AS_OTHERS_SEE_IT = `::ffff:${SERVER}`;
const ACCOUNT = "joe:secret";

async function fixture(t: ExecutionContext) {
  const [proxyPort, port] = [await freePort("127.0.0.1"), await freePort(SERVER)];
  await startProxy(t, proxyPort, port);
  const lan = new Lan();
  const through = (account: string, proxyExcludesLocalhost: boolean): ProxySettings => ({
    proxy: `http://${account}@127.0.0.1:${proxyPort}`,
    proxyExcludesLocalhost,
  });
  const machine = (name: string, address: string, proxy: ProxySettings) =>
    lan.machine(name, {
      network: new NodeNetwork({ address, listenAddress: address, proxy }),
      port,
      accounts: { admin: scramAccount("right") },
    });
  const server = machine("server", SERVER, through(ACCOUNT, false));
  const admission = new TestAdmission();
  const link = await server.links.serve(admission);
  t.teardown(() => link.close());
  const client = (account: string) => machine("client", "127.0.77.2", through(account, true));
  return { port, server, link, admission, client, destination: { host: AS_OTHERS_SEE_IT, port } };
}

test("M29 first contact and synchronising go through a real proxy, by CONNECT with an account", async (t) => {
  const { server, admission, client, link, destination } = await fixture(t);
  const machine = client(ACCOUNT);
  const contact = await machine.links.firstContact(destination, new AbortController().signal);
  t.true("fleetSecret" in (await contact.prove("admin", "right")));
  contact.close();
  const device = await machine.links.identity();
  t.true(admission.pinned.has(device));
  const heard: CameBy[] = [];
  link.onMessage((_from, _message, by) => heard.push(by));
  const line = machine.links.connect(destination, await server.links.identity());
  t.teardown(() => line.close());
  await until(t, moment, "up", () => line.state === "up");
  line.send(up(device, 1));
  await until(t, moment, "heard", () => heard.length > 0);
  t.deepEqual(heard, ["network"]);
});

test("M29 a proxy that does not know the account, or does not connect there, is said as what it is", async (t) => {
  const { client, destination } = await fixture(t);
  const contact = (account: string, to = destination) => client(account).links.firstContact(to, new AbortController().signal);
  t.is((await t.throwsAsync(contact("joe:wrong"), { instanceOf: SyncError }))?.code, "authentication-failed");
  const elsewhere = { host: AS_OTHERS_SEE_IT, port: destination.port === 65_535 ? 1_024 : destination.port + 1 };
  t.is((await t.throwsAsync(contact(ACCOUNT, elsewhere), { instanceOf: SyncError }))?.code, "server-unreachable");
});

test("M29 behind a real proxy that does not exclude localhost the own client comes by the network, to the machine's own address", async (t) => {
  const { server, link, port } = await fixture(t);
  const device = await server.links.identity();
  const heard: CameBy[] = [];
  link.onMessage((_from, _message, by) => heard.push(by));
  const line = server.links.connect({ host: "localhost", port }, device);
  t.teardown(() => line.close());
  await until(t, moment, "up", () => line.state === "up");
  line.send(up(device, 1));
  await until(t, moment, "heard", () => heard.length > 0);
  t.deepEqual(heard, ["network"]);
});

async function startProxy(t: ExecutionContext, port: number, connectPort: number): Promise<void> {
  const dir = freshFolder(t);
  const [user = "", password = ""] = ACCOUNT.split(":");
  const config = join(dir, "tinyproxy.conf");
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 60",
    "MaxClients 20",
    `BasicAuth ${user} ${password}`,
    `ConnectPort ${connectPort}`,
    `LogFile "${join(dir, "log")}"`,
    "",
  ];
  writeFileSync(config, lines.join("\n"));
  const child = spawn(PROGRAM ?? "", ["-d", "-c", config], { stdio: "ignore" });
  t.teardown(async () => {
    if (child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill();
    await exited;
  });
  for (let tries = 0; tries < 2_000 && !(await answers(port)); tries += 1) await moment();
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
