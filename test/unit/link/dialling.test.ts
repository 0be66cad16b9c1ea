/** What a machine that dials believes: topics, WebSocket messages and TLS handshakes that are not what they should be. */
import { EventEmitter, once } from "node:events";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, createServer, type Server } from "node:tls";
import test from "ava";
import type { WebSocket } from "ws";
import { aesKeyStore } from "../../../hal/parts/aes-key-store.ts";
import type { Write } from "../../../hal/storage.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { clientTopics } from "../../../src/link/dial-machine.ts";
import { forgetIdentity, type Identity, openIdentity } from "../../../src/link/identity.ts";
import { IdleServers, peerOf, secureClient, secureServer, type Visitor } from "../../../src/link/secure.ts";
import { websocketStream } from "../../../src/link/websocket-stream.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeDown } from "../../../src/protocol/codec.ts";
import { OWN_TOPICS, topicsOfAll } from "../../../src/protocol/topics.ts";
import { down } from "../../contract/link.ts";
import { settle } from "../../contract/manual-clock.ts";
import { seededRandom } from "../../link/lan.ts";

const random = seededRandom("dialling");
const identityOf = () =>
  openIdentity({ storage: new MemoryStorage(), keyStore: aesKeyStore({ key: random(32), random }), log: () => undefined });

test("B08 a message on a topic that was not asked for is not read, whatever it says", (t) => {
  const heard: number[] = [];
  const { onMessage } = clientTopics(OWN_TOPICS, ({ envelope }) => heard.push(envelope.counter));
  onMessage(OWN_TOPICS.down, encodeDown(down(1)));
  for (const topic of topicsOfAll(OWN_TOPICS)) onMessage(topic, encodeDown(down(2)));
  for (const topic of [OWN_TOPICS.up, "", "x", `${OWN_TOPICS.down}x`])
    t.throws(() => onMessage(topic, encodeDown(down(3))), { instanceOf: SyncError, code: "message-malformed" }, topic);
  t.deepEqual([...new Set(heard)], [1, 2]);
});

/** A WebSocket that only says what a test says, and keeps what it is given. */
class Socket extends EventEmitter {
  readonly sent: number[] = [];
  readonly did: string[] = [];
  send(bytes: Uint8Array, done: (error?: Error) => void): void {
    this.sent.push(bytes.length);
    done();
  }
  pause = (): void => void this.did.push("pause");
  resume = (): void => undefined;
  close = (): void => void this.did.push("close");
  terminate = (): void => void this.did.push("terminate");
}

test("B08 a text message, where bytes are due, ends the WebSocket and is not read", async (t) => {
  const socket = new Socket();
  const stream = websocketStream(socket as unknown as WebSocket);
  const heard: Buffer[] = [];
  const faults: Error[] = [];
  stream.on("data", (bytes: Buffer) => heard.push(bytes));
  stream.on("error", (error) => faults.push(error));
  socket.emit("message", Buffer.from("ab"), true);
  socket.emit("message", Buffer.from("cd"), false);
  await settle();
  t.is(Buffer.concat(heard).toString(), "ab");
  t.regex(faults.map(({ message }) => message).join(), /a text message where MQTT is spoken/);
  t.deepEqual(socket.did, ["terminate"]);
});

test("B08 what is written is cut into messages as large as the other end takes, to the last byte", async (t) => {
  const max = LIMITS.webSocketMessageBytes;
  for (const [bytes, cut] of [
    [max, [max]],
    [max + 1, [max, 1]],
    [2 * max + 7, [max, max, 7]],
  ] as const) {
    const socket = new Socket();
    websocketStream(socket as unknown as WebSocket).write(Buffer.alloc(bytes));
    await settle();
    t.deepEqual(socket.sent, cut);
  }
});

