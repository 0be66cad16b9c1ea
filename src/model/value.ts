/** Values of entries: plain data, as JSON has it, and byte strings (sealed secrets). */
export type Value = string | number | boolean | null | Uint8Array | readonly Value[] | { readonly [field: string]: Value };
export type Fields = { readonly [field: string]: Value };

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Whether both hold equal data, whatever the order of their fields. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item: Value, index) => sameValue(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  const fields: Fields = a;
  const others: Fields = b;
  const names = Object.keys(fields);
  return names.length === Object.keys(others).length && names.every((name) => name in others && sameValue(fields[name], others[name]));
}
