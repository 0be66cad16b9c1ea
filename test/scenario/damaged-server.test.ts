import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";
import { Finger } from "./finger.ts";

/** A server machine that takes part; its backup is older than an edit of its own, and b has edits that nobody knows. */
async function busy() {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], serverTakesPart: true });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await b.edit(BOB, "personal-button", "x", button("x"));
  await fleet.settle();
  const file = await fleet.backup("s");
  await a.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  b.unplug();
  await s.edit(ALICE, "personal-button", "z", button("z"));
  await b.edit(BOB, ...LANGUAGE, "nl");
  await fleet.advance(2_000);
  return { fleet, s, b, file };
}

/** Switches the server machine on with this record damaged, the newest of those under the prefix, and lets everybody reach it. */
async function damaged(prefix: string) {
  const { fleet, s, b, file } = await busy();
  s.powerOff();
  const [newest = ["", undefined]] = s.moduleDisk.medium.content.descending(prefix, `${prefix}\uffff`);
  if (!s.moduleDisk.rotUnder(newest[0])) throw new Error(`there is no ${prefix}`);
  await s.switchOn();
  b.plug();
  return { fleet, s, file };
}

const OWN = new Map([
  ["s/m/", "a machine's place"],
  ["s/d/", "how far a machine's edits are decided"],
  ["s/c/", "a change that is kept for machines that come back"],
  ["s/time", "the time"],
]);

for (const [prefix, what] of OWN) {
  test(`B05 M02 a damaged record of a server machine (${what}) is put together anew: it goes on by itself, and nothing is lost`, async (t) => {
    const { fleet, s } = await damaged(prefix);
    await fleet.when(() => s.log.some(({ code }) => code === "storage-damaged"), 60_000, "it is met");
    await fleet.when(() => s.status?.server?.state === "running", 60_000, "it goes on");
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "nl");
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "z"), button("z"));
    t.deepEqual(
      s.administration.machines().map(({ deviceName, serialNumber }) => [deviceName, serialNumber]),
      ["s", "a", "b"].map((name) => [`machine ${name}`, `SN-${name}`]).sort(),
      "each has its place, and is known by its name",
    );
    await s.restart();
    await fleet.settle();
    t.is(s.status?.server?.state, "running");
  });
}

const HEART = new Map([
  ["s/meta", "the head of its journal"],
  ["s/s/e/", "an entry"],
  ["s/s/o/", "an owner"],
  ["m/fleet-secret", "the fleet's secret"],
]);

for (const [prefix, what] of HEART) {
  test(`M33 B05 a server machine of which ${what} is damaged says so and what to do, overwrites nothing, and takes up a backup`, async (t) => {
    const { fleet, s, file } = await damaged(prefix);
    if (prefix === "s/s/e/") await fleet.at("a").edit(BOB, "personal-button", "x", button("met"));
    await fleet.when(() => s.status?.server?.fault === "storage-damaged", 60_000, "it is told");
    const finger = new Finger(fleet, "s");
    await finger.toFunction("Server");
    t.regex(finger.lines.join(" "), /restore a backup of the server's data here, or let another machine become the server/);
    t.true(s.log.some(({ level, code }) => level === "Error" && code === "storage-damaged"));
    t.deepEqual(
      (await fleet.until(s.administration.attention())).filter(({ kind }) => kind === "server"),
      [{ kind: "server", state: "stopped-by-error" }],
    );
    t.is(await s.read(ALICE, ...LANGUAGE), "de", "the panel has the last known data");
    t.is(await fleet.restore("s", file), "done");
    await fleet.settle();
    t.is(s.status?.server?.state, "running");
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr", "as the backup has it");
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "nl", "what nobody had heard of arrives");
    await s.restart();
    await fleet.settle();
    t.is(s.status?.server?.state, "running");
  });
}
