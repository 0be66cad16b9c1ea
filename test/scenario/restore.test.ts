import test, { type ExecutionContext } from "ava";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { CLIENT_HISTORY, type HistoryPlace, readHistory, SERVER_HISTORY } from "../../src/store/history.ts";
import { ALICE, BOB, button, COMMON, address, LANGUAGE } from "./entries.ts";

/** What a machine keeps of this owner that a restore undid, as "item key value". */
async function undone(machine: VirtualMachine, owner: string, place: HistoryPlace = CLIENT_HISTORY): Promise<string[]> {
  const kept: string[] = [];
  for await (const lost of readHistory(machine.moduleDisk.peek(), place))
    if (lost.owner === owner && lost.because === "restored") kept.push(`${lost.item} ${lost.key} ${JSON.stringify(lost.value)}`);
  return kept;
}

test("M33 a backup that is restored puts the server's data back: every client ends equal to it, and what it undid is in the history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(COMMON, "common-address", "x", address("kept"));
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.at("b").delete(COMMON, "common-address", "x");
  await fleet.settle();
  t.is(await fleet.restore("s", file), "done");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "x"), address("kept"));
  t.deepEqual(await undone(fleet.at("a"), ALICE), ['display-language  "de"'], "the author keeps what was undone");
  t.deepEqual(await undone(fleet.at("b"), BOB), ['display-language  "it"']);
  t.deepEqual(await undone(fleet.at("a"), BOB), [], "and nobody else");
  t.deepEqual(await undone(fleet.at("s"), ALICE, SERVER_HISTORY), ['display-language  "de"'], "the server keeps it too");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "es");
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es", "and it goes on from there");
});

test("B05 M33 what a restore undid is a thing to look at on the server machine too, also after it was restarted", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const file = await fleet.backup("s");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.restore("s", file), "done");
  await fleet.settle();
  for (const machine of [s, a]) t.is(machine.hal.panel.screen()?.status, "1 thing to look at");
  await s.restart();
  await fleet.settle();
  t.deepEqual(await fleet.until(s.administration.attention()), [{ kind: "lost", records: 1 }]);
  t.is(s.hal.panel.screen()?.status, "1 thing to look at");
  await fleet.until(s.administration.attentionSeen("lost"));
  t.is(s.hal.panel.screen()?.status, "Server running, 1 machine");
});

test("M33 P12 whichever of the clients was ahead: one was away since before the backup, one is ahead of it, one has edits that nobody has", async (t) => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", serverTakesPart: true, clients: ["a", "b", "c"] });
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    fleet.at("a").unplug();
    await fleet.at("b").edit(ALICE, "personal-button", "1", button("before"));
    await fleet.settle();
    const file = await fleet.backup("s");
    await fleet.at("b").edit(ALICE, "personal-button", "2", button("after"));
    await fleet.at("s").edit(ALICE, "personal-button", "3", button("of the server machine"));
    await fleet.settle();
    fleet.at("b").unplug();
    await fleet.at("b").edit(ALICE, "personal-button", "4", button("pending"));
    await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
    t.is(await fleet.restore("s", file), "done");
    fleet.at("a").plug();
    fleet.at("b").plug();
    await fleet.settle();
    const shown = await Promise.all(["1", "2", "3", "4"].map((key) => fleet.everywhere(ALICE, "personal-button", key)));
    t.deepEqual(shown, [button("before"), undefined, undefined, button("pending")], `seed ${seed}`);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "edits that the server never had arrive");
    t.is((await undone(fleet.at("b"), ALICE)).length, 1);
    t.is((await undone(fleet.at("s"), ALICE)).length, 1, "the server machine's own client is an author like any other");
  }
});

test("M33 P12 an edit that was made on top of what a restore undid has seen only what is left: another one that was made later wins", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  for (const language of ["de", "it", "es", "nl"]) {
    await fleet.at("a").edit(ALICE, ...LANGUAGE, language);
    await fleet.settle();
  }
  fleet.at("a").unplug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "pt");
  await fleet.advance(5_000);
  await fleet.restore("s", file);
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 60_000, "coming back");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "da");
  await fleet.advance(2_000);
  fleet.at("a").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "da");
});

