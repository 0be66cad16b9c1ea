/** The members of a group as rows: ticked in its form, listed on its page. */
import { ADMINISTRATOR_LIST, GROUP_CLASS } from "../../import-export/address-columns.ts";
import { fitsMemberCell } from "../../import-export/address-members.ts";
import { isTicked, memberField } from "../address-fields.ts";
import { type Page, type PageRow, says } from "../page.ts";
import type { Address } from "../personal-data.ts";
import type { ListName, Values } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import { addressText, found, mayLook, searchRow } from "./address-list.ts";
import { entriesOf } from "./address-lists.ts";

/** Whoever can be a member of a group that is being made or changed; lists are long, so it is looked through once. */
export interface GroupForm {
  readonly list: ListName;
  readonly candidates: readonly Candidate[];
  /** Keys of those that are ticked. */
  readonly chosen: readonly string[];
  readonly lostMembers: number;
}

interface Candidate {
  readonly address: Address;
  readonly ticked: boolean;
}

/** `old`: the group as it is by now; `before`: what stood in the form at first. */
export function groupForm(state: PanelState, list: ListName, old: Address | undefined, before: Values): GroupForm {
  const { values } = topFrame(state);
  const members = new Set(old?.members);
  const candidates = candidatesOf(state, list, old).map((address): Candidate => {
    return { address, ticked: isTicked(address.key, values, before, members.has(address.key)) };
  });
  const chosen = candidates.flatMap(({ address, ticked }) => (ticked ? [address.key] : []));
  return { list, candidates, chosen, lostMembers: old?.lostMembers ?? 0 };
}

/** A row for each that can be a member, a search above them, and what becomes of those that were deleted. */
export function memberRows(state: PanelState, form: GroupForm): PageRow[] {
  const { address: texts } = textsOf(state);
  return [
    says("members", texts.members(form.chosen.length)),
    ...(form.lostMembers === 0 ? [] : [says("lost", texts.lostGo)]),
    ...(form.candidates.length === 0 ? [] : [searchRow(texts.search)]),
    ...foundIn(state, form).map(({ address, ticked }): PageRow => {
      const field = memberField(address.key);
      const text = `${ticked ? "[x]" : "[ ]"} ${nameOf(state, form.list, address)}`;
      return { key: field, text, act: { do: "set", field, value: ticked ? "no" : "yes" } };
    }),
  ];
}

/** What is typed on a row of the form searches, and OK leads to the first that was found. */
export function firstFound(state: PanelState, form: GroupForm): Pick<Page, "first" | "typeInto"> {
  const [first] = wantedIn(state) === "" ? [] : foundIn(state, form);
  return { typeInto: "search", ...(first === undefined ? {} : { first: memberField(first.address.key) }) };
}

/** A group's members, a row each, and how many it has lost. */
export function groupRows(state: PanelState, list: ListName, group: Address): PageRow[] {
  const texts = textsOf(state).address;
  return [
    says("members", texts.members(group.members.length)),
    ...membersOf(state, list, group).map((address) => says(memberField(address.key), `- ${nameOf(state, list, address)}`)),
    ...(group.lostMembers === 0 ? [] : [says("lost", texts.lostMembers(group.lostMembers))]),
  ];
}

/** Whoever is in the group now, and what the list has besides; no group, for groups have no groups as members. */
function candidatesOf(state: PanelState, list: ListName, old: Address | undefined): readonly Address[] {
  const members = new Set(old?.members);
  const others = entriesOf(state, list).filter(
    (address) => !members.has(address.key) && address.type !== GROUP_CLASS && mayLook(state, address) && fitsMemberCell(address.key),
  );
  return [...membersOf(state, list, old), ...others];
}

function membersOf(state: PanelState, list: ListName, group: Address | undefined): readonly Address[] {
  const members = new Set(group?.members);
  return dataOf(state, list.owner).addresses.filter(({ key }) => members.has(key));
}

const wantedIn = (state: PanelState): string => (topFrame(state).values.search ?? "").trim();

/** A search finds nobody who is not shown, as that would tell the name. */
function foundIn(state: PanelState, { list, candidates }: GroupForm): readonly Candidate[] {
  const wanted = wantedIn(state);
  if (wanted === "") return candidates;
  const byKey = new Map(candidates.map((candidate) => [candidate.address.key, candidate]));
  const shown = candidates.flatMap(({ address }) => (isShown(state, list, address) ? [address] : []));
  return found(shown, wanted).flatMap(({ key }) => byKey.get(key) ?? []);
}

/** A group may have a member whom not everybody may see. */
const nameOf = (state: PanelState, list: ListName, address: Address): string =>
  isShown(state, list, address) ? addressText(address, textsOf(state)) : textsOf(state).address.memberUnshown;

const isShown = (state: PanelState, { item }: ListName, address: Address): boolean =>
  mayLook(state, address) && (item !== "common-address" || address.list !== ADMINISTRATOR_LIST || state.user?.administrator === true);
