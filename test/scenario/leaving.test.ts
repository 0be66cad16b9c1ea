/** An edit leaves while its machine records it: what a kill between the two leaves behind (P6). */
import test, { type ExecutionContext } from "ava";
import { CLIENT_HISTORY } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { forgetChanges } from "../fleet/forget-changes.ts";
import { changesOf, lostAt } from "./durable.ts";
import { ALICE, button } from "./entries.ts";

const SLOW_MS = 200;

/** a has edited button 1 before, so that its run may let edits leave; its module's disk is slow from now on. */
async function author() {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  await a.edit(ALICE, "personal-button", "1", button("first"));
  await fleet.settle();
  a.moduleDisk.speed = { writeMsMin: SLOW_MS, writeMsMax: SLOW_MS, lateReads: 0 };
  a.moduleDisk.survivors = () => 0;
  return { fleet, a };
}

const valuesOf = async (fleet: Fleet, key: string) =>
  (await changesOf(fleet, "s")).flatMap(({ edits }) => edits.filter(({ edit }) => edit.key === key).map(({ edit: { value } }) => value));

/** a edits button 1 and is killed when the server has it, and its own module has not. */
async function editAndDie(t: ExecutionContext, how: "kill" | "powerOff") {
  const { fleet, a } = await author();
  void a.changeSoon(ALICE, "personal-button", "1", button("second"));
  await fleet.advance(SLOW_MS / 2);
  t.is((await valuesOf(fleet, "1")).length, 2, "the server has it while its author's module still writes");
  a[how]();
  a.moduleDisk.speed = { writeMsMin: 1, writeMsMax: 2, lateReads: 0 };
  return { fleet, a };
}

for (const how of ["kill", "powerOff"] as const) {
  test(`P6 P7 what left before it was recorded is applied once, when its machine goes on after a ${how}`, async (t) => {
    const { fleet, a } = await editAndDie(t, how);
    await a.switchOn();
    await fleet.settle();
    t.deepEqual(await valuesOf(fleet, "1"), [button("first"), button("second")]);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("second"));
    await a.edit(ALICE, "personal-button", "1", button("third"));
    await fleet.settle();
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("third"), "and what is made next is another edit");
    t.deepEqual(await lostAt(fleet, "a", CLIENT_HISTORY), []);
  });

  test(`P6 B03 what left before it was recorded keeps its name after a ${how}: what others made of it meanwhile stands, and nothing has lost`, async (t) => {
    const { fleet, a } = await editAndDie(t, how);
    await fleet.at("b").edit(ALICE, "personal-button", "1", button("b's"));
    await fleet.settle();
    // No change tells the author that its edit was taken: only its name does.
    await forgetChanges(fleet);
    await a.switchOn();
    await fleet.settle();
    t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("b's"));
    t.deepEqual(await changesOf(fleet, "s"), []);
    t.deepEqual(await lostAt(fleet, "a", CLIENT_HISTORY), []);
  });
}
