import test from "ava";
import { startStandInDesk } from "./stand-in-desk.ts";

interface Numbered {
  readonly number: number;
  readonly power: string;
}

const numbers = (body: unknown): readonly number[] => (body as readonly Numbered[]).map(({ number }) => number);

test("a printer is put down with the lowest free number, switched on; one that was carried away comes back with what it held", async (t) => {
  const { call } = await startStandInDesk(t, ["--machines", "3"]);
  const entry = { owner: "user:alice", item: "personal-button", key: "a", value: { name: "A", function: "copy" } };
  await call("PUT", "/machines/2/items", [entry]);
  t.deepEqual(numbers((await call("DELETE", "/machines/2")).body), [1, 3]);
  const gone = await call("GET", "/machines/2");
  t.deepEqual(gone.body, { code: "no-such-machine", error: "there is no machine 2; the desk has 1, 3" });
  const back = await call("POST", "/machines");
  t.is(back.status, 201);
  t.is((back.body as Numbered).number, 2);
  t.is((back.body as Numbered).power, "active");
  t.deepEqual(numbers((await call("GET", "/machines")).body), [1, 2, 3]);
  t.deepEqual((await call("GET", "/machines/2/items?owner=user:alice")).body, [entry]);
});

test("a fleet has two printers at least, and ten at most", async (t) => {
  const { call } = await startStandInDesk(t, ["--machines", "2"]);
  const last = await call("DELETE", "/machines/1");
  t.is(last.status, 409);
  t.is((last.body as { code: string }).code, "last-two-machines");
  for (let number = 3; number <= 10; number += 1) t.is((await call("POST", "/machines")).status, 201);
  const full = await call("POST", "/machines");
  t.is(full.status, 409);
  t.is((full.body as { code: string }).code, "desk-full");
});

test("events: a printer that comes or goes is everything anew; an edit is told as made where it is made, by name and never by value", async (t) => {
  const { url, call } = await startStandInDesk(t, ["--machines", "2"]);
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  const { body } = await fetch(`${url}/api/events`, { signal: ending.signal });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const heard = async (what: RegExp): Promise<void> => {
    while (!what.test(text)) text += (await reader.read()).value ?? "";
  };
  await heard(/event: desk\n/);
  text = "";
  await call("PUT", "/machines/2/items", [
    { owner: "user:alice", item: "personal-button", key: "a", value: { name: "Private", function: "copy" } },
  ]);
  await heard(/event: travel\ndata: (.*)\n/);
  const told = JSON.parse(/event: travel\ndata: (.*)\n/.exec(text)?.[1] ?? "");
  t.deepEqual(told, { more: 0, names: [{ item: "personal-button", key: "a", owner: "user:alice" }], number: 2, step: "edited" });
  t.notRegex(text, /Private/);
  await call("POST", "/machines");
  await heard(/event: desk\ndata: .*"number":3/);
  t.pass();
});
