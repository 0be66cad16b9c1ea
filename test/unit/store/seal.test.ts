import test from "ava";
import type { EntryName } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { isFields, type Value } from "../../../src/model/value.ts";
import { Seal } from "../../../src/store/seal.ts";

const SECRET = new Uint8Array(32).fill(7);
const NAME: EntryName = { owner: "user:alice" as Owner, item: "keychain", key: "printer" };

/** Different bytes each time. */
function counting(): (bytes: number) => Uint8Array {
  let next = 0;
  return (bytes) => new Uint8Array(bytes).fill((next += 1));
}

const seal = (secret = SECRET): Seal => new Seal(secret, counting());
const fields = (value: Value) => (isFields(value) ? value : {});
const cut = (value: Value | undefined, from: number, to?: number): Value => (value instanceof Uint8Array ? value.slice(from, to) : "");

test("B08 a sealed value is opened where it was sealed for, and nothing of it is to be read before", (t) => {
  const sealing = seal();
  const first = sealing.close(NAME, { password: "secret" });
  t.deepEqual(sealing.open(NAME, first), { password: "secret" });
  t.false(Buffer.from(JSON.stringify(first)).includes("secret"));
  const second = sealing.close(NAME, { password: "secret" });
  t.notDeepEqual(fields(first).nonce, fields(second).nonce, "no nonce is used twice");
  t.notDeepEqual(fields(first).bytes, fields(second).bytes);
});

const GOOD = seal().close(NAME, "secret");

const REFUSED: readonly (readonly [what: string, name: EntryName, sealed: Value, by: Seal])[] = [
  ["for another owner", { ...NAME, owner: "user:bob" as Owner }, GOOD, seal()],
  ["for another item", { ...NAME, item: "direct-connection" }, GOOD, seal()],
  ["for another key", { ...NAME, key: "scanner" }, GOOD, seal()],
  ["in another fleet", NAME, GOOD, seal(new Uint8Array(32).fill(8))],
  ["in a later form", NAME, { ...fields(GOOD), v: 2 }, seal()],
  ["and was cut", NAME, { ...fields(GOOD), bytes: cut(fields(GOOD).bytes, 0, -1) }, seal()],
  ["and is shorter than its own proof", NAME, { ...fields(GOOD), bytes: cut(fields(GOOD).bytes, 0, 15) }, seal()],
  ["with a nonce of another length", NAME, { ...fields(GOOD), nonce: new Uint8Array(0) }, seal()],
  ["without a nonce", NAME, { v: 1, bytes: fields(GOOD).bytes ?? "" }, seal()],
  ["by nobody", NAME, "secret", seal()],
];

for (const [what, name, sealed, by] of REFUSED) {
  test(`B08 what was sealed ${what} is refused, with the entry's name and without its value`, (t) => {
    const error = t.throws(() => by.open(name, sealed), { instanceOf: SyncError });
    t.is(error?.code, "message-malformed");
    t.true(error?.message.includes(name.key));
    t.false(error?.message.includes("secret"));
  });
}
