/**
 * Entries that come together and fare alike, for the communication log: each by its name while they are few. Two hundred of a list that
 * is full would drive everything else out of the log (M32); each of them is in the history of its author, with its reason.
 */
import { type EntryChange, holdingOf } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import { type NotedEntry, notedEntry } from "../model/log-note.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Listed } from "../store/not-applied.ts";
import type { CommunicationLog } from "./communication-log.ts";

interface Fared {
  readonly edit: EntryChange;
  readonly word: string;
}

/** In their order: all of them, or the first of those that are alike, which says how many more there are. */
export function notedTogether<T extends Fared>(all: readonly T[]): (T & { readonly entry: NotedEntry })[] {
  const alike = new Map<string, T[]>();
  for (const fared of all) {
    const name = `${fared.word} ${holdingOf(fared.edit)}`;
    const others = alike.get(name);
    if (others === undefined) alike.set(name, [fared]);
    else others.push(fared);
  }
  return [...alike.values()].flatMap((of) => {
    const named = of.length <= LIMITS.logAlikeMax ? of : of.slice(0, 1);
    const more = of.length - named.length;
    return named.map((fared) => {
      const entry = notedEntry(fared.edit, fared.edit.value);
      return { ...fared, entry: more === 0 ? entry : { ...entry, more } };
    });
  });
}

/** Entries that the server refuses. */
export function tellRefused(log: CommunicationLog, refused: readonly { readonly edit: EntryChange; readonly refusal: Refusal }[]): void {
  const all = refused.map((each) => ({ ...each, word: each.refusal.word }));
  for (const { entry, refusal } of notedTogether(all)) log.refused({ of: "entry", entry }, refusal);
}

/** Own edits that had stood, and that lost to what was made later. */
export function tellLost(log: CommunicationLog, edits: readonly EntryChange[]): void {
  for (const { entry } of notedTogether(edits.map((edit) => ({ edit, word: "superseded" })))) log.write({ kind: "edit-lost", entry });
}

/** Entries that this machine does not show (M27); the list of them names each. */
export function tellNotApplied(log: CommunicationLog, listed: readonly Listed[]): void {
  const all = listed.map(({ because, detail, ...name }) => ({
    edit: { ...name, value: undefined },
    word: `${because} ${name.item} ${detail}`,
    reason: { because, detail },
  }));
  for (const { entry, reason } of notedTogether(all)) log.write({ kind: "not-applied", entry, reason });
}
