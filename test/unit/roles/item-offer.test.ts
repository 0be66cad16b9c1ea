import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Edit } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Offer, OfferAnswer } from "../../../src/protocol/offer.ts";
import { EditQueue } from "../../../src/roles/server/edit-queue.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { Journal } from "../../../src/store/journal.ts";

const ALICE = "user:alice" as Owner;
const A = deviceId("a".repeat(32));
const B = deviceId("b".repeat(32));
const RUN = runId("1".repeat(16));

const entry = (item: string, device = A): Edit => ({
  id: { device, run: RUN, sequence: 1 },
  owner: ALICE,
  item,
  key: "1",
  value: { copies: 1 },
  seen: 0,
  stamp: 0,
  certain: true,
  by: "",
});

/** A server with these changes of the timeline's scope, and what it answers to an offer. */
async function serverAfter(...scopes: ("shared" | "device-specific")[]) {
  const storage = new MemoryStorage();
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(storage, first);
  const commit = (decide: Parameters<Journal["commit"]>[1]) => journal.commit(1, decide, Number.POSITIVE_INFINITY);
  for (const scope of scopes)
    await commit(async (transaction) => void (await transaction.append({ ...draftOf([]), scopes: [{ item: "timeline", scope }] })));
  return async (offer: Partial<Offer>, entries: readonly Edit[], device = A): Promise<OfferAnswer["outcome"]> => {
    const view = journal.view();
    const parts = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view), config: DEFAULT_CONFIG };
    const { revision: baseRevision } = journal.position;
    const whole = { kind: "offer", join: joinId("7".repeat(16)), holding: ALICE, item: "timeline", baseRevision, lastSequence: 1 } as const;
    let outcome: OfferAnswer["outcome"] = "unknown-word";
    await commit(async (transaction) => {
      const queue = new EditQueue(transaction, { ...parts, loggedIn: new Set(), policy: { inForce: () => "delete-oldest" } } as never);
      const answer = await queue.offer(device, { ...whole, part: 0, of: 1, deflated: false, bytes: new Uint8Array(), ...offer }, entries);
      outcome = answer.outcome;
    });
    return outcome;
  };
}

test("M19 P28 an item that is shared again is supplied once: its supplier is answered alike, everybody else that it is held", async (t) => {
  const offer = await serverAfter("device-specific", "shared");
  t.is(await offer({}, [entry("timeline")]), "accepted");
  t.is(await offer({}, [entry("timeline")]), "accepted", "again");
  t.is(await offer({}, [entry("timeline", B)], B), "owner-held");
  t.is(await offer({ join: joinId("8".repeat(16)) }, [entry("timeline")]), "owner-held", "another crossing of the same machine");
});

test("M12 what was always shared goes with its owner: an offer of one item is no way around that", async (t) => {
  const offer = await serverAfter();
  t.is(await offer({}, [entry("timeline")]), "owner-held");
  t.is(await offer({ item: "shortcut" }, [entry("shortcut")]), "owner-held");
});

test("M20 nothing of an item that is device-specific is taken, by itself or with its owner", async (t) => {
  const offer = await serverAfter("device-specific");
  t.is(await offer({}, [entry("timeline")]), "device-specific");
  t.is(await offer({ item: undefined }, [entry("timeline")]), "device-specific");
});

test("P28 an offer that was made before the item became shared is not taken: its machine did not know what stands", async (t) => {
  const offer = await serverAfter("device-specific", "shared", "device-specific", "shared");
  t.is(await offer({ baseRevision: 2 }, [entry("timeline")]), "device-specific");
  t.is(await offer({ baseRevision: 4 }, [entry("timeline")]), "accepted");
});

test("P18 an offer of an item holds entries of that item and owner, and nothing else", async (t) => {
  const offer = await serverAfter("device-specific", "shared");
  t.is(await offer({}, [entry("timeline"), entry("shortcut")]), "owner-unknown");
  t.is(await offer({}, [{ ...entry("timeline"), owner: "user:bob" as Owner }]), "owner-unknown");
  t.is(await offer({}, [{ ...entry("timeline"), value: undefined }]), "owner-unknown");
  t.is(await offer({}, []), "owner-unknown");
});
