/** What a client does at the end of each turn: one thing comes before another, and edits last. */
import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { NextStep } from "../../../src/roles/client/next-step.ts";
import { POLICY } from "./own-client.ts";
import { RUN } from "./own-copy.ts";

const USUAL = {
  ...{ link: "up", phase: "in", silenceMs: 0, doubted: undefined as number | undefined, isOverdue: false, isRetryDue: false },
  ...{
    importing: false,
    isUnderWay: false,
    isReadyToSwitch: false,
    isReturnDue: false,
    offers: 0,
    overLimit: 0,
    hasBase: true,
    wantsAll: false,
  },
};

/** What is done in this state. What is switched, brought back or offered is over with that. */
async function stepIn(other: Partial<typeof USUAL>): Promise<string[]> {
  const state = { ...USUAL, ...other };
  const done: string[] = [];
  const note = (what: string) => void done.push(what);
  const exchange = {
    get phase() {
      return state.phase;
    },
    silenceMs: state.silenceMs,
    doubted: state.doubted,
    isOverdue: state.isOverdue,
    isRetryDue: state.isRetryDue,
    hello: ({ position, journalTime }: { position: unknown; journalTime: number }) => {
      state.phase = "asked";
      note(`hello ${position === undefined ? "for all" : "again"} at ${journalTime}`);
    },
    reset: () => {
      state.phase = "silent";
      note("reset");
    },
    say: () => note("say"),
  };
  const parts = {
    link: { state: state.link, restart: () => note("restart") },
    exchange,
    replica: {
      get position() {
        return state.hasBase ? { revision: 10 } : undefined;
      },
      head: { transfer: undefined, lineage: [] },
      owners: async () => new Map(),
      pending: { ranges: () => [] },
      offers: {
        get size() {
          return state.offers + state.overLimit;
        },
      },
    },
    ...{ run: RUN, protocol: { min: 1, max: 2 }, names: { all: () => [] } },
    description: { capabilities: { networkPlaces: "" } },
    users: { policy: () => POLICY, loggedIn: () => undefined },
    restrictions: { importExportRunning: () => state.importing },
    journalClock: { estimate: () => 7 },
    catchUp: {
      wantsAll: state.wantsAll,
      get isUnderWay() {
        return state.isUnderWay;
      },
      get isReadyToSwitch() {
        return state.isReadyToSwitch;
      },
      pull: async () => note("pull"),
      switchOver: async () => {
        note("switch");
        Object.assign(state, { isReadyToSwitch: false, isUnderWay: false, hasBase: true });
        return "rejoin";
      },
    },
    places: {
      get isReturnDue() {
        return state.isReturnDue;
      },
      comeBack: async (record: () => Promise<void>) => {
        await record();
        note("come back");
        state.isReturnDue = false;
      },
    },
    joiner: {
      offer: async (say: () => void) => {
        say();
        state.offers = 0;
      },
      absorbOverLimit: async () => note("absorb"),
      noticeHeld: async () => undefined,
    },
    crossing: { follow: async () => note("follow") },
    shower: {
      showAll: async (_keep: unknown, record: () => Promise<void>) => {
        await record();
        note("show all");
      },
    },
    forwarding: { push: () => note("push") },
    later: { showWaiting: async () => note("show what waits") },
    recording: { breathe: async () => note("record") },
  };
  await new NextStep(parts as never).take();
  return done;
}

test("P13 P14 what a client does at the end of a turn: a hello, the way to the server's state, what was kept apart, offers, and own edits last", async (t) => {
  const hello = ["hello again at 7"];
  const rows: readonly (readonly [state: Partial<typeof USUAL>, done: readonly string[]])[] = [
    [{}, ["push"]],
    [{ link: "down" }, []],
    [{ link: "down", phase: "silent" }, []],
    [{ link: "down", isOverdue: true }, []],
    [{ phase: "silent" }, hello],
    [{ phase: "silent", wantsAll: true }, ["hello for all at 7"]],
    [{ phase: "silent", hasBase: false }, ["hello for all at 7"]],
    [{ phase: "silent", importing: true }, hello],
    [{ phase: "silent", silenceMs: Number.POSITIVE_INFINITY }, hello],
    [{ phase: "asked" }, []],
    [{ phase: "asked", silenceMs: LIMITS.leaseMs + 1 }, []],
    [{ phase: "asked", isOverdue: true }, ["reset", "restart"]],
    [{ phase: "refused" }, []],
    [{ phase: "refused", isRetryDue: true }, ["reset", ...hello]],
    [{ isOverdue: true }, ["reset", "restart"]],
    [{ silenceMs: LIMITS.leaseMs }, ["push"]],
    [{ silenceMs: LIMITS.leaseMs + 1 }, ["reset", "restart"]],
    [{ importing: true }, []],
    [{ importing: true, doubted: 0 }, []],
    [{ importing: true, isUnderWay: true, isReturnDue: true, offers: 1 }, []],
    [{ doubted: 0 }, ["reset"]],
    [{ doubted: 0, isUnderWay: true, offers: 1 }, ["reset"]],
    [{ doubted: 11 }, ["push"]],
    [{ hasBase: false }, []],
    [{ hasBase: false, offers: 1 }, []],
    [{ isUnderWay: true }, ["pull"]],
    [{ isUnderWay: true, hasBase: false }, ["pull"]],
    [{ isUnderWay: true, isReturnDue: true, offers: 1 }, ["show what waits", "pull"]],
    [{ isUnderWay: true, isReadyToSwitch: true }, ["show what waits", "switch", "follow", "record", "show all", "push"]],
    [{ isReturnDue: true }, ["show what waits", "record", "come back", "push"]],
    [{ offers: 1 }, ["say", "push"]],
    [{ overLimit: 1 }, ["say", "absorb", "push"]],
    [{ isReturnDue: true, offers: 1, overLimit: 1 }, ["show what waits", "record", "come back", "say", "absorb", "push"]],
  ];
  for (const [state, done] of rows) t.deepEqual(await stepIn(state), done, JSON.stringify(state));
});
