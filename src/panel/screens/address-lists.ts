/** The lists of destinations: mine, my groups', and everyone's. */
import { ONE_TOUCH_LIST } from "../../model/entry.ts";
import { ADMINISTRATOR_LIST } from "../../import-export/address-columns.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON, ownerParts } from "../../model/owner.ts";
import { go, greyed, type Page, type PageRow, shown } from "../page.ts";
import type { ListName } from "../place.ts";
import { dataOf, type PanelState, textsOf } from "../state.ts";

const COMMON_LISTS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

export function addressListsPage(state: PanelState): Page {
  const texts = textsOf(state);
  return {
    kind: "menu",
    title: texts.address.lists,
    rows: [
      personal(state),
      ...groups(state),
      row(state, commonName(ONE_TOUCH_LIST)),
      ...commonLists(state).map((list) => row(state, commonName(list))),
    ],
    softKeys: [],
  };
}

const commonName = (list: string): ListName => ({ owner: COMMON, item: "common-address", list });

function personal(state: PanelState): PageRow {
  if (state.user !== undefined) return row(state, { owner: state.user.owner, item: "personal-address", list: "" });
  const place = { screen: "message", notice: { kind: "why", why: "log-in-first" } } as const;
  return greyed({ key: "personal-address", text: textsOf(state).address.personalList, act: go(place) }, "log-in-first");
}

const groups = (state: PanelState): PageRow[] =>
  (state.user?.groups ?? []).map((owner) => row(state, { owner, item: "group-address", list: "" }));

/** 1 to 10; the administrators' own list shows to administrators. */
const commonLists = ({ user }: PanelState): string[] =>
  user?.administrator === true ? [...COMMON_LISTS, ADMINISTRATOR_LIST] : COMMON_LISTS;

function row(state: PanelState, list: ListName): PageRow {
  const key = list.item === "common-address" ? `common/${list.list}` : list.item === "group-address" ? list.owner : list.item;
  const text = textsOf(state).address.listWithCount(listTitle(state, list), entriesOf(state, list).length);
  return { key, text, act: go({ screen: "address-list", list }) };
}

/** What a list is called. */
export function listTitle(state: PanelState, { owner, item, list }: ListName): string {
  const texts = textsOf(state).address;
  if (item === "personal-address") return texts.personalList;
  if (item === "group-address") {
    const id = ownerParts(owner).name;
    return texts.groupList(shown(state.groupNames.get(owner) ?? "", shown(id, "-")), groupNumber(id));
  }
  if (list === ONE_TOUCH_LIST) return texts.oneTouch;
  return list === ADMINISTRATOR_LIST ? texts.administratorList : texts.commonList(list);
}

/** User Group Address List 01 to 50 are those of the groups with these IDs. */
const groupNumber = (id: string): string | undefined =>
  /^[1-9]\d?$/.test(id) && Number(id) <= LIMITS.groupListsMax ? id.padStart(2, "0") : undefined;

/** The destinations of a list. */
export function entriesOf(state: PanelState, { owner, item, list }: ListName) {
  const { addresses } = dataOf(state, owner);
  return item === "common-address" ? addresses.filter((address) => address.list === list) : addresses;
}
