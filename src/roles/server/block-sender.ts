/** Sends a block of changes in pieces that fit a message. */
import { deflateBlock, packRecords, pieces } from "../../protocol/block.ts";
import type { Changes } from "../../protocol/changes.ts";

export function sendBlock(changes: readonly Uint8Array[], first: number, last: number, send: (body: Changes) => void): void {
  const { deflated, bytes } = deflateBlock(packRecords(changes));
  const slices = pieces(bytes);
  slices.forEach((slice, part) => {
    send({ kind: "changes", first, last, part, of: slices.length, deflated, bytes: slice });
  });
}
