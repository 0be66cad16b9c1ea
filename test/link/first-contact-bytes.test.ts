/** What a first contact gives away by its bytes: nothing about accounts that nobody has, no nonce twice; and what it believes. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { encodeGreeting, encodeReply, FIRST_CONTACT_PATH } from "../../src/link/first-contact-message.ts";
import { openIdentity } from "../../src/link/identity.ts";
import { clientExchange } from "../../src/link/scram.ts";
import { secureServer } from "../../src/link/secure.ts";
import { SyncError } from "../../src/model/errors.ts";
import { Lan, listening, scramAccount, TestAdmission, type TestMachine } from "./lan.ts";

async function served(t: ExecutionContext): Promise<Lan> {
  const lan = new Lan();
  const server = lan.machine("server", { accounts: { admin: scramAccount("right") } });
  const link = await server.links.serve(new TestAdmission());
  t.teardown(() => link.close());
  return lan;
}

/** What the server answers to one request, as text. */
async function answerTo(t: ExecutionContext, lan: Lan, request: object, maxVersion: "TLSv1.2" | "TLSv1.3" = "TLSv1.3"): Promise<string> {
  const stream = await lan.network("asker").connect({ host: "server", port: 8443 }, new AbortController().signal);
  const socket = connect({ socket: stream, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"], maxVersion });
  t.teardown(() => socket.destroy());
  const body = JSON.stringify(request);
  socket.write(`POST ${FIRST_CONTACT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

test("an account that nobody has is answered like one that somebody has: with a salt of its own, the same each time", async (t) => {
  const lan = await served(t);
  const candidate = { device: "ab".repeat(16), serialNumber: "SN", deviceName: "printer" };
  const saltOf = async (account: string): Promise<string> => {
    const { first } = clientExchange({ account, candidate, nonce: new Uint8Array(18), binding: new Uint8Array(32) });
    return /s=([^,]+),/.exec(await answerTo(t, lan, { scram: first }))?.[1] ?? "";
  };
  const salts = [await saltOf("nobody"), await saltOf("no one"), await saltOf("admin")];
  t.deepEqual(
    salts.map((salt) => Buffer.from(salt, "base64").length),
    [16, 16, 16],
  );
  t.is(new Set(salts).size, 3);
  t.deepEqual([await saltOf("nobody")], salts.slice(0, 1));
});

test("an older TLS, whose connections may have no name that both ends know, is refused before anything is asked", async (t) => {
  t.regex(await answerTo(t, await served(t), {}, "TLSv1.2"), /^HTTP\/1.1 426 /);
});

test("no two tries begin with the same nonce, on one connection or on two", async (t) => {
  const lan = new Lan();
  const [client, server] = [lan.machine("client"), lan.machine("recorder")];
  const nonces: string[] = [];
  lan.ports.set("recorder:8443", await listening(t, (socket) => void record(t, server, socket, nonces)));
  for (let contacts = 0; contacts < 2; contacts += 1) {
    const contact = await client.links.firstContact({ host: "recorder", port: 8443 }, new AbortController().signal);
    for (let tries = 0; tries < 2; tries += 1) t.deepEqual(await contact.prove("admin", "right"), { word: "account-refused" });
    contact.close();
  }
  t.deepEqual(
    nonces.map((nonce) => nonce.length),
    [24, 24, 24, 24],
    "18 bytes each",
  );
  t.is(new Set(nonces).size, 4);
});

/** What a machine makes of a server that answers so: first to who it is, then to its account's name, then to its proof. */
async function proveTo(t: ExecutionContext, answers: readonly (readonly [status: number, answer: object])[]): Promise<string> {
  const lan = new Lan();
  const liar = lan.machine("liar");
  const identity = await openIdentity({ storage: liar.hal.storage, keyStore: liar.hal.device.keyStore, log: t.log });
  const answer = async (socket: Socket): Promise<void> => {
    const secure = await secureServer({ stream: socket, identity, visitor: "browser" });
    let asked = 0;
    secure.on("data", (bytes: Buffer) => {
      const nonce = /r=([^,"]+)/.exec(bytes.toString())?.[1] ?? "";
      const [status, said] = answers[asked] ?? [500, {}];
      asked += 1;
      const text = JSON.stringify(said).replace("NONCE", nonce);
      secure.write(`HTTP/1.1 ${status} x\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    });
  };
  lan.ports.set("liar:8443", await listening(t, (socket) => void answer(socket)));
  try {
    const contact = await lan.machine("client").links.firstContact({ host: "liar", port: 8443 }, new AbortController().signal);
    t.teardown(() => contact.close());
    const outcome = await contact.prove("admin", "right");
    return "word" in outcome ? outcome.word : "believed";
  } catch (error) {
    if (error instanceof SyncError) return error.code;
    throw error;
  }
}

test("a secret is believed of a server only in its place, and only with the proof that it knows the account", async (t) => {
  const greeting = [200, { server: "ab".repeat(16), wallMs: 0 }] as const;
  const scram = `r=NONCE${"A".repeat(24)},s=${Buffer.alloc(16, 1).toString("base64")},i=4096`;
  const first = [200, { scram }] as const;
  const secret = { fleetSecret: Buffer.alloc(32, 5).toString("base64") };
  const last = [200, { ...secret, scram: `v=${Buffer.alloc(32).toString("base64")}` }] as const;
  const told: readonly (readonly [string, readonly (readonly [number, object])[]])[] = [
    ["server-unreachable", [[404, greeting[1]]]],
    ["server-unreachable", [[200, {}]]],
    ["message-malformed", [greeting, [200, { ...secret, scram }], last]],
    ["message-malformed", [greeting, [200, secret]]],
    ["message-malformed", [greeting, [200, { differing: [] }]]],
    ["message-malformed", [greeting, [200, { differing: [], scram }], last]],
    ["message-malformed", [greeting, [404, { scram }], last]],
    ["rate-exceeded", [greeting, [429, {}]]],
    ["server-unreachable", [greeting, [503, {}]]],
    ["authentication-failed", [greeting, first, [200, secret]]],
    ["authentication-failed", [greeting, first, last]],
    ["authentication-failed", [greeting, first, [200, { ask: "password" }]]],
    ["message-malformed", [greeting, [200, { ask: "password" }], [200, { differing: [] }]]],
    ["believed", [greeting, [200, { ask: "password" }], [200, secret]]],
  ];
  for (const [outcome, answers] of told) t.is(await proveTo(t, answers), outcome, JSON.stringify(answers));
});

/** A server that refuses everybody, and keeps what they began with. */
async function record(t: ExecutionContext, { hal, links }: TestMachine, socket: Socket, nonces: string[]): Promise<void> {
  const identity = await openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: t.log });
  const server = await links.identity();
  const secure: TLSSocket = await secureServer({ stream: socket, identity, visitor: "browser" });
  secure.on("data", (bytes: Buffer) => {
    const nonce = /r=([^,"]+)/.exec(bytes.toString())?.[1];
    if (nonce !== undefined) nonces.push(nonce);
    const text = nonce === undefined ? encodeGreeting({ server, wallMs: 0 }) : encodeReply({ refusal: { word: "account-refused" } });
    secure.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  });
}
