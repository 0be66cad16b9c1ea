import test from "ava";
import { must } from "../../src/model/assert.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { encodeEdit } from "../../src/protocol/edit.ts";
import { unhex } from "../../src/protocol/writer.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { editOf, newerModule, RUN } from "./newer-module.ts";

test("P7 an edit that the server cannot read is answered as such, durably; those around it are taken", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { device, push, answers } = await newerModule(fleet, "a");
  const edit = (sequence: number, value: string) => encodeEdit(editOf(device, sequence, value));
  const unreadable = encodeCbor([unhex(device), unhex(RUN), 1_002, "robot:7", "mood", "", 0, 1, true, "", "good", undefined]);
  push(1, [edit(1_001, "de"), unreadable, edit(1_003, "fr")]);
  await fleet.when(() => answers().length > 0);
  const outcomes = answers()[0]?.answers.map(({ sequence, outcome }) => [sequence, outcome]);
  t.deepEqual(outcomes, [
    [1_001, "accepted"],
    [1_002, "edit-unreadable"],
    [1_003, "accepted"],
  ]);
  await fleet.advance(1_000);
  t.is(await fleet.at("b").read("user:alice", "display-language", ""), "fr");
  push(2, [unreadable]);
  await fleet.when(() => answers().length > 1);
  t.deepEqual(
    answers()[1]?.answers.map(({ outcome }) => outcome),
    ["edit-unreadable"],
    "answered alike when it is repeated",
  );
  t.is(fleet.at("s").log.filter(({ code }) => code === "message-malformed").length, 1, "said once, whatever is repeated");
});

test("P7 an edit without a name of its own spoils its push, and nothing else", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { push, answers } = await newerModule(fleet, "a");
  push(1, [Uint8Array.of(0x80), Uint8Array.of(0xff)]);
  await fleet.advance(5_000);
  t.is(answers().length, 0);
  await fleet.at("b").edit("user:bob", "display-language", "", "de");
  await fleet.when(() => fleet.at("s").status?.server?.users === 1 && fleet.at("b").status?.client?.pending === 0);
  t.is(fleet.at("b").status?.client?.state, "synchronized");
});

test("B03 with as many edits pending as may be, one more counts as saved: the machine's own store keeps it until there is room", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  a.unplug();
  const many = Array.from(
    { length: LIMITS.pendingMax },
    (_, index): EntryChange => ({
      owner: ownerNamed(`user:u${index % 500}`),
      item: "shortcut",
      key: `${index % 40}`,
      value: { name: `n${index}`, function: "copy" },
    }),
  );
  await a.editAll(many);
  await fleet.when(() => a.status?.client?.pending === LIMITS.pendingMax, 600_000, "all of them pending");
  const [mark] = await a.edit("user:last", "display-language", "", "de");
  t.deepEqual(await fleet.until(a.administration.recorded([must(mark, "a mark")])), [mark]);
  t.is(await a.read("user:last", "display-language", ""), "de");
});
