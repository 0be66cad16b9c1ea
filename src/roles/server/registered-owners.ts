/** The users and groups that the server holds, as an administrator looks for them (M31, M15). */
import { daysMs } from "../../model/day.ts";
import type { RegisteredOwner } from "../../../hal/services/listing.ts";
import { ownerParts } from "../../model/owner.ts";
import type { Journal } from "../../store/journal.ts";
import { ALL_OWNERS, ownerOfKey } from "../../store/keys.ts";
import { isHeld, unpackOwner } from "../../store/records.ts";
import { isoTime } from "../communication-log.ts";

export async function registeredOwners(journal: Journal, search: string): Promise<RegisteredOwner[]> {
  const found: RegisteredOwner[] = [];
  for await (const [key, bytes] of journal.view().range(ALL_OWNERS)) {
    const owner = ownerOfKey(key);
    const { kind, domain, name } = ownerParts(owner);
    const record = unpackOwner(bytes);
    if (kind === "common" || !isHeld(record) || !hasText(name, search)) continue;
    found.push({ owner, kind, domain, name, ...lastLoginOf(record.lastLoginDay) });
  }
  return found.sort((a, b) => (a.owner < b.owner ? -1 : 1));
}

const hasText = (name: string, search: string): boolean => name.toLowerCase().includes(search.trim().normalize("NFC").toLowerCase());

const lastLoginOf = (day: number) => (day === 0 ? {} : { lastLogin: isoTime(daysMs(day)).slice(0, 10) });
