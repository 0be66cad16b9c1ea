import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import { changesOf } from "./durable.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";
import { allTold, arrivesLate, lastTold } from "./told-late.ts";
import type { Tap } from "../fleet/virtual-network.ts";

/** Three parts of a snapshot. */
const LARGE = 40;
/** More parts than are sent ahead: the last of them is made when those before it have arrived. */
const LARGER = 80;
const large = (n: number, text: string) => ({ name: `${text} ${n}`, function: "copy", settings: { text: `${n}`.padEnd(15_000, "x") } });

/** What a asked for since the tape was cleared, and how it was welcomed. */
function talk(fleet: Fleet): { readonly asked: readonly string[]; readonly ways: readonly string[] } {
  const messages = fleet.wiretap.messages.map(({ from, to, message: { body } }) => ({ from, to, body }));
  return {
    asked: messages.flatMap(({ from, body }) => (from === "a" && body.kind === "pull-part" ? [body.after] : [])),
    ways: messages.flatMap(({ to, body }) => (to === "a" && body.kind === "welcome" ? [body.way.kind] : [])),
  };
}

/** a has what both backups have, and one change beyond the older one; a restore made it begin a transfer that was cut off after one part. */
async function cutOff(): Promise<{ readonly fleet: Fleet; readonly older: Uint8Array; readonly newer: Uint8Array }> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  for (let n = 1; n <= LARGE; n += 1) await fleet.at("b").edit(ALICE, "personal-button", `${n}`, large(n, "before"));
  await fleet.settle();
  const older = await fleet.backup("s");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  fleet.at("a").unplug();
  const newer = await fleet.backup("s");
  mustBeDone(await fleet.restore("s", older));
  let parts = 0;
  fleet.network.loses = ({ to, message }) => to === "a" && message.body.kind === "part" && (parts += 1) > 1;
  fleet.at("a").plug();
  await fleet.when(() => parts > 1, 60_000, "a second part");
  await fleet.advance(100);
  fleet.at("a").unplug();
  fleet.network.loses = undefined;
  return { fleet, older, newer };
}

function mustBeDone(outcome: unknown): void {
  if (outcome !== "done") throw new Error(`the backup was not restored: ${JSON.stringify(outcome)}`);
}

