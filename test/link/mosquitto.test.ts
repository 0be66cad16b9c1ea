/** A broker of others, for real: Debian's Mosquitto, with an account and an access list for each machine. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import anyTest, { type ExecutionContext } from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { openIdentity } from "../../src/link/identity.ts";
import type { ClientLink, ServerLink } from "../../src/link/link.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { broadcastTopic, downTopic, upTopic } from "../../src/protocol/topics.ts";
import { down, linkContract, type Register, until, up } from "../contract/link.ts";
import { Lan, moment, seededRandom, TestAdmission } from "./lan.ts";
import { freePort } from "../free-port.ts";
import { freshFolder } from "../fresh-folder.ts";

const PROGRAM = ["mosquitto", "/usr/sbin/mosquitto"].find((program) => spawnSync(program, ["-h"]).error === undefined);
const test: Register = (title, body) => {
  if (PROGRAM !== undefined) anyTest(title, body);
  else anyTest.skip(`${title} (needs the program mosquitto, which is not here)`, body);
};

interface Fixture {
  readonly lan: Lan;
  readonly server: ServerLink;
  readonly client: ClientLink;
  readonly device: DeviceId;
  readonly serverId: DeviceId;
  readonly admission: TestAdmission;
  readonly port: number;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

async function fixture(t: ExecutionContext, secure = false): Promise<Fixture> {
  const lan = new Lan();
  const port = await freePort("127.0.0.1");
  lan.ports.set(`127.0.0.1:${port}`, port);
  const random = seededRandom("broker");
  const certificate = await openIdentity({ storage: new MemoryStorage(), keyStore: aesKeyStore({ key: random(32), random }), log: t.log });
  const pin = `#sha256=${new X509Certificate(certificate.certificate).fingerprint256.replaceAll(":", "")}`;
  const url = (user: string): string => `${secure ? "mqtts" : "mqtt"}://${user}:secret@127.0.0.1:${port}${secure ? pin : ""}`;
  const [serverMachine, clientMachine] = [
    lan.machine("server", { broker: url("server") }),
    lan.machine("client", { broker: url("client") }),
  ];
  const serverId = await serverMachine.links.identity();
  const device = await clientMachine.links.identity();
  const config = configure(t, { port, secure, certificate, serverId, device });
  const broker = startable(t, config, port);
  await broker.start();
  const admission = new TestAdmission();
  admission.pinned.add(device);
  const server = await serverMachine.links.serve(admission);
  const client = clientMachine.links.connect({ host: "server", port: 8443 }, serverId);
  return { lan, server, client, device, serverId, admission, port, startBroker: broker.start, stopBroker: broker.stop };
}

function configure(
  t: ExecutionContext,
  parts: { port: number; secure: boolean; certificate: { certificate: string; key: string }; serverId: DeviceId; device: DeviceId },
): string {
  const { port, secure, certificate, serverId, device } = parts;
  const dir = freshFolder(t);
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const passwords = file("passwords", "server:secret\nclient:secret\nstranger:secret\n");
  execFileSync("mosquitto_passwd", ["-U", passwords]);
  const access = file(
    "access",
    [
      "user server",
      `topic read ${upTopic(serverId, serverId).slice(0, -serverId.length)}+`,
      `topic write custom-settings-sync/${serverId}/down/+`,
      `topic write custom-settings-sync/${serverId}/all/+`,
      "user client",
      `topic write ${upTopic(serverId, device)}`,
      `topic read ${downTopic(serverId, device)}`,
      `topic read ${broadcastTopic(serverId, 1)}`,
      "",
    ].join("\n"),
  );
  const tls = secure ? [`certfile ${file("cert.pem", certificate.certificate)}`, `keyfile ${file("key.pem", certificate.key)}`] : [];
  const lines = [
    "allow_anonymous false",
    `password_file ${passwords}`,
    `acl_file ${access}`,
    `listener ${port} 127.0.0.1`,
    ...tls,
    "persistence false",
    "user root",
    "",
  ];
  for (const path of [passwords, access]) chmodSync(path, 0o600);
  return file("mosquitto.conf", lines.join("\n"));
}

function startable(t: ExecutionContext, config: string, port: number): { start(): Promise<void>; stop(): Promise<void> } {
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, "exit");
    running.kill();
    await exited;
  };
  t.teardown(stop);
  return {
    stop,
    async start() {
      child = spawn(PROGRAM ?? "", ["-c", config], { stdio: "ignore" });
      for (let tries = 0; tries < 2_000 && !(await answers(port)); tries += 1) await moment();
    },
  };
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

/** Until a message of the client is heard: the server comes to the broker by itself, whenever that is. */
async function bothThere(t: ExecutionContext, { lan, client, server, device }: Fixture): Promise<void> {
  let heard = false;
  server.onMessage(() => (heard = true));
  const step = async (): Promise<void> => {
    client.send(up(device, 0));
    await moment();
    await lan.clock.advance(1);
  };
  await until(t, step, "the server is at the broker", () => heard);
}

linkContract(test, "MQTT over Mosquitto", async (t) => {
  const all = await fixture(t);
  // Neither end waits for the other at a broker; the contract begins when both are there.
  await bothThere(t, all);
  all.client.restart();
  await until(t, moment, "down", () => all.client.state === "down");
  return {
    ...all,
    step: async () => {
      await moment();
      await all.lan.clock.advance(1);
    },
    passBackoff: () => all.lan.clock.advance(4_900),
    without: ["cut"],
  };
});

test("Mosquitto with TLS and a pinned certificate carries messages both ways", async (t) => {
  const all = await fixture(t, true);
  t.teardown(() => all.server.close());
  t.teardown(() => all.client.close());
  let got = 0;
  all.client.onMessage(() => (got += 1));
  await bothThere(t, all);
  all.server.send(all.device, down(1));
  all.server.broadcast(down(2));
  await until(t, moment, "both arrived", () => got === 2);
});

test("when Mosquitto goes away all machines are gone, and when it is back all are heard again", async (t) => {
  const all = await fixture(t);
  t.teardown(() => all.server.close());
  t.teardown(() => all.client.close());
  const gone: DeviceId[] = [];
  all.server.onGone((device) => gone.push(device));
  await bothThere(t, all);
  await all.stopBroker();
  await until(t, moment, "told at both ends", () => all.client.state === "down" && gone.length === 1);
  t.deepEqual(gone, [all.device]);
  await all.startBroker();
  await all.lan.clock.advance(LIMITS.backoffMaxMs);
  await bothThere(t, all);
});

test("a machine that is not pinned is not heard over Mosquitto, and one without rights there is not up", async (t) => {
  const all = await fixture(t);
  t.teardown(() => all.server.close());
  t.teardown(() => all.client.close());
  await bothThere(t, all);
  all.admission.pinned.clear();
  let heard = 0;
  all.server.onMessage(() => (heard += 1));
  for (let number = 0; number < 5; number += 1) all.client.send(up(all.device, number));
  for (let steps = 0; steps < 20; steps += 1) await moment();
  t.is(heard, 0);
  const link = all.lan
    .machine("x", { broker: `mqtt://client:wrong@127.0.0.1:${all.port}` })
    .links.connect({ host: "server", port: 8443 }, all.serverId);
  t.teardown(() => link.close());
  const words: string[] = [];
  link.onState((_state, why) => words.push(why === undefined ? "" : "word" in why ? why.word : why.code));
  await until(t, moment, "told", () => words.length === 1);
  t.deepEqual(words, ["authentication-failed"]);
});
