import test from "ava";
import type { ClientStatus, ModuleStatus } from "../../../hal/services.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { firstWord } from "../../../src/roles/first-word.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

type Told = Pick<ClientStatus, "state" | "fault" | "revision">;

const status = (told: Told | undefined): ModuleStatus => ({
  deviceId: "a",
  server: undefined,
  client: told === undefined ? undefined : { pending: 0, ...told },
});

/** A machine that has a copy, of which it can be told how it stands. */
const AWAY = { state: "offline", revision: 7 } as const;

/** Whether it has come, for a machine that stands so, which may be told to stand otherwise. */
function waiting(told: Told | undefined) {
  const clock = new ManualClock();
  const listeners = new Set<(now: ModuleStatus) => void>();
  let now = status(told);
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
    const { tell, hasCome, listeners } = waiting(AWAY);
    tell(AWAY);
    t.false(await hasCome(), word);
    tell({ ...AWAY, state: word });
    t.true(await hasCome(), word);
    t.is(listeners.size, 0);
  }
});

test("what was missed is taken before anything else", async (t) => {
  const { tell, hasCome, listeners } = waiting(AWAY);
  tell({ ...AWAY, state: "joining" });
  t.false(await hasCome());
  tell({ ...AWAY, state: "synchronized" });
  t.true(await hasCome());
  t.is(listeners.size, 0);
});

test("a return that takes long is not waited for to its end", async (t) => {
  const { clock, tell, hasCome } = waiting(AWAY);
  await clock.advance(LIMITS.firstWordMs - 1);
  tell({ ...AWAY, state: "joining" });
  await clock.advance(LIMITS.firstMissedMs - 1);
  t.false(await hasCome());
  await clock.advance(1);
  t.true(await hasCome());
});

test("a slow processor has time for what it missed, however late the first word came", async (t) => {
  const { clock, tell, hasCome, listeners } = waiting(AWAY);
  await clock.advance(LIMITS.firstWordMs - 1);
  tell({ ...AWAY, state: "joining" });
  await clock.advance(LIMITS.firstWordMs);
  t.false(await hasCome());
  tell({ ...AWAY, state: "synchronized" });
  t.true(await hasCome());
  t.is(listeners.size, 0);
});

test("a connection that is lost amid what was missed is not waited for anew", async (t) => {
  const { tell, hasCome } = waiting(AWAY);
  tell({ ...AWAY, state: "joining" });
  tell(AWAY);
  t.true(await hasCome());
});

test("a server machine that is away is waited for so long and no longer", async (t) => {
  const { clock, hasCome, listeners } = waiting(AWAY);
  await clock.advance(LIMITS.firstWordMs - 1);
  t.false(await hasCome());
  await clock.advance(1);
  t.true(await hasCome());
  t.is(listeners.size, 0);
});

test("a machine without a copy waits for that, and not for its printer's stores", async (t) => {
  const { clock, tell, hasCome, listeners } = waiting({ state: "offline" });
  tell({ state: "joining" });
  await clock.advance(LIMITS.firstCopyMs - 1);
  t.false(await hasCome());
  tell({ state: "joining", revision: 1 });
  t.true(await hasCome());
  t.is(listeners.size, 0);
});

test("a machine without a copy that gets none is not waited for either", async (t) => {
  const { clock, hasCome } = waiting({ state: "offline" });
  await clock.advance(LIMITS.firstCopyMs);
  t.true(await hasCome());
});

test("a machine that cannot go on by itself shows so at once", async (t) => {
  const { tell, hasCome } = waiting({ state: "offline" });
  t.false(await hasCome());
  tell({ state: "offline", fault: "hal-full" });
  t.true(await hasCome());
});