test("M15 M33 a restore brings a deleted owner back, and a deletion after it takes effect everywhere", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.at("s").deleteOwner(BOB), "done");
  await fleet.settle();
  const file = await fleet.backup("s");
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  await fleet.settle();
  await fleet.restore("s", file);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "her deletion is undone");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined, "his was in the backup");
  fleet.at("b").unplug();
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
});

test("M33 P16 killed after any of its writes, a restore has happened whole or not at all", async (t) => {
  const ends = new Set<unknown>();
  for (let writes = 1; writes <= 12; writes += 1) {
    const fleet = await Fleet.start({ seed: 7, server: "s", serverTakesPart: true, clients: ["a"] });
    const s = fleet.at("s");
    // More than one chunk of the file, and more than one write of the staged state.
    const large = (n: number) => ({ name: `${n}`, function: "copy", settings: { note: "x".repeat(9_000) } });
    for (let n = 0; n < 40; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n));
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const file = await fleet.backup("s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.at("s").edit(BOB, ...LANGUAGE, "it");
    await fleet.settle();
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    void s.administration.restore(file, "secret words");
    await fleet.advance(10_000);
    s.moduleDisk.onDurable = undefined;
    await s.switchOn();
    await fleet.settle();
    const state = [await fleet.everywhere(ALICE, ...LANGUAGE), await fleet.everywhere(BOB, ...LANGUAGE)];
    const restored = state[0] === "fr";
    t.deepEqual(state, restored ? ["fr", undefined] : ["de", "it"], `killed after write ${writes}`);
    t.is((await undone(s, ALICE, SERVER_HISTORY)).length, restored ? 1 : 0);
    t.is((await undone(fleet.at("a"), ALICE)).length, restored ? 1 : 0);
    t.is((await undone(s, BOB)).length, restored ? 1 : 0, "its own client's edit is kept once");
    ends.add(restored);
  }
  t.is(ends.size, 2, "kills came before and after the step that counts");
});

test("M33 P16 killed after any of its writes while it learns of the restore, a client that was ahead keeps what was undone, once", async (t) => {
  for (let writes = 1; writes <= 10; writes += 1) {
    const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a", "b"] });
    const a = fleet.at("a");
    await a.edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const file = await fleet.backup("s");
    await a.edit(ALICE, ...LANGUAGE, "de");
    await a.edit(BOB, ...LANGUAGE, "it");
    await fleet.settle();
    let left = writes;
    a.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) a.kill();
    };
    await fleet.restore("s", file);
    await fleet.advance(10_000);
    a.moduleDisk.onDurable = undefined;
    await a.switchOn();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", `killed after write ${writes}`);
    t.deepEqual(await undone(a, ALICE), ['display-language  "de"'], `killed after write ${writes}`);
    t.deepEqual(await undone(a, BOB), ['display-language  "it"']);
  }
});

test("M33 P16 an old backup that is restored after a newer one, and on a server that never heard of the newer one's epoch", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const s = fleet.at("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const first = await fleet.backup("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const second = await fleet.backup("s");
  const image = s.moduleDisk.medium.content;
  await fleet.restore("s", second);
  await fleet.settle();
  await fleet.restore("s", second);
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", "restored twice");
  fleet.at("b").unplug();
  // The storage of before comes back, and the old backup is restored on that: its epoch has a number that was used already.
  s.powerOff();
  s.moduleDisk.medium.content = image;
  await s.switchOn();
  fleet.at("a").unplug();
  await fleet.restore("s", first);
  await fleet.advance(2_000);
  fleet.at("a").plug();
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 60_000, "a");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(2_000);
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "what was acknowledged meanwhile stays");
  t.is(fleet.wiretap.journal.fault, undefined);
});

