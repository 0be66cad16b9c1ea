/** What a server says to its administrator of what it takes up: in the log, and in lists. */
import test from "ava";
import type { Hello } from "../../../src/protocol/hello.ts";
import { NetworkOrder } from "../../../src/roles/server/network-order.ts";
import { UserNotices } from "../../../src/roles/server/user-notices.ts";
import { HELLO } from "./own-exchange.ts";

function fixture() {
  const said: unknown[] = [];
  return { said, log: { write: (note: unknown) => void said.push(note) } as never };
}

const from = (networkPlaces: string): Hello => ({ ...HELLO, number: 1, digests: { ...HELLO.digests, networkPlaces } });

const COMING: readonly (readonly [what: string, hello: string, before: string | undefined, isSaid: boolean])[] = [
  ["has them in the same order", "0", undefined, false],
  ["has them in another order", "1", undefined, true],
  ["comes again with another order", "1", "1", false],
  ["has another order since it came last", "1", "0", true],
  ["has the same order since it came last", "0", "1", false],
];

for (const [what, hello, before, isSaid] of COMING) {
  test(`M25 of a machine that ${what} the log ${isSaid ? "says so" : "says nothing"}`, (t) => {
    const { said, log } = fixture();
    const order = new NetworkOrder({ networkPlaces: "0", log });
    order.welcomed(from(hello), before === undefined ? undefined : from(before));
    t.deepEqual(said, isSaid ? [{ kind: "places-differ", machine: HELLO.device.deviceName }] : []);
    t.deepEqual(order.shown(from(hello)), hello === "0" ? {} : { networkPlacesDiffer: true });
  });
}

test("M05 a server that has more users than it may says so when it opens, in figures, and not that it is near the limit", (t) => {
  const { said, log } = fixture();
  const notices = new UserNotices({ log, config: { usersMax: 20 } });
  notices.open(20);
  t.deepEqual(said, [], "as many as there may be are not too many");
  notices.open(40);
  for (const users of [40, 39, 18]) notices.count(users);
  t.deepEqual(said, [{ kind: "users-over-limit", users: 40, usersMax: 20 }]);
  notices.count(17);
  notices.count(18);
  t.deepEqual(said.slice(1), [{ kind: "users-near-limit", users: 18, usersMax: 20 }]);
});

test("M05 that users are near their limit is said once each time it comes to nine tenths", (t) => {
  const { said, log } = fixture();
  const notices = new UserNotices({ log, config: { usersMax: 20 } });
  const after = [17, 18, 19, 20, 17, 18].map((users) => {
    notices.count(users);
    return said.length;
  });
  t.deepEqual(after, [0, 1, 1, 1, 1, 2]);
  t.deepEqual(said[0], { kind: "users-near-limit", users: 18, usersMax: 20 });
});
