/** Sends changes in blocks that a machine can take, each in pieces that fit a message. */
import { LIMITS } from "../../model/limits.ts";
import { deflateBlock, packRecords, pieces } from "../../protocol/block.ts";
import type { Changes } from "../../protocol/changes.ts";

/** One block: the changes from `first` to `last`; none of them when there is nothing after `last`. */
export function sendBlock(changes: readonly Uint8Array[], first: number, last: number, send: (body: Changes) => void): void {
  const { deflated, bytes } = deflateBlock(packRecords(changes));
  const slices = pieces(bytes);
  slices.forEach((slice, part) => {
    send({ kind: "changes", first, last, part, of: slices.length, deflated, bytes: slice });
  });
}

/** As few blocks as the limit of one allows. */
export function sendBlocks(changes: readonly Uint8Array[], first: number, send: (body: Changes) => void): void {
  let start = 0;
  let bytes = 0;
  changes.forEach((change, index) => {
    if (index > start && bytes + change.length > LIMITS.changeBytesMax) {
      sendBlock(changes.slice(start, index), first + start, first + index - 1, send);
      start = index;
      bytes = 0;
    }
    bytes += change.length;
  });
  if (start < changes.length) sendBlock(changes.slice(start), first + start, first + changes.length - 1, send);
}
