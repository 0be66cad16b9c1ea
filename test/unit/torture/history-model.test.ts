import test from "ava";
import { type Ended, faultsOf, type History, type Made } from "../../torture/history-model.ts";

const MOMENT_MS = 1_000;
let madeAtMs = 0;
/** One after the other, each in a moment of its own, unless a test says otherwise. */
const made = (machine: number, value: string | undefined, more: Partial<Made> = {}): Made => {
  madeAtMs += 10 * MOMENT_MS;
  return { machine, entry: "e", value, shown: undefined, fromMs: madeAtMs, toMs: madeAtMs + 10, isTaken: true, knowsTime: true, ...more };
};
const ended = (fromMs: number): Ended => ({ entries: ["e"], fromMs, toMs: fromMs + 10 });
const history = (edits: readonly Made[], ends: readonly Ended[] = []): History => ({ made: edits, ended: ends, momentMs: MOMENT_MS });
const showing = (value: string | undefined) => (value === undefined ? new Map<string, string>() : new Map([["e", value]]));
const judge = (of: History, ...values: (string | undefined)[]): string[] =>
  faultsOf(of, new Map(values.map((value, index) => [index + 1, showing(value)])));

test("all machines show the same, and only what somebody has set", (t) => {
  const [a, b] = [made(1, "a"), made(2, "b")];
  t.deepEqual(judge(history([a, b]), "b", "b"), []);
  t.regex(judge(history([a, b]), "b", "a")[0] ?? "", /machine 1 shows b, machine 2 shows a/);
  t.regex(judge(history([a, b]), undefined, "b")[0] ?? "", /M16/);
  t.regex(judge(history([a, b]), "c", "c")[0] ?? "", /nobody/);
});

test("of two edits the later one stands, but for those of one moment, and for one whose machine did not know the time", (t) => {
  const [a, b] = [made(1, "a"), made(2, "b")];
  t.regex(judge(history([a, b]), "a")[0] ?? "", /set later/);
  const sameMoment = { ...b, fromMs: a.toMs + MOMENT_MS / 2, toMs: a.toMs + MOMENT_MS };
  t.deepEqual(judge(history([a, sameMoment]), "a"), []);
  t.deepEqual(judge(history([a, { ...b, knowsTime: false }]), "a"), []);
  t.deepEqual(judge(history([a, { ...b, isTaken: false }]), "a"), [], "nobody was promised the later one");
  t.deepEqual(judge(history([a, { ...b, isTaken: false }]), "b"), [], "it may be there all the same");
});

test("an edit wins over what its author had seen, and a machine's later one over its earlier one, whatever the time", (t) => {
  const a = made(1, "a");
  const soon = { fromMs: a.toMs + 1, toMs: a.toMs + 2, knowsTime: false };
  t.regex(judge(history([a, made(2, "b", { ...soon, shown: "a" })]), "a")[0] ?? "", /had it before them/);
  t.regex(judge(history([a, made(1, "b", soon)]), "a")[0] ?? "", /same machine/);
  t.deepEqual(judge(history([a, made(2, "b", soon)]), "a"), []);
});

test("what was promised is there, unless somebody has deleted it", (t) => {
  const [a, gone] = [made(1, "a"), made(2, undefined, { shown: "a" })];
  t.regex(judge(history([a]), undefined)[0] ?? "", /promised/);
  t.deepEqual(judge(history([{ ...a, isTaken: false }]), undefined), []);
  t.deepEqual(judge(history([a, gone]), undefined), []);
  t.regex(judge(history([a, gone]), "a")[0] ?? "", /B03/);
});

test("a deleted owner is gone with all that was set before, and begins anew with what is set afterwards", (t) => {
  const [a, b] = [made(1, "a"), made(2, "b")];
  const end = ended((a.toMs + b.fromMs) / 2);
  t.deepEqual(judge(history([a], [ended(b.fromMs)]), undefined), []);
  t.regex(judge(history([a], [ended(b.fromMs)]), "a")[0] ?? "", /M15/);
  t.deepEqual(judge(history([a, b], [end]), "b"), []);
  t.regex(judge(history([a, b], [end]), undefined)[0] ?? "", /promised/);
  const inItsMoment = { ...b, fromMs: end.toMs, toMs: end.toMs + 10 };
  for (const value of [undefined, "b"]) t.deepEqual(judge(history([a, inItsMoment], [end]), value), []);
});
