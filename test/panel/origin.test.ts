import test from "ava";
import type { Provenance } from "../../hal/services/provenance.ts";
import { button, mail, owner, PanelMachine } from "./machine.ts";

const AT = "2026-11-23T13:05:00.000Z";
const ON_B: Omit<Provenance, "owner" | "item" | "key"> = {
  ...{ state: "standing", deleted: false, by: "user:alice", deviceId: "b".repeat(32), deviceName: "printer-b", at: AT, certain: true },
  ...{ why: "later", revision: 7, text: "", replaced: [] },
};

async function alices(t: Parameters<typeof PanelMachine.start>[0]): Promise<PanelMachine> {
  const language = { owner: owner("user:alice"), item: "display-language", key: "", value: "en" };
  const machine = await PanelMachine.start(t, { entries: [button("user:alice", "b", "Plan"), mail("1", "u", "anna"), language] });
  await machine.logIn("alice");
  return machine;
}

test("B04 a button says on its page who set it, on which machine, when, and why it stands", async (t) => {
  const machine = await alices(t);
  machine.administration.origins = { "user:alice personal-button b": ON_B };
  await machine.choose("Plan", "Where it comes from");
  t.is(machine.screen.title, "Where it comes from");
  t.deepEqual(machine.lines, [
    "Personal button",
    "Made by: alice",
    "On the machine: printer-b",
    "Made: 2026-11-23 13:05 UTC",
    "It is on the server.",
    "It was made later than what stood there before.",
  ]);
  await machine.press("back");
  t.is(machine.lines[machine.screen.selected ?? -1], "Where it comes from", "the finger is where it was");
});

test("B04 what is not on the server yet says so, and what stands there meanwhile", async (t) => {
  const machine = await alices(t);
  const over = { ...ON_B, by: "import", deviceName: "printer-c", why: "first", revision: 3 } as const;
  const { why: _why, revision: _revision, ...mine } = ON_B;
  machine.administration.origins = { "user:alice personal-button b": { ...mine, state: "pending", certain: false, over } };
  await machine.choose("Plan", "Where it comes from");
  t.deepEqual(machine.lines.slice(3), [
    "Made: 2026-11-23 13:05 UTC or later",
    "It is saved here, and not on the server yet.",
    "On the server stands still: an import, printer-c, 2026-11-23 13:05 UTC",
  ]);
});

test("B04 destinations, settings of one's own and the language say it as well; what nobody has set says that", async (t) => {
  const machine = await alices(t);
  machine.administration.origins = { "common common-address u": ON_B };
  await machine.choose("Address lists", "Address List 1", "anna", "Where it comes from");
  t.deepEqual(machine.lines.slice(0, 3), ["Address of a common list", "Made by: alice", "On the machine: printer-b"]);
  await machine.press("settings");
  await machine.choose("Personal settings", "Accessibility", "Where it comes from");
  t.deepEqual(machine.lines, ["Accessibility", "Nobody has set this yet."]);
  await machine.press("settings");
  await machine.choose("Personal settings", "Display language");
  await machine.press("soft1");
  t.is(machine.administration.calls.at(-1), "why user:alice display-language ");
});

test("B04 nobody is told whose a shared entry is before somebody has logged in", async (t) => {
  const machine = await alices(t);
  await machine.hal.users.logOut();
  await machine.quiet();
  await machine.choose("Address lists", "Address List 1", "anna", "Where it comes from");
  t.is(machine.screen.title, "This cannot be used now");
  t.false(machine.administration.calls.some((call) => call.startsWith("why")));
});
