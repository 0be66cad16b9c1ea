import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import { type Days, victimAmong } from "../../../src/roles/server/victim.ts";

const user = (name: string): Owner => must(userOwner(name), "a user");
const days = (lastLoginDay: number, begunDay = 0): Days => ({ lastLoginDay, begunDay });

test("M22 P26 who makes room, as a table", (t) => {
  const rows: [what: string, users: Record<string, Days>, stay: string[], victim: string | undefined][] = [
    ["nobody is there", {}, [], undefined],
    ["the longest since the last login", { a: days(30), b: days(10), c: days(20) }, [], "b"],
    ["on equal days the first by name", { c: days(10), b: days(10), a: days(11) }, [], "b"],
    ["names are compared as text, not as numbers", { u10: days(1), u9: days(1) }, [], "u10"],
    ["whoever stays is passed over", { a: days(1), b: days(2), c: days(3) }, ["a", "b"], "c"],
    ["everybody stays", { a: days(1), b: days(2) }, ["a", "b"], undefined],
    ["without a login the day of the beginning counts", { a: days(0, 20), b: days(10, 5) }, [], "b"],
    ["who began and was never heard of goes before a later login", { a: days(21, 5), b: days(0, 20) }, [], "b"],
    ["a login on the day of the beginning is no older for it", { b: days(20, 20), a: days(0, 20) }, [], "a"],
  ];
  for (const [what, users, stay, victim] of rows) {
    const staying = new Set(stay.map(user));
    const entries = Object.entries(users).map(([name, days]): [Owner, Days] => [user(name), days]);
    const expected = victim === undefined ? undefined : user(victim);
    t.is(
      victimAmong(entries, (owner) => staying.has(owner)),
      expected,
      what,
    );
    t.is(
      victimAmong(entries.reverse(), (owner) => staying.has(owner)),
      expected,
      `${what}, in any order`,
    );
  }
});
