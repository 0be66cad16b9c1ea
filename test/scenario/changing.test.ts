import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, SALES, address, button } from "./entries.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

test("M16 a change on any machine reaches all others within a second on a LAN", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  for (const name of ["a", "b", "s"]) {
    await fleet.at(name).edit(ALICE, "personal-button", name, button(name));
    await fleet.advance(1_000);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", name), button(name));
  }
  await fleet.at("a").delete(ALICE, "personal-button", "b");
  await fleet.advance(1_000);
  t.is(await fleet.everywhere(ALICE, "personal-button", "b"), undefined);
});

test("M16 one edit is one push and one change: nothing more is said", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.advance(5_000);
  const sinceMs = fleet.world.nowMs;
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(2_000);
  const said = fleet.wiretap.transcript(sinceMs);
  t.deepEqual(
    said.filter((line) => line.startsWith("a>")),
    ["a>s push"],
  );
  t.deepEqual(
    said.filter((line) => line === "s>b changes"),
    ["s>b changes"],
  );
  t.true(said.length <= 4, said.join(", "));
});

test("M20 device-specific data never leaves its machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { scopes: { timeline: "device-specific" } } });
  fleet.wiretap.canaries.add("CANARY");
  await fleet.at("a").edit(ALICE, "timeline", "t", { job: "CANARY of a" });
  await fleet.at("b").edit(ALICE, "timeline", "t", { job: "CANARY of b" });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("b").restart();
  await fleet.settle();
  t.deepEqual(fleet.wiretap.leaks, []);
  t.deepEqual(await fleet.at("a").read(ALICE, "timeline", "t"), { job: "CANARY of a" });
  t.deepEqual(await fleet.at("b").read(ALICE, "timeline", "t"), { job: "CANARY of b" });
});

test("M20 device-specific data is not offered at a join either", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], config: { scopes: { timeline: "device-specific" } } });
  fleet.wiretap.canaries.add("CANARY");
  await fleet.at("b").edit(ALICE, "timeline", "t", { job: "CANARY" });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.join("b");
  t.deepEqual(fleet.wiretap.leaks, []);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.at("a").read(ALICE, "timeline", "t"), undefined);
  t.deepEqual(await fleet.at("b").read(ALICE, "timeline", "t"), { job: "CANARY" });
});

test("M20 after a breakdown device-specific data is at its defaults, and shared data comes back from the server", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { scopes: { timeline: "device-specific" } } });
  const a = fleet.at("a");
  await a.edit(ALICE, "timeline", "t", { job: "lost" });
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  a.breakDown();
  await a.switchOn();
  t.is(await a.read(ALICE, ...LANGUAGE), undefined);
  await fleet.join("a");
  t.is(await a.read(ALICE, ...LANGUAGE), "fr");
  t.is(await a.read(ALICE, "timeline", "t"), undefined);
  t.is(fleet.at("s").administration.machines().length, 2, "the same hardware takes its old place");
});

test("M21 destinations inside default settings are not synchronised even when the item is shared", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.wiretap.canaries.add("secret-address");
  await fleet.at("a").edit(ALICE, "default-job-settings", "send", { colour: true, destinations: ["secret-address"] });
  await fleet.settle();
  t.deepEqual(fleet.wiretap.leaks, []);
  t.like(await fleet.at("b").read(ALICE, "default-job-settings", "send"), { colour: true });
  t.deepEqual(await fleet.at("a").read(ALICE, "default-job-settings", "send"), { colour: true, destinations: ["secret-address"] });
});

test("M35 a user who logs in at any machine finds the same personal data, a group's member the group's, everybody the shared buttons", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  await fleet.at("a").login(ALICE);
  await fleet.at("a").edit(ALICE, "personal-button", "x", button("mine"));
  await fleet.at("b").edit(SALES, "group-address", "g", address("shop"));
  await fleet.at("c").edit(COMMON, "shared-button", "all", button("ours"));
  await fleet.settle();
  await fleet.at("c").login(ALICE);
  t.deepEqual(fleet.at("c").hal.users.loggedIn()?.groups, [SALES as never]);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "x"), button("mine"));
  t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("shop"));
  t.deepEqual(await fleet.everywhere(COMMON, "shared-button", "all"), button("ours"));
});

