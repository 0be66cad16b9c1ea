/**
 * Two ends of one stream inside a process, as a socket has them on two machines: what one end writes the other reads,
 * an end is half a close, and an end that is destroyed takes the other with it.
 */
import { Duplex } from "node:stream";
import { assert } from "../../src/model/assert.ts";

export function streamPair(): readonly [Duplex, Duplex] {
  const ends: Duplex[] = [];
  /** What each end still has to confirm to the other: that it has read the last write. */
  const confirm: ((() => void) | undefined)[] = [undefined, undefined];
  const make = (mine: 0 | 1, other: 0 | 1): Duplex =>
    new Duplex({
      allowHalfOpen: true,
      read() {
        const done = confirm[other];
        confirm[other] = undefined;
        done?.();
      },
      write(bytes: Uint8Array, _encoding, done) {
        assert(confirm[mine] === undefined, "a stream writes one chunk at a time");
        const peer = ends[other];
        if (peer === undefined || peer.destroyed) return done();
        confirm[mine] = done;
        peer.push(bytes);
      },
      final(done) {
        ends[other]?.push(null);
        done();
      },
      destroy(_error, done) {
        confirm[mine]?.();
        confirm[mine] = undefined;
        const peer = ends[other];
        // The other end may still be in the middle of its own step.
        if (peer !== undefined && !peer.destroyed) process.nextTick(() => peer.destroy());
        done(null);
      },
    });
  const first = make(0, 1);
  const second = make(1, 0);
  ends.push(first, second);
  return [first, second];
}
