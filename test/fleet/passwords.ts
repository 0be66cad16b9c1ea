/**
 * I24  B08: a password stays with the destination that it was given for. In a simulation a password names its destination,
 * so that each machine's entries tell whether one was handed on.
 */
import { isFields, type Value } from "../../src/model/value.ts";

export const passwordFor = (url: string): string => `pw of ${url}`;

/** An entry whose password was given for another destination, in a few words; undefined: there is none. */
export function passwordFault(entries: ReadonlyMap<string, Value>): string | undefined {
  for (const [name, value] of entries) {
    if (!isFields(value) || typeof value.pwd !== "string" || value.pwd === "") continue;
    if (value.pwd !== passwordFor(String(value.url))) return `${name} lead to ${String(value.url)} with the password "${value.pwd}"`;
  }
  return undefined;
}
