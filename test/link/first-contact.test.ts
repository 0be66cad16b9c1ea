import type { TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import type { AccountProof } from "../../hal/users.ts";
import { openIdentity } from "../../src/link/identity.ts";
import type { FirstContact, ServerLink } from "../../src/link/link.ts";
import { secureClient, secureServer } from "../../src/link/secure.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { until, up } from "../contract/link.ts";
import { type Accounts, Lan, listening, moment, scramAccount, TestAdmission, type TestMachine } from "./lan.ts";

const ACCOUNTS: Accounts = {
  admin: scramAccount("right"),
  "a,b=c": scramAccount("p\u00e4ssw\u00f6rd \u2163"),
  bob: scramAccount("right", false),
  directory: passwordAccount({ right: "administrator", plain: "user" }),
};

function passwordAccount(passwords: { readonly [password: string]: "administrator" | "user" }): AccountProof {
  return { kind: "password", check: async (password) => passwords[password] ?? "wrong" };
}

interface Fixture {
  readonly lan: Lan;
  readonly server: TestMachine;
  readonly client: TestMachine;
  readonly admission: TestAdmission;
  readonly serverId: DeviceId;
  readonly serverLink: ServerLink;
  contact(host?: string): Promise<FirstContact>;
}

async function fixture(t: ExecutionContext): Promise<Fixture> {
  const lan = new Lan();
  const server = lan.machine("server", { accounts: ACCOUNTS });
  const client = lan.machine("client");
  const admission = new TestAdmission();
  const link = await server.links.serve(admission);
  t.teardown(() => link.close());
  const contact = async (host = "server"): Promise<FirstContact> => {
    const opened = await client.links.firstContact({ host, port: 8443 }, new AbortController().signal);
    t.teardown(() => opened.close());
    return opened;
  };
  return { lan, server, client, admission, contact, serverLink: link, serverId: await server.links.identity() };
}

test("an administrator's account is proven, both sides keep each other, and the machine is let in", async (t) => {
  const { lan, client, admission, contact, serverId, serverLink } = await fixture(t);
  const first = await contact();
  t.is(first.server, serverId);
  await lan.clock.advance(60_000);
  t.deepEqual(await first.prove("admin", "right"), { server: serverId, fleetSecret: admission.fleetSecret });
  const device = await client.links.identity();
  t.deepEqual(admission.candidates, [{ device, serialNumber: "SN-client", deviceName: "Printer client" }]);
  const link = client.links.connect({ host: "server", port: 8443 }, first.server);
  t.teardown(() => link.close());
  const heard: DeviceId[] = [];
  serverLink.onMessage((from) => heard.push(from));
  await until(t, moment, "up", () => link.state === "up");
  link.send(up(device, 1));
  await until(t, moment, "heard", () => heard.length === 1);
  t.deepEqual(heard, [device]);
});

test("names with commas and equals signs, passwords beyond ASCII in any of their forms", async (t) => {
  const { contact } = await fixture(t);
  t.true("fleetSecret" in (await (await contact()).prove("a,b=c", "pa\u0308sswo\u0308rd IV")));
});

test("a wrong password, no such account, an account without rights: one word, and nothing is pinned", async (t) => {
  const { lan, admission, contact } = await fixture(t);
  for (const [account, password] of [
    ["admin", "wrong"],
    ["nobody", "right"],
    ["bob", "right"],
    ["directory", "plain"],
    ["directory", "wrong"],
  ] as const) {
    t.deepEqual(await (await contact()).prove(account, password), { word: "account-refused" }, account);
    await lan.clock.advance(LIMITS.firstContactPauseMs);
  }
  t.deepEqual(admission.candidates, []);
  t.is(admission.unprovenFrom.length, 5, "each is told to the server machine");
});

test("a try that failed can be repeated on the same connection, but not for ever", async (t) => {
  const { lan, contact } = await fixture(t);
  const first = await contact();
  for (let tries = 0; tries < LIMITS.firstContactTries; tries += 1)
    t.deepEqual(await first.prove("admin", "wrong"), { word: "account-refused" });
  const late = await t.throwsAsync(first.prove("admin", "right"), { instanceOf: SyncError });
  t.is(late?.code, "rate-exceeded");
  await lan.clock.advance(LIMITS.firstContactPauseMs);
  t.true("fleetSecret" in (await (await contact()).prove("admin", "right")));
});

test("tries that succeed do not count", async (t) => {
  const { contact } = await fixture(t);
  for (let tries = 0; tries < LIMITS.firstContactTries + 2; tries += 1)
    t.true("fleetSecret" in (await (await contact()).prove("admin", "right")));
});

test("where the login service wants the password, it gets it inside the confirmed connection", async (t) => {
  const { contact } = await fixture(t);
  t.true("fleetSecret" in (await (await contact()).prove("directory", "right")));
});

test("what the server refuses reaches the client with its figures", async (t) => {
  const { admission, contact, serverId } = await fixture(t);
  for (let number = 0; number < 10; number += 1) admission.pinned.add(`${number}${serverId.slice(1)}` as DeviceId);
  t.deepEqual(await (await contact()).prove("admin", "right"), { word: "too-many-machines", machinesMax: 10 });
});

test("no server, no server function, something else at the port", async (t) => {
  const { lan, client, contact } = await fixture(t);
  const unreachable = async (host: string): Promise<void> => {
    const error = await t.throwsAsync(contact(host), { instanceOf: SyncError });
    t.is(error?.code, "server-unreachable", host);
  };
  await unreachable("nowhere");
  const other = lan.machine("other");
  const pages = await other.links.servePages((_request, response) => response.end("hello"));
  t.teardown(() => pages.close());
  t.deepEqual(await (await contact("other")).prove("admin", "right"), { word: "server-not-running" });
  lan.ports.set("plain:8443", await listening(t, (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n")));
  await unreachable("plain");
  const called = new AbortController();
  lan.ports.set("silent:8443", await listening(t, () => called.abort()));
  await t.throwsAsync(client.links.firstContact({ host: "silent", port: 8443 }, called.signal), { instanceOf: SyncError });
});

test("somebody in between who passes everything on gets neither the secret nor a place", async (t) => {
  const { lan, client, admission, contact, serverId } = await fixture(t);
  const middle = lan.machine("middle");
  const passedOn: string[] = [];
  lan.ports.set("middle:8443", await listening(t, (socket) => void passOn(t, { middle, socket, passedOn })));
  const first = await contact("middle");
  t.not(first.server, serverId, "the fingerprint on the panel is another one");
  t.deepEqual(await first.prove("admin", "right"), { word: "account-refused" });
  t.deepEqual(admission.candidates, []);
  t.true(passedOn.length > 4, "it did pass on what both said");
  t.false(passedOn.join("").includes("right"));
  t.is((await contact()).server, serverId);
  t.truthy(await client.links.identity());
});

/** Two TLS connections with plain text between them: what an inspecting proxy does. */
async function passOn(
  t: ExecutionContext,
  { middle, socket, passedOn }: { middle: TestMachine; socket: Parameters<Parameters<typeof listening>[1]>[0]; passedOn: string[] },
): Promise<void> {
  const { hal } = middle;
  const identity = await openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: t.log });
  const { signal } = new AbortController();
  const near = await secureServer({ stream: socket, identity, visitor: "browser" });
  const raw = await hal.network.connect({ host: "server", port: 8443 }, signal);
  const far = await secureClient({ stream: raw, signal, identity: undefined, protocols: ["http/1.1"], authorityName: undefined });
  const pipe = (from: TLSSocket, to: TLSSocket): void => {
    from.on("data", (bytes: Buffer) => {
      passedOn.push(bytes.toString("latin1"));
      to.write(bytes);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  };
  pipe(near, far);
  pipe(far, near);
}

test("a server that does not know the account cannot give a secret away", async (t) => {
  const { lan, contact } = await fixture(t);
  const rogue = lan.machine("rogue");
  let asked = 0;
  const pages = await rogue.links.servePages((_request, response) => response.end());
  t.teardown(() => pages.close());
  lan.ports.set("liar:8443", await listening(t, (socket) => void lie(socket)));
  const lie = async (socket: Parameters<Parameters<typeof listening>[1]>[0]): Promise<void> => {
    const identity = await openIdentity({ storage: rogue.hal.storage, keyStore: rogue.hal.device.keyStore, log: t.log });
    const secure = await secureServer({ stream: socket, identity, visitor: "browser" });
    secure.on("error", () => secure.destroy());
    secure.on("data", (bytes: Buffer) => {
      asked += 1;
      const nonce = /r=([^,"]+)/.exec(bytes.toString())?.[1] ?? "";
      const first = { scram: `r=${nonce}${"A".repeat(24)},s=${Buffer.alloc(16, 1).toString("base64")},i=4096` };
      const last = { fleetSecret: "AAAA", scram: `v=${Buffer.alloc(32).toString("base64")}` };
      const text = JSON.stringify(asked === 1 ? { server: "x" } : asked === 2 ? first : last);
      secure.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    });
  };
  const error = await t.throwsAsync((await contact("liar")).prove("admin", "right"), { instanceOf: SyncError });
  t.is(error?.code, "authentication-failed");
  t.is(asked, 3);
});
