/** What time it is in the fleet, as a machine reckons it whose own date may be anything. */
import type { Clock } from "../../../hal/clock.ts";
import type { JournalTime } from "../../model/ids.ts";
import type { Replica } from "../../store/replica.ts";

export interface FleetTimeParts {
  readonly replica: Pick<Replica, "head">;
  readonly clock: Clock;
}

/** Journal time by what was heard since the machine has power; undefined before that: a date that is wrong must age nothing. */
export function knownFleetTime({ replica, clock }: FleetTimeParts): JournalTime | undefined {
  const { heard } = replica.head;
  return heard?.boot === clock.boot ? Math.round(heard.time + Math.max(0, clock.monotonicMs() - heard.monotonicMs)) : undefined;
}

/** The best there is: journal time now, or as it was heard last; the machine's own date where nothing was ever heard. */
export const fleetTime = (parts: FleetTimeParts): number => knownFleetTime(parts) ?? parts.replica.head.heard?.time ?? parts.clock.wallMs();
