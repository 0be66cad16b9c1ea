/** B08: what a secret was given for, and what becomes of it when it is led elsewhere. */
import test from "ava";
import { ADDRESS_PASSWORD, hasSecret, PASSWORD_NOTE, withoutPassedBack } from "../../../src/model/destination.ts";

const GUARDED = { secretFields: ["pwd", "pin"], givenFor: ["url", "username"] };
const before = { url: "files", username: "ada", pwd: "old", pin: "" };

test("B08 a value has a secret when one of its fields has one; an empty one is none", (t) => {
  t.true(hasSecret(before, GUARDED));
  t.true(hasSecret({ pin: "1" }, GUARDED));
  t.false(hasSecret({ url: "files", pwd: "" }, GUARDED));
  t.false(hasSecret({}, GUARDED));
});

test("B08 a secret that is handed on to another destination is erased, one that is given anew stays, unless nobody can tell", (t) => {
  const rows: readonly (readonly [what: string, after: object, doubt: "other-seen" | "already-cleared" | undefined, pwd: unknown])[] = [
    ["to the same", { ...before, name: "x" }, undefined, "old"],
    ["to another place", { ...before, url: "evil" }, undefined, ""],
    ["in another name", { ...before, username: "eve" }, undefined, ""],
    ["a field that is not there says what an empty one says", { url: "files", pwd: "old", username: "ada" }, undefined, "old"],
    ["to nowhere", { pwd: "old" }, undefined, ""],
    ["another one to another place", { ...before, url: "evil", pwd: "new" }, undefined, "new"],
    ["another one, which may be what stood there", { ...before, url: "evil", pwd: "new" }, "other-seen", ""],
    ["another one to the same, whoever had what", { ...before, pwd: "new" }, "other-seen", "new"],
    ["once more after it was erased", { ...before }, "already-cleared", ""],
    ["another one after that", { ...before, pwd: "new" }, "already-cleared", "new"],
    ["none", { ...before, url: "evil", pwd: "" }, "other-seen", ""],
  ];
  for (const [what, after, doubt, pwd] of rows) {
    const value = withoutPassedBack(before, after as typeof before, GUARDED, doubt);
    t.is(value["pwd"], pwd as never, what);
    t.deepEqual(Object.keys(value).sort(), Object.keys(after).sort(), "no field comes or goes by it");
  }
});

test("B08 with a password that is erased goes what is noted of it", (t) => {
  const address = { url: "files", pwd: "x", [PASSWORD_NOTE]: "2 abc" };
  t.deepEqual(withoutPassedBack(address, { ...address, url: "evil" }, ADDRESS_PASSWORD), { url: "evil", pwd: "" });
  t.deepEqual(withoutPassedBack(address, { ...address, cn: "renamed" }, ADDRESS_PASSWORD), { ...address, cn: "renamed" });
  const written = { ...address, path: "", username: "" };
  t.deepEqual(withoutPassedBack(address, written, ADDRESS_PASSWORD), written, "an empty field says what one that is not there says");
});
