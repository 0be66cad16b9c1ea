/**
 * Joins two streams by a cable: what one end writes arrives at the other as the cable lets it. Ends and resets travel as
 * well, so that the other end hears of neither while the cable is out.
 */
import type { Duplex } from "node:stream";
import type { Cable, Parcel, Strand } from "./cable.ts";

/** Bytes under way in one direction before the sender is made to wait, as a receive window of TCP would. */
const WINDOW_BYTES = 256 * 1024;

/** The function given back ends the join at once, without a word to either stream: nothing more is delivered. */
export function joinByCable(cable: Cable, a: Duplex, b: Duplex): () => void {
  const there = pump(cable, a, b);
  const back = pump(cable, b, a);
  return () => {
    there.close();
    back.close();
  };
}

function pump(cable: Cable, from: Duplex, to: Duplex): Strand {
  let over = false;
  const strand = cable.strand((parcel) => {
    deliver(parcel, to);
    if (over && strand.empty) strand.close();
    else if (mayFlow()) from.resume();
  });
  const mayFlow = () => to.destroyed || (strand.bytesUnderWay < WINDOW_BYTES && !to.writableNeedDrain);
  from.on("data", (bytes: Uint8Array) => {
    strand.send({ kind: "bytes", bytes });
    if (!mayFlow()) from.pause();
  });
  to.on("drain", () => from.resume());
  // Nobody is left to deliver to; what the sender still has is read away, so that its end is seen.
  to.once("close", () => from.resume());
  from.once("end", () => strand.send({ kind: "end" }));
  // "close" follows every error and is what travels; without a listener the error would end the process.
  from.on("error", () => from.destroy());
  from.once("close", () => {
    over = true;
    strand.send(from.readableEnded && from.writableFinished ? { kind: "end" } : { kind: "reset" });
  });
  return strand;
}

function deliver(parcel: Parcel, to: Duplex): void {
  if (to.destroyed) return;
  switch (parcel.kind) {
    case "bytes":
      if (!to.writableEnded) to.write(parcel.bytes);
      return;
    case "end":
      if (!to.writableEnded) to.end();
      return;
    case "reset":
      destroyAfterWriting(to);
  }
}

/** What was delivered before the reset is still read by the other end, as it is with TCP. */
function destroyAfterWriting(stream: Duplex): void {
  if (stream.writableFinished) stream.destroy();
  else if (stream.writableEnded) stream.once("finish", () => stream.destroy());
  else stream.end(() => stream.destroy());
}
