/** The server machine at a broker of others: whom it hears and answers, what it does when the broker goes, and which broker it believes. */
import type { Duplex } from "node:stream";
import test from "ava";
import { generate, type Packet, parser } from "mqtt-packet";
import { aesKeyStore } from "../../../hal/parts/aes-key-store.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { streamPair } from "../../../hal/sim/stream-pair.ts";
import { parseBrokerAddress } from "../../../src/link/broker-address.ts";
import { brokerServerLink } from "../../../src/link/external-broker.ts";
import { openIdentity } from "../../../src/link/identity.ts";
import { secureServer } from "../../../src/link/secure.ts";
import { type DeviceId, deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeUp } from "../../../src/protocol/codec.ts";
import { downTopic, upTopic } from "../../../src/protocol/topics.ts";
import { down, up } from "../../contract/link.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { seededRandom } from "../../link/lan.ts";

const [SERVER, A, B, STRANGER] = [deviceId("9".repeat(32)), deviceId("a".repeat(32)), deviceId("b".repeat(32)), deviceId("e".repeat(32))];
const random = seededRandom("broker");
const identityOf = (seed: string) =>
  openIdentity({ storage: new MemoryStorage(), keyStore: aesKeyStore({ key: seededRandom(seed)(32), random }), log: () => undefined });

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await settle();
};

/** A broker that grants everything and answers nothing but what it must; `far` is its end of the last connection. */
class FakeBroker {
  readonly published: string[] = [];
  connections = 0;
  letsGo = true;
  #far: Duplex | undefined;

  take(far: Duplex): void {
    this.connections += 1;
    this.#far = far;
    const packets = parser();
    packets.on("packet", (packet: Packet) => this.#heard(packet));
    far.on("data", (bytes: Buffer) => packets.parse(bytes));
    far.on("error", () => undefined);
  }

  #heard(packet: Packet): void {
    if (packet.cmd === "connect") this.#say({ cmd: "connack", returnCode: 0, sessionPresent: false });
    if (packet.cmd === "subscribe") this.#say({ cmd: "suback", messageId: packet.messageId ?? 0, granted: [1] });
    if (packet.cmd === "disconnect" && this.letsGo) this.#far?.destroy();
    if (packet.cmd !== "publish") return;
    this.published.push(packet.topic);
    this.#say({ cmd: "puback", messageId: packet.messageId ?? 0 });
  }

  #say(packet: Packet): void {
    this.#far?.write(generate(packet));
  }

  /** Carries what a machine says. */
  async carry(from: string, payload: Uint8Array): Promise<void> {
    const topic = upTopic(SERVER, from as DeviceId);
    this.#say({ cmd: "publish", topic, payload: Buffer.from(payload), qos: 0, dup: false, retain: false });
    await turns();
  }

  get isConnected(): boolean {
    return this.#far?.destroyed === false;
  }

  async goAway(): Promise<void> {
    this.#far?.destroy();
    await turns();
  }
}

async function atBroker() {
  const clock = new ManualClock();
  const broker = new FakeBroker();
  let isAway = false;
  const tried: number[] = [];
  const connect = async (): Promise<Duplex> => {
    const [near, far] = streamPair();
    tried.push(clock.monotonicMs());
    if (isAway) near.destroy();
    else broker.take(far);
    return near;
  };
  const network = { proxy: () => ({ proxy: undefined }), connect } as never;
  const log: string[] = [];
  const own = await identityOf("server");
  const link = brokerServerLink({
    hal: { clock, network },
    broker: parseBrokerAddress("mqtt://server:secret@127.0.0.1"),
    identity: async () => own,
    random,
    server: SERVER,
    isWelcome: (device) => device !== STRANGER,
    log: (text) => log.push(text),
  });
  const heard: string[] = [];
  const gone: DeviceId[] = [];
  link.onMessage((from, { envelope }) => heard.push(`${from.slice(0, 1)} ${envelope.counter}`));
  link.onGone((device) => gone.push(device));
  await turns();
  const setAway = (away: boolean): void => {
    isAway = away;
  };
  return { clock, broker, link, log, heard, gone, tried, setAway };
}