test("B08 a handshake that is called off, or whose other end goes away, ends at once and leaves no connection", async (t) => {
  const client = (stream: ReturnType<typeof streamPair>[0], signal: AbortSignal) =>
    secureClient({ stream, signal, identity: undefined, protocols: ["http/1.1"], authorityName: undefined });
  const calledOff = new AbortController();
  const [amid] = streamPair();
  const shaking = client(amid, calledOff.signal);
  await settle();
  calledOff.abort();
  await t.throwsAsync(shaking, { instanceOf: SyncError, code: "server-unreachable" });
  const [late] = streamPair();
  await t.throwsAsync(client(late, calledOff.signal), { instanceOf: SyncError, code: "server-unreachable" });
  t.deepEqual([amid.destroyed, late.destroyed], [true, true]);
  const identity = await identityOf();
  const [near, far] = streamPair();
  const waiting = secureServer({ stream: near, identity, visitor: "machine" });
  await settle();
  far.destroy();
  await t.throwsAsync(waiting, { instanceOf: SyncError, code: "link-lost" });
  await t.throwsAsync(secureServer({ stream: near, identity, visitor: "machine" }), { instanceOf: SyncError, code: "link-lost" });
});

test("B08 a certificate that no authority has signed is not taken where one has to have", async (t) => {
  const identity = await identityOf();
  const [near, far] = streamPair();
  const serving = secureServer({ stream: far, identity, visitor: "browser" });
  serving.catch(() => undefined);
  const { signal } = new AbortController();
  const dialling = secureClient({ stream: near, signal, identity: undefined, protocols: ["http/1.1"], authorityName: "broker.example" });
  await t.throwsAsync(dialling, { instanceOf: SyncError, code: "server-unreachable" });
});

/** A visitor, by a server that may be one of those that had visitors before; `session`: what it would go on with. */
async function visiting(idle: IdleServers, { identity, visitor = "machine" as Visitor, ...options }: Visiting) {
  const [near, far] = streamPair();
  const socket = connect({ socket: near, rejectUnauthorized: false, ALPNProtocols: ["mqtt-direct", "http/1.1"], ...options });
  const sessions: Buffer[] = [];
  socket.on("session", (session) => sessions.push(session));
  const served = await secureServer({ stream: far, identity, visitor, idle });
  const device = peerOf(served);
  served.write("!");
  await once(socket, "readable");
  const isResumed = socket.isSessionReused() || served.isSessionReused();
  socket.destroy();
  return { device, isResumed, session: sessions[0] };
}

interface Visiting extends Pick<ConnectionOptions, "cert" | "key" | "session" | "maxVersion"> {
  readonly identity: Identity;
  readonly visitor?: Visitor;
}

test("B08 a TLS server that had a visitor knows the next one for what it is, and resumes nothing", async (t) => {
  const [identity, one, other] = [await identityOf(), await identityOf(), await identityOf()];
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const idle = new IdleServers();
    const first = await visiting(idle, { identity, maxVersion, cert: one.certificate, key: one.key });
    const server = idle.take("machine");
    t.truthy(server);
    t.is(idle.take("machine"), undefined);
    idle.give("machine", server as Server);
    const second = await visiting(idle, { identity, maxVersion, cert: other.certificate, key: other.key, session: first.session });
    t.deepEqual([first.device, second.device], [one.device, other.device]);
    t.truthy(first.session, "there is one to go on with");
    t.false(second.isResumed);
    t.is(idle.take("machine"), server, "it was the same");
    const page = await visiting(idle, { identity, visitor: "browser", maxVersion, cert: one.certificate, key: one.key });
    t.is(page.device, undefined, "a browser is not asked who it is");
  }
});

test("B08 a TLS server whose handshake failed has no other", async (t) => {
  const [identity, idle] = [await identityOf(), new IdleServers()];
  for (const end of [(far: Duplex) => void far.write("no TLS at all\n"), (far: Duplex) => void far.destroy()]) {
    const [near, far] = streamPair();
    const shaking = secureServer({ stream: near, identity, visitor: "machine", idle });
    end(far);
    await t.throwsAsync(shaking, { instanceOf: SyncError, code: "link-lost" });
    t.is(idle.take("machine"), undefined);
  }
});

