import test from "ava";
import type { Drawing, Travel } from "../../hal/sim/desk/page/drawing.ts";
import { Flights } from "../../hal/sim/desk/page/flights.ts";
import { changesOf, journeyText } from "../../hal/sim/desk/page/news.ts";
import { en } from "../../hal/sim/desk/page/texts/en.ts";
import { Travels } from "../../hal/sim/desk/page/travels.ts";
import { thing } from "../../hal/sim/desk/page/words.ts";
import { SERVER, UP_TO_DATE, drawing } from "./page-drawing.ts";

const NAMES = [{ owner: "user:alice", item: "personal-button", key: "a" }];
const OTHERS = [{ owner: "common", item: "shared-button", key: "b" }];
const told = (number: number, step: Travel["step"], names = NAMES): Travel => ({ number, step, names, more: 0 });
const nameOf = (number: number) => `printer-${number}`;

test("a change goes from where it was made to the server machine and on to the others, and its own echo is no news", (t) => {
  const travels = new Travels();
  t.deepEqual(
    travels.hear(told(2, "edited"), 1_000).map(({ kind }) => kind),
    ["made"],
  );
  t.deepEqual(travels.hear(told(2, "arrived"), 1_004), []);
  t.deepEqual(
    travels.hear(told(2, "accepted"), 1_009).map(({ kind }) => kind),
    ["accepted"],
  );
  travels.hear(told(1, "arrived"), 1_012);
  const [last] = travels.hear(told(3, "arrived"), 1_021);
  t.is(last?.kind, "arrived");
  if (last?.kind !== "arrived") return t.fail();
  t.is(
    journeyText(last.journey, nameOf, en),
    "printer-2: alice's personal button was changed; the server has it after 9 ms; at printer-1 and printer-3 after 21 ms.",
  );
});

test("the server machine had it when the first of the others has it, also where its word for it comes later", (t) => {
  const travels = new Travels();
  travels.hear(told(2, "edited"), 0);
  travels.hear(told(3, "arrived"), 7);
  const [accepted] = travels.hear(told(2, "accepted"), 9);
  if (accepted?.kind !== "accepted") return t.fail();
  t.is(
    journeyText(accepted.journey, nameOf, en),
    "printer-2: alice's personal button was changed; the server has it after 7 ms; at printer-3 after 7 ms.",
  );
});

test("what nobody here saw being made is received; what comes twice is told once", (t) => {
  const travels = new Travels();
  t.deepEqual(travels.hear(told(3, "arrived", OTHERS), 0), [{ kind: "received", at: 3, names: OTHERS, more: 0 }]);
  travels.hear(told(2, "edited"), 10);
  travels.hear(told(2, "accepted"), 12);
  t.is(travels.hear(told(3, "arrived"), 14)[0]?.kind, "arrived");
  t.is(travels.hear(told(3, "arrived"), 16)[0]?.kind, "received");
});

test("nothing is drawn to leave the server machine before it is drawn as arrived there", (t) => {
  const drawn: string[] = [];
  const landings: (() => void)[] = [];
  const flights = new Flights({
    send: (number, way, arrive) => {
      drawn.push(`${number} ${way}`);
      landings.push(arrive);
    },
    arrive: (number) => void drawn.push(`at ${number}`),
  });
  const travels = new Travels();
  const hear = (travel: Travel, atMs: number): void => {
    for (const leg of travels.hear(travel, atMs)) flights.draw(leg);
  };
  hear(told(2, "edited"), 0);
  hear(told(3, "arrived"), 5);
  t.deepEqual(drawn, [], "it came to another machine before its maker was told that it is accepted");
  hear(told(2, "accepted"), 6);
  hear(told(1, "arrived"), 7);
  t.deepEqual(drawn, ["2 to server"]);
  landings.shift()?.();
  t.deepEqual(drawn, ["2 to server", "3 from server", "1 from server"]);
  landings.shift()?.();
  t.is(drawn.at(-1), "at 3");
});

const ASLEEP = { power: "full-sleep", phase: "asleep" } as const;

const CHANGES: readonly (readonly [before: Partial<Drawing>, now: Partial<Drawing>, says: readonly string[]])[] = [
  [{}, {}, []],
  [{}, { cable: { connected: false, delayMs: 0, lossPercent: 0 } }, ["The cable of printer-1 is cut."]],
  [{}, { phase: "off", power: "off" }, ["printer-1 is off."]],
  [{ phase: "starting" }, { phase: "on" }, ["printer-1 is on."]],
  [{}, { power: "full-sleep", phase: "asleep" }, ["printer-1 sleeps."]],
  [{ power: "full-sleep", phase: "asleep" }, {}, ["printer-1 is awake."]],
  [{}, { user: { owner: "user:bob", displayName: "bob", administrator: false } }, ["bob is logged in at printer-1."]],
  [{}, { server: SERVER }, ["printer-1 is the server machine."]],
  [{ client: { state: "joining", pending: 0 } }, { client: UP_TO_DATE }, ["printer-1 is up to date."]],
  [{ client: UP_TO_DATE }, { ...ASLEEP, client: { state: "offline", pending: 0 } }, ["printer-1 sleeps."]],
  [{ client: UP_TO_DATE }, { client: { state: "offline", pending: 0 } }, ["printer-1 does not reach the server."]],
];

for (const [index, [before, now, says]] of CHANGES.entries())
  test(`news ${index + 1}: ${says.join(" ") || "nothing"}`, (t) => t.deepEqual(changesOf(drawing(1, before), drawing(1, now), en), says));

test("things are named as people name them", (t) => {
  t.is(thing(NAMES, 0, en), "alice's personal button");
  t.is(thing([...NAMES, ...OTHERS], 18, en), "alice's personal button and 19 more");
  t.is(thing([{ owner: "group:1", item: "group-address", key: "x" }], 0, en), "group address of group 1");
  t.is(thing([{ owner: "common", item: "from-the-future", key: "x" }], 0, en), "setting");
});
