import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON, groupOwner, type Owner, userOwner } from "../../../src/model/owner.ts";
import { Newcomers, type NewcomersParts } from "../../../src/roles/server/newcomers.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { NEW_OWNER } from "../../../src/store/records.ts";

const user = (name: string): Owner => must(userOwner(name), "a user");
const group = (name: string): Owner => must(groupOwner(name), "a group");

function newcomers(held: readonly Owner[], parts: Partial<NewcomersParts> = {}): Newcomers {
  const owners = new OwnerTable();
  for (const [day, owner] of held.entries())
    owners.note(owner, { ...NEW_OWNER, holdings: { "": { since: 1, adopted: undefined } }, lastLoginDay: day + 1 });
  return new Newcomers({ owners, usersMax: 2, policy: "delete-oldest", loggedIn: new Set(), today: 100, ...parts });
}

/** Looks for room and takes it. */
function comes(to: Newcomers, owner: Owner): string {
  const place = to.look(owner, false);
  if (place.kind === "fits") to.take(owner, place);
  return place.kind;
}

test("M05 there are so many groups and no more; those of this write count, and groups that are there come as often as they like", (t) => {
  const held = Array.from({ length: LIMITS.groupsMax - 1 }, (_, index) => group(`g${index}`));
  const to = newcomers(held);
  t.is(comes(to, group("last")), "fits");
  t.deepEqual(to.look(group("one more"), false), { kind: "refused", refusal: { word: "too-many-users", usersMax: LIMITS.groupsMax } });
  for (const owner of [group("last"), group("g0"), user("a"), COMMON]) t.is(comes(to, owner), "fits", owner);
  t.is(to.settle(), undefined, "groups make room for nobody");
});

test("M22 P26 whoever the change touches makes no room for it, and where nobody else is there, it waits for the next change", (t) => {
  const to = newcomers([user("old"), user("young")]);
  to.startChange();
  t.is(comes(to, user("new")), "fits");
  t.is(comes(to, user("old")), "fits");
  t.is(comes(to, user("young")), "wait", "somebody has to go");
  t.is(to.settle(), user("young"));
  to.startChange();
  t.is(comes(to, user("young")), "fits", "who went begins anew");
  t.is(to.settle(), user("old"));
});

test("M22 a second one who would need room waits for the next change; without <delete oldest> all of them are refused", (t) => {
  const to = newcomers([user("old"), user("young")]);
  to.startChange();
  t.is(comes(to, user("first")), "fits");
  t.is(comes(to, user("second")), "wait");
  t.is(to.settle(), user("old"));
  const strict = newcomers([user("old"), user("young")], { policy: "discard-new" });
  t.deepEqual(strict.look(user("first"), false), { kind: "refused", refusal: { word: "too-many-users", usersMax: 2 } });
  const full = newcomers([user("old"), user("young")], { loggedIn: new Set([user("old"), user("young")]) });
  t.is(full.look(user("first"), false).kind, "refused", "everybody is logged in");
});

test("M22 P26 who began with this write can have to go with it again, and only that change has touched is spared for it", (t) => {
  const to = newcomers([], { usersMax: 1 });
  to.startChange();
  t.is(comes(to, user("first")), "fits");
  t.is(to.look(user("second"), true).kind, "wait", "the change does something already");
  to.startChange();
  t.is(comes(to, user("second")), "fits");
  t.is(to.settle(), user("first"));
});

test("M05 B06 who ended in this write leaves room, whoever it was: for users and groups each, and for nobody twice", (t) => {
  const held = Array.from({ length: LIMITS.groupsMax }, (_, index) => group(`g${index}`));
  const to = newcomers([...held, user("old"), user("young")]);
  for (const owner of [COMMON, user("stranger"), group("stranger")]) to.ended(owner);
  t.is(to.look(group("new"), false).kind, "refused", "nobody of them was there");
  to.ended(group("g0"));
  to.ended(group("g0"));
  t.is(comes(to, group("new")), "fits");
  t.is(comes(to, group("one more")), "refused");
  to.ended(user("old"));
  t.is(comes(to, user("first")), "fits");
  t.is(to.settle(), undefined, "there was room");
  to.ended(user("first"));
  t.is(comes(to, user("second")), "fits");
  t.is(to.settle(), undefined);
  to.startChange();
  t.is(comes(to, user("third")), "fits");
  t.is(to.settle(), user("second"), "and not the first, who has ended");
});
