/** A new destination, or other text in the columns of one. Nothing is written before [Save]. */
import { DESTINATION_FIELDS } from "../../model/destination.ts";
import type { Fields } from "../../model/value.ts";
import { cellsOf, changedFields, formFault, memberFields, membersFault, newFields } from "../address-fields.ts";
import { oneTouchTaken } from "../address-room.ts";
import { type Cell, type DestinationId, destinationById, destinationOf } from "../destinations.ts";
import { type Act, BACK, greyed, type Page, type PageRow, says, softKey } from "../page.ts";
import type { Address } from "../personal-data.ts";
import type { Changes, ListName } from "../place.ts";
import { dataOf, type PanelState, textsOf, topFrame } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { firstFound, groupForm, memberRows } from "./group-rows.ts";
import { gonePage } from "./message.ts";

export function addressFormPage(state: PanelState, list: ListName, type: DestinationId, changes: Changes | undefined): Page {
  const texts = textsOf(state);
  const { addresses } = dataOf(state, list.owner);
  const old = changes === undefined ? undefined : addresses.find(({ key }) => key === changes.key);
  if (changes !== undefined && old === undefined) return gonePage(state);
  const destination = old === undefined ? destinationById(type) : destinationOf(old.type, old.cells.protocol);
  const cells = cellsOf(destination, list);
  const { values } = topFrame(state);
  const group = destination.id === "group" ? groupForm(state, list, old, changes?.before ?? {}) : undefined;
  const members = group?.chosen;
  const why =
    formFault(cells, values, changes?.before, oneTouchTaken(addresses, old?.key)) ??
    (members === undefined ? undefined : membersFault(members));
  const fields = changes === undefined ? newFields(destination, list, cells, values) : changedFields(cells, values, changes.before);
  const chosen = members === undefined || sameMembers(members, old) ? {} : memberFields(members);
  const save = { key: "save", text: texts.action.save, act: saving(list, old?.key, { ...fields, ...chosen }) };
  return {
    kind: "form",
    title: old === undefined ? texts.address.newOf(texts.address.types[destination.id]) : texts.address.changed,
    rows: [
      ...cells.map((cell) => cellRow(cell, texts)),
      ...passwordRows(old, fields, texts),
      ...(group === undefined ? [] : memberRows(state, group)),
      greyed(save, why),
    ],
    ...(group === undefined ? {} : firstFound(state, group)),
    softKeys: [softKey(texts.action.save, { do: "press", row: "save" })],
  };
}

function cellRow({ field, fault: _, ...textField }: Cell, { address }: Texts): PageRow {
  const label = address.fields[field];
  return { key: field, text: label, act: { do: "type" }, textField: { ...textField, label } };
}

/** What becomes of a password that is stored already: another destination is none of its business (B08). */
function passwordRows(old: Address | undefined, changed: Fields, { address }: Texts): PageRow[] {
  if (old?.password !== true) return [];
  const elsewhere = DESTINATION_FIELDS.some((field) => changed[field] !== undefined);
  if (elsewhere) return changed.pwd === undefined ? [says("password", address.passwordGoes)] : [];
  return [says("password", address.passwordStays)];
}

const sameMembers = (members: readonly string[], old: Address | undefined): boolean =>
  old !== undefined && old.lostMembers === 0 && [...members].sort().join("\n") === [...old.members].sort().join("\n");

function saving({ owner, item }: ListName, key: string | undefined, fields: Fields): Act {
  if (key === undefined)
    return { do: "ask", intent: { kind: "add-entry", owner, item, fields }, then: { do: "back", levels: 2, selectAdded: true } };
  if (Object.keys(fields).length === 0) return BACK;
  return { do: "ask", intent: { kind: "change-entry", owner, item, key, fields }, then: BACK };
}
