/** Parts of a snapshot that outlive a restart of the server: what is kept, what is given again, and what has to go. */
import test from "ava";
import type { Storage, Write } from "../../../hal/storage.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { decodeCbor, encodeCbor } from "../../../src/protocol/cbor.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { unpackPart } from "../../../src/protocol/part.ts";
import { encodePosition } from "../../../src/protocol/position.ts";
import type { Part } from "../../../src/protocol/welcome.ts";
import { type Draft, draftOf } from "../../../src/store/draft.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { Journal } from "../../../src/store/journal.ts";
import { ALL_KEPT_PARTS } from "../../../src/store/journal-keys.ts";
import { KeptParts } from "../../../src/store/kept-parts.ts";
import { seededDice } from "../../fleet/random.ts";

const dice = seededDice(1);
const A = deviceId("a".repeat(32));
const ALICE = "user:alice" as Owner;

/** A storage whose writes are noted, fail where they are to, and whose ranges of the state are counted. */
class NotedStorage implements Storage {
  readonly #memory = new MemoryStorage();
  readonly writes: (readonly Write[])[] = [];
  /** Gives why this write fails. */
  fails: (batch: readonly Write[]) => string | undefined = () => undefined;
  /** What a write waits for before it takes effect. */
  before: (batch: readonly Write[]) => Promise<void> | undefined = () => undefined;
  stateReads = 0;

  get(key: string) {
    return this.#memory.get(key);
  }

  getMany(keys: readonly string[]) {
    return this.#memory.getMany(keys);
  }

  range(options: Parameters<Storage["range"]>[0]) {
    if (options.from.startsWith("s/s/")) this.stateReads += 1;
    return this.#memory.range(options);
  }

  async write(batch: readonly Write[]): Promise<void> {
    await this.before(batch);
    const failure = this.fails(batch);
    if (failure !== undefined) throw new SyncError("hal-full", failure);
    this.writes.push(batch);
    await this.#memory.write(batch);
  }

  close() {
    return this.#memory.close();
  }

  /** What there is when it was killed after so many writes. */
  async after(writes: number): Promise<NotedStorage> {
    const copy = new NotedStorage();
    for (const batch of this.writes.slice(0, writes)) await copy.write(batch);
    return copy;
  }
}

async function open(storage: NotedStorage) {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first);
  const opened = await KeptParts.open(storage, journal);
  const parts = new SnapshotParts(journal, opened);
  const all = async (): Promise<Part[]> => {
    const { revision } = parts.startFor(0);
    const taken: Part[] = [];
    do taken.push(await parts.part(taken.at(-1)?.last ?? "", revision, "columns"));
    while (taken.at(-1)?.end === false);
    return taken;
  };
  const commit = async (draft: Partial<Draft>): Promise<void> => {
    await journal.commit(
      1,
      async (transaction) => {
        await transaction.append({ ...draftOf([]), ...draft });
        for (const write of parts.erased(transaction.decided)) transaction.put(write);
      },
      0,
    );
  };
  return { journal, parts, all, commit, ...opened };
}

const edited = (sequence: number, text: string | undefined) => {
  const id = { device: A, run: runId("1".repeat(16)), sequence };
  const made = { seen: 0, stamp: 1, certain: true, by: "", why: "first" } as const;
  const value = text === undefined ? undefined : { text };
  const edit: Accepted = { id, owner: ALICE, item: "shortcut", key: `${sequence}`.padStart(4, "0"), value, ...made };
  return { edit, bytes: encodeAccepted(edit) };
};

/** A journal of which all parts were made, and are kept: several. */
async function kept() {
  const storage = new NotedStorage();
  const run = await open(storage);
  await run.commit({ edits: Array.from({ length: 124 }, (_, at) => edited(at, Buffer.from(dice.bytes(7_000)).toString("hex"))) });
  const made = await run.all();
  await run.kept.settled();
  return { ...run, storage, made };
}

/** Bytes as text: AVA compares bytes one by one, by their names. */
const asText = (part: Part | undefined) => part && { ...part, bytes: Buffer.from(part.bytes).toString("latin1") };

async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of storage.range({ ...ALL_KEPT_PARTS, keysOnly: true })) keys.push(key);
  return keys;
}

test("P29 what was made for one machine is given to those who join after a restart, byte by byte, and nothing is read of the state", async (t) => {
  const { storage, made } = await kept();
  t.true(made.length > 4);
  t.is((await keysOf(storage)).length, 1 + made.length);
  storage.stateReads = 0;
  const again = await open(storage);
  t.deepEqual((await again.all()).map(asText), made.map(asText));
  t.is(storage.stateReads, 0);
  again.parts.expectJoin(0);
  t.is(again.parts.startFor(0).revision, 1);
  const writes = storage.writes.length;
  await again.kept.settled();
  t.is(storage.writes.length, writes, "and nothing is written again");
});