test("P29 what has arrived of a snapshot is of no use for another one, which begins from its start", async (t) => {
  const { fleet, older } = await cutOff();
  mustBeDone(await fleet.restore("s", older));
  for (const n of [1, LARGE]) await fleet.at("b").edit(ALICE, "personal-button", `${n}`, button(`after ${n}`));
  await fleet.advance(2_000);
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.settle();
  t.is(talk(fleet).asked[0], "");
  for (const n of [1, LARGE]) t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${n}`), button(`after ${n}`));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "2"), large(2, "before"));
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), undefined);
});

test("P29 a transfer under way is dropped when its machine can be given changes instead", async (t) => {
  const { fleet, newer } = await cutOff();
  mustBeDone(await fleet.restore("s", newer));
  await fleet.advance(2_000);
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.settle();
  t.deepEqual(talk(fleet), { asked: [], ways: ["changes"] });
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
  const generations = new Set<string>();
  for await (const [key] of fleet.at("a").moduleDisk.peek().range({ from: "c/s/", to: "c/s0" })) generations.add(key.split("/")[2] ?? "");
  t.is(generations.size, 1, "nothing of it stays on the disk");
});

test("P29 the changes after the start of a transfer are kept for its machine, however few the journal keeps", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], config: { changesKept: 1 } });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("b").startClient(fleet.at("s").address);
  fleet.network.loses = ({ to, message }) => to === "b" && message.body.kind === "part";
  fleet.wiretap.clear();
  void fleet.at("b").restartSoon();
  const parts = () => fleet.wiretap.messages.filter(({ to, message }) => to === "b" && message.body.kind === "part");
  await fleet.when(() => parts().length > 0, 20_000, "a part that is late");
  for (let n = 1; n <= 8; n += 1) {
    await fleet.at("a").edit(BOB, "personal-button", `${n}`, button(`${n}`));
    await fleet.advance(100);
  }
  fleet.network.loses = undefined;
  await arrivesLate(fleet, lastTold(fleet, "b", "part"));
  await fleet.settle();
  t.is(fleet.wiretap.messages.filter(({ from, message }) => from === "b" && message.body.kind === "hello").length, 1);
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "8"), button("8"));
  await fleet.advance(LIMITS.transferPauseMs + LIMITS.beatMs);
  for (let n = 1; n <= 8; n += 1) {
    await fleet.at("a").edit(BOB, "personal-button", "9", button(`${n}`));
    await fleet.settle();
  }
  t.is((await changesOf(fleet, "s")).length, 1, "and no longer than it wants them");
});

test("P29 machines that join after each other share a snapshot only while the changes after its start are kept", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["c"], config: { changesKept: 1 } });
  await fleet.advance(LIMITS.transferPauseMs);
  for (let n = 1; n <= 8; n += 1) {
    await fleet.at("a").edit(BOB, "personal-button", `${n}`, button(`${n}`));
    await fleet.settle();
  }
  await fleet.join("c");
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "8"), button("8"));
});

test("P29 P12 a transfer that began in another epoch is not gone on with: parts of it may show what was undone", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  // Parts from before then miss so much that they are not used, and after the restart are not even remembered.
  for (let n = 1; n <= LARGER; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n, "before"));
  await fleet.settle();
  await fleet.at("s").restart();
  await fleet.settle();
  const file = await fleet.backup("s");
  await fleet.at("b").startClient(fleet.at("s").address);
  let parts = 0;
  fleet.network.loses = ({ to, message: { body } }) =>
    to === "b" && (body.kind === "welcome" || (body.kind === "part" && (parts += 1) > 1));
  fleet.wiretap.clear();
  void fleet.at("b").restartSoon();
  await fleet.when(() => fleet.wiretap.messages.some(({ to, message }) => to === "b" && message.body.kind === "welcome"), 20_000);
  const late = lastTold(fleet, "b", "welcome");
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("undone"));
  await fleet.advance(500);
  const loses = fleet.network.loses;
  fleet.network.loses = (tap) => tap.message !== late.message && loses(tap);
  await arrivesLate(fleet, late);
  await fleet.when(() => parts > 1, 20_000, "a second part");
  fleet.at("b").unplug();
  fleet.network.loses = undefined;
  mustBeDone(await fleet.restore("s", file));
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 60_000, "a's return");
  fleet.at("b").plug();
  await fleet.advance(5_000);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), large(1, "before"));
});

test("P29 a copy is shown when it is of one moment: a part that is newer than the others waits for the changes between", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("b").startClient(fleet.at("s").address);
  // Parts that were made for it then miss so much that they are not used; and not all of the new ones are made before they are asked for.
  for (let n = 1; n <= 2 * LARGER; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n, "before"));
  await fleet.settle();
  let parts = 0;
  const isForAll = ({ to, way }: Tap) => to === "b" && way === "broadcast";
  fleet.network.loses = (tap) => isForAll(tap) || (tap.to === "b" && tap.message.body.kind === "part" && (parts += 1) > 1);
  void fleet.at("b").restartSoon();
  await fleet.when(() => parts > 1, 20_000, "a second part");
  for (const n of [1, 9]) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, button("after"));
  await fleet.advance(500);
  fleet.network.loses = isForAll;
  await arrivesLate(fleet, ...allTold(fleet, "b", "part").slice(1));
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 4_000, "a copy");
  for (const n of [1, 9]) t.deepEqual(await fleet.at("b").read(ALICE, "personal-button", `${n}`), button("after"), `${n}`);
  t.is(fleet.wiretap.messages.filter(({ from, message }) => from === "b" && message.body.kind === "hello").length, 1, "in one session");
  fleet.network.loses = undefined;
  await fleet.settle();
});

test("P29 M15 what a server made for one machine outlives its restart: the next gets the same parts, and the changes since; what is deleted does not stay there", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b", "c"] });
  for (let n = 1; n <= LARGER; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n, "before"));
  await fleet.settle();
  const partsFor = (name: string) =>
    fleet.wiretap.messages.flatMap(({ to, message: { body } }) =>
      to === name && body.kind === "part" ? [[body.after, body.revision]] : [],
    );
  const kept = async (): Promise<number> => {
    let parts = 0;
    for await (const _ of fleet.at("s").moduleDisk.peek().range({ from: "s/b", to: "s/b0", keysOnly: true })) parts += 1;
    return parts;
  };
  await fleet.join("b");
  const made = partsFor("b");
  await fleet.at("s").restart();
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("after"));
  await fleet.settle();
  await fleet.join("c");
  t.true(made.length > 3);
  t.deepEqual(partsFor("c"), made);
  t.is(await kept(), 1 + made.length);
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("after"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", `${LARGER}`), large(LARGER, "before"));
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  t.is(await kept(), 0);
  await fleet.settle();
});
