/** Fields of an entry's value as the texts of a file. */
import { isFields, type Value } from "../model/value.ts";

/** The text of a field, "" when it has none that a cell could hold. */
export function fieldText(value: Value | undefined, field: string): string {
  if (!isFields(value) || !Object.hasOwn(value, field)) return "";
  const part = value[field];
  return typeof part === "string" ? part : typeof part === "number" || typeof part === "boolean" ? String(part) : "";
}
