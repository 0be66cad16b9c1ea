/** B05: what a client machine says of itself, case by case, and which of its edits count as acknowledged. */
import test from "ava";
import type { ClientStatus } from "../../../hal/services.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { acknowledgedOf, statusOf } from "../../../src/roles/client/client-status.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import { ALICE, answeredAt, at, editOf, replicaOf } from "./own-copy.ts";

const bob = must(userOwner("bob"), "an owner");

/** Everything is well: in session, joined, nothing waits; `other` says what is not. */
async function standing(other: Readonly<Record<string, unknown>> = {}, edits: readonly PendingEdit[] = []) {
  const {
    head = {},
    offers = [],
    notApplied = [],
    partsArrived = 0,
    isShown = true,
    showing,
    isImporting = false,
    isUnderWay = false,
    ...said
  } = other;
  const replica = await replicaOf(new MemoryStorage(), head as object, edits);
  for (const [owner, kind] of offers as readonly (readonly [never, never])[])
    await replica.write([replica.offers.set(owner, { kind })], {});
  Object.defineProperty(replica, "partsArrived", { value: partsArrived });
  const exchange = { phase: "in", silenceMs: 0, refusal: undefined, isServerStopped: false, ...said };
  const list = (notApplied as readonly string[]).map((because) => ({ because }));
  return {
    parts: {
      replica,
      restrictions: { importExportRunning: () => isImporting },
      notApplied: { size: list.length, some: (reason: string) => list.some(({ because }) => because === reason) },
    },
    exchange,
    catchUp: { isUnderWay },
    shower: { progress: showing },
    later: { revision: isShown ? 7 : undefined },
  };
}

const statusWith = async (other: Readonly<Record<string, unknown>> = {}, edits: readonly PendingEdit[] = []) =>
  statusOf((await standing(other, edits)) as never);

const NO_POSITION = { head: { position: undefined } };
const PUT_OUT = { word: "put-out" } as const;

test("B05 each state has its case, and what stands before it", async (t) => {
  const cases: readonly (readonly [state: ClientStatus["state"], other: Readonly<Record<string, unknown>>])[] = [
    ["synchronized", {}],
    ["refused", { phase: "refused", refusal: PUT_OUT }],
    ["refused", { phase: "refused", refusal: PUT_OUT, silenceMs: LIMITS.searchAgainMs }],
    ["offline", { phase: "refused", refusal: PUT_OUT, silenceMs: LIMITS.searchAgainMs + 1 }],
    ["offline", { phase: "refused", refusal: { word: "server-not-running" }, isServerStopped: true }],
    ["offline", { phase: "asked" }],
    ["offline", { phase: "silent", isImporting: true }],
    ["synchronized", { silenceMs: LIMITS.heardMs }],
    ["offline", { silenceMs: LIMITS.heardMs + 1 }],
    ["paused", { isImporting: true, isUnderWay: true }],
    ["joining", NO_POSITION],
    ["joining", { head: { unshown: at(3) } }],
    ["joining", { isUnderWay: true }],
    ["joining", { offers: [[ALICE, "wanted"]] }],
    ["synchronized", { offers: [[ALICE, "over-limit"]] }],
  ];
  for (const [state, other] of cases) t.is((await statusWith(other)).state, state, JSON.stringify(other));
});

test("B05 the reason is the refusal, or that the server function does not run; what is shown has a revision once there is one", async (t) => {
  t.deepEqual(await statusWith(), { state: "synchronized", pending: 0, revision: 7 });
  t.deepEqual(await statusWith({ isShown: false }), { state: "synchronized", pending: 0 });
  const refused = await statusWith({ phase: "refused", refusal: PUT_OUT });
  t.deepEqual([refused.reason, refused.refusal], ["put-out", PUT_OUT]);
  const stopped = await statusWith({ phase: "silent", isServerStopped: true });
  t.deepEqual([stopped.state, stopped.reason], ["offline", "server-not-running"]);
});

