/** What machines have on their disks, for scenarios that look behind what people see. */
import { type Change, decodeChange } from "../../src/protocol/change.ts";
import { type HistoryPlace, type Lost, readHistory } from "../../src/store/history.ts";
import type { Fleet } from "../fleet/fleet.ts";

/** The chain hash before each change. */
const HASH_BYTES = 16;

/** The changes that the server machine `name` keeps, oldest first. */
export async function changesOf(fleet: Fleet, name: string): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const [, bytes] of fleet.at(name).moduleDisk.peek().range({ from: "s/c/", to: "s/c0" }))
    changes.push(decodeChange(bytes.subarray(HASH_BYTES)));
  return changes;
}

/** What a history of the machine `name` keeps, the oldest loss first. */
export async function lostAt(fleet: Fleet, name: string, place: HistoryPlace): Promise<Lost[]> {
  const lost: Lost[] = [];
  for await (const record of readHistory(fleet.at(name).moduleDisk.peek(), place)) lost.push(record);
  return lost;
}
