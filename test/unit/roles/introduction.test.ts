import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { parseOwner } from "../../../src/model/owner.ts";
import { helloOf, loggedInAt } from "../../../src/roles/client/introduction.ts";
import { digestOfNames } from "../../../src/roles/digests.ts";
import { answeredAt, at, editOf, replicaOf, RUN } from "./own-copy.ts";

const ownerOf = (text: string) => must(parseOwner(text), "an owner");

test("a member of more groups than a message takes is said to be logged in all the same", (t) => {
  const groups = Array.from({ length: 50 }, (_, index) => ownerOf(`group:${index + 1}`));
  const user = { owner: ownerOf("user:alice"), displayName: "Alice", administrator: false, groups };
  const loggedIn = loggedInAt({ loggedIn: () => user });
  t.is(loggedIn.length, LIMITS.loggedInMax);
  t.is(loggedIn[0], user.owner);
});

test("P10 P12 a hello says where the copy stands, what is on its way, which edits are pending and which epochs they went through", async (t) => {
  const policy = () => ({ loginService: "off", domains: [], departments: { on: false, ids: [] }, groups: [] });
  const users = { policy, loggedIn: () => undefined };
  const description = { serialNumber: "1", deviceName: "a", productName: "b", location: "c", capabilities: { networkPlaces: "" } };
  const { epoch } = at(10);
  const lineage = [
    { ...epoch, first: 1 },
    { ...epoch, number: 2, first: 9 },
  ];
  const replica = await replicaOf(new MemoryStorage(), { lineage }, [answeredAt(editOf(3), undefined), answeredAt(editOf(5), 9)]);
  await replica.beginTransfer(at(12), 100);
  await replica.write([], { transfer: { ...must(replica.head.transfer, "a transfer"), after: "e/m" } });
  const introduced = { replica, description, users, run: RUN, protocol: { min: 1, max: 2 }, names: { all: () => [] } } as never;
  const expected = {
    purpose: "rejoin",
    position: at(10),
    partial: { start: at(12), after: "e/m" },
    pending: [{ run: RUN, first: 3, last: 5 }],
    journalTime: 77,
    lineage,
    loggedIn: [],
    names: digestOfNames([]),
    follows: true,
  };
  t.like(helloOf(introduced, 77), expected);
  t.like(helloOf(introduced, 77, true), { ...expected, purpose: "join", position: undefined, follows: undefined });
  await replica.write([], { lineage: [{ ...epoch, first: 1 }] });
  t.is(helloOf(introduced, 77).lineage, undefined, "who went through one epoch names it with the position");
});
