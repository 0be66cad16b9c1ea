import test from "ava";
import { LocalServerLink } from "../../src/link/local-pair.ts";
import { reconnectingLink } from "../../src/link/reconnecting-link.ts";
import { deviceId } from "../../src/model/ids.ts";
import { ManualClock, settle } from "../contract/manual-clock.ts";
import { type LinkFixture, linkContract } from "../contract/link.ts";
import { Lan, moment, seededRandom, TestAdmission } from "./lan.ts";

const BACKOFF_MS = 4_900;

const overMqtt = (kind: "sockets" | "streams") => async (): Promise<LinkFixture> => {
  const lan = new Lan(kind);
  const server = lan.machine("server");
  const client = lan.machine("client");
  const admission = new TestAdmission();
  const device = await client.links.identity();
  admission.pinned.add(device);
  return {
    device,
    server: await server.links.serve(admission),
    client: client.links.connect({ host: "server", port: 8443 }, await server.links.identity()),
    step: moment,
    passBackoff: () => lan.clock.advance(BACKOFF_MS),
  };
};

linkContract(test, "MQTT over sockets", overMqtt("sockets"));
linkContract(test, "MQTT over streams that are no sockets", overMqtt("streams"));

linkContract(test, "MQTT to the machine itself, through its port", async () => {
  const lan = new Lan();
  const machine = lan.machine("both");
  const device = await machine.links.identity();
  return {
    device,
    server: await machine.links.serve(new TestAdmission()),
    client: machine.links.connect({ host: "both", port: 8443 }, device),
    step: moment,
    passBackoff: () => lan.clock.advance(BACKOFF_MS),
  };
});

linkContract(test, "the machine's own client at localhost", async () => {
  const lan = new Lan();
  const machine = lan.machine("both");
  const device = await machine.links.identity();
  return {
    device,
    server: await machine.links.serve(new TestAdmission()),
    client: machine.links.connect({ host: "localhost", port: 8443 }, device),
    step: settle,
    passBackoff: () => lan.clock.advance(BACKOFF_MS),
  };
});

linkContract(test, "local pair", async () => {
  const clock = new ManualClock();
  const device = deviceId("a".repeat(32));
  const server = new LocalServerLink(device);
  return {
    device,
    server,
    client: reconnectingLink({ clock, random: seededRandom("pair"), dial: server.dial }),
    step: settle,
    passBackoff: () => clock.advance(BACKOFF_MS),
  };
});