test("B08 a machine is answered once it was heard, and no more after it was put out, until it is heard again", async (t) => {
  const { broker, link, heard } = await atBroker();
  t.teardown(() => link.close());
  link.send(A, down(1));
  link.broadcast(down(1));
  await turns();
  t.deepEqual(broker.published, [], "nobody was heard");
  await broker.carry(A, encodeUp(up(A, 1)));
  for (const to of [A, B]) link.send(to, down(2));
  await turns();
  t.deepEqual(broker.published.splice(0), [downTopic(SERVER, A)]);
  link.cut(A);
  link.send(A, down(3));
  await turns();
  t.deepEqual(broker.published, []);
  await broker.carry(A, encodeUp(up(A, 2)));
  link.send(A, down(4));
  await turns();
  t.deepEqual(broker.published, [downTopic(SERVER, A)]);
  t.deepEqual(heard, ["a 1", "a 2"]);
});

test("B08 one machine's nonsense is told and ends nothing; who is not welcome, or is no machine, is not heard", async (t) => {
  const { broker, link, log, heard } = await atBroker();
  t.teardown(() => link.close());
  await broker.carry(A, Uint8Array.of(0xff, 0xff));
  t.regex(log.join(), /^Machine a{32}: message refused/);
  await broker.carry(STRANGER, encodeUp(up(STRANGER, 1)));
  await broker.carry("nobody", encodeUp(up(A, 1)));
  await broker.carry(B, encodeUp(up(B, 1)));
  t.deepEqual(heard, ["b 1"]);
  t.deepEqual([broker.connections, log.length], [1, 1]);
});

test("B05 when the broker goes, all who were heard are gone, and nobody is answered before being heard again", async (t) => {
  const { clock, broker, link, gone } = await atBroker();
  t.teardown(() => link.close());
  await broker.carry(A, encodeUp(up(A, 1)));
  await broker.carry(B, encodeUp(up(B, 1)));
  await broker.goAway();
  t.deepEqual(gone, [A, B]);
  await clock.advance(LIMITS.backoffMaxMs);
  await turns();
  t.is(broker.connections, 2);
  link.send(A, down(1));
  await turns();
  t.deepEqual(broker.published, []);
  await broker.goAway();
  t.deepEqual(gone, [A, B], "who was not heard since is not gone again");
});

test("B05 a broker that is away is tried ever more slowly; one that was there is tried again soon", async (t) => {
  const { clock, broker, link, tried, setAway } = await atBroker();
  t.teardown(() => link.close());
  const nextAfter = async (): Promise<number> => {
    const [tries, sinceMs] = [tried.length, clock.monotonicMs()];
    for (let step = 0; step < 2_000 && tried.length === tries; step += 1) {
      await clock.advance(100);
      await turns();
    }
    return (tried.at(-1) ?? 0) - sinceMs;
  };
  setAway(true);
  await broker.goAway();
  let last = 0;
  for (let tries = 0; tries < 6; tries += 1) last = await nextAfter();
  t.true(last > 4 * LIMITS.backoffFirstMs, `${last}`);
  setAway(false);
  await nextAfter();
  await broker.goAway();
  t.true((await nextAfter()) <= 2 * LIMITS.backoffFirstMs);
});

test("B05 a server machine that leaves its broker waits for it so long, and ends the connection itself then", async (t) => {
  const { clock, broker, link } = await atBroker();
  broker.letsGo = false;
  const closing = link.close();
  await turns();
  t.true(broker.isConnected);
  await clock.advance(LIMITS.closeMs);
  await closing;
  await turns();
  t.false(broker.isConnected);
});

test("B08 a broker with another certificate than the one in its address, or with none of an authority, hears nothing", async (t) => {
  const [own, wrong] = [await identityOf("server"), await identityOf("another")];
  for (const pin of [`#sha256=${"0".repeat(64)}`, ""]) {
    const clock = new ManualClock();
    const heard: Buffer[] = [];
    let shaken: Promise<unknown> = Promise.resolve();
    const connect = async (): Promise<Duplex> => {
      const [near, far] = streamPair();
      shaken = secureServer({ stream: far, identity: wrong, visitor: "browser" }).then(
        (socket) => new Promise((resolve) => socket.on("data", (bytes: Buffer) => heard.push(bytes)).once("close", resolve)),
        () => undefined,
      );
      return near;
    };
    const network = { proxy: () => ({ proxy: undefined }), connect } as never;
    const log: string[] = [];
    const link = brokerServerLink({
      hal: { clock, network },
      broker: parseBrokerAddress(`mqtts://server:secret@127.0.0.1${pin}`),
      identity: async () => own,
      random,
      server: SERVER,
      isWelcome: () => true,
      log: (text) => log.push(text),
    });
    await turns();
    await shaken;
    await turns();
    t.deepEqual(heard, [], pin);
    t.regex(log.join(), pin === "" ? /TLS handshake failed/ : /another certificate than the one in its address/);
    await link.close();
  }
});