test("M33 a server whose storage was put back behind everybody's back is noticed by the machines that are ahead: a new epoch, and the history has what it undid", async (t) => {
  for (const more of [0, 3]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    const s = fleet.at("s");
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const image = s.moduleDisk.medium.content;
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.settle();
    for (const name of ["a", "b"]) fleet.at(name).unplug();
    s.powerOff();
    s.moduleDisk.medium.content = image;
    await s.switchOn();
    // Another machine makes changes meanwhile that it takes for the next ones.
    fleet.at("b").breakDown();
    fleet.at("b").plug();
    await fleet.at("b").switchOn();
    await fleet.advance(3_000);
    await fleet.join("b");
    for (let n = 0; n < more; n += 1) {
      await fleet.at("b").edit(BOB, "personal-button", `${n}`, button(`${n}`));
      await fleet.advance(1_000);
    }
    fleet.at("a").plug();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", `${more} changes since`);
    t.deepEqual(await undone(fleet.at("a"), ALICE), ['display-language  "de"'], "it is not gone without a trace");
    t.true(s.log.some(({ level, code }) => level === "Error" && code === "epoch-begun"));
    t.is(s.status?.server?.state, "running");
  }
});

type Image = VirtualMachine["moduleDisk"]["medium"]["content"];

/**
 * What a machine edits while it is cut off comes to the server, and a restore undoes it. Gives the image of its module's disk from
 * before anybody had heard of that.
 */
async function undoneUnseen(
  t: ExecutionContext,
  { fleet, a, file }: { readonly fleet: Fleet; readonly a: VirtualMachine; readonly file: Uint8Array },
  edits: () => Promise<unknown>,
): Promise<Image> {
  a.unplug();
  await edits();
  await fleet.advance(1_000);
  const image = a.moduleDisk.medium.content;
  a.plug();
  await fleet.settle();
  t.is(await fleet.restore("s", file), "done");
  return image;
}

/** An older image of its module's disk, while it is off. */
async function putBack(fleet: Fleet, a: VirtualMachine, image: Image): Promise<void> {
  a.powerOff();
  a.moduleDisk.replace(image);
  await a.switchOn();
  await fleet.settle();
}

for (const between of ["in the same run", "in a later run"]) {
  test(`M33 P5 P10 an edit that a restore undid, pushed again from its author's older image, is neither accepted nor wins over what that made since ${between}`, async (t) => {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    const a = fleet.at("a");
    await a.edit(ALICE, ...LANGUAGE, "fr");
    await fleet.settle();
    const file = await fleet.backup("s");
    const image = await undoneUnseen(t, { fleet, a, file }, async () => {
      await a.edit(ALICE, ...LANGUAGE, "de");
      await a.edit(BOB, ...LANGUAGE, "it");
    });
    await fleet.settle();
    if (between === "in a later run") await a.restart();
    await a.edit(ALICE, ...LANGUAGE, "en");
    await fleet.settle();
    await putBack(fleet, a, image);
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "en", "its older edit does not win over its newer one");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined, "and what was undone stays so");
    const kept = (await a.history(BOB)).map(({ value, because }) => [value, because]);
    t.deepEqual(kept, [["it", "superseded"]], "but its author keeps it");
    await a.edit(BOB, ...LANGUAGE, "es");
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
  });
}

test("M33 B03 P5 an edit of a run that nobody knows, out of its author's older image, does not win over what that made since", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  // A run of which the backup tells nothing.
  await a.restart();
  await fleet.settle();
  const image = await undoneUnseen(t, { fleet, a, file }, () => a.edit(ALICE, ...LANGUAGE, "de"));
  await a.restart();
  await fleet.settle();
  await a.edit(ALICE, ...LANGUAGE, "en");
  await fleet.settle();
  await putBack(fleet, a, image);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "en", "its older edit does not win over its newer one");
  await a.edit(ALICE, ...LANGUAGE, "es");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "es", "and its next one wins as ever");
});

test("M33 a backup is restored on other hardware: it is the same fleet, and a client that is pointed there loses nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  fleet.at("s").breakDown();
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  t.is(await fleet.restore("n", file), "done", "whether the server function runs or not");
  await fleet.serve("n");
  await fleet.join("a");
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.at("a").read(BOB, ...LANGUAGE), "it");
  t.is(fleet.at("n").administration.machines().length, 1);
});

