/** Values of entries: plain data, as JSON has it, and byte strings (sealed secrets). */
export type Value = string | number | boolean | null | Uint8Array | readonly Value[] | { readonly [field: string]: Value };
export type Fields = { readonly [field: string]: Value };

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
