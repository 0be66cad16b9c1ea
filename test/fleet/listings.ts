/** M31: what the server machine lists of its machines and of whom it holds, where all is at rest. Written from the rules. */
import type { RegisteredMachine } from "../../hal/services.ts";
import type { RegisteredOwner } from "../../hal/services/listing.ts";
import type { Fold } from "./model/fold.ts";

/** A machine as it is: what it is called, and whether it takes part now. */
export interface Present {
  readonly identity: string;
  readonly deviceName: string;
  readonly serialNumber: string;
}

/**
 * What is wrong with the list of machines that take part; undefined: nothing. Others that were not stopped keep their place (M02), and may count
 * as operating for a lease: that is looked at elsewhere (B07).
 */
export function machinesFault(listed: readonly RegisteredMachine[], present: readonly Present[]): string | undefined {
  for (const { identity, deviceName, serialNumber } of present) {
    const rows = listed.filter(({ deviceId }) => deviceId === identity);
    if (rows.length !== 1) return `${deviceName} is listed ${rows.length} times`;
    const [row] = rows;
    if (row?.operating !== true) return `${deviceName} operates, and is listed as one that does not`;
    if (row.deviceName !== deviceName || row.serialNumber !== serialNumber)
      return `${deviceName} (${serialNumber}) is listed as ${row.deviceName} (${row.serialNumber})`;
  }
  return undefined;
}

/** What is wrong with the list of users and groups, given the state that the journal adds up to. */
export function ownersFault(listed: readonly RegisteredOwner[], state: Fold): string | undefined {
  const held = [...state.owners.keys()].filter((owner) => owner !== "common" && state.isHeld(owner));
  const names = listed.map(({ owner }): string => owner);
  const missing = held.find((owner) => !names.includes(owner));
  if (missing !== undefined) return `${missing} is held, and not listed`;
  const extra = names.find((owner) => !held.includes(owner));
  if (extra !== undefined) return `${extra} is listed, and not held`;
  const wrong = listed.find(({ owner, lastLogin }) => lastLogin !== dayText(state.owners.get(owner)?.lastLoginDay ?? 0));
  return wrong === undefined ? undefined : `the last login of ${wrong.owner} is said to be on ${wrong.lastLogin}`;
}

const DAY_MS = 24 * 3_600_000;
const dayText = (day: number): string | undefined => (day === 0 ? undefined : new Date(day * DAY_MS).toISOString().slice(0, 10));
