import test from "ava";
import { type ModuleEvent, type ModuleState, nextState } from "../../hal/runtime/lifecycle.ts";

const STATES: readonly ModuleState[] = ["installed", "resolved", "starting", "active", "stopping"];
const EVENTS: readonly ModuleEvent[] = ["resolved", "unresolved", "start", "activated", "failed", "stop", "crashed", "stopped"];

const ALLOWED: readonly [ModuleState, ModuleEvent, ModuleState][] = [
  ["installed", "resolved", "resolved"],
  ["resolved", "start", "starting"],
  ["resolved", "unresolved", "installed"],
  ["starting", "activated", "active"],
  ["starting", "failed", "resolved"],
  ["active", "stop", "stopping"],
  ["active", "crashed", "stopping"],
  ["stopping", "stopped", "resolved"],
];

for (const state of STATES) {
  for (const event of EVENTS) {
    const next = ALLOWED.find(([from, by]) => from === state && by === event)?.[2];
    test(`a module that is ${state} becomes ${next ?? "nothing else"} by "${event}"`, (t) => {
      t.is(nextState(state, event), next);
    });
  }
}
