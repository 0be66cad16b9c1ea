import test from "ava";
import { answersQuestion, ntpQuestion, readNtpAnswer } from "../../hal/parts/ntp-answer.ts";
import { ntpAnswer } from "../../hal/sim/desk/ntp-server.ts";

const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

test("its answers are ones that a suspicious client believes", (t) => {
  const nowMs = Date.UTC(2026, 5, 1, 12, 0, 0, 250);
  const answer = ntpAnswer(ntpQuestion(NONCE), nowMs);
  const read = readNtpAnswer(answer ?? new Uint8Array());
  t.true(Math.abs(read.receivedMs - nowMs) < 1);
  t.true(Math.abs(read.sentMs - nowMs) < 1);
  t.is(read.stratum, 2);
  t.true(answersQuestion(answer ?? new Uint8Array(), NONCE));
});

test("its dates are right beyond 2036, when the seconds of NTP begin anew", (t) => {
  const nowMs = Date.UTC(2040, 0, 1);
  const read = readNtpAnswer(ntpAnswer(ntpQuestion(NONCE), nowMs) ?? new Uint8Array());
  t.true(Math.abs(read.sentMs - nowMs) < 1);
});

for (const [what, packet] of [
  ["too short", new Uint8Array(47).fill(0x23)],
  ["an answer", Uint8Array.from(new Uint8Array(48), (_value, index) => (index === 0 ? 0x24 : 0))],
  ["of an old version", Uint8Array.from(new Uint8Array(48), (_value, index) => (index === 0 ? 0x0b : 0))],
] as const) {
  test(`what is ${what} is no question, and is not answered`, (t) => {
    t.is(ntpAnswer(packet, 0), undefined);
  });
}
