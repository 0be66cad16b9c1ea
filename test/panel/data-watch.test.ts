import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import { button, mail, PanelMachine } from "./machine.ts";

/** Counts how often the address book of `common` is read from now on. */
function countReadings(machine: PanelMachine): () => number {
  const { addressBook } = machine.hal;
  const read = addressBook.read.bind(addressBook);
  let readings = 0;
  addressBook.read = (of) => {
    if (of === COMMON) readings += 1;
    return read(of);
  };
  return () => readings;
}

test("a printer that nobody stands at reads nothing of the common lists, and keeps nothing of them", async (t) => {
  const machine = await PanelMachine.start(t);
  const readings = countReadings(machine);
  for (let number = 0; number < 5; number += 1) {
    await machine.arrives(mail("1", `k${number}`, `Name ${number}`));
    await machine.clock.advance(LIMITS.panelGatherMs);
  }
  await machine.hal.addressBook.edit([mail("1", "own", "Made here")], "import");
  await machine.quiet();
  t.is(readings(), 0);
});

test("keys that are pressed at once when somebody comes act on the lists as they are by now", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.arrives(mail("1", "k1", "Zoe"), mail("1", "k2", "Ann"));
  await machine.press("down", "up");
  await machine.clock.advance(LIMITS.autoResetMs);
  await machine.quiet();
  const readings = countReadings(machine);
  await machine.arrives(mail("1", "k3", "Bob"));
  t.is(readings(), 0, "whoever came has been away for long");
  await machine.choose("Address lists", "Address List 1 (3)");
  t.deepEqual(
    machine.lines.filter((line) => /Zoe|Ann|Bob/.test(line)).map((line) => line.slice(0, 3)),
    ["Ann", "Bob", "Zoe"],
  );
  t.is(readings(), 1);
});

test("who logs in by card, and presses on at once, finds the common lists", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [mail("1", "k1", "Zoe")] });
  await machine.logIn("alice");
  await machine.choose("Address lists");
  t.true(machine.lines.includes("Address List 1 (1)"));
  await machine.hal.users.logOut();
  await machine.clock.advance(LIMITS.autoResetMs);
  await machine.quiet();
  const readings = countReadings(machine);
  await machine.arrives(mail("1", "k2", "Ann"));
  t.is(readings(), 0, "and is gone");
});

test("M35 whoever logs in, or comes, is shown what had come from other machines and waits", async (t) => {
  const machine = await PanelMachine.start(t);
  const waiting = [button("user:alice", "1", "Newest")];
  machine.showWaiting = async () => await machine.arrives(...waiting.splice(0));
  t.deepEqual(machine.attended, []);
  const before = machine.shown.length;
  await machine.logIn("alice");
  t.deepEqual(machine.attended, [true]);
  t.is(waiting.length, 0);
  const homes = machine.shown.slice(before).filter(({ title }) => title.includes("alice"));
  t.true(homes.length > 0);
  for (const { rows } of homes)
    t.true(
      rows.some(({ text }) => text === "Newest (Copy)"),
      "and nothing older before it",
    );
  await machine.hal.users.logOut();
  waiting.push(mail("1", "k1", "Zoe"));
  await machine.clock.advance(LIMITS.autoResetMs);
  await machine.quiet();
  t.deepEqual(machine.attended, [true, false]);
  await machine.press("down", "up");
  await machine.quiet();
  await machine.choose("Address lists");
  t.true(machine.lines.includes("Address List 1 (1)"));
});

test("a store that does not answer holds the keys for as long as any answer, and no longer", async (t) => {
  const machine = await PanelMachine.start(t);
  machine.hal.addressBook.read = () => new Promise(() => undefined);
  await machine.press("down");
  t.is(machine.selected, "Log in", "the key waits");
  await machine.clock.advance(LIMITS.panelAnswerMs);
  await machine.quiet();
  t.not(machine.selected, "Log in");
});
