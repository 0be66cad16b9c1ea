/**
 * The users and groups whose data the server keeps, to be ticked: for [Delete User Data] (M15), or for [Prepare for User
 * Data Export] (M23). Typing anywhere searches by user name or group ID; what is ticked stays ticked.
 */
import type { RegisteredOwner } from "../../../hal/services/listing.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { TickedFor } from "../admin-place.ts";
import { order } from "../order.ts";
import { type Act, go, greyed, type Page, type PageRow, says, softKey } from "../page.ts";
import { folded } from "../personal-data.ts";
import type { Values } from "../place.ts";
import { ownerText } from "../shown-entry.ts";
import { type PanelState, textsOf, topFrame } from "../state.ts";

const TICKED = "yes";
/** A field of the frame; owners are foreign, so a prefix keeps them apart from ours. */
const tickOf = (owner: Owner): string => `tick/${owner}`;

export function ownersPage(state: PanelState, purpose: TickedFor): Page {
  const { admin, address } = textsOf(state);
  const { values } = topFrame(state);
  const all = state.facts.owners;
  const wanted = folded((values.search ?? "").trim());
  const found = wanted === "" ? all : all.filter(({ owner, name }) => folded(`${name}\n${ownerText(state, owner)}`).includes(wanted));
  const ticked = all.filter(({ owner }) => values[tickOf(owner)] === TICKED).map(({ owner }) => owner);
  const search: PageRow = {
    key: "search",
    text: admin.owners.search,
    act: { do: "type" },
    textField: { label: admin.owners.search, secret: false, starts: "small", charactersMax: LIMITS.panelTextCharactersMax },
  };
  return {
    kind: "list",
    title: purpose === "delete" ? admin.owners.title : admin.owners.prepareTitle,
    rows: [
      search,
      actRow(state, purpose, ticked),
      ...found.map((registered) => row(state, registered, values)),
      ...(found.length > 0 ? [] : [says("empty", all.length === 0 ? admin.owners.none : address.nothingFound)]),
    ],
    first: found[0] === undefined ? "search" : tickOf(found[0].owner),
    typeInto: "search",
    softKeys: [
      softKey(admin.owners.acts[purpose], { do: "press", row: "act" }),
      softKey(textsOf(state).action.search, { do: "press", row: "search" }),
    ],
  };
}

/** What is done with those that are ticked; for an export none ticked means all. */
function actRow(state: PanelState, purpose: TickedFor, ticked: readonly Owner[]): PageRow {
  const { admin } = textsOf(state);
  if (purpose === "export") {
    const act = order({ kind: "prepare-export", owners: ticked }, { do: "back", levels: 1 });
    return { key: "act", text: ticked.length === 0 ? admin.owners.prepareAll : admin.owners.prepare(ticked.length), act };
  }
  const act: Act = go({ screen: "question", question: { kind: "admin", question: { kind: "delete-owners", owners: ticked } } });
  return greyed({ key: "act", text: admin.owners.delete(ticked.length), act }, ticked.length === 0 ? "nothing-ticked" : undefined);
}

function row(state: PanelState, { owner, lastLogin }: RegisteredOwner, values: Values): PageRow {
  const { admin } = textsOf(state);
  const key = tickOf(owner);
  const is = values[key] === TICKED;
  const name = ownerText(state, owner);
  const text = lastLogin === undefined ? name : admin.owners.lastLogin(name, lastLogin);
  return { key, text: `${is ? "[x]" : "[ ]"} ${text}`, act: { do: "back", levels: 0, values: { [key]: is ? "" : TICKED } } };
}
