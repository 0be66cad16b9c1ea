/** M29: the way through a proxy, said word by word: what it is asked, what becomes of its answer, and when it is given up. */
import type { Duplex } from "node:stream";
import test from "ava";
import type { Destination, Network } from "../../../hal/network.ts";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { isNameUnknown, isProxied, openStream } from "../../../src/link/tunnel.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { settle } from "../../contract/manual-clock.ts";

const PRINTER = { host: "10.0.0.7", port: 8443 };

/** A machine with this proxy, of which nobody has asked anything yet. */
function machine(proxy: string) {
  const reached: Destination[] = [];
  const asked: string[] = [];
  const [near, far] = streamPair();
  far.on("data", (bytes: Buffer) => asked.push(bytes.toString()));
  far.on("error", () => undefined);
  const network = {
    address: "10.0.0.9",
    proxy: () => ({ proxy, proxyExcludesLocalhost: false }),
    connect: async (destination: Destination) => {
      reached.push(destination);
      return near;
    },
  } as unknown as Network;
  const ending = new AbortController();
  const open = (destination: Destination = PRINTER): Promise<Duplex> => openStream(network, destination, ending.signal);
  return { open, reached, asked, near, far, giveUp: () => ending.abort() };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await settle();
}

test("M29 a proxy is asked for host and port, an address of IPv6 in brackets, with an account where it has one", async (t) => {
  const requestTo = async (proxy: string, destination: Destination) => {
    const { open, reached, asked, far } = machine(proxy);
    const opening = open(destination);
    await turns();
    far.write("HTTP/1.1 200 Connection established\r\n\r\n");
    (await opening).destroy();
    return { reached, asked: asked.join("") };
  };
  t.deepEqual(await requestTo("http://proxy", PRINTER), {
    reached: [{ host: "proxy", port: 80 }],
    asked: "CONNECT 10.0.0.7:8443 HTTP/1.1\r\nHost: 10.0.0.7:8443\r\n\r\n",
  });
  t.deepEqual(await requestTo("http://joe:a%20b@[fe80::1]:3128", { host: "fe80::2", port: 8443 }), {
    reached: [{ host: "fe80::1", port: 3128 }],
    asked: `CONNECT [fe80::2]:8443 HTTP/1.1\r\nHost: [fe80::2]:8443\r\nProxy-Authorization: Basic ${btoa("joe:a b")}\r\n\r\n`,
  });
  t.true((await requestTo("http://:b@proxy", PRINTER)).asked.includes(`Basic ${btoa(":b")}\r\n`), "a password alone is an account");
  for (const host of ["::1", "[::1]", "127.0.0.1"])
    t.true((await requestTo("http://proxy", { host, port: 8443 })).asked.startsWith("CONNECT 10.0.0.9:8443 "), host);
  t.true((await requestTo("http://proxy", { host: "[fe80::2]", port: 8443 })).asked.startsWith("CONNECT [fe80::2]:8443 "));
  t.true((await requestTo("http://proxy", { host: "localhost", port: 8443 })).asked.startsWith("CONNECT 10.0.0.9:8443 "));
});

test("M29 what the other end says right behind the proxy's answer is not lost, however the answer is cut", async (t) => {
  const { open, far } = machine("http://proxy");
  const opening = open();
  for (const piece of ["HTTP/1.0 2", "00 OK\r\nVia: x\r\n", "\r\nhel"]) {
    far.write(piece);
    await turns();
  }
  const stream = await opening;
  const heard: string[] = [];
  stream.on("data", (bytes: Buffer) => heard.push(bytes.toString()));
  far.write("lo");
  await turns();
  t.is(heard.join(""), "hello");
});

test("M29 a proxy that refuses, or never comes to the end of its answer, is left: its connection does not stay", async (t) => {
  const told = async (answer: string) => {
    const { open, near, far } = machine("http://proxy");
    const opening = open();
    await turns();
    far.write(answer);
    const { code } = (await t.throwsAsync(opening, { instanceOf: SyncError })) ?? {};
    t.true(near.destroyed, answer.slice(0, 40));
    return code;
  };
  t.is(await told("HTTP/1.1 407 Who are you\r\n\r\n"), "authentication-failed");
  t.is(await told("HTTP/1.1 401 Who are you\r\n\r\n"), "authentication-failed");
  t.is(await told("HTTP/1.1 204 Nothing to say\r\n\r\n"), "server-unreachable");
  t.is(await told("HTTP/1.1 502 Nobody there\r\n\r\n"), "server-unreachable");
  t.is(await told("SSH-2.0-OpenSSH\r\n\r\n"), "server-unreachable");
  t.is(await told(`HTTP/1.1 200 OK\r\n${"x".repeat(LIMITS.proxyAnswerBytesMax)}`), "server-unreachable");
});

test("M29 whoever gives up while the proxy thinks, or has given up before, is not kept waiting", async (t) => {
  const amid = machine("http://proxy");
  const opening = amid.open();
  await turns();
  amid.giveUp();
  await t.throwsAsync(opening, { instanceOf: SyncError });
  t.true(amid.near.destroyed);
  const before = machine("http://proxy");
  before.giveUp();
  await t.throwsAsync(before.open(), { instanceOf: SyncError });
});

test("M29 no proxy is one that is blank; what the network refuses for good is no server that is away", async (t) => {
  t.false(isProxied({ proxy: "", proxyExcludesLocalhost: false }, "10.0.0.7"));
  for (const [excludes, host, isSo] of [
    [true, "localhost", false],
    [true, "127.0.0.1", false],
    [true, "10.0.0.7", true],
    [false, "localhost", true],
  ] as const)
    t.is(isProxied({ proxy: "http://proxy", proxyExcludesLocalhost: excludes }, host), isSo, `${host} ${excludes}`);
  await t.throwsAsync(machine("http://proxy").open({ host: "a b", port: 8443 }), { code: "address-unusable" });
  const refusing = (cause: SyncError): Promise<unknown> => {
    const network = { proxy: () => ({ proxy: undefined }), connect: () => Promise.reject(cause) } as unknown as Network;
    return openStream(network, PRINTER, new AbortController().signal);
  };
  await t.throwsAsync(refusing(new SyncError("hal-refused", "no such address")), { code: "address-unusable", message: "no such address" });
  await t.throwsAsync(refusing(new SyncError("hal-unavailable", "not now")), { code: "server-unreachable" });
  const dns = new SyncError("server-unreachable", "x", { cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }) });
  t.true(isNameUnknown(new SyncError("server-unreachable", "y", { cause: dns })));
  t.true(isNameUnknown(Object.assign(new Error("x"), { code: "EAI_AGAIN" })), "no name service either");
  t.false(isNameUnknown(new SyncError("server-unreachable", "y")));
});
