/** The way to another machine: proxies, addresses of brokers, and the first bytes of TLS. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { parseBrokerAddress } from "../../src/link/broker-address.ts";
import { offeredProtocols } from "../../src/link/client-hello.ts";
import { isProxied } from "../../src/link/tunnel.ts";
import { SyncError } from "../../src/model/errors.ts";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { until } from "../contract/link.ts";
import { Lan, listening, moment, seededRandom, TestAdmission } from "./lan.ts";

/** A proxy that knows CONNECT, for one account. */
async function proxyOf(t: ExecutionContext, lan: Lan, asked: string[]): Promise<void> {
  const serve = async (socket: Socket): Promise<void> => {
    const [head] = (await once(socket, "data")) as [Buffer];
    const text = head.toString("latin1");
    const target = /^CONNECT (\S+) HTTP\/1.1\r\n/.exec(text)?.[1] ?? "";
    asked.push(target);
    if (!text.includes(`Proxy-Authorization: Basic ${Buffer.from("joe:a b").toString("base64")}\r\n`)) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const port = lan.ports.get(target);
    if (port === undefined) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const far = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connected\r\n\r\n"));
    far.on("error", () => socket.destroy());
    far.pipe(socket).pipe(far);
  };
  lan.ports.set("proxy:3128", await listening(t, (socket) => void serve(socket)));
}

test("through an HTTP proxy with an account; what a proxy refuses is said", async (t) => {
  const lan = new Lan();
  const asked: string[] = [];
  await proxyOf(t, lan, asked);
  const server = lan.machine("server");
  const admission = new TestAdmission();
  const serving = await server.links.serve(admission);
  t.teardown(() => serving.close());
  const told = async (name: string, proxy: string, host: string): Promise<string> => {
    const client = lan.machine(name, { proxy: { proxy, proxyExcludesLocalhost: true } });
    admission.pinned.add(await client.links.identity());
    const link = client.links.connect({ host, port: 8443 }, await server.links.identity());
    t.teardown(() => link.close());
    const words: string[] = [];
    link.onState((state, why) => words.push(why === undefined ? state : "word" in why ? why.word : why.code));
    await until(t, moment, "told", () => words.length > 0);
    return words[0] ?? "";
  };
  t.is(await told("a", "http://joe:a%20b@proxy:3128", "server"), "up");
  t.is(await told("b", "http://joe:wrong@proxy:3128", "server"), "authentication-failed");
  t.is(await told("c", "http://joe:a%20b@proxy:3128", "nowhere"), "server-unreachable");
  t.is(await told("d", "http://noproxy:3128", "server"), "server-unreachable");
  t.is(await told("e", "socks://proxy", "server"), "address-unusable");
  t.is(await told("f", "http://joe:a%20b@proxy:3128", "ser\r\nver"), "address-unusable");
  t.deepEqual(asked, ["server:8443", "server:8443", "nowhere:8443"]);
});

test("M29: behind a proxy that does not exclude localhost the own client goes through it to its own address", async (t) => {
  const lan = new Lan();
  const asked: string[] = [];
  await proxyOf(t, lan, asked);
  const machine = lan.machine("both", { proxy: { proxy: "http://joe:a%20b@proxy:3128", proxyExcludesLocalhost: false } });
  const device = await machine.links.identity();
  const serving = await machine.links.serve(new TestAdmission());
  const link = machine.links.connect({ host: "localhost", port: 8443 }, device);
  t.teardown(async () => {
    await link.close();
    await serving.close();
  });
  await until(t, moment, "up", () => link.state === "up");
  t.deepEqual(asked, ["both:8443"]);
});

test("localhost is excluded by its name and its addresses, and by nothing that looks like them", (t) => {
  const settings = { proxy: "http://proxy", proxyExcludesLocalhost: true };
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"]) t.false(isProxied(settings, host), host);
  for (const host of ["localhost.example", "127.0.0.1.example", "128.0.0.1", "::11", "mylocalhost"])
    t.true(isProxied(settings, host), host);
  t.true(isProxied({ ...settings, proxyExcludesLocalhost: false }, "localhost"));
  t.false(isProxied({ ...settings, proxy: undefined }, "example"));
});

test("a broker's address is read, and one that would send things in the clear is not", (t) => {
  const pin = "ab".repeat(32);
  t.deepEqual(parseBrokerAddress(`mqtts://me:p%40ss@broker.example#sha256=${pin.toUpperCase()}`), {
    kind: "mqtts",
    host: "broker.example",
    port: 8883,
    path: "/",
    username: "me",
    password: "p@ss",
    fingerprint: pin,
  });
  t.like(parseBrokerAddress("wss://broker.example:8084/mqtt?x=1"), { kind: "wss", port: 8084, path: "/mqtt?x=1", username: undefined });
  t.like(parseBrokerAddress("mqtt://[::1]"), { kind: "mqtt", host: "::1", port: 1883 });
  for (const text of [
    "",
    "broker",
    "mqtt://broker.example",
    "mqtt://127.0.0.1.example",
    "ws://localhost",
    "http://x",
    "mqtts://",
    "mqtts://x#sha256=12",
    "mqtts://x#pin",
  ]) {
    const error = t.throws(() => parseBrokerAddress(text), { instanceOf: SyncError }, text);
    t.is(error?.code, "address-unusable");
  }
  const secret = t.throws(() => parseBrokerAddress("mqtt://me:hunter2@far.example"), { instanceOf: SyncError });
  t.false(secret?.message.includes("hunter2"));
});

async function helloOf(ALPNProtocols: string[]): Promise<Buffer> {
  const [near, far] = streamPair();
  const socket = connectTls({
    socket: near,
    rejectUnauthorized: false,
    ...(ALPNProtocols.length === 0 ? {} : { ALPNProtocols }),
    servername: "a.example",
  });
  socket.on("error", () => near.destroy());
  const [bytes] = (await once(far, "data")) as [Buffer];
  near.destroy();
  return bytes;
}

test("a ClientHello tells its protocols once it is complete", async (t) => {
  for (const names of [["mqtt-sync"], ["h2", "http/1.1"], []]) {
    const hello = await helloOf(names);
    t.deepEqual(offeredProtocols(hello), names);
    for (let length = 0; length < hello.length; length += 1) t.is(offeredProtocols(hello.subarray(0, length)), "more");
  }
  for (const text of ["GET / HTTP/1.1\r\n", "\x10\x20", "\x16\x02", "\x16\x03\x01\xff\xff\x01"])
    t.is(offeredProtocols(Buffer.from(text, "latin1")), "not-tls");
});

test("no bytes make the reader of ClientHellos throw or run on", async (t) => {
  const hello = await helloOf(["mqtt-sync", "x"]);
  const random = seededRandom("hellos");
  for (let round = 0; round < 5_000; round += 1) {
    const bytes = Buffer.from(hello);
    const dice = random(12);
    for (let change = 0; change < 1 + ((dice[0] ?? 0) % 4); change += 1) {
      bytes[5 + ((((dice[1 + change] ?? 0) << 8) | (dice[5 + change] ?? 0)) % (bytes.length - 5))] = dice[8 + (change % 4)] ?? 0;
    }
    const offered = offeredProtocols(bytes);
    t.true(offered === "more" || offered === "not-tls" || Array.isArray(offered));
  }
});
