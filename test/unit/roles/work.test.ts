/** What goes into one write of the server: nobody's single edit waits for all that others import, and nothing waits for ever. */
import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { nextTurn, type Work } from "../../../src/roles/server/work.ts";

const push = (name: string, edits: number): Work =>
  ({ kind: "push", session: { id: name }, push: { number: 1 }, edits: new Array(edits).fill(undefined) }) as never;
const offer = (name: string, entries: number): Work =>
  ({ kind: "offer", session: { id: name }, entries: new Array(entries).fill(undefined) }) as never;
const bring = (name: string): Work => ({ kind: "bring", session: { id: name } }) as never;
const removal = (name: string): Work => ({ kind: "removal", session: { id: name } }) as never;
const names = (works: readonly Work[]): string =>
  works.map((work) => (work as unknown as { session: { id: string } }).session.id).join(" ");
const turnOf = (...waiting: readonly Work[]): readonly [turn: string, left: string] => {
  const { turn, left } = nextTurn(waiting);
  return [names(turn), names(left)];
};
const { commitEdits: max, smallWorkEdits: small } = LIMITS;

test("what is small goes at once, whatever is before it", (t) => {
  t.deepEqual(turnOf(push("a", max), push("b", 1), push("c", max), push("d", small), removal("e")), ["a b d e", "c"]);
});

test("what is large goes in its order, as much as one write takes and the first in any case", (t) => {
  t.deepEqual(turnOf(push("a", 200), push("b", 200), push("c", 200), push("d", 100)), ["a b", "c d"], "d fits, and waits for c");
  t.deepEqual(turnOf(push("a", 10 * max), push("b", small + 1)), ["a", "b"]);
  t.deepEqual(turnOf(offer("a", 1_800), offer("b", 1_800), push("c", 2)), ["a c", "b"]);
});

test("small ones take no room from large ones", (t) => {
  const many = Array.from({ length: 100 }, (_, index) => push(`${index}`, small));
  t.deepEqual(nextTurn([...many, push("a", max)]).left, []);
});

test("a bringing goes alone, after what was before it and before what is after it", (t) => {
  t.deepEqual(turnOf(push("a", 1), bring("b"), push("c", 1)), ["a", "b c"]);
  t.deepEqual(turnOf(bring("b"), push("c", 1), bring("d")), ["b", "c d"]);
  t.deepEqual(turnOf(push("a", max), push("b", max), bring("c"), push("d", 1)), ["a", "b c d"]);
});

test("turn after turn everything goes, each in its turn", (t) => {
  let waiting: readonly Work[] = Array.from({ length: 9 }, (_, index) => push(`${index}`, max));
  const order: string[] = [];
  for (let turns = 0; waiting.length > 0; turns += 1) {
    t.true(turns < 9);
    const { turn, left } = nextTurn([...waiting, push("x", 1)]);
    t.true(names(turn).endsWith("x"));
    order.push(names(turn).replace(" x", ""));
    waiting = left;
  }
  t.deepEqual(order, [..."012345678"]);
});

test("nothing waits: nothing goes", (t) => {
  t.deepEqual(nextTurn([]), { turn: [], left: [] });
});
