import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, address } from "./entries.ts";
import { Finger } from "./finger.ts";
import { point } from "./pointing.ts";

test("B04 every machine can say who set an entry, on which machine, when, and why it won", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const made = fleet.at("s").clock.wallMs();
  for (const name of ["s", "a", "b"]) {
    const why = await fleet.at(name).why(ALICE, ...LANGUAGE);
    t.like(
      why,
      { state: "standing", by: ALICE, deviceId: fleet.at("a").identity, deviceName: "machine a", why: "first", deleted: false },
      name,
    );
    t.true(Math.abs(Date.parse(why.at ?? "") - made) < 10_000, `${why.at} is about ${new Date(made).toISOString()}`);
    t.regex(why.text, /^set by user:alice on machine a at .*; it stands because nothing stood there before$/);
  }
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.like(await fleet.at("a").why(ALICE, ...LANGUAGE), { by: "", deviceName: "machine b", why: "seen" });
  await fleet.at("b").delete(ALICE, ...LANGUAGE);
  await fleet.settle();
  t.like(await fleet.at("a").why(ALICE, ...LANGUAGE), { deleted: true, deviceName: "machine b", why: "seen" });
});

test("B04 of an entry that a joining machine supplied, every machine says which one", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "it");
  await fleet.join("b");
  for (const name of ["s", "a", "b"]) {
    const why = await fleet.at(name).why(ALICE, ...LANGUAGE);
    t.like(why, { why: "adopted", deviceName: "machine b" }, name);
    t.regex(why.text, /^supplied on machine b at /);
  }
});

test("B04 B05 an edit that is not on the server yet says so, and what stands there below it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.advance(20_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
  const why = await fleet.at("a").why(ALICE, ...LANGUAGE);
  t.like(why, { state: "pending", deviceName: "machine a", over: { deviceName: "machine b", why: "first" } });
  t.regex(why.text, /saved here, not yet on the server machine$/);
  t.like(await fleet.at("b").why(ALICE, ...LANGUAGE), { state: "standing", deviceName: "machine b" });
});

test("B04 P2 an edit made after a power-off says that its time is only the earliest it can be", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("a").unplug();
  await fleet.advance(60_000);
  fleet.at("a").powerOff();
  await fleet.at("a").switchOn();
  await fleet.advance(3_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "es");
  fleet.at("a").plug();
  await fleet.settle();
  const why = await fleet.at("b").why(ALICE, ...LANGUAGE);
  t.false(why.certain);
  t.regex(why.text, /at or after/);
});

test("B04 what is on one machine alone says so, and of what nobody ever set nothing is known", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { scopes: { timeline: "device-specific" } } });
  await fleet.at("a").edit(ALICE, "timeline", "job", { when: 1 });
  await fleet.at("a").edit(COMMON, "common-address", "x", address("x"));
  await fleet.settle();
  t.like(await fleet.at("a").why(ALICE, "timeline", "job"), { state: "here-alone", deviceName: "machine a" });
  const unknown = { word: "nothing-kept" } as const;
  t.deepEqual(await fleet.until(fleet.at("b").administration.why(ALICE as never, "timeline", "job")), unknown);
  t.deepEqual(await fleet.until(fleet.at("b").administration.why(BOB as never, ...LANGUAGE)), unknown);
  t.like(await fleet.at("b").why(COMMON, "common-address", "x"), { state: "standing" });
});

test("B04 names of machines are known where the server is away, after a restart, and when a machine has left", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("a").stopClient();
  fleet.at("b").unplug();
  await fleet.at("b").restart();
  await fleet.advance(5_000);
  await fleet.at("s").restart();
  await fleet.when(() => fleet.at("s").status?.server?.state === "running", 60_000, "the server");
  for (const name of ["s", "b"]) t.is((await fleet.at(name).why(ALICE, ...LANGUAGE)).deviceName, "machine a", name);
});

test("B04 M26 names that a machine knows are not said to it again; a new one is", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["c"] });
  const said = (): number[] =>
    fleet.wiretap.messages.flatMap(({ to, message }) => (to === "a" && message.body.kind === "welcome" ? [message.body.names.length] : []));
  const again = async (meanwhile: () => Promise<void>): Promise<number | undefined> => {
    fleet.at("a").powerOff();
    await meanwhile();
    await fleet.at("a").restart();
    await fleet.settle();
    return said().at(-1);
  };
  // A beat has told it of the last one that came.
  await fleet.advance(5_000);
  t.is(await again(async () => undefined), 0);
  t.is(await again(() => fleet.join("c")), 4);
  t.is(await again(async () => undefined), 0);
});

test("B04 M19 what was common once says nothing of what is a machine's own since", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, "timeline", "job", { when: 1 });
  await fleet.settle();
  for (const name of ["a", "b"]) fleet.at(name).powerOff();
  await fleet.advance(30_000);
  t.is(await fleet.at("s").setSharing({ timeline: "device-specific" }), "done");
  for (const name of ["a", "b"]) await fleet.at(name).switchOn();
  await fleet.settle();
  await fleet.at("b").edit(ALICE, "timeline", "job", { when: 2 });
  await fleet.settle();
  t.like(await fleet.at("b").why(ALICE, "timeline", "job"), { state: "here-alone", deviceName: "machine b" });
});

test("B04 B06 a machine that served once and is a client now says what its server machine knows, not what it has left of its own", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.advance(20_000);
  t.is(await fleet.takeOver("a"), "done");
  await point(fleet, "b", "a");
  await fleet.settle();
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("s").status?.server?.state === "stood-down", 60_000, "stepping aside");
  await point(fleet, "s", "a");
  await fleet.settle();
  t.like(await fleet.at("s").why(ALICE, ...LANGUAGE), { state: "standing", deviceName: "machine b" });
  await fleet.at("a").deleteOwner(ALICE);
  await fleet.settle();
  for (const name of ["s", "a", "b"])
    t.deepEqual(await fleet.until(fleet.at(name).administration.why(ALICE as never, ...LANGUAGE)), { word: "nothing-kept" }, name);
});

test("B04 M07 with keys alone: whoever sees an entry at the panel reads who set it, on which machine, when, and why it stands", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, "personal-button", "plan", { name: "Plan", function: "copy" });
  await fleet.settle();
  await fleet.at("b").login(ALICE);
  const finger = new Finger(fleet, "b");
  await finger.press("home");
  await finger.choose("Plan", "Where it comes from");
  const [item, by, machine, made, ...rest] = finger.lines;
  t.deepEqual([item, by, machine], ["Personal button", "Made by: alice", "On the machine: machine a"]);
  t.regex(made ?? "", /^Made: \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  t.deepEqual(rest, ["It is on the server.", "Nothing stood there before."]);
  fleet.at("b").unplug();
  await finger.press("back");
  await finger.choose("Change");
  await finger.type("s");
  await finger.press("soft1");
  await finger.choose("Where it comes from");
  t.like(finger.lines, { 2: "On the machine: machine b", 4: "It is saved here, and not on the server yet." });
  t.regex(finger.lines.at(-1) ?? "", /^On the server stands still: alice, machine a, /);
});
