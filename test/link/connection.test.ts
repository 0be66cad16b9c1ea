import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { openIdentity } from "../../src/link/identity.ts";
import type { ClientLink, ServerLink } from "../../src/link/link.ts";
import { secureClient } from "../../src/link/secure.ts";
import { SyncError } from "../../src/model/errors.ts";
import { type DeviceId, deviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { until, up } from "../contract/link.ts";
import { Lan, listening, moment, TestAdmission, type TestMachine } from "./lan.ts";

const PORT = 8443;

interface Fleet {
  readonly lan: Lan;
  readonly admission: TestAdmission;
  readonly machine: TestMachine;
  readonly link: ServerLink;
  readonly server: DeviceId;
}

async function serverMachine(t: ExecutionContext): Promise<Fleet> {
  const lan = new Lan();
  const machine = lan.machine("server");
  const admission = new TestAdmission();
  const link = await machine.links.serve(admission);
  t.teardown(() => link.close());
  return { lan, admission, machine, link, server: await machine.links.identity() };
}

type Why = SyncError | Refusal | undefined;

/** Everything a link tells, as words. */
function told(t: ExecutionContext, link: ClientLink): string[] {
  t.teardown(() => link.close());
  const words: string[] = [];
  const word = (why: Why): string => (why === undefined ? "" : "word" in why ? why.word : why.code);
  link.onState((state, why) => words.push(`${state} ${word(why)}`.trim()));
  return words;
}

const eventually = (t: ExecutionContext, what: string, isSo: () => boolean): Promise<void> => until(t, moment, what, isSo);

/** Until the server machine has let this one in: that it speaks says nothing of that. */
async function heard(
  t: ExecutionContext,
  { link, serverLink, device }: { link: ClientLink; serverLink: ServerLink; device: DeviceId },
): Promise<void> {
  const from = new Set<DeviceId>();
  serverLink.onMessage((who) => void from.add(who));
  await eventually(t, "up", () => link.state === "up");
  link.send(up(device, 1));
  await eventually(t, "heard", () => from.has(device));
}

test("a machine that was never paired is refused by name, and let in once it is", async (t) => {
  const fleet = await serverMachine(t);
  const { lan, admission, machine, server } = fleet;
  const client = lan.machine("client");
  const link = client.links.connect({ host: "server", port: PORT }, server);
  const words = told(t, link);
  await eventually(t, "refused", () => words.length === 2);
  t.deepEqual(words, ["up", "down not-paired"], "what is said follows the asking at once");
  t.is(link.state, "down");
  t.regex(machine.log.join("\n"), /not-paired/);
  admission.pinned.add(await client.links.identity());
  await lan.clock.advance(LIMITS.backoffMaxMs);
  t.is(link.state, "down", "a refused machine waits longer than one that lost its server");
  // Step by step: the pause is a matter of chance, and a clock that runs on while the sockets do not gives the next connection up.
  const step = (): Promise<void> => lan.clock.advance(50).then(moment);
  await until(t, step, "up", () => link.state === "up");
  await heard(t, { link, serverLink: fleet.link, device: await client.links.identity() });
});

test("another certificate at the address is another server, and hears nothing", async (t) => {
  const { lan, link: serverLink } = await serverMachine(t);
  let heard = 0;
  serverLink.onMessage(() => (heard += 1));
  const link = lan.machine("client").links.connect({ host: "server", port: PORT }, deviceId("0".repeat(32)));
  const words = told(t, link);
  await eventually(t, "refused", () => words.length === 1);
  t.deepEqual(words, ["down another-server"]);
  t.is(heard, 0);
});

test("a server that is away is told once, and found when it comes", async (t) => {
  const lan = new Lan();
  const server = lan.machine("server");
  const client = lan.machine("client");
  const link = client.links.connect({ host: "server", port: PORT }, await server.links.identity());
  const words = told(t, link);
  await eventually(t, "told", () => words.length === 1);
  await lan.clock.advance(60_000);
  t.deepEqual(words, ["down server-unreachable"]);
  const admission = new TestAdmission();
  admission.pinned.add(await client.links.identity());
  const serverLink = await server.links.serve(admission);
  t.teardown(() => serverLink.close());
  await lan.clock.advance(LIMITS.backoffMaxMs);
  await eventually(t, "up", () => link.state === "up");
});

test("a server whose function is not running says so; its port still serves pages", async (t) => {
  const lan = new Lan();
  const machine = lan.machine("server");
  const pages = await machine.links.servePages((_request, response) => response.end("hello"));
  t.teardown(() => pages.close());
  const words = told(t, lan.machine("client").links.connect({ host: "server", port: PORT }, await machine.links.identity()));
  await eventually(t, "told", () => words.length === 2);
  t.deepEqual(words, ["up", "down server-not-running"]);
  t.regex(await get(lan, "/"), /^HTTP\/1.1 200 [^]*hello$/);
});

test("what a machine says before it is let in is heard if it is, and by nobody if it is not", async (t) => {
  const { lan, admission, link: serverLink, server } = await serverMachine(t);
  const from: DeviceId[] = [];
  serverLink.onMessage((who) => from.push(who));
  const machines = ["stranger", "guest"].map((name) => lan.machine(name));
  const [stranger = server, guest = server] = await Promise.all(machines.map(({ links }) => links.identity()));
  admission.pinned.add(guest);
  const words = machines.map(({ links }, index) => {
    const link = links.connect({ host: "server", port: PORT }, server);
    // As soon as it may.
    link.onState((state) => void (state === "up" && link.send(up(index === 0 ? stranger : guest, 1))));
    return told(t, link);
  });
  await eventually(t, "refused, and heard", () => words[0]?.length === 2 && from.length > 0);
  t.deepEqual(words, [["up", "down not-paired"], ["up"]]);
  t.deepEqual(from, [guest]);
});

test("a machine that is put out is cut and refused at its next try", async (t) => {
  const { lan, admission, link: serverLink, server } = await serverMachine(t);
  const client = lan.machine("client");
  const device = await client.links.identity();
  admission.pinned.add(device);
  const link = client.links.connect({ host: "server", port: PORT }, server);
  const words = told(t, link);
  await heard(t, { link, serverLink, device });
  admission.pinned.delete(device);
  serverLink.cut(device);
  await eventually(t, "down", () => words.length === 2);
  await lan.clock.advance(LIMITS.backoffMaxMs);
  await eventually(t, "refused", () => words.length === 4);
  t.deepEqual(words, ["up", "down link-lost", "up", "down not-paired"]);
});

test("a second port is not opened, and a stopped one can be opened again", async (t) => {
  const lan = new Lan();
  const { links } = lan.machine("server");
  const first = await links.serve(new TestAdmission());
  await t.throwsAsync(links.serve(new TestAdmission()), { instanceOf: SyncError });
  await first.close();
  const second = await links.serve(new TestAdmission());
  await second.close();
  lan.ports.set("server:8443", 1);
  const error = await t.throwsAsync(links.serve(new TestAdmission()), { instanceOf: SyncError });
  t.is(error?.code, "port-closed");
  lan.ports.delete("server:8443");
  await (await links.serve(new TestAdmission())).close();
});

test("who is pinned as another machine is not taken for this one, though it is looked for at localhost", async (t) => {
  const { machine } = await serverMachine(t);
  const words = told(t, machine.links.connect({ host: "localhost", port: PORT }, deviceId("f".repeat(32))));
  await eventually(t, "told", () => words.length > 0);
  t.regex(words[0] ?? "", /^down/);
});

test("an identity that could not be read is read when the next one asks for it", async (t) => {
  const { links, hal } = new Lan().machine("one");
  const getMany = hal.storage.getMany.bind(hal.storage);
  let fails = true;
  hal.storage.getMany = async (keys) => {
    if (fails) throw new SyncError("hal-broken", "the medium fails");
    return await getMany(keys);
  };
  await t.throwsAsync(links.identity(), { code: "hal-broken" });
  fails = false;
  t.is(await links.identity(), await links.identity());
});

test("a browser is not asked for a certificate and gets a page, whatever the path", async (t) => {
  const { lan } = await serverMachine(t);
  t.regex(await get(lan, "/"), /^HTTP\/1.1 404 [^]*no such page/);
  t.regex(await get(lan, "/mqtt"), /^HTTP\/1.1 404 /);
});

test("old TLS, suites without authentication of data, and what is no TLS get nothing", async (t) => {
  const { lan } = await serverMachine(t);
  const port = lan.ports.get("server:8443") ?? 0;
  for (const options of [
    { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" },
    { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA" },
  ] as const) {
    for (const ALPNProtocols of [["mqtt-sync"], ["http/1.1"]]) {
      const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols, ...options });
      const outcome = await Promise.race([
        once(socket, "secureConnect").then(() => "connected"),
        once(socket, "error").then(() => "refused"),
      ]).catch(() => "refused");
      socket.destroy();
      t.is(outcome, "refused");
    }
  }
  const plain = connectTcp(port, "127.0.0.1");
  plain.write("GET / HTTP/1.1\r\n\r\n");
  const chunks: Buffer[] = [];
  plain.on("data", (chunk) => chunks.push(chunk));
  await once(plain, "close");
  t.is(Buffer.concat(chunks).length, 0);
});

test("a name of the protocol without a certificate is not paired either; at another path than the protocol's there is nothing to come in by", async (t) => {
  const { lan } = await serverMachine(t);
  const answerAt = async (path: string): Promise<string> => {
    const socket = await talking(lan, ["mqtt-sync"]);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
    );
    return await textOf(socket);
  };
  t.regex(await answerAt("/mqtt"), /^HTTP\/1.1 403 [^]*x-refusal: not-paired/);
  t.regex(await answerAt("/other"), /^HTTP\/1.1 404 /);
});

