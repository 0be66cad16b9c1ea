/** What the panel keeps of a user's own settings beside buttons and addresses: enough for its screens, never a secret. */
import { naturalOrder } from "../model/natural-order.ts";
import type { Entry } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import { isFields, type Value } from "../model/value.ts";
import { settingValues } from "./job-settings.ts";
import { type ChosenItem, chosenValues, isChosenItem } from "./personal-settings.ts";
import type { Values } from "./place.ts";
import { turnOf } from "./timeline.ts";

export interface RecentJob {
  readonly key: string;
  /** A JobName, or a function of a newer version. */
  readonly job: string;
  readonly settings: Values;
}

export interface OwnData {
  /** The newest first, ten at most. */
  readonly timeline: readonly RecentJob[];
  /** Keys of buttons in the order in which this user wants them, by item. */
  readonly order: { readonly [item: string]: readonly string[] };
  /** Default and previous settings, by function. */
  readonly defaults: { readonly [job: string]: Values };
  readonly previous: { readonly [job: string]: Values };
  /** What was chosen for the items of personal-settings.ts. */
  readonly chosen: { readonly [item in ChosenItem]?: Values };
  /** Numbers of the network places with a keychain entry. What stands in one is no part of what the panel knows. */
  readonly keychains: readonly string[];
}

export const NO_OWN_DATA: OwnData = { timeline: [], order: {}, defaults: {}, previous: {}, chosen: {}, keychains: [] };

/** Reads the settings entries of one owner. */
export function ownData(entries: readonly Entry[]): OwnData {
  const of = (item: string): readonly Entry[] => entries.filter((entry) => entry.item === item);
  const perJob = (item: string): { readonly [job: string]: Values } =>
    Object.fromEntries(of(item).map(({ key, value }) => [key, settingValues(key, value)]));
  return {
    timeline: timelineOf(of("timeline")),
    order: orderOf(of("home-settings")[0]?.value),
    defaults: perJob("default-job-settings"),
    previous: perJob("previous-settings"),
    chosen: chosenOf(entries),
    keychains: of("keychain")
      .map(({ key }) => key)
      .sort(naturalOrder),
  };
}

function chosenOf(entries: readonly Entry[]): OwnData["chosen"] {
  const chosen: { [item in ChosenItem]?: Values } = {};
  for (const { item, value } of entries) if (isChosenItem(item)) chosen[item] = chosenValues(item, value);
  return chosen;
}

function timelineOf(entries: readonly Entry[]): readonly RecentJob[] {
  return [...entries]
    .sort((a, b) => turnOf(b.value) - turnOf(a.value) || (a.key < b.key ? -1 : 1))
    .slice(0, LIMITS.timelineMax)
    .map(({ key, value }) => {
      const job = isFields(value) && typeof value.function === "string" ? value.function : "";
      return { key, job, settings: settingValues(job, isFields(value) ? value.settings : undefined) };
    });
}

function orderOf(value: Value | undefined): OwnData["order"] {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([item, keys]) => [item, Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : []]),
  );
}

/** In the order that was chosen; what has no place in it follows as it was. */
export function arranged<T extends { readonly key: string }>(all: readonly T[], order: readonly string[] = []): readonly T[] {
  const rank = new Map(order.map((key, index) => [key, index]));
  return [...all].sort((a, b) => (rank.get(a.key) ?? order.length) - (rank.get(b.key) ?? order.length));
}

/** The order with one key moved by so many places among these. */
export function moved(keys: readonly string[], key: string, by: number): readonly string[] {
  const from = keys.indexOf(key);
  const others = keys.filter((other) => other !== key);
  return [...others.slice(0, from + by), key, ...others.slice(from + by)];
}
