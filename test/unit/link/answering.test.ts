/** M09: who answers a search, on a network that only says what a test says: groups that cannot be joined, an end amid it, floods. */
import test from "ava";
import type { Group, GroupMember } from "../../../hal/network.ts";
import { encodeQuestion } from "../../../src/link/dns-message.ts";
import { answerSearches } from "../../../src/link/search-answerer.ts";
import { MDNS, SEARCH } from "../../../src/link/searching.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const NOT_NOW = new SyncError("hal-unavailable", "the cable is out");

/** A server machine that answers; `canJoin` says what becomes of each try to join a group. */
function answerer(canJoin: () => Promise<unknown> = async () => undefined, isSearchable?: () => boolean) {
  const clock = new ManualClock();
  const tried: (readonly [group: Group, wakes: boolean])[] = [];
  const asked: ((bytes: Uint8Array, from: { readonly host: string; readonly port: number }) => void)[] = [];
  const log: string[] = [];
  let [answers, closed] = [0, 0];
  const member = { answer: () => void (answers += 1), onMessage: (listener: (typeof asked)[number]) => void asked.push(listener) };
  const network = {
    async joinGroup(group: Group, { wakes }: { readonly wakes: boolean }): Promise<GroupMember> {
      tried.push([group, wakes]);
      await canJoin();
      return { ...member, close: () => void (closed += 1) } as never;
    },
  };
  const server = deviceId("00112233445566778899aabbccddeeff");
  const end = answerSearches({ network, clock, server, deviceName: "s", port: 8443, isSearchable, log: (text) => log.push(text) });
  const ask = (times: number, group = 0): number => {
    const before = answers;
    for (let time = 0; time < times; time += 1) asked[group]?.(encodeQuestion({ id: 1 }), { host: "a", port: 50_000 });
    return answers - before;
  };
  return { clock, tried, log, end, ask, closed: () => closed };
}

test("M09 M28 our own group wakes a server machine that sleeps, mDNS does not", async (t) => {
  const { tried, end } = answerer();
  await settle();
  t.deepEqual(tried, [
    [SEARCH, true],
    [MDNS, false],
  ]);
  end();
});

test("M09 so many questions a second are answered in both groups together, and no more", async (t) => {
  const { clock, ask, end } = answerer();
  await settle();
  t.is(ask(LIMITS.searchAnswersPerSecond), LIMITS.searchAnswersPerSecond);
  t.is(ask(1, 1), 0, "in the other group");
  await clock.advance(1_000);
  t.is(ask(2 * LIMITS.searchAnswersPerSecond, 1), LIMITS.searchAnswersPerSecond);
  end();
});

test("M09 a group that cannot be joined for now is told of and tried again, and then answers", async (t) => {
  let canJoin = false;
  const { clock, tried, log, end, ask } = answerer(async () => {
    if (!canJoin) throw NOT_NOW;
  });
  await settle();
  t.deepEqual([tried.length, log.length, ask(1)], [2, 2, 0]);
  canJoin = true;
  await clock.advance(LIMITS.searchJoinAgainMs);
  t.deepEqual([tried.length, ask(1)], [4, 1]);
  end();
});

test("M09 a group that comes to be joined after the end is left again", async (t) => {
  let join: (value?: unknown) => void = () => undefined;
  const joining = new Promise((resolve) => {
    join = resolve;
  });
  const { end, ask, closed } = answerer(() => joining);
  await settle();
  end();
  join();
  await settle();
  t.deepEqual([closed(), ask(1)], [2, 0]);
});

test("M09 a server machine that is not to be found answers nobody", async (t) => {
  let isSearchable = false;
  const { end, ask } = answerer(undefined, () => isSearchable);
  await settle();
  t.is(ask(1), 0);
  isSearchable = true;
  t.is(ask(1), 1);
  end();
});

test("M09 after a quiet minute no more is answered at once than in any second", async (t) => {
  const { clock, end, ask } = answerer();
  await settle();
  t.is(ask(500), LIMITS.searchAnswersPerSecond);
  await clock.advance(60_000);
  t.is(ask(500), LIMITS.searchAnswersPerSecond);
  await clock.advance(500);
  t.is(ask(500), LIMITS.searchAnswersPerSecond / 2);
  end();
});
