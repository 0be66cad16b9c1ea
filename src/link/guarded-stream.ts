/** For a library that wants a stream: one whose incoming bytes pass the frame guard before the library parses them. */
import { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import type { FrameGuard } from "./frame-guard.ts";
import { readGuarded } from "./guarded-reading.ts";

interface Parts {
  readonly clock: Clock;
  readonly inner: Duplex;
  readonly guard: FrameGuard;
}

/** Destroys both streams with the SyncError of the first fault. Owns `inner` from here on. */
export function guardedStream({ clock, inner, guard }: Parts): Duplex {
  const outer = new Duplex({
    allowHalfOpen: false,
    read() {
      reading.resume();
    },
    write(bytes: Uint8Array, _encoding, done) {
      inner.write(bytes, done);
    },
    // An MQTT packet is written in many small pieces; they travel together.
    writev(pieces: readonly { readonly chunk: Uint8Array }[], done) {
      inner.write(Buffer.concat(pieces.map((piece) => piece.chunk)), done);
    },
    final(done) {
      inner.end(done);
    },
    destroy(error, done) {
      inner.destroy();
      done(error);
    },
  });
  const reading = readGuarded({
    clock,
    stream: inner,
    guard,
    rate: undefined,
    heard(bytes) {
      if (!outer.push(bytes)) inner.pause();
    },
    fault: (why) => void outer.destroy(why),
    ended: () => void outer.push(null),
  });
  inner.on("error", (error) => outer.destroy(error));
  inner.on("close", () => outer.destroy());
  inner.pause();
  return outer;
}
