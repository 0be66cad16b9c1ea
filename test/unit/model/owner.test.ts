import test from "ava";
import { ownerParts, parseOwner } from "../../../src/model/owner.ts";

test("an owner's text is canonical: one spelling in Unicode, domain and name kept apart", (t) => {
  t.is(parseOwner("user:Mu\u0308ller"), parseOwner("user:M\u00fcller"));
  t.deepEqual(ownerParts(parseOwner("user:SALES\\alice")!), { kind: "user", domain: "SALES", name: "alice" });
  t.deepEqual(ownerParts(parseOwner("group:1")!), { kind: "group", domain: "", name: "1" });
  t.is(ownerParts(parseOwner("common")!).kind, "common");
});

test("what is no owner is none: kinds, control characters, half characters, endless names", (t) => {
  for (const text of [
    "",
    "alice",
    "user:",
    "robot:x",
    "user:a\u0000b",
    "user:a\nb",
    "user:\ud800",
    "user:a\\b\\c",
    `user:${"x".repeat(300)}`,
  ]) {
    t.is(parseOwner(text), undefined, JSON.stringify(text));
  }
});
