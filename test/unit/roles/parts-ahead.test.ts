import test from "ava";
import { PartsAhead } from "../../../src/roles/server/parts-ahead.ts";

/** A snapshot of five parts, which end at a, b, c, d, and with d at its end. */
const KEYS = ["", "a", "b", "c", "d"];

const partAfter = (after: string) => ({
  kind: "part" as const,
  after,
  last: KEYS[KEYS.indexOf(after) + 1] ?? after,
  end: after === "c",
  revision: 1,
  form: "columns" as const,
  bytes: new Uint8Array(),
});

/** After which keys parts are sent when a machine that has room for so many says that it has what comes up to `after`. */
function sent(ahead: PartsAhead, after: string, room: number): string[] {
  ahead.arrived(after);
  const keys: string[] = [];
  for (let next = ahead.due(room); next !== undefined; next = ahead.due(room)) {
    ahead.sent(partAfter(next));
    keys.push(next);
  }
  return keys;
}

test("P29 parts go ahead of the question for them, each once and in their order, and no more of them than there is room for", (t) => {
  const ahead = new PartsAhead();
  t.deepEqual(sent(ahead, "", 2), ["", "a"]);
  t.deepEqual(sent(ahead, "a", 2), ["b"]);
  t.deepEqual(sent(ahead, "a", 2), [], "asked again, nothing is sent twice");
  t.deepEqual(sent(ahead, "c", 2), ["c"], "what is past what was sent is begun with");
  t.deepEqual(sent(ahead, "c", 2), [], "the snapshot ends there");
});

test("P29 a machine that asks for something else than what is on its way gets that, and what follows it", (t) => {
  const ahead = new PartsAhead();
  t.deepEqual(sent(ahead, "", 3), ["", "a", "b"]);
  t.deepEqual(sent(ahead, "", 3), []);
  t.deepEqual(sent(ahead, "x", 1), ["x"]);
  t.deepEqual(sent(ahead, "", 2), ["", "a"], "a transfer that begins anew");
});
