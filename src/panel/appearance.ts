/**
 * What of a user's settings repaints the whole panel: language and accessibility. What arrives from another machine is in
 * force from the next login on, for it must not change the screen under the finger, unless the administrator has allowed
 * it ([Allow custom settings to be applied during operation]). What is set on this machine is in force at once.
 */
import type { EntryChange } from "../model/entry.ts";
import { chosenValues } from "./personal-settings.ts";
import type { Values } from "./place.ts";

export interface Appearance {
  readonly language: string | undefined;
  readonly accessibility: Values;
}

/** With what was just set on this machine. */
export function withOwn(before: Appearance, changes: readonly EntryChange[]): Appearance {
  let after = before;
  for (const { item, value } of changes) {
    if (item === "display-language") after = { ...after, language: typeof value === "string" ? value : undefined };
    if (item === "accessibility") after = { ...after, accessibility: chosenValues("accessibility", value) };
  }
  return after;
}
