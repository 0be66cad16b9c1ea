import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId, epochId, fleetId, runId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { unpackPart } from "../../../src/protocol/part.ts";
import type { PullPart } from "../../../src/protocol/hello.ts";
import type { Part } from "../../../src/protocol/welcome.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { sendParts } from "../../../src/roles/server/part-sender.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { Journal } from "../../../src/store/journal.ts";
import { type Dice, seededDice } from "../../fleet/random.ts";

const A = deviceId("a".repeat(32));
/** So many that a snapshot of what does not compress ends with more than fits a message. */
const ENTRIES = 124;

/** A journal with some megabyte of entries; what does not compress takes more parts. */
async function serving(text: (dice: Dice) => string | Uint8Array) {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const dice = seededDice(1);
  const edits = Array.from({ length: ENTRIES }, (_, index) => {
    const id = { device: A, run: runId("1".repeat(16)), sequence: index };
    const made = { seen: 0, stamp: 1, certain: true, by: "", why: "first" } as const;
    const edit = { id, owner: "user:a" as Owner, item: "shortcut", key: `${index}`.padStart(4, "0"), value: { text: text(dice) }, ...made };
    return { edit, bytes: encodeAccepted(edit) };
  });
  await journal.commit(1, async (transaction) => void (await transaction.append(draftOf(edits))), Number.POSITIVE_INFINITY);
  const parts = new SnapshotParts(journal);
  parts.startFor(0);
  const hello = { loggedIn: [], purpose: "join" } as never;
  const session = new Session({ id: sessionId("5".repeat(16)), device: A, hello, by: "network", heardMs: 1_000 });
  const sent: Part[] = [];
  const voice = { send: (_: unknown, __: unknown, part: Part) => void sent.push(part) };
  const ask = async (pull: Omit<PullPart, "kind">) => {
    sent.length = 0;
    await sendParts({ kind: "pull-part", ...pull }, session, parts, voice as never);
    return [...sent];
  };
  return ask;
}

const long = () => "x".repeat(14_000);
const range = ({ after, last }: Part): string => `${after} - ${last}`;
const followOn = (parts: readonly Part[]): boolean => parts.every(({ after }, at) => at === 0 || after === parts[at - 1]?.last);

test("P29 as many parts as may be on their way are sent, each once and in order, and one more for each that arrived", async (t) => {
  const ask = await serving(long);
  const first = await ask({ after: "", ahead: 3 });
  t.is(first.length, 3);
  const all = [...first];
  for (let arrived = 0; all[arrived]?.end === false; arrived += 1) {
    const more = await ask({ after: all[arrived]?.last ?? "", ahead: 3 });
    t.is(more.length, all.at(-1)?.end === true ? 0 : 1);
    all.push(...more);
  }
  t.true(followOn(all));
  t.is(new Set(all.map(range)).size, all.length);
  t.is(all.flatMap(({ bytes }) => unpackPart(bytes)).length, ENTRIES + 1, "and the owner's record");
});

test("P29 a question that arrives twice is answered once, and one for something else begins there", async (t) => {
  const ask = await serving(long);
  const [first, second] = await ask({ after: "", ahead: 2 });
  t.deepEqual(await ask({ after: "", ahead: 2 }), []);
  t.is((await ask({ after: first?.last ?? "", ahead: 2 })).length, 1);
  const elsewhere = await ask({ after: `${second?.last}0`, ahead: 2 });
  t.is(elsewhere[0]?.after, `${second?.last}0`);
  t.is((await ask({ after: "", ahead: 99 })).length, LIMITS.partsAheadMax, "no more than this server has on the way");
});

test("P29 a machine that does not say how many it takes gets one part for each question, in rows, as often as it asks", async (t) => {
  const ask = await serving(long);
  const [old] = await ask({ after: "" });
  t.deepEqual((await ask({ after: "" })).map(range), [range(old as Part)]);
  const [columns] = await ask({ after: "", ahead: 1 });
  t.deepEqual(unpackPart((columns as Part).bytes), unpackPart((old as Part).bytes));
  t.true((columns as Part).bytes.length < (old as Part).bytes.length);
});

test("P29 what does not compress is sent in parts that fit a message", async (t) => {
  const ask = await serving((dice) => Uint8Array.from({ length: 14_000 }, () => dice.below(256)));
  for (const how of [{}, { ahead: 1 }]) {
    let [part] = await ask({ after: "", ...how });
    let records = 0;
    for (;;) {
      t.true((part as Part).bytes.length <= LIMITS.partBytesMax);
      records += unpackPart((part as Part).bytes).length;
      if (part === undefined || part.end) break;
      [part] = await ask({ after: part.last, ...how });
    }
    t.is(records, ENTRIES + 1);
  }
});
