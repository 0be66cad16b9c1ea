import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { Room } from "../../../src/roles/server/room.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { PlainRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";

const shortcut = (key: string, value: string | undefined): Accepted => ({
  id: { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence: 1 },
  owner: must(userOwner("alice"), "an owner"),
  item: "shortcut",
  key,
  value,
  seen: 0,
  stamp: 1,
  certain: true,
  by: "",
  why: "first",
});

/** Room for one shortcut, and one that stands. */
async function fullRoom(storage = new MemoryStorage()): Promise<{ view: StateView; room: Room; stands: Accepted }> {
  const stands = shortcut("stands", "x");
  await storage.write([{ key: `s/${entryKey(stands)}`, value: packEntry(1, encodeAccepted(stands)) }]);
  const view = new StateView(new PlainRecords(storage, "s/"));
  const config = { ...DEFAULT_CONFIG, capacities: { shortcut: 1 } };
  return { view, room: new Room(view, { config, owners: await OwnerTable.open(view) }), stands };
}

test("looking takes no room; what was taken does, and what was deleted gives it back", async (t) => {
  const { room } = await fullRoom();
  t.deepEqual(await room.look(shortcut("more", "y")), { kind: "refused", refusal: { word: "too-many-entries", entriesMax: 1 } });
  t.is((await room.look(shortcut("stands", "changed"))).kind, "admitted");
  const deletion = await room.look(shortcut("stands", undefined));
  t.is((await room.look(shortcut("more", "y"))).kind, "refused", "it was only looked at");
  if (deletion.kind === "admitted") room.take(deletion);
  const more = await room.look(shortcut("more", "y"));
  if (more.kind === "refused") return t.fail("refused");
  room.take(more);
  t.is((await room.look(shortcut("third", "z"))).kind, "refused");
});

test("a list is read when something is added to it, not when what stands in it changes or goes", async (t) => {
  const storage = new MemoryStorage();
  let listsRead = 0;
  const { room } = await fullRoom(storage);
  const range = storage.range.bind(storage);
  storage.range = (options) => {
    listsRead += 1;
    return range(options);
  };
  for (const value of ["changed", "again", undefined]) {
    const admitted = await room.look(shortcut("stands", value));
    if (admitted.kind === "refused") return t.fail("refused");
    room.take(admitted);
  }
  t.is(listsRead, 0);
  t.is((await room.look(shortcut("stands", "anew"))).kind, "admitted", "what was deleted before the list was read has left room");
  t.is(listsRead, 1);
});
