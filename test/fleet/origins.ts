/** B04: whether what a machine says of an entry's origin is what the server's journal says of it. */
import type { Provenance } from "../../hal/services/provenance.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { StandingEntry } from "./model/fold.ts";

/** In a sentence; undefined when it is so. `namesOf`: the machines of an identity: with its copies, as nobody can tell them apart, and none where it is gone. */
export function originFault(
  told: Provenance | Refusal,
  standing: Pick<StandingEntry, "revision" | "edit"> | undefined,
  namesOf: (device: string) => readonly string[],
): string | undefined {
  if ("word" in told) return standing === undefined ? undefined : `${told.word}, and it stands since revision ${standing.revision}`;
  // Of what is on one machine alone no journal says anything.
  if (standing === undefined) return told.state === "here-alone" ? undefined : `${told.text}, and the server has nothing of it`;
  const { revision, edit } = standing;
  const is = [told.state, told.why, told.revision, told.deviceId, told.by, told.certain, told.deleted];
  const must = ["standing", edit.why, revision, edit.id.device, edit.by, edit.certain, edit.value === undefined];
  const wrong = must.findIndex((part, index) => part !== is[index]);
  if (wrong >= 0) return `${String(is[wrong])}, and it is ${String(must[wrong])}`;
  if (told.at !== new Date(edit.stamp).toISOString()) return `at ${told.at}, and it is stamped ${edit.stamp}`;
  const names = namesOf(edit.id.device);
  const isOne = names.length === 0 || names.some((name) => name === told.deviceName);
  return isOne ? undefined : `on ${told.deviceName}, and it was on ${names.join(" or ")}`;
}
