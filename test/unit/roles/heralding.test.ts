/** How a machine that took the place of a lost server tells those before it, should they come back. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { type DeviceId, deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { DownBody } from "../../../src/protocol/down.ts";
import type { Up } from "../../../src/protocol/up.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { tellPredecessors } from "../../../src/roles/herald.ts";
import { OtherServer } from "../../../src/roles/server/other-server.ts";
import { Journal } from "../../../src/store/journal.ts";
import { notePredecessors, readPredecessors } from "../../../src/store/predecessor.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { at, DEVICE } from "./own-copy.ts";
import { ENVELOPE, welcomeTo } from "./own-exchange.ts";

const A = deviceId("aa".repeat(16));
const B = deviceId("bb".repeat(16));
const SECOND = 1_000;

type Answer = "stood-down" | "serves" | "silent" | "not-paired";
/** How somebody who has stepped aside behaves to whoever looks at what it has. */
type Looked = "kept" | "breaks";

interface Circumstances {
  readonly looked?: Looked;
  readonly told?: readonly DeviceId[];
  readonly isFirst?: boolean;
  /** The copy that its own client has of what another machine serves. */
  readonly elsewhere?: object;
  /** So often its storage refuses what it hears of another server. */
  readonly failures?: number;
}

/** A machine that serves in the place of A, and before that of B. What each of them answers may change. */
async function heralding(
  answers: Map<DeviceId, Answer>,
  { looked = "kept", told = [], isFirst = false, elsewhere, failures = 0 }: Circumstances = {},
) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const journal = await Journal.open(new MemoryStorage(), () => ({
    fleet: fleetId("f".repeat(32)),
    epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 },
  }));
  const one = (server: DeviceId) => ({ server, destination: "10.0.0.1", isTold: told.includes(server) });
  if (!isFirst) await storage.write([notePredecessors([one(A), one(B)])]);
  /** "A 0": A was told after so many seconds; "A looked": what it has was asked for. */
  const said: string[] = [];
  const began = clock.monotonicMs();
  const connect = (_: unknown, server: DeviceId) => {
    let hear: (message: { readonly envelope: unknown; readonly body: DownBody }) => void = () => undefined;
    let change: (state: string, why: unknown) => void = () => undefined;
    const name = server === A ? "A" : "B";
    const answer = (body: DownBody) => void hear({ envelope: ENVELOPE, body });
    const send = ({ body }: Up) => {
      if (body.kind !== "hello") return;
      if (body.position === undefined) {
        said.push(`${name} looked`);
        if (looked === "breaks") change("down", new SyncError("link-lost", "it broke"));
        else answer({ kind: "refuse", number: body.number, refusal: { word: "server-not-running" } });
        return;
      }
      said.push(`${name} ${(clock.monotonicMs() - began) / SECOND}`);
      if (answers.get(server) === "stood-down") answer({ kind: "refuse", number: 1, refusal: { word: "stood-down" } });
      if (answers.get(server) === "serves") answer(welcomeTo(10, { position: at(10) }));
    };
    return {
      state: answers.get(server) === "not-paired" ? "down" : "up",
      onMessage: (listener: typeof hear) => (hear = listener),
      onState: (listener: typeof change) => {
        change = listener;
        if (answers.get(server) === "not-paired") listener("down", { word: "not-paired" });
      },
      send,
      close: async () => undefined,
    };
  };
  const device = { capabilities: { networkPlaces: "" } };
  const users = { policy: () => ({ loginService: "off", domains: [], departments: { on: false, ids: [] }, groups: [] }) };
  const ending = new AbortController();
  const heard: string[] = [];
  const others: (string | undefined)[] = [];
  const parts = {
    hal: { storage, clock, device, users },
    config: DEFAULT_CONFIG,
    links: { connect },
    random: (bytes: number) => new Uint8Array(bytes),
    log: new CommunicationLog({ storage, clock }),
    device: DEVICE,
    journal,
    elsewhere: () => elsewhere,
    onOther: (address: string | undefined) => others.push(address),
    other: {
      hear: async () => {
        if (failed++ < failures) throw new SyncError("hal-broken", "the medium failed");
        heard.push("served");
        return "stood-down";
      },
    },
  };
  let failed = 0;
  let isOver = false;
  const running = tellPredecessors(parts as never, ending.signal).then(() => (isOver = true));
  const isTold = async () => (await readPredecessors(storage)).map((of) => of.isTold);
  const end = async () => {
    ending.abort();
    await clock.advance(LIMITS.answerMs);
    await running;
  };
  return { clock, said, heard, others, isTold, end, isOver: () => isOver };
}

