import test from "ava";
import { deviceId, epochId, fleetId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import type { Down } from "../../../src/protocol/down.ts";
import type { ClientEvent } from "../../../src/roles/client/client-event.ts";
import { inRuns } from "../../../src/roles/client/in-runs.ts";

const ENVELOPE = {
  version: 2,
  fleet: fleetId("f".repeat(32)),
  epoch: { number: 1, id: epochId("e".repeat(16)) },
  from: deviceId("d".repeat(32)),
  session: undefined,
  counter: 1,
};

const block = (first: number, last: number, bytes = 100): Changes => ({
  kind: "changes",
  first,
  last,
  part: 0,
  of: 1,
  deflated: false,
  bytes: new Uint8Array(bytes),
});

const heard = (body: Changes, envelope: Partial<Down["envelope"]> = {}): ClientEvent => ({
  kind: "message",
  message: { envelope: { ...ENVELOPE, ...envelope }, body },
  also: [],
});

const TICK: ClientEvent = { kind: "tick" };

/** The revisions that each event brings, of all that is taken with it. */
const taken = (events: readonly ClientEvent[]): (string | undefined)[] =>
  inRuns(events).map((event) =>
    event.kind === "message" && event.message.body.kind === "changes"
      ? [event.message.body, ...event.also].map(({ first, last }) => `${first}-${last}`).join(" ")
      : event.kind,
  );

test("changes to all machines that follow one another are taken together, whatever comes between them ends that", (t) => {
  t.deepEqual(taken([heard(block(1, 1)), heard(block(2, 4)), TICK, heard(block(5, 5)), heard(block(6, 6))]), [
    "1-1 2-4",
    "tick",
    "5-5 6-6",
  ]);
});

test("what does not go on where the one before it ends is taken by itself: a loss is noticed where it is", (t) => {
  t.deepEqual(taken([heard(block(1, 1)), heard(block(3, 3)), heard(block(3, 3)), heard(block(4, 4))]), ["1-1", "3-3", "3-3 4-4"]);
});

test("pieces of a block, what this machine asked for, and what was said otherwise are taken by themselves", (t) => {
  const others = [
    heard({ ...block(2, 2), of: 2 }),
    heard(block(2, 2), { session: sessionId("a".repeat(16)) }),
    heard(block(2, 2), { version: 1 }),
    heard(block(2, 2), { fleet: fleetId("0".repeat(32)) }),
    heard(block(2, 2), { epoch: { number: 2, id: ENVELOPE.epoch.id } }),
    heard(block(2, 2), { epoch: undefined }),
  ];
  for (const other of others) t.deepEqual(taken([heard(block(1, 1)), other]), ["1-1", "2-2"]);
});

test("no more is taken together than the limit", (t) => {
  const half = LIMITS.takenTogetherBytesMax / 2;
  t.deepEqual(taken([1, 2, 3, 4, 5].map((n) => heard(block(n, n, half)))), ["1-1 2-2", "3-3 4-4", "5-5"]);
  t.deepEqual(taken([heard(block(1, 1, 2 * half)), heard(block(2, 2, 1))]), ["1-1", "2-2"]);
});
