/** The rim, for a user's own settings and jobs. */
import type { ItemStore } from "../../hal/item-store.ts";
import type { Jobs } from "../../hal/jobs.ts";
import type { Administration } from "../../hal/services.ts";
import { unreachable } from "../model/assert.ts";
import { withoutPassedBack } from "../model/destination.ts";
import type { Entry, EntryName } from "../model/entry.ts";
import { guardedIn } from "../model/item.ts";
import { isFields, type Fields } from "../model/value.ts";
import type { Outcome } from "./intent.ts";
import type { OwnIntent } from "./own-intent.ts";
import { storedEntry } from "./stored-entry.ts";
import { refusedOr } from "./synchronized.ts";
import { afterUse } from "./timeline.ts";

export interface OwnPerformers {
  readonly jobs: Jobs;
  readonly settings: ItemStore;
  readonly administration: Pick<Administration, "synchronize">;
}

const DONE: Outcome = { kind: "done" };

/** `by`: who wants it, "" for nobody. */
export async function performOwn(parts: OwnPerformers, intent: OwnIntent, by: string): Promise<Outcome> {
  switch (intent.kind) {
    case "run-job":
      return run(parts, intent, by);
    case "stop-job":
      await parts.jobs.stop();
      return DONE;
    case "apply-during-operation":
      return refusedOr(await parts.administration.synchronize({ duringOperation: intent.on }));
    case "set-fields":
      return set(parts.settings, intent, intent.fields, by);
    default:
      return unreachable(intent);
  }
}

async function run(
  { jobs, settings: store }: OwnPerformers,
  intent: Extract<OwnIntent, { kind: "run-job" }>,
  by: string,
): Promise<Outcome> {
  const { owner, job, from } = intent;
  const source = from === undefined ? undefined : await storedEntry(store, from);
  if (from !== undefined && source === undefined) return { kind: "no", notice: { kind: "gone" } };
  const settings = { ...settingsIn(source), ...intent.settings };
  if ((await jobs.run(job, settings)) === "busy") return { kind: "no", notice: { kind: "job-running" } };
  if (owner !== undefined) await store.edit(afterUse(await store.read(owner), owner, job, settings), by);
  return DONE;
}

/**
 * What was typed as a secret stays, also when it is the one that stood there for something else. To tell it from one that was
 * handed on (B08), the entry is first written without it; both are one write.
 */
async function set(store: ItemStore, { owner, item, key }: EntryName, fields: Fields, by: string): Promise<Outcome> {
  const guarded = guardedIn(item);
  const current = (await storedEntry(store, { owner, item, key }))?.value;
  const before = isFields(current) ? current : {};
  const { secretFields } = guarded;
  const stood = Object.fromEntries(secretFields.flatMap((field) => (before[field] === undefined ? [] : [[field, before[field]]])));
  const handedOn: Fields = { ...before, ...fields, ...stood };
  const led = withoutPassedBack(before, handedOn, guarded);
  const isTyped = secretFields.some((field) => fields[field] !== undefined);
  const values = led !== handedOn && isTyped ? [led, { ...led, ...fields }] : [{ ...led, ...fields }];
  await store.edit(
    values.map((value) => ({ owner, item, key, value })),
    by,
  );
  return DONE;
}

/** Of a button or an entry of the timeline. */
function settingsIn(entry: Entry | undefined): Fields {
  const settings = isFields(entry?.value) ? entry.value.settings : undefined;
  return isFields(settings) ? settings : {};
}
