/** How machines are called, for people. They came later than the messages they are in: at the end, and left out where there are none. */
import { type DeviceId, deviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { hex, list, text, tuple } from "./reader.ts";
import { unhex, upTo } from "./writer.ts";

/** At most LIMITS.machineNamesMax. */
export type Names = readonly (readonly [device: DeviceId, name: string])[];

/** No element, or one. */
export const encodeNames = (names: Names): unknown[] =>
  names.length === 0 ? [] : [upTo(LIMITS.machineNamesMax, names).map(([device, name]) => [unhex(device), label(name)])];

export const decodeNames = (raw: unknown, path: string): Names => list(raw ?? [], path, { max: LIMITS.machineNamesMax }, decodeName);

function decodeName(raw: unknown, path: string): Names[number] {
  const [device, name] = tuple(raw, path, 2);
  return [deviceId(hex(device, `${path}.device`, 16)), text(name, `${path}.name`, { max: LIMITS.deviceTextCharactersMax })];
}

/** These label a machine for people: a name that is too long is cut, it must not keep the machine out. */
export function label(given: string): string {
  return Array.from(given.toWellFormed().replace(/^\ufeff+/, ""))
    .slice(0, LIMITS.deviceTextCharactersMax / 2)
    .join("");
}