test("B08 a handshake that fails at a server that had a visitor before ends nothing of that one's", async (t) => {
  const [identity, idle] = [await identityOf(), new IdleServers()];
  const [near, far] = streamPair();
  const visitor = connect({ socket: far, rejectUnauthorized: false, ALPNProtocols: ["mqtt-direct"] });
  visitor.on("error", () => undefined);
  const socket = await secureServer({ stream: near, identity, visitor: "machine", idle });
  const [next, nobody] = streamPair();
  const failing = secureServer({ stream: next, identity, visitor: "machine", idle });
  nobody.write("no TLS at all\n");
  await t.throwsAsync(failing, { instanceOf: SyncError, code: "link-lost" });
  await settle();
  t.deepEqual([near.destroyed, socket.destroyed], [false, false]);
  visitor.destroy();
  socket.destroy();
});

test("so many TLS servers are kept and no more", (t) => {
  const idle = new IdleServers();
  for (let count = 0; count < LIMITS.idleServersMax + 3; count += 1) idle.give("browser", createServer());
  for (let count = 0; count < LIMITS.idleServersMax; count += 1) t.truthy(idle.take("browser"));
  t.is(idle.take("browser"), undefined);
});

test("P14 a key that does not belong to the certificate beside it is none: the machine becomes a new one", async (t) => {
  const keyStore = aesKeyStore({ key: random(32), random });
  const [own, other] = [new MemoryStorage(), new MemoryStorage()];
  const said: string[] = [];
  const open = (storage: MemoryStorage) => openIdentity({ storage, keyStore, log: (text) => said.push(text) });
  const before = await open(own);
  await open(other);
  const key = await other.get("link/key");
  await own.write([{ key: "link/key", value: key }]);
  t.is((await open(own)).device, before.device, "there is a second place");
  await own.write(["link/key", "link/again/key"].map((place) => ({ key: place, value: key })));
  const after = await open(own);
  t.not(after.device, before.device);
  t.is(said.length, 1);
  t.is((await open(own)).device, after.device);
});

/** Records in it may be damaged, until they are written anew. */
class RottingStorage extends MemoryStorage {
  readonly damaged = new Set<string>();
  isFull = false;

  override async get(key: string): Promise<Uint8Array | undefined> {
    if (this.damaged.has(key)) throw new SyncError("storage-damaged", key);
    return await super.get(key);
  }

  override async write(batch: readonly Write[]): Promise<void> {
    if (this.isFull) throw new SyncError("hal-full", "no space left");
    for (const { key } of batch) this.damaged.delete(key);
    await super.write(batch);
  }
}

test("B05 B08 the records of a machine's own key stand in two places: where one is damaged it stays who it is, and both are there again", async (t) => {
  const keyStore = aesKeyStore({ key: random(32), random });
  const storage = new RottingStorage();
  const said: string[] = [];
  const open = () => openIdentity({ storage, keyStore, log: (text) => said.push(text) });
  const { device } = await open();
  for (const record of ["link/certificate", "link/again/key", "link/key", "link/again/certificate"]) {
    storage.damaged.add(record);
    t.is((await open()).device, device, record);
    t.deepEqual([...storage.damaged], [], "it is written anew");
  }
  await storage.write(["certificate", "key"].map((record) => ({ key: `link/again/${record}`, value: undefined })));
  t.is((await open()).device, device, "of a module of before");
  storage.damaged.add("link/key");
  storage.isFull = true;
  t.is((await open()).device, device, "a full medium stops nothing");
  storage.isFull = false;
  t.is((await open()).device, device, "has a second place from its next start on");
  t.deepEqual(said, []);
  for (const record of ["link/certificate", "link/again/key"]) storage.damaged.add(record);
  t.not((await open()).device, device, "neither place is whole");
  t.is(said.length, 1);
  await forgetIdentity(storage);
  t.deepEqual([...storage.medium.content.ascending("link/", "link0")], []);
});
