import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { parseOwner } from "../../../src/model/owner.ts";
import { loggedInAt } from "../../../src/roles/client/introduction.ts";

const ownerOf = (text: string) => must(parseOwner(text), "an owner");

test("a member of more groups than a message takes is said to be logged in all the same", (t) => {
  const groups = Array.from({ length: 50 }, (_, index) => ownerOf(`group:${index + 1}`));
  const user = { owner: ownerOf("user:alice"), displayName: "Alice", administrator: false, groups };
  const loggedIn = loggedInAt({ loggedIn: () => user });
  t.is(loggedIn.length, LIMITS.loggedInMax);
  t.is(loggedIn[0], user.owner);
});