test("M33 B06 a backup is restored on a client machine while the old server machine serves on: that is told, and steps aside", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.restore("b", file), "done");
  await fleet.serve("b");
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "the old server machine steps aside");
  t.is(b.status?.server?.state, "running");
  t.is(b.status?.server?.otherServer, undefined);
  await a.startClient(b.address);
  await a.restart();
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
  t.is(await a.read(ALICE, ...LANGUAGE), "fr");
  t.deepEqual(await undone(a, ALICE), ['display-language  "de"'], "and what the restore undid is with its author");
});

test("M33 B06 the old server machine is made the server again by somebody who forgot the new one: that hears of it by its own client, and steps aside", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await fleet.restore("b", await fleet.backup("s")), "done");
  await fleet.serve("b");
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "the old server machine steps aside");
  await s.stopServer();
  t.is(await s.startServer(), "done");
  await fleet.when(() => b.status?.server?.state === "stood-down", 60_000, "the new one steps aside");
  await a.edit(ALICE, ...LANGUAGE, "it");
  await fleet.when(() => b.status?.client?.state === "synchronized", 60_000, "its client goes on");
  await fleet.advance(5_000);
  t.is(s.status?.server?.state, "running");
  t.is(await b.read(ALICE, ...LANGUAGE), "it");
});

test("M33 B06 into a server machine comes a state from before its own restore: it steps aside, and stopped and started it serves with all that was acknowledged", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const image = s.moduleDisk.medium.content;
  t.is(await fleet.restore("s", await fleet.backup("s")), "done");
  await b.edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  s.powerOff();
  s.moduleDisk.replace(image);
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "stood-down", 60_000, "it takes its own restore for another machine's");
  await fleet.when(() => a.status?.client?.reason === "stood-down", 60_000, "its clients hear of it");
  await a.edit(ALICE, ...LANGUAGE, "es");
  await s.stopServer();
  t.is(await s.startServer(), "done");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "es");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", "what it had forgotten comes back from who has it");
});

test("M33 B06 the backup of another fleet is restored by mistake, and then the right one: the other fleet's server machine is nobody's to stop", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  const [s, a, n] = [fleet.at("s"), fleet.at("a"), fleet.at("n")];
  t.is(await n.startServer(), "done");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const [own, other] = [await fleet.backup("s"), await fleet.backup("n")];
  await s.stopServer();
  t.is(await fleet.restore("s", other), "done");
  t.is(await s.startServer(), "done");
  await fleet.when(() => s.status?.server?.otherServer === n.address, 60_000, "it finds whose backup that is");
  t.is(await fleet.restore("s", own), "done");
  await fleet.when(() => a.status?.client?.state === "synchronized", 60_000, "a is let in again");
  await fleet.advance(60_000);
  t.is(s.status?.server?.otherServer, undefined);
  const things = await fleet.until(s.administration.attention());
  t.false(things.some(({ kind }) => kind === "other-server"));
  t.is(n.status?.server?.state, "running");
  t.is(await a.read(ALICE, ...LANGUAGE), "fr");
});

test("M33 the backup of another fleet does not take the place of the data of machines that have their places: it is said whose it is, until the server function is stopped", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["n"] });
  const [s, a, n] = [fleet.at("s"), fleet.at("a"), fleet.at("n")];
  t.is(await n.startServer(), "done");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const other = await fleet.backup("n");
  const refused = { word: "backup-of-another-fleet", machine: n.address, machines: ["machine a", "machine b"] } as const;
  t.deepEqual(await fleet.restore("s", other), refused);
  t.true(s.log.some(({ code }) => code === refused.word));
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.is(await fleet.restore("s", await fleet.backup("s")), "done", "one of this fleet is taken as ever");
  await s.stopServer();
  t.is(await fleet.restore("s", other), "done", "whoever stops the server function means it");
  const empty = await Fleet.start({ seed: 3, server: "t", clients: [] });
  t.is(await empty.restore("t", other), "done", "nobody but its own client has a place there");
});

test("B05 M33 a client that comes back to a restored server is not up to date before it has the server's data, not for a moment", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  a.powerOff();
  t.is(await fleet.restore("s", file), "done");
  await a.switchOn();
  const told: unknown[] = [];
  const isThere = (): boolean => {
    const { state, revision } = a.status?.client ?? {};
    if (state === "synchronized") told.push(revision);
    return told.length > 0;
  };
  await fleet.when(isThere, 60_000, "it is up to date");
  t.deepEqual(told, [s.status?.server?.revision]);
});

