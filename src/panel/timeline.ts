/**
 * The timeline: the ten newest settings that were used, each of them once. What was used again unchanged moves up; with a
 * change it is new. So a key is made of function and settings, the same on every machine, and two machines that use the same
 * at once write the same entry. Who comes first is counted in turns and not by the date: clocks of printers differ.
 */
import { createHash } from "node:crypto";
import type { Entry, EntryChange } from "../model/entry.ts";
import type { JobName } from "../model/job.ts";
import type { Owner } from "../model/owner.ts";
import { isFields, type Fields, type Value } from "../model/value.ts";

/** 0 for an entry that says nothing of it. */
export function turnOf(value: Value): number {
  const turn = isFields(value) ? value.turn : undefined;
  return typeof turn === "number" && Number.isFinite(turn) ? turn : 0;
}

/** What a job that was begun leaves behind: it is the newest of the timeline, and its settings are the previous ones. */
export function afterUse(entries: readonly Entry[], owner: Owner, job: JobName, settings: Fields): readonly EntryChange[] {
  const timeline = entries.filter(({ item }) => item === "timeline");
  const digest = digestOf(job, settings);
  const again = timeline.find(({ value }) => isFields(value) && digestOf(value.function ?? "", value.settings ?? {}) === digest);
  const turn = Math.max(0, ...timeline.map(({ value }) => turnOf(value))) + 1;
  const value = { ...(isFields(again?.value) ? again.value : {}), function: job, settings, turn };
  const newest = { owner, item: "timeline", key: again?.key ?? digest, value };
  return KEEPS_PREVIOUS.includes(job) ? [newest, { owner, item: "previous-settings", key: job, value: settings }] : [newest];
}

/** The manuals' table: previous settings are kept for these. */
const KEEPS_PREVIOUS: readonly JobName[] = ["copy", "fax", "scan-and-send"];

const digestOf = (job: Value, settings: Value): string =>
  createHash("sha256")
    .update(canonical([job, settings]))
    .digest("hex")
    .slice(0, 32);

/** The same text for the same value, in whichever order its fields were written. */
function canonical(value: Value): string {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}
