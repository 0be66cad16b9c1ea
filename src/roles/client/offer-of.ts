/** The messages that offer a holding, or an item of an owner, whole (P18): each entry as an edit, in pieces that travel. */
import type { Edit, EntryChange } from "../../model/entry.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Offered } from "../../model/offered.ts";
import { deflateBlock, packRecords, pieces } from "../../protocol/block.ts";
import { encodeEdit } from "../../protocol/edit.ts";
import type { Offer } from "../../protocol/offer.ts";
import type { OfferedAs } from "../../store/scopes-in-force.ts";
import type { Staying } from "./staying.ts";
import type { Travel } from "./travel.ts";

interface ToOffer extends Offered {
  readonly entries: readonly EntryChange[];
  readonly as: OfferedAs;
  /** The last own edit that the entries contain. */
  readonly lastSequence: number;
}

interface Parts {
  readonly travel: Travel;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly staying: Staying;
}

/** None when no entry of it can travel; "too-large" for more data than a server takes at once. */
export function offerOf(
  { holding, item, entries, as, lastSequence }: ToOffer,
  { travel, device, run, staying }: Parts,
): "too-large" | Offer[] {
  const id = { device, run, sequence: lastSequence };
  const editOf = (entry: EntryChange): Edit => ({
    ...entry,
    id,
    value: travel.outgoing(entry),
    seen: 0,
    stamp: 0,
    certain: true,
    by: "",
  });
  const edits = entries.flatMap((entry) => staying.travelling(() => encodeEdit(editOf(entry)), entry) ?? []);
  if (edits.length === 0) return [];
  const block = packRecords(edits);
  if (block.length > LIMITS.holdingBytesMax) return "too-large";
  const { deflated, bytes } = deflateBlock(block);
  const slices = pieces(bytes);
  return slices.map((slice, part) => ({
    kind: "offer",
    join: as.id,
    holding,
    item,
    baseRevision: as.base,
    lastSequence,
    part,
    of: slices.length,
    deflated,
    bytes: slice,
  }));
}
