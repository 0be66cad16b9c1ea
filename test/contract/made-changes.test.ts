/** What people make in a simulated machine's stores is written down once, and stands in each record as it would by itself. */
import test from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import type { LocalEdit } from "../../hal/item-store.ts";
import { KeptHoldings } from "../../hal/sim/kept-holdings.ts";
import { encodeEdit, encodeEntry, keptOf, textOfHeld, textOfValue } from "../../hal/sim/machine-records.ts";
import { must } from "../../src/model/assert.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Value } from "../../src/model/value.ts";
import { ONE, ownerNamed, positionAt } from "./item-store-samples.ts";

const keyStore = aesKeyStore({ key: new Uint8Array(32).fill(9), random: (bytes) => new Uint8Array(bytes).fill(3) });

const VALUES: readonly (Value | undefined)[] = [
  undefined,
  null,
  "",
  "de",
  -0,
  1.5,
  [],
  { name: 'a "button"\n\u2028', function: "copy", $settings: [new Uint8Array([1, 2]), { $a: null }], ü: "Jörg\ud83d\ude00" },
];

test("an edit and its entry are the same bytes, whether its value is written for each or once for both", async (t) => {
  for (const value of VALUES) {
    for (const seen of [undefined, positionAt(7)]) {
      const edit: LocalEdit = { owner: ONE, item: "personal-button", key: "k", value, mark: 3, seen, madeAtMs: 12.5, boot: "b", by: ONE };
      const text = textOfValue(edit);
      t.is(text === undefined, value === undefined);
      t.deepEqual(Buffer.from(await encodeEdit(keyStore, edit, text)), Buffer.from(await encodeEdit(keyStore, edit, undefined)));
      if (text === undefined) continue;
      const place = { order: 5, shelf: "personal-button" };
      const each = encodeEntry(await keptOf(keyStore, { owner: ONE, item: "personal-button", key: "k", value }), place);
      t.deepEqual(Buffer.from(encodeEntry(text, place)), Buffer.from(each));
    }
  }
});

test("a secret is not written down before it is sealed", (t) => {
  t.is(textOfValue({ owner: ONE, item: "keychain", key: "k", value: { server: "s", password: "p" } }), undefined);
});

test("what an owner has is what was set last, however many owners were asked for since", (t) => {
  const holdings = new KeptHoldings();
  const textOf = (count: number): string => textOfHeld({ shelves: new Map([["shortcut", count]]), bundles: [] });
  const owners: readonly Owner[] = Array.from({ length: 600 }, (_, index) => ownerNamed(`user:u${index}`));
  const first = must(owners[0], "an owner");
  const count = (owner: Owner): number | undefined => holdings.get(owner)?.shelves.get("shortcut");
  for (const owner of owners) holdings.set(owner, textOf(1));
  for (const owner of owners) t.is(count(owner), 1);
  for (let round = 2; round < 5; round += 1) {
    t.is(count(first), round - 1);
    holdings.set(first, textOf(round));
    t.is(count(first), round);
    for (const owner of owners.slice(1, 1 + 130 * (round - 1))) t.is(count(owner), 1);
    t.is(count(first), round);
  }
  holdings.set(first, undefined);
  t.is(count(first), undefined);
  holdings.set(first, textOf(9));
  t.is(count(first), 9);
  holdings.clear();
  t.is(count(first), undefined);
});
