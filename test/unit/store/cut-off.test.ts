/** What takes several writes, cut off after each of them: what is there then is one thing or the other, whole. */
import test from "ava";
import { MemoryMedium, MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { epochId, fleetId } from "../../../src/model/ids.ts";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { readHistory, SERVER_HISTORY } from "../../../src/store/history.ts";
import { Installation } from "../../../src/store/installation.ts";
import { Journal } from "../../../src/store/journal.ts";
import { ALL_ENTRIES, entryKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, packEntry, packOwner } from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import { at, DEVICE, editOf } from "../roles/own-copy.ts";

type Content = MemoryMedium["content"];

/** What a disk has after each of the writes that `act` makes on it. */
async function cutOff(medium: MemoryMedium, act: (storage: MemoryStorage) => Promise<void>): Promise<readonly Content[]> {
  const storage = new MemoryStorage(medium);
  const write = storage.write.bind(storage);
  const contents: Content[] = [];
  storage.write = async (batch) => {
    await write(batch);
    contents.push(medium.content);
  };
  await act(storage);
  return contents;
}

function storageWith(content: Content): MemoryStorage {
  const medium = new MemoryMedium();
  medium.content = content;
  return new MemoryStorage(medium);
}

const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => must(userOwner(name), "an owner")) as [Owner, Owner, Owner];

async function transfer(replica: Replica, revision: number, owner: Owner): Promise<void> {
  await replica.beginTransfer(at(revision), 100);
  const last = `o/${owner}`;
  await replica.storePart({ bytes: packPart([[last, packOwner(NEW_OWNER)]]), last, end: true, revision });
}

/** Whom the base names, and whom the transfer under way, after a start. */
async function opened(content: Content): Promise<string> {
  const replica = await Replica.open(storageWith(content), DEVICE);
  const names = async (arriving: boolean) => [...(await replica.owners(arriving)).keys()].join();
  const { transfer: arriving } = replica.head;
  const base = `${replica.position?.revision}: ${await names(false)}`;
  return arriving === undefined ? base : `${base}; ${arriving.start.revision}${arriving.after === "" ? "" : `: ${await names(true)}`}`;
}

/** A base with alice, and a snapshot with bob that has arrived. */
async function arrived(): Promise<MemoryMedium> {
  const medium = new MemoryMedium();
  const replica = await Replica.open(new MemoryStorage(medium), DEVICE);
  await transfer(replica, 10, alice);
  await replica.switchBase([], {});
  await transfer(replica, 20, bob);
  return medium;
}

const STEPS: readonly (readonly [what: string, act: (replica: Replica) => Promise<unknown>, may: readonly string[]])[] = [
  ["a snapshot is dropped", (replica) => replica.dropTransfer(), ["10: user:alice; 20: user:bob", "10: user:alice"]],
  ["it takes the place of the base", (replica) => replica.switchBase([], {}), ["20: user:bob"]],
  ["another one takes its place", (replica) => transfer(replica, 30, carol), ["10: user:alice; 30", "10: user:alice; 30: user:carol"]],
];

for (const [what, act, may] of STEPS) {
  test(`P29 cut off after any write with which ${what}, a copy has a whole base, and of a snapshot all that it says it has`, async (t) => {
    const contents = await cutOff(await arrived(), async (storage) => void (await act(await Replica.open(storage, DEVICE))));
    t.true(contents.length > 1);
    const found = new Set<string>();
    for (const content of contents) found.add(await opened(content));
    t.deepEqual(
      [...found].filter((one) => !may.includes(one)),
      [],
    );
    t.true(found.has(must(may.at(-1), "an end")));
  });
}

const FLEET = fleetId("f".repeat(32));
const FIRST = { number: 1, id: epochId("e".repeat(16)), first: 1 };
const NEXT = { number: 2, id: epochId("d".repeat(16)), first: 2, born: "restore" as const };
const accepted = (sequence: number) => ({ ...editOf(sequence), why: "first" }) as const;

test("M33 B02 cut off after any write with which a backup is put back, a server has one of the two states, and what was undone in the end", async (t) => {
  const medium = new MemoryMedium();
  const first = () => ({ fleet: FLEET, epoch: FIRST });
  const journal = await Journal.open(new MemoryStorage(medium), first);
  for (const sequence of [1, 2, 3])
    await journal.commit(
      1,
      async (transaction) => {
        const edit = accepted(sequence);
        await transaction.append(draftOf([{ edit, bytes: encodeAccepted(edit) }]));
      },
      Number.POSITIVE_INFINITY,
    );
  const contents = await cutOff(medium, async (storage) => {
    const installation = await Installation.begin(storage);
    await installation.stage([[entryKey(accepted(1)), packEntry(1, encodeAccepted(accepted(1)))]]);
    await installation.commit({ fleet: FLEET, revision: 5, chainHash: CHAIN_START }, [FIRST, NEXT], [], 777);
    await Journal.open(storage, first);
  });
  const found = new Set<string>();
  for (const content of contents) {
    const storage = storageWith(content);
    const again = await Journal.open(storage, first);
    const keys: string[] = [];
    for await (const [key] of again.view().range(ALL_ENTRIES)) keys.push(key.slice(-1));
    const lost: string[] = [];
    for await (const { key } of readHistory(storage, SERVER_HISTORY)) lost.push(key);
    found.add(`${again.position.revision}: ${keys.join()}; lost ${lost.join()}`);
  }
  t.deepEqual([...found], ["3: 1,2,3; lost ", "5: 1; lost 2,3"]);
});
