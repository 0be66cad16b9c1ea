/** Entries, owners, authors and dates as people read them. */
import type { Author } from "../../hal/services/provenance.ts";
import { itemOf } from "../model/item.ts";
import { isJob } from "../model/job.ts";
import { COMMON, type Owner, ownerParts, parseOwner } from "../model/owner.ts";
import { isFields, type Value } from "../model/value.ts";
import { WHERE_COLUMNS } from "./destinations.ts";
import { type PageRow, says, shown } from "./page.ts";
import { oneLine } from "./personal-data.ts";
import { type PanelState, textsOf } from "./state.ts";
import type { Texts } from "./texts/texts.ts";

/** A user by name, a group by what the machine calls it, else by its ID. */
export function ownerText(state: PanelState, owner: Owner): string {
  const { admin } = textsOf(state);
  if (owner === COMMON) return admin.common;
  const { kind, domain, name } = ownerParts(owner);
  const full = shown(domain === "" ? name : `${domain}\\${name}`, "-");
  return kind === "user" ? full : admin.group(shown(state.groupNames.get(owner) ?? "", full));
}

/** The name of an item; of one that this version does not know, its word. */
export function itemText({ admin }: Texts, item: string): string {
  const known = itemOf(item);
  return known === undefined ? shown(item, "-") : admin.items[known.id];
}

/** What it is and what it is called, as far as it has a name. */
export function entryText(texts: Texts, item: string, value: Value | undefined): string {
  const name = nameOf(value);
  return name === "" ? itemText(texts, item) : texts.labelled(itemText(texts, item), name);
}

function nameOf(value: Value | undefined): string {
  if (typeof value === "string") return oneLine(value);
  if (!isFields(value)) return "";
  const name = Object.hasOwn(value, "name") ? value.name : Object.hasOwn(value, "cn") ? value.cn : undefined;
  return typeof name === "string" ? oneLine(name) : "";
}

/** The fields of a value that have a name in the person's language, a row each; a secret only says that it is set. */
export function valueRows(texts: Texts, value: Value | undefined): PageRow[] {
  if (value === undefined) return [says("deleted", texts.admin.deletedEntry)];
  if (!isFields(value)) return [];
  const rows = WHERE_COLUMNS.flatMap((column) => {
    const text = Object.hasOwn(value, column) ? value[column] : undefined;
    return typeof text === "string" && text !== "" ? [says(column, texts.labelled(texts.address.fields[column], oneLine(text)))] : [];
  });
  const job = Object.hasOwn(value, "function") ? value.function : undefined;
  return typeof job === "string" && isJob(job) ? [...rows, says("job", texts.labelled(texts.button.job, texts.button.jobs[job]))] : rows;
}

/** A date of ISO 8601 to the minute. All machines show the same, so it is UTC and says so. */
export const dateText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** Who, on which machine, and when. */
export function authorText(state: PanelState, author: Author): string {
  const { by, at } = author;
  return [byText(state, by), machineText(author), ...(at === undefined ? [] : [dateText(at)])].join(", ");
}

/** By its name, or by the beginning of its identity where no name was ever heard. */
export const machineText = ({ deviceName, deviceId }: Pick<Author, "deviceName" | "deviceId">): string =>
  shown(deviceName ?? "", deviceId.slice(0, 8));

/** What an entry's author is called; `by` as Author has it. */
export function byText(state: PanelState, by: string): string {
  const { history } = textsOf(state).admin;
  if (by === "import") return history.byImport;
  if (by === "put-back") return history.byPutBack;
  const owner = parseOwner(by);
  return owner === undefined ? history.byNobody : ownerText(state, owner);
}
