/** What a server keeps, as it is carried elsewhere: which records, and what is refused before anything is done with one. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packRecords } from "../../../src/protocol/block.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { Installation } from "../../../src/store/installation.ts";
import { Journal } from "../../../src/store/journal.ts";
import { machineKey } from "../../../src/store/journal-keys.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { checkCopy, type CopyRecord, copyOfServer, packCopy } from "../../../src/store/server-copy.ts";
import { DEVICE, editOf } from "../roles/own-copy.ts";

const FLEET = fleetId("f".repeat(32));
const FIRST = { number: 1, id: epochId("e".repeat(16)), first: 1 };
const accepted = (sequence: number) => ({ ...editOf(sequence), why: "first" }) as const;
const recordOf = (sequence: number) => packEntry(1, encodeAccepted(accepted(sequence)));

/** A server at revision 2, with a machine; installed anew where `installed`. */
async function served(installed: boolean): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, () => ({ fleet: FLEET, epoch: FIRST }));
  for (const sequence of [1, 2])
    await journal.commit(
      1,
      async (transaction) =>
        void (await transaction.append(draftOf([{ edit: accepted(sequence), bytes: encodeAccepted(accepted(sequence)) }]))),
      Number.POSITIVE_INFINITY,
    );
  await storage.write([{ key: machineKey(DEVICE), value: Uint8Array.of(1) }]);
  if (!installed) return storage;
  const installation = await Installation.begin(storage);
  await installation.stage([[entryKey(accepted(3)), recordOf(3)]]);
  await installation.commit({ fleet: FLEET, revision: 7, chainHash: CHAIN_START }, [FIRST], [], 1);
  return storage;
}

async function copied(storage: MemoryStorage): Promise<CopyRecord[]> {
  const records: CopyRecord[] = [];
  for await (const record of (await copyOfServer(storage)) ?? []) records.push(record);
  return records;
}

const checked = (...records: readonly CopyRecord[]) =>
  checkCopy([packRecords(records.flatMap(([key, value]) => [Buffer.from(key), value]))], () => undefined);

test("M33 a copy has the state of one moment, whichever generation it lies in, and says that no changes come with it", async (t) => {
  t.is(await copyOfServer(new MemoryStorage()), undefined, "no journal, no copy");
  for (const [installed, revision, keys] of [
    [false, 2, [`s/${entryKey(accepted(1))}`, `s/${entryKey(accepted(2))}`, "s/o/user:alice"]],
    [true, 7, [`s/${entryKey(accepted(3))}`]],
  ] as const) {
    const records = await copied(await served(installed));
    t.deepEqual(records.map(([key]) => key).sort(), ["format", "head", `m/${DEVICE}`, ...keys].sort());
    const chunks: Uint8Array[] = [];
    const all = async function* () {
      yield* records;
    };
    for await (const chunk of packCopy(all())) chunks.push(chunk);
    t.like(
      checkCopy(chunks, () => undefined),
      { revision, oldest: revision + 1, bytes: 0, generation: 0, former: undefined },
    );
  }
});

test("M33 a copy without its head or its format, of a newer module, or with an entry in another's place is none", async (t) => {
  const records = await copied(await served(false));
  const named = (name: string): CopyRecord => records.find(([key]) => key === name) ?? ["", Uint8Array.of()];
  const [format, head] = [named("format"), named("head")];
  const none = { code: "import-malformed" };
  t.like(checked(format, head), { revision: 2 });
  t.is(checked(["format", Uint8Array.of(2)], head), "newer");
  t.throws(() => checked(head), none);
  t.throws(() => checked(format), none);
  t.throws(() => checked(), none);
  t.throws(() => checked(["format", Uint8Array.of(0)], head), none);
  t.throws(() => checked(format, head, [`s/${entryKey(accepted(2))}`, recordOf(1)]), none);
  for (const key of ["s/o/user:alice", "s/x/shortcut", `d/${DEVICE}`])
    t.throws(() => checked(format, head, [key, Uint8Array.of(0xff)]), { instanceOf: SyncError }, key);
  const others: string[] = [];
  checkCopy(
    [packRecords([format, head, ["z", Uint8Array.of(1)] as const].flatMap(([key, value]) => [Buffer.from(key), value]))],
    ([key]) => void others.push(key),
  );
  t.deepEqual(others, ["format", "z"], "whoever carried it with more checks that");
});
