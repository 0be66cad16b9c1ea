/** What stands around the simulation: its options, and how a failure is made smaller. */
import test from "ava";
import { parse, replayCommand } from "../../build/simulation/arguments.ts";
import { kindOf, Totals } from "../../build/simulation/report.ts";
import { shrink, smallest } from "../../build/simulation/shrink.ts";
import { fuzz, type FuzzOutcome } from "./fuzz.ts";

const parsed = (...args: string[]) => {
  const options = parse(args);
  if (typeof options === "string") throw new Error(options);
  return options;
};

test("the command that is printed for a failure is understood again", (t) => {
  const shape = { machines: 3, steps: 20, faults: false, traits: ["backups", "crowd"] as const };
  const command = replayCommand(1234, shape, [3, 17]);
  const options = parsed(...command.replace("npm run simulate -- ", "").split(" "));
  t.like(options, { ...shape, replay: 1234, only: [3, 17], verbose: true });
});

test("options that cannot be understood are named", (t) => {
  for (const args of [
    ["--seed", "1"],
    ["--seeds", "x"],
    ["--machines", "11"],
    ["--only", "3,"],
    ["--workers", "0"],
    ["--with", "luck"],
    ["--replay", ""],
  ])
    t.regex(String(parse(args)), new RegExp(`^${args[0]}`), args.join(" "));
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test("a failure that needs three decisions of two hundred is made as small as those three", async (t) => {
  let runs = 0;
  const stillFails = async (subset: readonly number[]): Promise<boolean> => {
    runs += 1;
    return [7, 113, 114].every((number) => subset.includes(number));
  };
  for (const atOnce of [1, 4]) t.deepEqual(await smallest(upTo(200), stillFails, { atOnce, isOver: () => false }), [7, 113, 114]);
  t.true(runs < 400, `${runs} runs`);
});

test("a failure that needs all of it stays, one that needs nothing is empty, and when the time is over the smallest so far counts", async (t) => {
  const parts = { atOnce: 2, isOver: () => false };
  t.deepEqual(await smallest(upTo(9), async (subset) => subset.length === 9, parts), upTo(9));
  t.deepEqual(await smallest(upTo(9), async () => true, parts), []);
  t.deepEqual(await smallest(upTo(9), async () => true, { atOnce: 2, isOver: () => true }), upTo(9));
});

test("what is made smaller must break the same rule", async (t) => {
  const outcome = (fault: string | undefined): FuzzOutcome => ({
    seed: 1,
    fault,
    failure: fault,
    step: 4,
    made: [1, 2, 3, 4],
    fingerprint: "",
    events: 1,
    virtualMs: 1,
    acts: 1,
    machines: 2,
    tally: { "act: login": 1 },
  });
  const run = async ({ only }: { readonly only: readonly number[] | undefined }): Promise<FuzzOutcome> =>
    outcome(only?.includes(2) === true ? "I2: machine 5" : "M28: another rule");
  const job = { seed: 1, machines: undefined, steps: undefined, faults: true, traits: undefined, only: undefined };
  const { only } = await shrink({ run, size: 1 }, job, { fault: "I2: machine 7", made: [1, 2, 3, 4] }, { deadlineMs: 1, nowMs: () => 0 });
  t.deepEqual(only, [2]);
  t.is(kindOf("I2: machine 5"), kindOf("I2: machine 7"));

  const totals = new Totals();
  totals.add(outcome(undefined));
  totals.add(outcome("I2: x"));
  t.deepEqual(totals.coverage(), ["  act: login  2"]);
  t.regex(totals.line(1_000), /^2 seeds, 2 events, 2 acts, .*: 1 failed$/);
});

test("decisions that are left out do not change what the others decide", async (t) => {
  const lines: string[] = [];
  const options = { seed: 12, machines: 2, steps: 12, faults: false };
  const whole = await fuzz({ ...options, onLine: (line) => lines.push(line) });
  t.is(whole.fault, undefined);
  const without = whole.made.slice(0, -1);
  const fewer: string[] = [];
  t.deepEqual((await fuzz({ ...options, only: new Set(without), onLine: (line) => fewer.push(line) })).made, without);
  const acts = (of: readonly string[]): string[] => of.filter((line) => / (sets|deletes) /.test(line)).map((line) => line.slice(11));
  t.deepEqual(acts(fewer), acts(lines).slice(0, acts(fewer).length));
  t.true(acts(fewer).length >= acts(lines).length - 12);
});
