/** A client that hears nothing, or nothing sensible, or has slept: it asks anew, and never stays in a session that is none. */
import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { Tap } from "../fleet/virtual-network.ts";
import { ALICE, LANGUAGE } from "./entries.ts";
import { arrivesLate, lastTold } from "./told-late.ts";

const said = (fleet: Fleet, from: string, kind: string): readonly Tap[] =>
  fleet.wiretap.messages.filter((tap) => tap.from === from && tap.message.body.kind === kind);

test("B07 P14 a client that hears nothing of its server for a lease connects anew, though its connection stands", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.wiretap.clear();
  fleet.network.loses = ({ way }) => way !== "up";
  await fleet.advance(LIMITS.leaseMs - LIMITS.beatMs);
  t.is(said(fleet, "a", "hello").length, 0);
  await fleet.advance(3 * LIMITS.beatMs);
  t.true(said(fleet, "a", "hello").length > 0);
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("B08 P15 what a server says that cannot be read costs a new connection, and no machine its client function", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.wiretap.clear();
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const tap = lastTold(fleet, "a", "changes");
  if (tap.way === "up" || tap.message.body.kind !== "changes") throw new Error("changes");
  const { body } = tap.message;
  const revision = body.last + 1;
  const bytes = Uint8Array.of(0, 0, 0, 2, 0xff, 0xff);
  const odd = { ...tap, message: { ...tap.message, body: { ...body, first: revision, last: revision, deflated: false, bytes } } };
  fleet.wiretap.clear();
  fleet.wiretap.looksInside = false;
  await arrivesLate(fleet, odd);
  fleet.wiretap.looksInside = true;
  await fleet.settle();
  t.is(said(fleet, "a", "hello").length, 1);
  t.deepEqual(
    fleet
      .at("a")
      .log.filter(({ level }) => level === "Error")
      .map(({ code }) => code),
    ["message-malformed"],
  );
  t.deepEqual(fleet.at("a").crashes, []);
  t.false(
    fleet.at("a").log.some(({ text }) => text.includes("starts again")),
    "the client function goes on",
  );
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("M28 M37 a client machine that wakes says hello at once, and not with its next beat", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  for (const sleptMs of [1_000, 60_000]) {
    await fleet.at("a").sleepFully();
    await fleet.advance(sleptMs);
    fleet.wiretap.clear();
    fleet.at("a").wake();
    await fleet.advance(100);
    t.is(said(fleet, "a", "hello").length, 1, `after ${sleptMs} ms`);
    await fleet.settle();
  }
});

test("M28 M30 a sleep that is called off when the machine has said that it goes: it is back within seconds", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const { power } = fleet.at("a").hal;
  const never = power.beforeSleep(async () => void power.stayUpFor("a fax", "full-sleep"), 1_000);
  await fleet.at("a").sleepFully();
  never();
  await fleet.advance(50);
  t.is(power.state, "partial-sleep");
  t.is(said(fleet, "a", "client-end").length, 1);
  fleet.wiretap.clear();
  await fleet.advance(LIMITS.sleepComesMs - LIMITS.beatMs);
  t.deepEqual(said(fleet, "a", "hello"), [], "it may still be about to sleep");
  await fleet.advance(2 * LIMITS.beatMs + 100);
  t.is(said(fleet, "a", "hello").length, 1);
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("M18 M28 what a machine last says before it sleeps is that it goes; it says nothing after that", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.wiretap.clear();
  await fleet.at("a").sleepFully();
  await fleet.advance(60_000);
  const last = fleet.wiretap.messages.filter(({ from }) => from === "a").at(-1);
  t.deepEqual(last?.message.body, { kind: "client-end", reason: "sleep" });
});
