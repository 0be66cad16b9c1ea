import test from "ava";
import { epochId, fleetId, joinId } from "../../../src/model/ids.ts";
import type { LineageEntry } from "../../../src/model/position.ts";
import { decodeCbor, encodeCbor } from "../../../src/protocol/cbor.ts";
import { type JournalHead, packJournalHead, unpackJournalHead } from "../../../src/store/journal-head.ts";
import { EMPTY_HEAD, packReplicaHead, type ReplicaHead, unpackReplicaHead } from "../../../src/store/replica-head.ts";
import { at } from "../roles/own-copy.ts";

const FLEET = fleetId("f".repeat(32));
const LINEAGE: readonly LineageEntry[] = [
  { number: 1, id: epochId("1".repeat(16)), first: 1 },
  { number: 3, id: epochId("2".repeat(16)), first: 9, born: "restore", mandate: { at: 77, id: epochId("3".repeat(16)) } },
];

const JOURNAL: JournalHead = {
  fleet: FLEET,
  lineage: LINEAGE,
  revision: 12,
  chainHash: "c".repeat(32),
  oldest: 5,
  bytes: 4_711,
  generation: 3,
  former: { generation: 2, common: 8, lostAtMs: 1_800_000_000_000 },
};

/** What an older module had written: the same without its last elements. */
const older = (bytes: Uint8Array, elements: number): Uint8Array => encodeCbor((decodeCbor(bytes, 10_000) as unknown[]).slice(0, elements));

test("where a journal stands comes back with the next start as it was", (t) => {
  t.deepEqual(unpackJournalHead(packJournalHead(JOURNAL)), JOURNAL);
  const plain = { ...JOURNAL, former: undefined };
  t.deepEqual(unpackJournalHead(packJournalHead(plain)), plain);
});

test("a journal of before there were installations lies where it always did", (t) => {
  t.deepEqual(unpackJournalHead(older(packJournalHead(JOURNAL), 6)), { ...JOURNAL, generation: 0, former: undefined });
});

const CLIENT: ReplicaHead = {
  position: at(12),
  at: 100,
  generation: 2,
  sequence: 31,
  mark: 41,
  lastStamp: 51,
  heard: { time: 61, boot: "b", monotonicMs: 71.5 },
  transfer: { generation: 3, start: at(8), after: "e/x", complete: false, position: at(10), at: 81, reach: 11 },
  join: { id: joinId("0011223344556677"), base: 7 },
  unshown: "show",
  lineage: LINEAGE,
  places: { server: "0123456789abcdef", apart: false },
  earlier: [
    { epoch: { number: 1, id: epochId("1".repeat(16)) }, revision: 5, at: 50, heard: undefined },
    { epoch: { number: 3, id: epochId("2".repeat(16)) }, revision: 9, at: 90, heard: { time: 60, boot: "a", monotonicMs: 7 } },
  ],
};

const CLIENTS: readonly (readonly [what: string, head: ReplicaHead])[] = [
  ["in the middle of everything", CLIENT],
  ["with keychains that are kept apart", { ...CLIENT, places: { server: "0123456789abcdef", apart: true } }],
  ["with a snapshot that is complete", { ...CLIENT, transfer: { ...CLIENT.transfer, complete: true } as ReplicaHead["transfer"] }],
  ["that has data of a restore to show", { ...CLIENT, unshown: "restored" }],
  ["that knows no network places and has edits over earlier bases", { ...CLIENT, places: undefined }],
  ["that has no edits over earlier bases", { ...CLIENT, earlier: [] }],
  ["that is new", EMPTY_HEAD],
];

for (const [what, head] of CLIENTS) {
  test(`where a client ${what} stands comes back with the next start as it was`, (t) => {
    t.deepEqual(unpackReplicaHead(packReplicaHead(head)), head);
  });
}

test("a client of before lineages, network places and earlier bases were kept has none", (t) => {
  t.deepEqual(unpackReplicaHead(older(packReplicaHead(CLIENT), 12)), { ...CLIENT, earlier: [] });
  t.deepEqual(unpackReplicaHead(older(packReplicaHead(CLIENT), 10)), { ...CLIENT, lineage: [], places: undefined, earlier: [] });
});
