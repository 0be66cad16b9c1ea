import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId, epochId, fleetId, runId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { sendChangesAfter, sendWhatFollows } from "../../../src/roles/server/changes-after.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { Journal } from "../../../src/store/journal.ts";

const A = deviceId("a".repeat(32));

/** A change with as many large entries as an owner whole has at most. */
function large(n: number) {
  const edits = Array.from({ length: 250 }, (_, index) => {
    const edit = {
      id: { device: A, run: runId("1".repeat(16)), sequence: 1_000 * n + index },
      owner: `user:${n}` as Owner,
      item: "shortcut",
      key: `${index}`,
      value: { text: "x".repeat(14_000) },
      seen: 0,
      stamp: 1,
      certain: true,
      by: "",
      why: "first",
    } as const;
    return { edit, bytes: encodeAccepted(edit) };
  });
  return draftOf(edits);
}

test("P29 a machine that is behind by more than a block is given the first, and what comes after it is kept for it", async (t) => {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  for (const n of [1, 2, 3]) {
    await journal.commit(n, async (transaction) => void (await transaction.append(large(n))), Number.POSITIVE_INFINITY);
  }
  const session = new Session({
    id: sessionId("5".repeat(16)),
    device: A,
    hello: { loggedIn: [], purpose: "rejoin" } as never,
    by: "network",
    heardMs: 1_000,
  });
  const blocks: [first: number, last: number][] = [];
  const voice = { send: (_: unknown, __: unknown, { first, last, part }: Changes) => void (part === 0 && blocks.push([first, last])) };
  const ask = (after: number) => sendChangesAfter(after, session, journal, voice as never);
  t.is(await ask(0), "sent");
  t.is(session.pinned(1_000), 1);
  t.is(session.pinned(1_000 + LIMITS.transferPauseMs), undefined, "not for ever");
  t.is(await ask(1), "sent");
  t.is(session.pinned(1_000), 2);
  t.is(await ask(2), "sent");
  t.is(session.pinned(1_000), undefined, "it has them all");
  t.is(await ask(3), "sent");
  t.deepEqual(blocks, [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
  ]);
  t.is(await ask(4), "too-old", "the journal was never there");
  t.is(blocks.length, 4);
});

test("P14 what was promised with a welcome follows it; where it is not kept any more, the machine has to say hello", async (t) => {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  await journal.commit(1, async (transaction) => void (await transaction.append(large(1))), Number.POSITIVE_INFINITY);
  const said: string[] = [];
  const voice = {
    send: (_: unknown, session: unknown, { kind }: { readonly kind: string }) => void said.push(`${kind} ${String(session)}`),
  };
  const sessions = { close: () => void said.push("closed") };
  const after = async (revision: number | undefined, follows?: true): Promise<string[]> => {
    said.length = 0;
    const position = revision === undefined ? undefined : { ...journal.position, revision };
    const session = new Session({
      id: sessionId("5".repeat(16)),
      device: A,
      hello: { loggedIn: [], position } as never,
      by: "network",
      heardMs: 1,
    });
    await sendWhatFollows({ follows } as never, session, { journal, sessions, voice } as never);
    return [...new Set(said)];
  };
  t.deepEqual(await after(0, true), [`changes ${"5".repeat(16)}`]);
  t.deepEqual(await after(0), []);
  t.deepEqual(await after(undefined, true), []);
  t.deepEqual(await after(2, true), ["closed", "server-end undefined"]);
});
