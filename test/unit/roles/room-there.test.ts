/** B01: what of a machine's common addresses finds no room at the server. */
import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Value } from "../../../src/model/value.ts";
import { withoutRoom } from "../../../src/roles/client/room-there.ts";

const listed = (list: string): Value => ({ subdbid: list, cn: "x" });
const many = (count: number, value: Value): Value[] => Array.from({ length: count }, () => value);
const entry = (name: string, list: string) => ({ name, holding: `common/${list}`, value: listed(list) });
const left = (entries: readonly ReturnType<typeof entry>[], standing: readonly Value[]) =>
  [...withoutRoom(entries, standing)].map(({ name }) => name);

test("B01 M17 addresses of lists and one-touch buttons have room of their own, and what comes last in the order of the offers has none", (t) => {
  const { commonAddressesMax: all, oneTouchMax: buttons } = LIMITS;
  const own = [entry("z", "2"), entry("a", "1"), entry("o", "11"), entry("b", "1")];
  t.deepEqual(left(own, []), []);
  t.deepEqual(left(own, many(all - 3, listed("5"))), []);
  t.deepEqual(left(own, many(all - 2, listed("5"))), ["z"], "the second list is offered after the first");
  t.deepEqual(left(own, many(all - 1, listed("5"))), ["b", "z"], "each list as the machine has it");
  t.deepEqual(left(own, many(all + 9, listed("5"))), ["a", "b", "z"]);
  t.deepEqual(left(own, many(buttons, listed("11"))), ["o"]);
  t.deepEqual(left(own, many(buttons - 1, listed("11"))), []);
});
