import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const CAROL = "user:carol";

test("P9 what a server itself wrote is no edit of its machine's own client, whose pending edit of the entry stays", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  const s = fleet.at("s");
  for (let n = 1; n <= LIMITS.timelineMax; n += 1) await fleet.at("a").edit(ALICE, "timeline", `${n}`, { job: n });
  await fleet.settle();
  // The own client pauses, and the server goes on.
  await s.deactivate();
  const running = s.hal.restrictions.beginImportExport();
  if (running === "locked") return t.fail("a stopped module leaves import and export locked");
  await s.startModule();
  await fleet.advance(10_000);
  // The timeline is full: the server drops its oldest entry, in the name of its machine.
  await fleet.at("a").edit(ALICE, "timeline", "new", { job: 11 });
  await fleet.advance(1_000);
  t.is(await fleet.at("a").read(ALICE, "timeline", "1"), undefined);
  await s.edit(ALICE, "timeline", "1", { job: "again" });
  await fleet.advance(1_000);
  running.end();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "timeline", "1"), { job: "again" }, "it was made later than the server's");
});

test("P19 M12 an owner who found no room, and whom another machine supplies then, is the server's at once", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"], config: { usersMax: 2 } });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  s.chooseMaxUsersPolicy("discard-new");
  for (const user of [ALICE, BOB]) await a.edit(user, ...LANGUAGE, "fr");
  await b.edit(CAROL, ...LANGUAGE, "nl");
  await fleet.settle();
  await b.startClient(s.address);
  await b.restart();
  await fleet.advance(10_000);
  t.is(await b.read(CAROL, ...LANGUAGE), "nl", "there are two users already");
  t.is(await s.deleteOwner(BOB), "done");
  await a.edit(CAROL, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  t.is(await b.read(CAROL, ...LANGUAGE), "de", "before its next hello");
  t.deepEqual(
    (await b.history(CAROL)).map(({ value, because }) => [value, because]),
    [["nl", "owner-held"]],
  );
});

test("P19 B02 edits of an owner on offer whom another machine supplied are in the history one by one, with who made them", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await b.edit(BOB, "personal-button", "x", button("1"));
  await b.startClient(s.address);
  fleet.network.loses = ({ message }) => message.body.kind === "offer";
  void b.restartSoon();
  await fleet.when(() => fleet.wiretap.messages.some(({ message: { body } }) => body.kind === "offer"), 20_000, "an offer");
  await b.login(BOB);
  await b.edit(BOB, "personal-button", "x", button("2"));
  await b.edit(BOB, "personal-button", "x", button("3"));
  await a.edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(1_000);
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, "personal-button", "x"), undefined);
  const edits = (await b.history(BOB)).filter(({ by }) => by === BOB);
  t.deepEqual(
    edits.map(({ value, because }) => [value, because]),
    [
      [button("3"), "owner-held"],
      [button("2"), "owner-held"],
    ],
  );
});
