import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, LANGUAGE } from "./entries.ts";
import { Finger } from "./finger.ts";

/** Long enough for a function that starts again and again. */
const MANY_WRITES = 1_000;
const LONGEST_PAUSE_MS = 120_000;

test("B05 a machine whose storage is full says so itself, and not that the server cannot be reached; it goes on when there is room", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const finger = new Finger(fleet, "a");
  a.moduleDisk.failingWrites = MANY_WRITES;
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.when(() => a.status?.client?.fault === "hal-full", 10_000, "the fault is told");
  await finger.press("status");
  t.deepEqual(finger.lines, [
    "1 thing to look at",
    "Synchronize Custom Settings (Client): Stopped by an error",
    "It starts again by itself once the cause is gone.",
    "The machine's storage is full.",
    "Delete what is no longer needed, and try again.",
    "Please tell an administrator of this machine.",
  ]);
  t.deepEqual(await a.administration.attention(), [{ kind: "client", state: "offline", fault: "hal-full" }]);
  a.moduleDisk.failingWrites = 0;
  await fleet.when(() => a.status?.client?.state === "synchronized", LONGEST_PAUSE_MS, "a goes on");
  await fleet.settle();
  t.is(a.status?.client?.fault, undefined);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("B05 a server machine whose storage is full says so itself, on its own pages", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const finger = new Finger(fleet, "s");
  await finger.toFunction("Server");
  s.moduleDisk.failingWrites = MANY_WRITES;
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.when(() => s.status?.server?.fault === "hal-full", 10_000, "the fault is told");
  t.deepEqual(finger.lines.slice(0, 4), [
    "State: Stopped by an error",
    "It starts again by itself once the cause is gone.",
    "The machine's storage is full.",
    "Delete what is no longer needed, and try again.",
  ]);
  s.moduleDisk.failingWrites = 0;
  await fleet.when(() => s.status?.server?.state === "running", LONGEST_PAUSE_MS, "s goes on");
  t.is(s.status?.server?.fault, undefined);
  await fleet.when(() => a.status?.client?.pending === 0 && a.status.client.state === "synchronized", LONGEST_PAUSE_MS, "a is answered");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("B05 M04 a server machine whose port something else uses says so itself, and serves its clients and itself once it is free", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], serverTakesPart: true });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  fleet.network.portsTaken.add("s");
  await s.restart();
  await s.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit("user:bob", ...LANGUAGE, "de");
  await fleet.when(() => s.status?.server?.fault === "port-closed", 10_000, "the fault is told");
  const finger = new Finger(fleet, "s");
  const why = [
    "It starts again by itself once the cause is gone.",
    "Another program of this machine uses port 8443.",
    "Restart the machine. If it happens again, call service.",
  ];
  await finger.press("status");
  t.true(finger.lines.join("\n").includes(why.join("\n")), JSON.stringify(finger.lines));
  await finger.toFunction("Server");
  t.deepEqual(finger.lines.slice(0, 4), ["State: Stopped by an error", ...why]);
  fleet.network.portsTaken.delete("s");
  await fleet.when(() => s.status?.server?.state === "running", LONGEST_PAUSE_MS, "s serves");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere("user:bob", ...LANGUAGE), "de");
});

test("B05 M33 a server machine that has lost what it kept says so until a function is started again, and takes up its backup", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], serverTakesPart: true });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(s.status?.storageLost, undefined);
  s.powerOff();
  s.moduleDisk.wipe();
  for (let starts = 0; starts < 2; starts += 1) {
    await s.switchOn();
    await fleet.advance(5_000);
    t.is(s.status?.server, undefined, "its functions are stopped");
    t.true(s.status?.storageLost, "also after the next restart");
    t.deepEqual(await fleet.until(s.administration.attention()), [{ kind: "storage-lost" }]);
    s.powerOff();
  }
  await s.switchOn();
  const finger = new Finger(fleet, "s");
  await finger.press("status");
  t.is(finger.lines[0], "1 thing to look at");
  t.true(finger.lines.some((line) => line.startsWith("The storage was damaged.")));
  t.true(finger.lines.includes("Please tell an administrator of this machine."));
  t.is(s.log.filter(({ code }) => code === "storage-damaged").length, 1);
  t.is(await s.read(ALICE, ...LANGUAGE), "de", "the data of the users stays");
  t.is(await s.startServer(), "done");
  t.is(s.status?.storageLost, undefined);
  t.deepEqual(await fleet.until(s.administration.attention()), []);
});