test("P29 after a restart a snapshot goes on from what is kept, also in the middle; changes since come after it", async (t) => {
  const { storage, made, commit } = await kept();
  await commit({ edits: [edited(1, "after")] });
  const again = await open(storage);
  const start = again.parts.startFor(0);
  t.is(start.revision, 1);
  t.deepEqual(asText(await again.parts.part(made[1]?.last ?? "", start.revision, "columns")), asText(made[2]));
  t.true((await again.parts.part(made[0]?.last ?? "", 2, "columns")).revision >= 2, "what a transfer began after is not enough for it");
});

test("P29 M15 what is deleted leaves the disk with the write that deletes it: an entry, an owner, what is not shared any more", async (t) => {
  const changes: Partial<Draft>[] = [
    { edits: [edited(1, undefined)] },
    { removals: [{ owner: ALICE, kind: "deleted" }] },
    { removals: [{ owner: ALICE, kind: "evicted" }] },
    { scopes: [{ item: "shortcut", scope: "device-specific" }] },
  ];
  for (const change of changes) {
    const { storage, commit, all, kept: keeping } = await kept();
    const writes = storage.writes.length;
    await commit(change);
    t.is(storage.writes.length, writes + 1);
    t.deepEqual(await keysOf(storage), []);
    await all();
    await keeping.settled();
    t.deepEqual(await keysOf(storage), [], "what was made before it is given in this run, and written no more");
    t.is((await open(storage)).start, undefined);
  }
  const { storage, commit, made } = await kept();
  await commit({ edits: [edited(1, "another")], logins: [{ owner: ALICE, day: 7 }] });
  t.is((await keysOf(storage)).length, 1 + made.length, "nothing is deleted there");
});

test("P29 M15 what is begun while a deletion is being written is not kept: its parts may have what is deleted", async (t) => {
  const { storage, journal, kept: keeping, commit } = await kept();
  let begun: Promise<void> | undefined;
  storage.before = (batch) => {
    if (begun === undefined && batch.some(({ key }) => key === "s/meta")) {
      keeping.begin(journal.position);
      begun = Promise.resolve();
    }
    return undefined;
  };
  await commit({ edits: [edited(1, undefined)] });
  await keeping.settled();
  t.deepEqual(await keysOf(storage), []);
  keeping.begin(journal.position);
  await keeping.settled();
  t.deepEqual(await keysOf(storage), ["s/b"], "the next one has nothing of it");
});

test("P29 a part that is on its way to the disk when a deletion is written does not stay there", async (t) => {
  const { storage, made, all, commit, parts, kept: keeping } = await kept();
  await commit({ edits: [edited(200, "large".repeat(3_000))] });
  keeping.begin(parts.startFor(2));
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isHeld = false;
  storage.before = (batch) => {
    const isPart = batch.some(({ key, value }) => key.startsWith("s/b/") && value !== undefined);
    isHeld ||= isPart;
    return isPart ? held : undefined;
  };
  await all();
  while (!isHeld) await new Promise((resolve) => setImmediate(resolve));
  const gone = parts.erased([{ ...draftOf([edited(1, undefined)]), revision: 3, at: 1 }]);
  t.deepEqual(
    gone.filter(({ value }) => value !== undefined),
    [],
  );
  t.is(gone.length, 1 + made.length, "those that are still to be written are among those that go");
  letGo();
  await storage.write(gone);
  await keeping.settled();
  t.deepEqual(await keysOf(storage), []);
});

test("P29 what is damaged, cut off or missing is made anew, and the others are as they were", async (t) => {
  const damages: ((record: Uint8Array) => Uint8Array | undefined)[] = [
    (record) => record.map((byte, at) => (at === record.length - 5 ? byte ^ 1 : byte)),
    (record) => record.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
    (record) => record.subarray(0, 4),
    (record) => record.subarray(0, record.length - 1),
    () => undefined,
  ];
  for (const damage of damages) {
    const { storage, made } = await kept();
    const [, , key] = await keysOf(storage);
    const record = await storage.get(key ?? "");
    await storage.write([{ key: key ?? "", value: record === undefined ? undefined : damage(record) }]);
    storage.stateReads = 0;
    const again = await open(storage);
    t.deepEqual((await again.all()).map(asText), made.map(asText));
    t.is(storage.stateReads, 1);
    await again.kept.settled();
    storage.stateReads = 0;
    t.deepEqual((await (await open(storage)).all()).map(asText), made.map(asText));
    t.is(storage.stateReads, 0, "it is kept again");
  }
});

