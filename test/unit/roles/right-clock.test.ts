import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { judgeClock } from "../../../src/roles/right-clock.ts";

const NOW = 1_800_000_000_000;

test("M06 the clock is right only with an answer of the time server, or one within the last seven days", (t) => {
  t.is(judgeClock({ kind: "answered", atMs: 1 }, NOW, undefined).kind, "right");
  t.is(judgeClock({ kind: "asking" }, NOW, NOW).kind, "asking");
  t.deepEqual(judgeClock({ kind: "off" }, NOW, NOW), { kind: "wrong", sntp: "off" });
  t.deepEqual(judgeClock({ kind: "silent" }, NOW, undefined), { kind: "wrong", sntp: "silent" });
  t.is(judgeClock({ kind: "silent" }, NOW, NOW - LIMITS.sntpTrustMs).kind, "remembered");
  t.is(judgeClock({ kind: "silent" }, NOW, NOW - LIMITS.sntpTrustMs - 1).kind, "wrong");
});

test("M06 a clock that is behind the last answer has lost its battery and is not believed", (t) => {
  t.is(judgeClock({ kind: "silent" }, NOW, NOW + 1).kind, "wrong");
});