test("B02 B05 a machine that lost its storage with unsent edits: what its next join replaces is in its history, and a thing to look at", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  for (const owner of [ALICE, "user:bob"]) await b.edit(owner, ...LANGUAGE, "de");
  await fleet.settle();
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  a.powerOff();
  a.moduleDisk.wipe();
  a.plug();
  await a.switchOn();
  t.is(await a.startClient(s.address), "done");
  await a.restart();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", "the server held her (M12)");
  const kept = (await fleet.until(a.administration.history())).map(({ owner, value, because }) => [owner, value, because]);
  t.deepEqual(kept, [[ALICE, "fr", "replaced-at-join"]]);
  t.deepEqual(await fleet.until(a.administration.attention()), [{ kind: "lost", records: 1 }]);
  t.is(a.hal.panel.screen()?.status, "1 thing to look at");
  await fleet.until(a.administration.attentionSeen("lost"));
  t.is(a.hal.panel.screen()?.status, "Up to date");
});

test("B05 a machine that lost its storage and is to take part no more: an administrator says so there, and nothing waits for anybody", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  a.powerOff();
  a.moduleDisk.wipe();
  await a.switchOn();
  const finger = new Finger(fleet, "a");
  await finger.press("id");
  await finger.choose("Administrator");
  await finger.type("desk");
  await finger.press("ok", "status");
  await finger.choose("Things to look at");
  await finger.answered();
  await finger.choose("Storage lost");
  await finger.choose("It takes part no more");
  await finger.answered();
  t.is(a.status?.storageLost, undefined);
  t.deepEqual(await fleet.until(a.administration.attention()), []);
  t.deepEqual(finger.lines, ["Nothing waits for anybody."]);
  await a.restart();
  t.is(a.status?.storageLost, undefined, "also after a restart");
});

test("B08 a machine whose key store has lost its key is told to start anew, goes on working, and gets what is shared by its next join", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.edit(ALICE, "keychain", "1", { user: "al", password: "open sesame" });
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  a.loseKeyStore();
  await a.switchOn();
  await a.edit("user:bob", ...LANGUAGE, "it");
  await fleet.when(() => a.status?.client?.state === "refused", 10_000, "being told");
  const things = await fleet.until(a.administration.attention());
  t.deepEqual(things, [{ kind: "client", state: "refused", refusal: { word: "not-paired" } }]);
  t.is(a.log.filter(({ code }) => code === "hal-refused").length, 0, "nothing fails again and again");
  await a.stopClient();
  await a.startClient(s.address);
  await a.restart();
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere("user:bob", ...LANGUAGE), "it");
  t.deepEqual(await a.read(ALICE, "keychain", "1"), { user: "al", password: "open sesame" });
  t.deepEqual(
    s.administration.machines().map(({ serialNumber }) => serialNumber),
    ["SN-a", "SN-b"],
    "it takes its old place",
  );
  const admitted = s.log.filter(({ code, text }) => code === "machine-registered" && text.includes("SN-a"));
  t.is(admitted.length, 2, "and the server machine's log has that somebody let it in anew");
});

test("B05 a server machine whose key store has lost its key says that a part of it does not work, and nothing about what somebody typed", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  s.loseKeyStore();
  await s.switchOn();
  await fleet.when(() => s.status?.server?.fault === "hal-refused", 10_000, "the fault is told");
  const finger = new Finger(fleet, "s");
  await finger.press("status");
  t.true(finger.lines.includes("A part of the machine does not work."), JSON.stringify(finger.lines));
  t.false(finger.lines.some((line) => /value|Back/.test(line)));
});

test("B05 while a client function waits to start again because its storage fails, it says how many edits wait here, and which", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  fleet.at("s").powerOff();
  const [mark = 0] = await a.edit(ALICE, ...LANGUAGE, "de");
  const [number = 0] = await fleet.until(a.administration.recorded([mark]));
  a.moduleDisk.failsAs = "hal-full";
  a.moduleDisk.failingWrites = 1;
  await a.edit(ALICE, "accessibility", "", { inverted: true });
  await fleet.when(() => a.status?.client?.fault === "hal-full");
  t.like(a.status?.client, { state: "offline" });
  t.true((a.status?.client?.pending ?? 0) > 0);
  const { acknowledged, pending } = a.administration.acknowledged();
  t.is(pending[0]?.number, number);
  t.is(acknowledged, number - 1);
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.deepEqual(a.administration.acknowledged().pending, []);
});
