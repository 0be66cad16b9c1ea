import test from "ava";
import type { ModuleStatus } from "../../../hal/services.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { firstWord } from "../../../src/roles/first-word.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const status = (state: "offline" | "joining" | "synchronized" | "refused" | undefined): ModuleStatus => ({
  deviceId: "a",
  server: undefined,
  client: state === undefined ? undefined : { state, pending: 0 },
});

/** Whether it has come, for a machine in this state, which may be told to be in another. */
function waiting(state: "offline" | undefined) {
  const clock = new ManualClock();
  const listeners = new Set<(now: ModuleStatus) => void>();
  let now = status(state);
  const come: true[] = [];
  const administration = {
    status: () => now,
    onStatus: (listener: (now: ModuleStatus) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  void firstWord({ clock, administration }).then(() => come.push(true));
  const tell = (next: Parameters<typeof status>[0]): void => {
    now = status(next);
    for (const listener of listeners) listener(now);
  };
  return { clock, tell, listeners, hasCome: () => settle().then(() => come.length > 0) };
}

test("who is under way to nobody has nothing to wait for", async (t) => {
  t.true(await waiting(undefined).hasCome());
});

test("the first word is what the server machine says, be it no", async (t) => {
  for (const word of ["synchronized", "refused"] as const) {
    const { tell, hasCome, listeners } = waiting("offline");
    tell("offline");
    t.false(await hasCome(), word);
    tell(word);
    t.true(await hasCome(), word);
    t.is(listeners.size, 0);
  }
});

test("what was missed is taken before anything else", async (t) => {
  const { tell, hasCome, listeners } = waiting("offline");
  tell("joining");
  t.false(await hasCome());
  tell("synchronized");
  t.true(await hasCome());
  t.is(listeners.size, 0);
});

test("a join that takes long is not waited for to its end", async (t) => {
  const { clock, tell, hasCome } = waiting("offline");
  tell("joining");
  await clock.advance(LIMITS.firstWordMs - 1);
  t.false(await hasCome());
  await clock.advance(1);
  t.true(await hasCome());
});

test("a server machine that is away is waited for so long and no longer", async (t) => {
  const { clock, hasCome, listeners } = waiting("offline");
  await clock.advance(LIMITS.firstWordMs - 1);
  t.false(await hasCome());
  await clock.advance(1);
  t.true(await hasCome());
  t.is(listeners.size, 0);
});
