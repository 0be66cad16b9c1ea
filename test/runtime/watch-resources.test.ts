import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import type { ModuleState } from "../../hal/runtime/lifecycle.ts";
import { type WatchParts, watchResources } from "../../hal/runtime/watch-resources.ts";
import type { ResourceReport, Resources } from "../../hal/resources.ts";

const PLENTY: Resources = { memoryKb: 1e9, threads: 1e9, sockets: 1e9, fileDescriptors: 1e9, filespaceKb: 1e9 };

/** Watches for as many looks as there are states, without waiting in between. */
async function watched(
  states: readonly ModuleState[],
  declared: Resources,
): Promise<{ lines: string[]; reports: ResourceReport[]; waits: number[] }> {
  const lines: string[] = [];
  const reports: ResourceReport[] = [];
  const waits: number[] = [];
  const ending = new AbortController();
  const left = [...states];
  const parts: WatchParts = {
    time: {
      nowMs: () => 0,
      async wait(ms) {
        waits.push(ms);
        left.shift();
        if (left.length === 0) ending.abort();
        await wait(0);
      },
    },
    tell: (line) => lines.push(line),
    supervisor: {
      get state() {
        return left[0] ?? "resolved";
      },
    },
    machine: { onResources: (report) => reports.push(report) },
    dataDir: "/nonexistent",
    declared,
    bundleKb: 7,
  };
  await watchResources(parts, ending.signal);
  return { lines, reports, waits };
}

test("a module that runs is measured, with its bundle; one that does not is only looked for", async (t) => {
  const { reports, waits } = await watched(["resolved", "starting", "active", "active"], PLENTY);
  t.is(reports.length, 2);
  t.is(reports[0]?.measured.filespaceKb, 7);
  t.deepEqual(waits, [500, 500, 10_000, 10_000]);
});

test("the figures are told once while nothing changes", async (t) => {
  const { lines } = await watched(["active", "active", "active"], PLENTY);
  t.is(lines.length, 1);
  t.regex(lines[0] ?? "", /^resources within what the manifest declares: .*filespaceKb 7 of 1000000000/);
});

test("what gets over its figure is a warning, told once", async (t) => {
  const { lines, reports } = await watched(["active", "active", "active"], { ...PLENTY, filespaceKb: 6 });
  t.is(lines.length, 1);
  t.regex(lines[0] ?? "", /^warning: over what the manifest declares: filespaceKb \(.*filespaceKb 7 of 6\)$/);
  t.deepEqual(reports[0]?.over, ["filespaceKb"]);
});
