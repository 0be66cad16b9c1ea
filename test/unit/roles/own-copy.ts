/** Copies of a client for tests of what is decided about them: in memory, with edits of its own on top. */
import type { Edit } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { must } from "../../../src/model/assert.ts";
import { parseOwner, userOwner } from "../../../src/model/owner.ts";
import { CHAIN_START, type Position } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import type { Storage } from "../../../hal/storage.ts";
import { entryKey, ownerKey, scopeKey } from "../../../src/store/keys.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import { packPart } from "../../../src/protocol/part.ts";
import {
  NEW_OWNER,
  type OwnerRecord,
  packEntry,
  packOwner,
  packScope,
  type ScopeRecord,
  type Standing,
} from "../../../src/store/records.ts";
import { Replica } from "../../../src/store/replica.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";

export const DEVICE = deviceId("a".repeat(32));
export const RUN = runId("1".repeat(16));
export const ALICE = must(userOwner("alice"), "an owner");

export const at = (revision: number): Position => ({
  fleet: fleetId("f".repeat(32)),
  epoch: { number: 1, id: epochId("e".repeat(16)) },
  revision,
  chainHash: CHAIN_START,
});

/** An edit of Alice's shortcut with this number as its key, unless `other` says otherwise. */
export const editOf = (sequence: number, other: Partial<Edit> = {}): Edit => ({
  id: { device: DEVICE, run: RUN, sequence },
  owner: ALICE,
  item: "shortcut",
  key: `${sequence}`,
  value: "x",
  seen: 0,
  stamp: 1,
  certain: true,
  by: "",
  ...other,
});

/** The edit as it is kept; accepted at this revision, where one is given. */
export const answeredAt = (edit: Edit, revision: number | undefined): PendingEdit => ({
  ...pendingOf(edit),
  answer: revision === undefined ? undefined : { outcome: "accepted", revision },
});

/** What stands in a base, as the records of a snapshot. */
export interface Standings {
  readonly owners?: Readonly<Record<string, Partial<OwnerRecord>>>;
  readonly entries?: readonly Standing[];
  readonly scopes?: Readonly<Record<string, ScopeRecord>>;
}

/** A copy at revision 10 with these edits on top, over a base in which this stands. */
export async function replicaOf(
  storage: Storage,
  head: Partial<ReplicaHead>,
  edits: readonly PendingEdit[],
  { owners = {}, entries = [], scopes = {} }: Standings = {},
): Promise<Replica> {
  const replica = await Replica.open(storage, DEVICE);
  await replica.beginTransfer(at(10), 100);
  const records: [string, Uint8Array][] = [
    ...entries.map(({ revision, edit }): [string, Uint8Array] => [entryKey(edit), packEntry(revision, encodeAccepted(edit))]),
    ...Object.entries(owners).map(([name, record]): [string, Uint8Array] => [
      ownerKey(must(parseOwner(name), name)),
      packOwner({ ...NEW_OWNER, ...record }),
    ]),
    ...Object.entries(scopes).map(([item, scope]): [string, Uint8Array] => [scopeKey(item), packScope(scope)]),
  ];
  records.sort(([a], [b]) => (a < b ? -1 : 1));
  await replica.storePart({ bytes: packPart(records), last: records.at(-1)?.[0] ?? "", end: true, revision: 10 });
  await replica.switchBase([], {});
  const writes = edits.map((edit) => replica.pending.add(edit));
  await replica.write(writes, { unshown: undefined, ...head });
  return replica;
}
