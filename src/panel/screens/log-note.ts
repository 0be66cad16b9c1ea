/** What a note of the communication log says, in the language of whoever reads it (M32). */
import { CODES } from "../../model/errors.ts";
import { isWaiting, type LogNote, type NotedEntry, type Refused } from "../../model/log-note.ts";
import { COMMON, parseOwner } from "../../model/owner.ts";
import { shown } from "../page.ts";
import { itemText, ownerText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Explanation, Texts } from "../texts/texts.ts";
import { listTitle } from "./address-lists.ts";
import { explain } from "./message.ts";

/** A sentence with the names in it; undefined: of a newer version. */
export function noteSentence(state: PanelState, note: LogNote): string | undefined {
  const texts = textsOf(state);
  const { notes, bare } = texts.admin.log;
  const entry = (named: NotedEntry) => entryWords(state, named);
  const owner = (of: Parameters<typeof ownerText>[1]) => ownerText(state, of);
  switch (note.kind) {
    case "failed":
    case "date-ahead":
      return reasonOf(texts, note)?.what;
    case "refused": {
      const reason = reasonOf(texts, note)?.what;
      return reason === undefined ? undefined : texts.labelled(refusedWords(state, note.refused), reason);
    }
    case "edit-refused":
    case "stays-here":
      return notes[note.kind](entry(note.entry));
    case "edit-lost":
      return notes["edit-lost"](entry(note.entry));
    case "number-moved":
      return notes["number-moved"](entry(note.entry), note.taken, note.number);
    case "not-applied":
      return notes["not-applied"](entry(note.entry), texts.admin.notApplied.because[note.reason.because]);
    case "unsent":
    case "edits-wait":
    case "undone":
      return notes[note.kind](note.edits);
    case "machine-registered":
      return notes["machine-registered"](name(note.machine), name(note.serialNumber));
    case "machine-removed":
    case "not-understood":
    case "epoch-begun":
      return notes[note.kind](name(note.machine));
    case "places-differ":
      return notes["places-differ"](note.machine === undefined ? undefined : name(note.machine));
    case "owner-deleted":
      return notes["owner-deleted"](owner(note.owner));
    case "owner-evicted":
    case "put-back":
    case "scope-replaced":
      return notes[note.kind](owner(note.owner), note.entries);
    case "users-near-limit":
    case "users-over-limit":
      return notes[note.kind](note.users, note.usersMax);
    case "scope-changed":
      return notes["scope-changed"](itemText(texts, note.item), note.scope);
    case "server-found":
    case "other-server":
      return notes[note.kind](name(note.address));
    case "over-limit":
      return notes["over-limit"](holdingText(state, note.holding));
    case "export-prepared":
      return notes["export-prepared"](note.owners.map(owner).join(", "), note.minutes);
    case "export-left-out":
    case "import-left-out":
      return notes[note.kind](note.entries);
    case "act-failed":
      return notes["act-failed"]();
    case "took-over":
      return notes["took-over"](note.hadData);
    case "predecessor-back":
      return notes["predecessor-back"][note.inheritance];
    case "function-failed":
      return notes["function-failed"](note.which, note.againS);
    default: {
      const known: { readonly [kind in typeof note.kind]?: string } = bare;
      return known[note.kind];
    }
  }
}

/** Why it is so and what to do, where a note has a reason that the languages explain. */
export function reasonOf(texts: Texts, note: LogNote): Explanation | undefined {
  const knows = (word: string): boolean => Object.hasOwn(texts.refusals, word);
  switch (note.kind) {
    case "refused":
      if (isWaiting(note.refused)) return texts.errors["clock-not-right"];
      return knows(note.refusal.word) ? explain(texts, { kind: "refusal", refusal: note.refusal }) : undefined;
    case "edit-refused":
      return knows(note.word) ? texts.refusals[note.word]({}) : undefined;
    case "failed":
      return Object.hasOwn(CODES, note.failure.code) ? texts.errors[note.failure.code] : undefined;
    case "date-ahead":
      return texts.held.dateAhead(note.days);
    default:
      return undefined;
  }
}

/** What service wants to know, in English; "" where there is nothing more. */
export function detailOf(note: LogNote): string {
  switch (note.kind) {
    case "failed":
    case "not-understood":
    case "stays-here":
    case "act-failed":
      return note.failure.detail;
    case "function-failed":
      return note.detail;
    case "not-applied":
      return note.reason.detail;
    default:
      return "";
  }
}

/** Data that is held together: of an owner, or a part of what everybody shares. */
export function holdingText(state: PanelState, holding: string): string {
  const texts = textsOf(state);
  const owner = parseOwner(holding);
  if (owner !== undefined) return ownerText(state, owner);
  const part = /^common\/(buttons|[0-9]{1,2})$/.exec(holding)?.[1];
  if (part === undefined) return shown(holding, "-");
  return part === "buttons" ? texts.admin.log.buttons : listTitle(state, { owner: COMMON, item: "common-address", list: part });
}

const name = (text: string): string => shown(text, "-");

function entryWords(state: PanelState, { owner, item, called, more }: NotedEntry): string {
  const texts = textsOf(state);
  const what = itemText(texts, item);
  const entry = `${ownerText(state, owner)}, ${called === "" ? what : texts.labelled(what, shown(called, "-"))}`;
  return more === undefined ? entry : texts.admin.log.refused.andMore(entry, more);
}

function refusedWords(state: PanelState, refused: Refused): string {
  const { refused: words } = textsOf(state).admin.log;
  switch (refused.of) {
    case "machine":
      return words.machine(name(refused.machine));
    case "visitor":
      return words.visitor(refused.address);
    case "entry":
      return entryWords(state, refused.entry);
    case "holding": {
      const whose = holdingText(state, refused.holding);
      return refused.entries === undefined ? whose : words.someOf(...refused.entries, whose);
    }
    case "this-machine":
      return words.thisMachine;
    case "server-function":
      return words.serverFunction;
    case "server-place":
      return words.asTold(name(refused.machine));
    case "restore":
      return words.restore;
  }
}