test("B03 edits made while the server cannot be reached are kept and arrive later", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("a").unplug();
  for (const name of ["1", "2", "3"]) await fleet.at("a").edit(ALICE, "personal-button", name, button(name));
  await fleet.advance(HOUR_MS);
  t.is(fleet.at("a").status?.client?.pending, 3);
  fleet.at("a").kill();
  await fleet.at("a").switchOn();
  fleet.at("a").plug();
  await fleet.settle();
  for (const name of ["1", "2", "3"]) t.deepEqual(await fleet.everywhere(ALICE, "personal-button", name), button(name));
});

test("B03 P5 of two edits made without knowledge of each other the later one wins, in whatever order they arrive", async (t) => {
  for (const first of ["a", "b"]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
    const second = first === "a" ? "b" : "a";
    fleet.at("a").unplug();
    fleet.at("b").unplug();
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.advance(60_000);
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
    await fleet.advance(60_000);
    fleet.at(first).plug();
    await fleet.when(() => fleet.at(first).status?.client?.pending === 0, 60_000, "the first push");
    fleet.at(second).plug();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", `${first} arrives first`);
  }
});

test("B03 however wrong a client machine's wall clock is, the later edit wins", async (t) => {
  const clocks = { a: { offsetMs: 10 * YEAR_MS, driftPpm: 0 }, b: { offsetMs: -10 * YEAR_MS, driftPpm: 0 } };
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], clocks });
  fleet.at("a").unplug();
  fleet.at("b").unplug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(60_000);
  fleet.at("a").clock.setWall(20 * YEAR_MS);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "de");
  await fleet.advance(60_000);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
  for (const name of ["a", "b"]) fleet.at(name).plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "fr");
});

test("B03 P5 an edit wins over what its author had seen", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("b").powerOff();
  await fleet.at("b").switchOn();
  fleet.at("b").unplug();
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("B03 P1 the time of an edit is when it was made, also when the server was off", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("s").powerOff();
  await fleet.advance(10 * 60_000);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(40 * 60_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  fleet.at("a").unplug();
  await fleet.at("s").switchOn();
  await fleet.when(
    () => fleet.at("b").status?.client?.pending === 0 && fleet.at("b").status?.client?.state === "synchronized",
    120_000,
    "b's push",
  );
  fleet.at("a").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("B03 P2 an edit after a power-off is uncertain, and that alone is no reason to lose", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  fleet.at("s").powerOff();
  fleet.at("a").powerOff();
  await fleet.advance(60_000);
  await fleet.at("a").switchOn();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", "it had seen what stood");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "de");
});

test("B03 P5 edits of one machine never lose to its own earlier ones", async (t) => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b"] });
    for (let n = 1; n <= 20; n += 1) {
      await fleet.at("a").edit(ALICE, ...LANGUAGE, `x-${n}`);
      if (n % 7 === seed % 7) fleet.network.breakConnections("a");
      if (n === 10 + seed) {
        fleet.at("a").powerOff();
        await fleet.at("a").switchOn();
      }
    }
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "x-20", `seed ${seed}`);
  }
});

test("B03 P6 what people set while the module does not run is synchronised when it does", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").deactivate();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").startModule();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("P7 P8 edits made at once go in one push and become one revision", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.settle();
  const revision = fleet.at("s").status?.server?.revision ?? -1;
  await fleet.at("a").editAll(["1", "2", "3"].map((key) => ({ owner: ALICE as never, item: "personal-button", key, value: button(key) })));
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.revision, revision + 1);
});

