/** Who sees what on a machine, and how long whoever comes waits for what is still to be shown. */
import test from "ava";
import type { Users } from "../../../hal/users.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON } from "../../../src/model/owner.ts";
import { Audience } from "../../../src/roles/audience.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { owner } from "../../panel/machine.ts";

function audienceOf(loggedIn: Users["loggedIn"] = () => undefined, showWaiting = async () => {}) {
  const clock = new ManualClock();
  return { clock, audience: new Audience({ users: { loggedIn }, clock, showWaiting }) };
}

test("M35 what belongs to whoever is logged in, or to a group of theirs, is seen; what others have is not", (t) => {
  const alice = { owner: owner("user:alice"), displayName: "alice", administrator: false, groups: [owner("group:1")] };
  const seen = (audience: Audience) =>
    ["user:alice", "user:bob", "group:1", "group:2"].filter((of) => audience.sees({ owner: owner(of), item: "personal-button", key: "1" }));
  t.deepEqual(seen(audienceOf(() => alice).audience), ["user:alice", "group:1"]);
  t.deepEqual(seen(audienceOf().audience), []);
});

test("shared buttons are seen by whoever passes, common addresses by whoever is at the panel", (t) => {
  const { audience } = audienceOf();
  const isSeen = (item: string) => audience.sees({ owner: COMMON, item, key: "1" });
  const both = () => ["shared-button", "common-address", "from a newer machine"].map(isSeen);
  t.deepEqual(both(), [true, false, true]);
  audience.attend(true);
  t.deepEqual(both(), [true, true, true]);
  audience.attend(false);
  t.deepEqual(both(), [true, false, true]);
});

test("whoever comes waits for what is still to be shown, and for nothing that takes long", async (t) => {
  t.is(await audienceOf().audience.shown(), undefined);
  const { clock, audience } = audienceOf(undefined, () => new Promise(() => undefined));
  let isShown = false;
  const shown = audience.shown().then(() => {
    isShown = true;
  });
  await clock.advance(LIMITS.showingAtLoginMs - 1);
  t.false(isShown);
  await clock.advance(1);
  await shown;
});

test("listeners are told what is shown anew, until they end", (t) => {
  const { audience } = audienceOf();
  const told: unknown[] = [];
  const end = audience.onApplied((entries) => told.push(entries));
  audience.tell([]);
  end();
  audience.tell([]);
  t.deepEqual(told, [[]]);
});
