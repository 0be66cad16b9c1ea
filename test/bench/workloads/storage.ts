/** F1: bytes written to the disk. The fleet's own stores are elsewhere: what is counted is the module's alone. */
import { assert } from "../../../src/model/assert.ts";
import { type Cell, settled, sumOf } from "./cell.ts";
import { again } from "./conditioned.ts";
import type { Course } from "./course.ts";
import { editsToMake, work } from "./edits.ts";
import { coldJoin } from "./joins.ts";

/** So few that what LevelDB merges once after a start does not come in between (src/decisions/disk.md). */
const LONE_EDITS = 40;
/** So few that each has its writes for itself. */
const LONE_PER_SECOND = 8;

export async function written({ subject, sizes: { data, facts }, numbers }: Course): Promise<Cell> {
  const [author, receiver] = subject.clients;
  assert(author !== undefined && receiver !== undefined, "a fleet has two clients");
  const join = await coldJoin(subject);
  await again(subject);
  await settled(subject);
  const first = numbers(LONE_EDITS);
  const made = editsToMake({ data, first, count: LONE_EDITS });
  const { watched } = await work(subject, [{ author, made }], { perSecond: LONE_PER_SECOND }, { first, count: LONE_EDITS });
  const perEdit = (pids: readonly number[]): number => sumOf(watched.writtenBytes, pids) / LONE_EDITS;
  return {
    receiverWrittenPerEdit: perEdit([receiver.pid]),
    authorWrittenPerEdit: perEdit([author.pid]),
    serverWrittenPerEdit: perEdit(subject.serverPids),
    joinWrittenBytes: join.clientWrittenBytes ?? Number.NaN,
    joinWrittenShare: (join.clientWrittenBytes ?? Number.NaN) / facts.jsonBytes,
    foreignCpuPercent: watched.foreignCpuPercent,
  };
}