test("P7 P10 an edit whose answer was lost is answered again and applied once", async (t) => {
  for (let delayMs = 0; delayMs <= 60; delayMs += 5) {
    const fleet = await Fleet.start({ seed: delayMs, server: "s", clients: ["a", "b"] });
    const revision = fleet.at("s").status?.server?.revision ?? -1;
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.advance(delayMs);
    fleet.network.breakConnections("a");
    await fleet.settle();
    t.is(fleet.at("s").status?.server?.revision, revision + 1, `broken ${delayMs} ms after the edit`);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  }
});

test("P9 the author never sees its own edit jump back", async (t) => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const fleet = await Fleet.start({
      seed,
      server: "s",
      clients: ["a", "b"],
      weather: { latencyMsMin: 1, latencyMsMax: 400, loss: 0, duplicates: 0.2 },
    });
    const shown: unknown[] = [];
    for (let n = 1; n <= 12; n += 1) {
      void fleet.at("a").changeSoon(ALICE, ...LANGUAGE, `a-${n}`);
      if (n % 3 === 0) void fleet.at("b").changeSoon(ALICE, ...LANGUAGE, `b-${n}`);
      for (let look = 0; look < 4; look += 1) {
        await fleet.advance(50);
        const value = await fleet.at("a").read(ALICE, ...LANGUAGE);
        if (value !== shown.at(-1)) shown.push(value);
      }
    }
    await fleet.settle();
    t.is(new Set(shown).size, shown.length, `seed ${seed}: ${JSON.stringify(shown)}`);
  }
});

test("P14 after a restart of the server every client says hello again and nothing is lost", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("s").kill();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("B03 killed after any of its writes, the author's machine still hands its edits over, once and in order", async (t) => {
  for (let writes = 1; writes <= 12; writes += 1) {
    for (const which of ["moduleDisk", "machineDisk"] as const) {
      const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a", "b"] });
      const a = fleet.at("a");
      let left = writes;
      a[which].onDurable = () => {
        left -= 1;
        if (left === 0) a.kill();
      };
      for (let n = 1; n <= 3 && a.on; n += 1) {
        void a.changeSoon(ALICE, ...LANGUAGE, `x-${n}`);
        await fleet.advance(30);
      }
      await fleet.advance(2_000);
      a[which].onDurable = undefined;
      await a.switchOn();
      const own = await a.read(ALICE, ...LANGUAGE);
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), own, `killed after write ${writes} to the ${which}`);
    }
  }
});

test("B03 killed after any of its writes, the server loses nothing that was acknowledged and applies nothing twice", async (t) => {
  for (let writes = 1; writes <= 8; writes += 1) {
    const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a", "b"] });
    const s = fleet.at("s");
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    for (let n = 1; n <= 4; n += 1) {
      await fleet.at("a").edit(ALICE, "personal-button", `${n}`, button(`${n}`));
      await fleet.advance(40);
    }
    await fleet.advance(3_000);
    s.moduleDisk.onDurable = undefined;
    await s.switchOn();
    await fleet.settle();
    for (let n = 1; n <= 4; n += 1)
      t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${n}`), button(`${n}`), `killed after write ${writes}`);
  }
});

test("P9 killed after any of its writes while it learns that its edit lost, the author's machine shows what stands", async (t) => {
  for (let writes = 1; writes <= 6; writes += 1) {
    for (let seed = 1; seed <= 4; seed += 1) {
      const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b"] });
      const a = fleet.at("a");
      // What a says is held back, while it hears of b's later edit and shows that it has.
      fleet.network.cut("a", "s");
      await a.edit(ALICE, ...LANGUAGE, "fr");
      await fleet.advance(500);
      await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
      await fleet.advance(3_000);
      let left = writes;
      a.moduleDisk.onDurable = () => {
        left -= 1;
        if (left === 0) a.kill();
      };
      fleet.network.heal("a", "s");
      await fleet.advance(20_000);
      a.moduleDisk.onDurable = undefined;
      await a.switchOn();
      await fleet.settle();
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", `killed after write ${writes}, seed ${seed}`);
      t.is(fleet.wiretap.journal.fault, undefined);
    }
  }
});
