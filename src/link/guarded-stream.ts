/** A stream whose incoming bytes pass the frame guard, and where there is one the rate of their sender, before anybody parses them. */
import { Duplex } from "node:stream";
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import type { FrameGuard } from "./frame-guard.ts";
import type { Rate } from "./rate.ts";

interface Parts {
  readonly clock: Clock;
  readonly inner: Duplex;
  readonly guard: FrameGuard;
  /** undefined: as fast as it comes. */
  readonly rate: Rate | undefined;
}

/** Destroys both streams with the SyncError of the first fault. Owns `inner` from here on. */
export function guardedStream({ clock, inner, guard, rate }: Parts): Duplex {
  const gone = new AbortController();
  let waiting = false;
  const outer = new Duplex({
    allowHalfOpen: false,
    read() {
      if (!waiting) inner.resume();
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
      gone.abort();
      inner.destroy();
      done(error);
    },
  });
  const waitFor = async (ms: number): Promise<void> => {
    waiting = true;
    inner.pause();
    if ((await clock.sleep(ms, gone.signal)) === "aborted") return;
    waiting = false;
    inner.resume();
  };
  inner.on("data", (bytes: Uint8Array) => {
    const packets = guard.inspect(bytes);
    if (packets instanceof SyncError) return void outer.destroy(packets);
    const waitMs = rate?.take(packets, bytes.length) ?? 0;
    if (waitMs instanceof SyncError) return void outer.destroy(waitMs);
    const wanted = outer.push(bytes);
    if (waitMs > 0) void waitFor(waitMs);
    else if (!wanted) inner.pause();
  });
  inner.on("end", () => outer.push(null));
  inner.on("error", (error) => outer.destroy(error));
  inner.on("close", () => outer.destroy());
  inner.pause();
  return outer;
}
