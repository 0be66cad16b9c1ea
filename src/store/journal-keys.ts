/** Where a journal lies in the module's storage (keys.ts has the whole map). */
import type { DeviceId, Revision } from "../model/ids.ts";
import { type KeyRange, numberKey } from "./keys.ts";

export const JOURNAL_META = "s/meta";
export const JOURNAL_TIME = "s/time";
/** Another machine has become the server in this one's place (B06). */
export const STOOD_DOWN = "s/stood-down";

export const changeKey = (revision: Revision): string => `s/c/${numberKey(revision)}`;
export const ALL_CHANGES: KeyRange = { from: "s/c/", to: "s/c0" };
/** Parts of a snapshot, as they are sent (kept-parts.ts). Before the changes: a copy of the server begins after these. */
export const KEPT_PARTS = "s/b";
export const keptPartKey = (after: string): string => `s/b/${after}`;
export const ALL_KEPT_PARTS: KeyRange = { from: KEPT_PARTS, to: "s/b0" };
export const answersKey = (device: DeviceId): string => `s/d/${device}`;
export const ALL_ANSWERS: KeyRange = { from: "s/d/", to: "s/d0" };
export const machineKey = (device: DeviceId): string => `s/m/${device}`;
export const ALL_MACHINES: KeyRange = { from: "s/m/", to: "s/m0" };

/** The state of a generation: `s/s/` of the first, `s/sN/` of those that were installed since. */
export const statePrefix = (generation: number): string => (generation === 0 ? "s/s/" : `s/s${generation}/`);

/** Of all generations, and little else. */
export const ALL_STATES: KeyRange = { from: "s/s", to: "s/t" };

/** The generation of a record of the state; undefined: it is none. */
export function generationOf(key: string): number | undefined {
  const number = /^s\/s(\d*)\//.exec(key)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** All of a generation. The character after the slash ends the range. */
export function allOfGeneration(generation: number): KeyRange {
  const from = statePrefix(generation);
  return { from, to: `${from.slice(0, -1)}0` };
}