test("B05 pending are the edits without an answer; what is kept here and what is not applied are counted each for itself", async (t) => {
  t.is((await statusWith({}, [pendingOf(editOf(1)), answeredAt(editOf(2), 12), pendingOf(editOf(3))])).pending, 2);
  const kept = async (other: Readonly<Record<string, unknown>>) => {
    const { keptHere, notApplied } = await statusWith(other);
    return [keptHere, notApplied];
  };
  t.deepEqual(await kept({}), [undefined, undefined]);
  t.deepEqual(
    await kept({
      offers: [
        [ALICE, "over-limit"],
        [bob, "over-limit"],
      ],
    }),
    [1, undefined],
  );
  t.deepEqual(await kept({ notApplied: ["cannot-travel", "cannot-travel", "evicted"] }), [1, 3]);
  t.deepEqual(await kept({ offers: [[ALICE, "over-limit"]], notApplied: ["cannot-travel"] }), [2, 1]);
  t.deepEqual(await kept({ notApplied: ["evicted"] }), [undefined, 1]);
});

test("B05 a machine that joins says how far it is: what is shown before what arrives before what it hands over", async (t) => {
  const progress = async (other: Readonly<Record<string, unknown>>) => (await statusWith(other)).progress;
  const all = { ...NO_POSITION, partsArrived: 3, offers: [[ALICE, "wanted"]], showing: { done: 1, of: 2 } };
  t.deepEqual(await progress(all), { step: "showing", done: 1, of: 2 } as never);
  t.deepEqual(await progress({ ...all, showing: undefined }), { step: "receiving", parts: 3 });
  t.deepEqual(await progress({ ...all, showing: undefined, partsArrived: 0 }), { step: "handing-over", left: 1 });
  t.is(await progress(NO_POSITION), undefined);
  t.is(await progress({ partsArrived: 3 }), undefined, "it has joined");
});

test("B03 acknowledged is all before the first edit without an answer; of a machine that joins, nothing", async (t) => {
  const acknowledged = async (other: Readonly<Record<string, unknown>>, edits: readonly PendingEdit[] = []) => {
    const { parts } = await standing(other, edits);
    const { acknowledged: last, pending } = acknowledgedOf(parts.replica);
    return [last, pending.map(({ number }) => number)];
  };
  const edits = [answeredAt(editOf(4), 12), pendingOf(editOf(5)), pendingOf(editOf(6))];
  t.deepEqual(await acknowledged({ head: { sequence: 6, mark: 6 } }, edits), [4, [5, 6]]);
  t.deepEqual(await acknowledged({ head: { sequence: 6, mark: 6 } }, edits.slice(0, 1)), [6, []]);
  t.deepEqual(await acknowledged({ head: { sequence: 6, mark: 9 } }), [9, []], "what came of it to nothing has no number");
  t.deepEqual(await acknowledged({ head: { sequence: 9, mark: 6 } }), [9, []]);
  t.deepEqual(await acknowledged({ head: { position: undefined, sequence: 6, mark: 6 } }, edits), [0, [5, 6]]);
  t.deepEqual(await acknowledged({ head: { sequence: 6, mark: 6 }, offers: [[ALICE, "wanted"]] }, edits), [0, [5, 6]]);
  t.deepEqual(await acknowledged({ head: { sequence: 6, mark: 6 }, offers: [[ALICE, "over-limit"]] }, edits), [4, [5, 6]]);
});

test("B05 M09 what the way to the server machine fails at is said where somebody can do something about it, and only while it is away", async (t) => {
  const away = async (other: Readonly<Record<string, unknown>>) => (await statusWith({ phase: "silent", ...other })).away;
  t.is(await away({ away: "address-unusable" }), "address-unusable");
  t.is(await away({ away: "authentication-failed" }), "authentication-failed");
  for (const code of ["server-unreachable", "link-lost", "port-closed", undefined]) t.is(await away({ away: code }), undefined);
  t.is(
    await away({ away: "address-unusable", refusal: { word: "server-not-running" }, isServerStopped: true }),
    undefined,
    "that says more",
  );
  t.is(await away({ phase: "in", away: "address-unusable" }), undefined);
});
