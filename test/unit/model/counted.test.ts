import test from "ava";
import { counted } from "../../../src/model/counted.ts";
import { refusalText } from "../../../src/model/refusal-text.ts";

test("one is said as one", (t) => {
  t.is(counted(0, "entry", "entries"), "0 entries");
  t.is(counted(1, "entry", "entries"), "1 entry");
  t.is(counted(2, "entry", "entries"), "2 entries");
  t.regex(refusalText({ word: "server-not-found", searchDepth: 2 }), /over 1 router;/);
  t.regex(refusalText({ word: "server-not-found", searchDepth: 3 }), /over 2 routers;/);
});