test("M33 B06 a backup is restored on a machine that the old server machine does not know: its administrator is told that that one still serves", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["n"] });
  const [s, n] = [fleet.at("s"), fleet.at("n")];
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await fleet.restore("n", await fleet.backup("s")), "done");
  await fleet.serve("n");
  await fleet.when(() => n.status?.server?.otherServer !== undefined, 60_000, "it finds the other one");
  t.is(n.status?.server?.otherServer, s.address);
  t.deepEqual(await fleet.until(n.administration.attention()), [{ kind: "other-server", address: s.address }]);
  t.is(n.log.filter(({ level, code }) => level === "Error" && code === "other-server").length, 1);
  await fleet.advance(60_000);
  t.is(n.log.filter(({ code }) => code === "other-server").length, 1, "it is said once");
  await s.stopServer();
  await fleet.when(() => n.status?.server?.otherServer === undefined, 60_000, "it serves no more");
  t.deepEqual(await fleet.until(n.administration.attention()), []);
  const own = await Fleet.start({ server: "s", clients: ["a"] });
  t.is(await own.restore("s", await own.backup("s")), "done");
  await own.advance(60_000);
  t.is(own.at("s").status?.server?.otherServer, undefined, "a backup of its own machine says nothing of another one");
});

test("M33 a backup that cannot be used changes nothing, and what is wrong with it is said", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["o"], clientOnly: ["o"] });
  const { administration } = fleet.at("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const changed = Uint8Array.from(file);
  changed[file.length - 40] = (changed[file.length - 40] ?? 0) ^ 1;
  const restore = (bytes: Uint8Array, passphrase: string) => fleet.until(administration.restore(bytes, passphrase));
  t.deepEqual(await restore(file, "wrong"), { word: "backup-unusable", fault: "passphrase" });
  t.deepEqual(await restore(changed, "secret words"), { word: "backup-unusable", fault: "damaged" });
  t.deepEqual(await restore(file.subarray(0, file.length - 1), "secret words"), { word: "backup-unusable", fault: "damaged" });
  t.deepEqual(await restore(new Uint8Array(0), "secret words"), { word: "backup-unusable", fault: "damaged" });
  t.deepEqual(await fleet.restore("o", file), { word: "not-a-server-model" });
  t.deepEqual(await fleet.until(fleet.at("a").administration.backup("secret words")), {
    kind: "refused",
    refusal: { word: "server-not-running" },
  });
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.false(fleet.at("s").log.some(({ text }) => text.includes("secret")));
});

test("M33 storage that is full leaves the old data whole, and the server goes on with it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  fleet.at("s").moduleDisk.failingWrites = 1;
  await t.throwsAsync(fleet.restore("s", file), { message: /no space/ });
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("B02 M33 what a backup of another fleet undid can be put back on the server machine, secrets included, one fleet after another", async (t) => {
  const files: Uint8Array[] = [];
  for (const language of ["it", "es"]) {
    const other = await Fleet.start({ seed: language.length + files.length, server: "t", clients: ["u"] });
    await other.at("u").edit(BOB, ...LANGUAGE, language);
    await other.settle();
    files.push(await other.backup("t"));
  }
  const fleet = await Fleet.start({ seed: 9, server: "s", clients: ["a"] });
  const secret = { user: "alice", password: "geheim" };
  await fleet.at("a").edit(ALICE, "keychain", "k", secret);
  await fleet.at("a").edit(ALICE, "personal-address", "p", { cn: "nas", pwd: "geheim" });
  await fleet.settle();
  for (const file of files) {
    await fleet.at("s").stopServer();
    t.is(await fleet.restore("s", file), "done");
    t.is(await fleet.at("s").startServer(), "done");
    await fleet.advance(20_000);
  }
  await fleet.at("a").stopClient();
  await fleet.join("a");
  t.is(await fleet.at("s").putBack(ALICE), 2);
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "k"), secret);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), { cn: "nas", pwd: "geheim" });
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "es");
});