test("B06 one after the other is told, what each has is looked at once, and whoever was told is told again now and then", async (t) => {
  const { clock, said, isTold, end } = await heralding(
    new Map([
      [A, "stood-down"],
      [B, "stood-down"],
    ]),
  );
  await clock.advance(LIMITS.refusedRetryMs);
  t.deepEqual(said, ["A 0", "A looked", "B 0", "B looked"]);
  t.deepEqual(await isTold(), [true, true]);
  await clock.advance(LIMITS.predecessorLookMs);
  t.deepEqual(said.slice(4), [`A ${LIMITS.predecessorLookMs / SECOND}`, `B ${LIMITS.predecessorLookMs / SECOND}`]);
  await end();
});

test("B06 the first server of a fleet has nobody to tell, and waits for nothing", async (t) => {
  const { clock, said, isOver, end } = await heralding(new Map(), { isFirst: true });
  await clock.advance(0);
  t.true(isOver());
  t.deepEqual([said, clock.waits], [[], 0]);
  await end();
});

test("B06 whoever is away is tried again soon, whoever of the others was told; one that was told may stay away", async (t) => {
  const soon = (LIMITS.answerMs + LIMITS.refusedRetryMs) / SECOND;
  const { clock, said, isTold, end } = await heralding(
    new Map([
      [A, "silent"],
      [B, "stood-down"],
    ]),
  );
  await clock.advance(soon * SECOND);
  t.deepEqual(said, ["A 0", `B ${LIMITS.answerMs / SECOND}`, "B looked", `A ${soon}`]);
  t.deepEqual(await isTold(), [false, true]);
  await end();
  const told = await heralding(
    new Map([
      [A, "silent"],
      [B, "silent"],
    ]),
    { told: [A, B] },
  );
  await told.clock.advance(LIMITS.predecessorLookMs);
  t.is(told.said.length, 2);
  await told.end();
});

test("B06 what somebody has counts as taken when it is taken: a look that breaks is made anew", async (t) => {
  const { clock, said, isTold, end } = await heralding(
    new Map([
      [A, "stood-down"],
      [B, "silent"],
    ]),
    { looked: "breaks", told: [B] },
  );
  await clock.advance(LIMITS.answerMs + LIMITS.refusedRetryMs);
  t.deepEqual(await isTold(), [false, true]);
  t.is(said.filter((what) => what === "A looked").length, 2);
  await end();
});

test("B06 P16 whoever was made the server again since ends this one, and nobody else is told any more", async (t) => {
  const { clock, said, heard, isOver } = await heralding(
    new Map([
      [A, "serves"],
      [B, "stood-down"],
    ]),
  );
  await clock.advance(LIMITS.predecessorLookMs);
  t.deepEqual([said, heard], [["A 0"], ["served"]]);
  t.true(isOver());
});

test("B06 a server that hears of one which serves in its place refuses everybody from then on, and says so", async (t) => {
  for (const hasStoodDown of [true, false]) {
    const refusals: unknown[] = [];
    const succession = { hear: async () => undefined, hasStoodDown };
    const requests = { run: async (act: () => Promise<unknown>) => await act() };
    const other = new OtherServer({ succession, requests, standDown: (refusal: unknown) => refusals.push(refusal) } as never);
    t.is(await other.hear({ position: at(1), lineage: [], by: "a" }), hasStoodDown ? "stood-down" : "served");
    t.deepEqual(refusals, hasStoodDown ? [{ word: "stood-down" }] : []);
  }
});

test("M33 B06 somebody who serves and does not know this machine is named until it serves no more, and is tried again soon", async (t) => {
  const answers = new Map<DeviceId, Answer>([
    [A, "not-paired"],
    [B, "stood-down"],
  ]);
  const { clock, others, isTold, end } = await heralding(answers);
  await clock.advance(0);
  t.deepEqual(others, ["10.0.0.1"]);
  t.deepEqual(await isTold(), [false, true]);
  answers.set(A, "silent");
  await clock.advance(LIMITS.refusedRetryMs + LIMITS.answerMs);
  t.deepEqual(others, ["10.0.0.1", undefined]);
  await end();
});

test("B06 P16 another server that its own client hears of is heard as soon as the storage takes it; one that refuses stops nothing", async (t) => {
  const elsewhere = { position: { ...at(9), fleet: "f".repeat(32), epoch: { number: 2, id: "9".repeat(16), first: 5 } }, lineage: [] };
  const { clock, heard, end, isOver } = await heralding(new Map(), { elsewhere, failures: 2 });
  await clock.advance(2 * LIMITS.answerMs + 2 * LIMITS.refusedRetryMs);
  t.deepEqual([heard, isOver()], [[], false]);
  await clock.advance(2 * LIMITS.refusedRetryMs);
  t.deepEqual([heard, isOver()], [["served"], true]);
  await end();
});
