import test from "ava";
import { getEventListeners } from "node:events";
import { linkedAbort } from "../../../src/model/linked-abort.ts";

test("it ends with its parent, once, and with a parent that has ended", (t) => {
  const parent = new AbortController();
  const linked = linkedAbort(parent.signal);
  let ends = 0;
  linked.signal.addEventListener("abort", () => (ends += 1));
  t.false(linked.signal.aborted);
  parent.abort();
  linked.abort();
  t.is(ends, 1);
  t.true(linkedAbort(parent.signal).signal.aborted);
});

test("it ends by itself without its parent, and leaves nothing on it", (t) => {
  const parent = new AbortController();
  const linked = linkedAbort(parent.signal);
  linked.abort();
  t.true(linked.signal.aborted);
  t.false(parent.signal.aborted);
  t.deepEqual(getEventListeners(parent.signal, "abort"), []);
});

test("released, it does not end with its parent any more", (t) => {
  const parent = new AbortController();
  const linked = linkedAbort(parent.signal);
  linked.release();
  parent.abort();
  t.false(linked.signal.aborted);
  t.deepEqual(getEventListeners(parent.signal, "abort"), []);
});
