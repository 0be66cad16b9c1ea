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

/** A group that is being made or changed: what it is by now, and what stood in the form at first. */
export interface GroupForm {
  readonly list: ListName;
  readonly old: Address | undefined;
  readonly before: Values;
}

/** Keys of those that are ticked. */
export const membersChosen = (state: PanelState, form: GroupForm): readonly string[] =>
  candidates(state, form).flatMap(({ key }) => (ticked(state, form, key) ? [key] : []));

/** A row for each that can be a member, a search above them, and what becomes of those that were deleted. */
export function memberRows(state: PanelState, form: GroupForm): PageRow[] {
  const texts = textsOf(state);
  return [
    says("members", texts.address.members(membersChosen(state, form).length)),
    ...((form.old?.lostMembers ?? 0) === 0 ? [] : [says("lost", texts.address.lostGo)]),
    ...(candidates(state, form).length === 0 ? [] : [searchRow(texts.address.search)]),
    ...foundIn(state, form).map((address): PageRow => {
      const yes = ticked(state, form, address.key);
      const field = memberField(address.key);
      return {
        key: field,
        text: `${yes ? "[x]" : "[ ]"} ${nameOf(state, form.list, address)}`,
        act: { do: "set", field, value: yes ? "no" : "yes" },
      };
    }),
  ];
}

/** What is typed on a row of the form searches, and OK leads to the first that was found. */
export function firstFound(state: PanelState, form: GroupForm): Pick<Page, "first" | "typeInto"> {
  const [first] = wantedIn(state) === "" ? [] : foundIn(state, form);
  return { typeInto: "search", ...(first === undefined ? {} : { first: memberField(first.key) }) };
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
function candidates(state: PanelState, { list, old }: GroupForm): readonly Address[] {
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

const ticked = (state: PanelState, { old, before }: GroupForm, key: string): boolean =>
  isTicked(key, topFrame(state).values, before, old?.members.includes(key) ?? false);

const wantedIn = (state: PanelState): string => (topFrame(state).values.search ?? "").trim();

/** A search finds nobody who is not shown, as that would tell the name. */
function foundIn(state: PanelState, form: GroupForm): readonly Address[] {
  const all = candidates(state, form);
  const wanted = wantedIn(state);
  return wanted === ""
    ? all
    : found(
        all.filter((address) => isShown(state, form.list, address)),
        wanted,
      );
}

/** A group may have a member whom not everybody may see. */
const nameOf = (state: PanelState, list: ListName, address: Address): string =>
  isShown(state, list, address) ? addressText(address, textsOf(state)) : textsOf(state).address.memberUnshown;

const isShown = (state: PanelState, { item }: ListName, address: Address): boolean =>
  mayLook(state, address) && (item !== "common-address" || address.list !== ADMINISTRATOR_LIST || state.user?.administrator === true);
