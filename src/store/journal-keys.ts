/** Where a journal lies in the module's storage (keys.ts has the whole map). */
import type { DeviceId, Revision } from "../model/ids.ts";
import { type KeyRange, numberKey, under } from "./keys.ts";

export const JOURNAL_META = "s/meta";
export const JOURNAL_TIME = "s/time";
/** Another machine has become the server in this one's place (B06). */
export const STOOD_DOWN = "s/stood-down";

export const changeKey = (revision: Revision): string => `s/c/${numberKey(revision)}`;
export const ALL_CHANGES: KeyRange = under("s/c/");
/** Parts of a snapshot, as they are sent (kept-parts.ts). Before the changes: a copy of the server begins after these. */
export const KEPT_PARTS = "s/b";
export const keptPartKey = (after: string): string => `s/b/${after}`;
export const ALL_KEPT_PARTS: KeyRange = { from: KEPT_PARTS, to: "s/b0" };
export const answersKey = (device: DeviceId): string => `s/d/${device}`;
export const ALL_ANSWERS: KeyRange = under("s/d/");
export const machineKey = (device: DeviceId): string => `s/m/${device}`;
export const ALL_MACHINES: KeyRange = under("s/m/");

/** The state of a generation: `s/s/` of the first, `s/sN/` of those that were installed since. */
export const statePrefix = (generation: number): string => (generation === 0 ? "s/s/" : `s/s${generation}/`);

/** Of all generations, and little else. */
export const ALL_STATES: KeyRange = { from: "s/s", to: "s/t" };

/** The generation of a record of the state; undefined: it is none. */
export function generationOf(key: string): number | undefined {
  const number = /^s\/s(\d*)\//.exec(key)?.[1];
  return number === undefined ? undefined : Number(number);
}

export const allOfGeneration = (generation: number): KeyRange => under(statePrefix(generation));