test("browsers that stay connected have so many places of one address: one more takes that of the one that came first", async (t) => {
  const { lan } = await serverMachine(t);
  const sockets: Duplex[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let number = 0; number <= LIMITS.socketsPerAddressMax; number += 1) {
    const socket = await talking(lan, []);
    sockets.push(socket);
    socket.write("GET / HTTP/1.1\r\nHost: server\r\n\r\n");
    await once(socket, "data");
  }
  await eventually(t, "the first is ended", () => sockets[0]?.destroyed === true);
  t.is(sockets.filter(({ destroyed }) => !destroyed).length, LIMITS.socketsPerAddressMax);
  await lan.clock.advance(LIMITS.connectMs);
  const [, second] = sockets;
  second?.write("GET / HTTP/1.1\r\nHost: server\r\n\r\n");
  t.truthy(second && (await once(second, "data")), "whoever was let in may stay");
});

test("connections that say nothing are ended in time, and more of them than fit stay outside", async (t) => {
  const { lan, machine } = await serverMachine(t);
  const port = lan.ports.get("server:8443") ?? 0;
  const closed = new Set<number>();
  const sockets = Array.from({ length: LIMITS.socketsPerAddressMax + 4 }, (_, number) => {
    const socket = connectTcp(port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.on("close", () => closed.add(number));
    if (number % 2 === 0) socket.write(Buffer.from([22, 3, 1, 1]));
    return socket;
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  await eventually(t, "those that do not fit are gone", () => closed.size === 4);
  t.is(machine.log.filter((line) => line.includes("too many connections")).length, 4);
  await lan.clock.advance(LIMITS.connectMs);
  await eventually(t, "all are gone", () => closed.size === sockets.length);
});

test("a machine in front of which a TLS connection is made but nothing is said is ended in time as well", async (t) => {
  const { lan, admission } = await serverMachine(t);
  const client = lan.machine("client");
  admission.pinned.add(await client.links.identity());
  const identity = await openIdentity({ storage: client.hal.storage, keyStore: client.hal.device.keyStore, log: t.log });
  const signal = new AbortController().signal;
  const raw = await client.network.connect({ host: "server", port: PORT }, signal);
  const socket = await secureClient({ stream: raw, signal, identity, protocols: ["mqtt-sync"], authorityName: undefined });
  await moment();
  await lan.clock.advance(LIMITS.connectMs);
  await eventually(t, "ended", () => socket.destroyed);
});

test("a server that accepts and then is silent is given up in time", async (t) => {
  const lan = new Lan();
  lan.ports.set("server:8443", await listening(t, () => undefined));
  const link = lan.machine("client").links.connect({ host: "server", port: PORT }, deviceId("0".repeat(32)));
  const words = told(t, link);
  for (let tries = 0; tries < 10; tries += 1) await moment();
  t.deepEqual(words, []);
  await lan.clock.advance(LIMITS.connectMs);
  await eventually(t, "told", () => words.length === 1);
  t.deepEqual(words, ["down server-unreachable"]);
});

test("a newer connection of a machine takes the place of the older, which is not told as gone", async (t) => {
  const { lan, admission, link: serverLink, server } = await serverMachine(t);
  const client = lan.machine("client");
  const device = await client.links.identity();
  admission.pinned.add(device);
  const gone: DeviceId[] = [];
  serverLink.onGone((who) => gone.push(who));
  const first = client.links.connect({ host: "server", port: PORT }, server);
  const words = told(t, first);
  await heard(t, { link: first, serverLink, device });
  const second = client.links.connect({ host: "server", port: PORT }, server);
  told(t, second);
  await eventually(t, "the older is ended", () => words.length === 2);
  await eventually(t, "the newer is up", () => second.state === "up");
  t.deepEqual(gone, []);
  await heard(t, { link: second, serverLink, device });
});

async function get(lan: Lan, path: string): Promise<string> {
  const socket = await talking(lan, []);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n`);
  return await textOf(socket);
}

/** A connection of somebody without a certificate. */
async function talking(lan: Lan, protocols: readonly "mqtt-sync"[]) {
  const signal = new AbortController().signal;
  const raw = await lan.network("browser").connect({ host: "server", port: PORT }, signal);
  return await secureClient({ stream: raw, signal, identity: undefined, protocols, authorityName: undefined });
}

async function textOf(socket: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part);
  return Buffer.concat(parts).toString();
}