test("P29 what is too old to begin with, or of another epoch or history, is cleared when it is opened", async (t) => {
  const old = await kept();
  for (let at = 0; at <= LIMITS.partAgeRevisionsMax; at += 1) await old.commit({ logins: [{ owner: ALICE, day: at }] });
  t.is((await open(old.storage)).start, undefined);
  t.deepEqual(await keysOf(old.storage), []);

  const large = await kept();
  for (let at = 0; at < 80; at += 1) await large.commit({ edits: [edited(at, "y".repeat(14_000))] });
  t.is((await open(large.storage)).start, undefined);
  t.deepEqual(await keysOf(large.storage), []);

  const small = new NotedStorage();
  const run = await open(small);
  await run.commit({ edits: [edited(1, "small")] });
  await run.all();
  await run.commit({ edits: [edited(2, "larger".repeat(50))] });
  await run.kept.settled();
  t.is((await keysOf(small)).length, 2);
  t.is((await open(small)).start, undefined, "who joins would fetch more changes than parts");
  t.deepEqual(await keysOf(small), []);

  const later = await kept();
  await later.journal.beginEpoch({ id: epochId("d".repeat(16)), above: 1, first: 2, born: "restore" });
  t.is((await open(later.storage)).start, undefined);
  t.deepEqual(await keysOf(later.storage), []);

  const strange = await kept();
  const [, parts] = decodeCbor((await strange.storage.get("s/b")) ?? new Uint8Array(), LIMITS.messageBytesMax) as [unknown, unknown];
  const start = encodePosition({ ...strange.journal.position, chainHash: "1".repeat(32) });
  await strange.storage.write([{ key: "s/b", value: encodeCbor([start, parts]) }]);
  t.is((await open(strange.storage)).start, undefined);
  t.deepEqual(await keysOf(strange.storage), []);

  const headless = await kept();
  await headless.storage.write([{ key: "s/b", value: undefined }]);
  t.is((await open(headless.storage)).start, undefined);
  t.deepEqual(await keysOf(headless.storage), [], "nobody knows where they start");
});

test("P29 bytes of changes from before a restart count: those who join do not fetch more changes than parts", async (t) => {
  const { storage, commit } = await kept();
  for (let at = 0; at < 40; at += 1) await commit({ edits: [edited(at, "y".repeat(14_000))] });
  const again = await open(storage);
  t.is(again.parts.startFor(0).revision, 1);
  for (let at = 0; at < 40; at += 1) await again.commit({ edits: [edited(at, "z".repeat(14_000))] });
  t.is(again.parts.startFor(0).revision, again.journal.position.revision);
  await again.kept.settled();
  t.deepEqual(await keysOf(storage), ["s/b"], "what was kept has gone with its start");
});

test("P29 with a beat what nobody would be given any more goes", async (t) => {
  const { storage, commit, parts, kept: keeping, made } = await kept();
  parts.tidy();
  await keeping.settled();
  t.is((await keysOf(storage)).length, 1 + made.length);
  for (let at = 0; at < 80; at += 1) await commit({ edits: [edited(at, "y".repeat(14_000))] });
  parts.tidy();
  await keeping.settled();
  t.deepEqual(await keysOf(storage), []);
});

test("P29 where the medium is full nothing is kept, what was kept makes room, and parts are given all the same", async (t) => {
  const storage = new NotedStorage();
  const run = await open(storage);
  await run.commit({ edits: Array.from({ length: 124 }, (_, at) => edited(at, "x".repeat(14_000))) });
  let parts = 0;
  storage.fails = (batch) => {
    const isPart = batch.some(({ key, value }) => key.startsWith("s/b/") && value !== undefined);
    return isPart && (parts += 1) > 2 ? "the medium is full" : undefined;
  };
  const made = await run.all();
  await run.kept.settled();
  t.true(made.length > 4);
  t.is(parts, 3);
  t.deepEqual(await keysOf(storage), []);
  t.deepEqual((await run.all()).map(asText), made.map(asText));
});

test("P29 killed between any two writes it gives what it would give anew", async (t) => {
  const { storage, made } = await kept();
  const names = (parts: readonly Part[]) => parts.map(({ after, last, end, bytes }) => [after, last, end, unpackPart(bytes).length]);
  for (let writes = 2; writes <= storage.writes.length; writes += 1) {
    const again = await open(await storage.after(writes));
    t.deepEqual(names(await again.all()), names(made), `after ${writes} writes`);
  }
});

test("P16 P29 what was to be kept when the server ended is not written any more: a restored state may lie there", async (t) => {
  const { storage, commit, parts, kept: keeping, all } = await kept();
  await commit({ edits: [edited(200, "more")] });
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  storage.before = () => held;
  keeping.begin(parts.startFor(2));
  t.true((await all()).length > 1);
  parts.end();
  goOn();
  await keeping.settled();
  t.deepEqual(await keysOf(storage), [], "what was kept before is cleared already");
  const writes = storage.writes.length;
  await all();
  await keeping.settled();
  t.is(storage.writes.length, writes, "nor what is made after it");
});
