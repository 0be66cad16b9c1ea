import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";
import { Finger } from "./finger.ts";

test("B01 M09 M08 with keys alone: the server is searched, what would happen is read, the client function is started, and then it is so", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await b.edit(BOB, ...LANGUAGE, "it");
  const finger = new Finger(fleet, "b");
  await finger.toFunction("Client");
  await finger.choose("Start the client", "Go on", "Search for the server");
  await finger.answered();
  await finger.choose("machine s");
  t.is(finger.lines[finger.screen.selected ?? -1], "Administrator of the server:", "what is missing now is under the finger");
  for (const text of ["Administrator", "desk"]) {
    await finger.type(text);
    await finger.press("ok");
  }
  await finger.choose("Start");
  await finger.answered();
  t.is(finger.screen.title, "Is this the server?");
  await finger.choose("Same: what would happen?");
  await finger.answered();
  t.deepEqual(finger.lines.slice(0, 4), [
    "Replaced by the server's data: 1",
    "Supplied by this machine: 1",
    "New on this machine: 0",
    "Unchanged: 0",
  ]);
  await finger.choose("Replaced by", "alice");
  await finger.answered();
  t.deepEqual(finger.lines, ["Replaced: Display language: de"]);
  await finger.press("back", "back");
  await finger.choose("Start the client");
  await finger.answered();
  t.is(finger.screen.title, "Restart the machine now?");
  await b.restart();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
});

test("B06 with keys alone: a lost server machine is replaced, and what had not been sent goes to the one that took its place", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(60_000);
  const atA = new Finger(fleet, "a");
  await atA.toFunction("Client");
  await atA.choose("Become the server", "Yes");
  await atA.answered();
  await fleet.when(() => a.status?.server?.state === "running", 60_000, "the new server");
  const atB = new Finger(fleet, "b");
  await atB.toFunction("Client");
  await atB.choose("Use another server machine");
  for (const text of [a.address, "Administrator", "desk"]) {
    await atB.type(text);
    await atB.press("ok");
  }
  await atB.choose("Start");
  await atB.answered();
  await atB.choose("Same: start");
  await atB.answered();
  t.is(atB.screen.title, "Restart the machine now?");
  await b.restart();
  await fleet.when(() => b.status?.client?.state === "synchronized" && b.status.client.pending === 0, 60_000, "b at the new server");
  await fleet.advance(10_000);
  for (const machine of [a, b]) t.is(await machine.read(ALICE, ...LANGUAGE), "de", machine.hal.device.deviceName);
});

test("B02 M15 with keys alone: what lost is put back from the panel, and a user is deleted from all machines", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  a.unplug();
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  await b.edit(ALICE, ...LANGUAGE, "it");
  a.plug();
  await fleet.settle();
  const atA = new Finger(fleet, "a");
  await atA.toFunction("Client");
  await atA.choose("History", "alice: Display language: de", "Put this back", "Yes");
  t.is(atA.lines[0], "1 entry was put back.");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  const atS = new Finger(fleet, "s");
  await atS.toFunction("Server");
  await atS.choose("Users:", "[ ] alice", "Delete User Data (1)", "Yes");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
});
