/**
 * Values of entries as JSON, and back without loss: byte strings and numbers that JSON lacks become objects with one
 * field that starts with "$"; a field of the value that starts with "$" gets a second one.
 */
import { assert } from "../../src/model/assert.ts";
import { type Fields, type Value, isFields } from "../../src/model/value.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

export function toJson(value: Value): Json {
  // Most values are JSON as they are; nothing is built for them.
  if (isJson(value)) return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (!isFields(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field.startsWith("$") ? `$${field}` : field, toJson(part)]));
}

/** Whether this value, written as JSON, is read as the same. */
function isJson(value: Value): value is Json {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      return value === null || (!(value instanceof Uint8Array) && holdsJson(value));
    default:
      return true;
  }
}

function holdsJson(value: readonly Value[] | Fields): boolean {
  if (!isFields(value)) return value.every(isJson);
  for (const field in value) {
    const part = value[field];
    if (part === undefined || field.startsWith("$") || !isJson(part)) return false;
  }
  return true;
}

/** Reads what `toJson` made; anything else is a bug or damage, and throws. What is no other as a value is not copied. */
export function fromJson(json: Json): Value {
  if (isValue(json)) return json as Value;
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json as Value;
  const [first] = Object.entries(json);
  if (first?.[0] === "$bytes") return Uint8Array.from(Buffer.from(String(first[1]), "base64"));
  if (first?.[0] === "$number") return Number(first[1]);
  return Object.fromEntries(
    Object.entries(json).map(([field, part]) => {
      assert(!field.startsWith("$") || field.startsWith("$$"), `value text has the field ${field}`);
      return [field.startsWith("$") ? field.slice(1) : field, fromJson(part)];
    }),
  );
}

/** Whether this JSON is the value that it stands for: no field in it starts with "$". */
function isValue(json: Json): boolean {
  if (typeof json !== "object" || json === null) return true;
  if (Array.isArray(json)) return json.every(isValue);
  const fields = json as { readonly [field: string]: Json };
  for (const field in fields) if (field.startsWith("$") || !isValue(fields[field] ?? null)) return false;
  return true;
}
