/** P1: from a key to the screen that answers it, inside of the machine. */
import { assert } from "../../../src/model/assert.ts";
import { quantile } from "../statistics.ts";
import { SystemWatch } from "../system.ts";
import type { Cell } from "./cell.ts";
import type { Course } from "./course.ts";
import { editsToMake, work } from "./edits.ts";

const PRESSES = 200;
/** Faster than fingers, so that much is measured in a short time. */
const PAUSE_MS = 10;

export async function keyToScreen({ subject, sizes, numbers }: Course): Promise<Cell> {
  const [author, pressed] = subject.clients;
  assert(author !== undefined && pressed !== undefined, "a fleet has two clients");
  const watch = new SystemWatch([...subject.serverPids, ...subject.clients.map(({ pid }) => pid)]);
  try {
    const press = () => pressed.ask("press", { presses: PRESSES, pauseMs: PAUSE_MS });
    const idle = await press();
    const { data, edits: count, perSecond } = sizes;
    const first = numbers(count);
    const made = editsToMake({ data, first, count });
    const [busy] = await Promise.all([press(), work(subject, [{ author, made }], { perSecond }, { first, count })]);
    const { foreignCpuPercent } = watch.stop();
    await subject.prepare(pressed);
    const joining = subject.join([pressed]);
    const [joins] = await Promise.all([press(), joining]);
    return {
      idleP50Ms: quantile(idle.answeredMs, 0.5),
      idleP99Ms: quantile(idle.answeredMs, 0.99),
      editsP50Ms: quantile(busy.answeredMs, 0.5),
      editsP99Ms: quantile(busy.answeredMs, 0.99),
      joinP50Ms: quantile(joins.answeredMs, 0.5),
      joinP99Ms: quantile(joins.answeredMs, 0.99),
      foreignCpuPercent,
    };
  } finally {
    watch.stop();
  }
}
