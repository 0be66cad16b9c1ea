/** The part of the ItemStore contract that is about values: what comes back of them, and what of a secret lies on the medium. */
import type { TestFn } from "ava";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import type { Value } from "../../src/model/value.ts";
import { type Create, ONE, itemStoreTests, keeperOf, positionAt } from "./item-store-samples.ts";

const VALUES: readonly Value[] = [
  null,
  true,
  -0,
  1e300,
  2 ** 53,
  "\u0000\u{1f5a8}",
  [],
  {},
  new Uint8Array([0, 255]),
  { $bytes: "x", $$: [new Uint8Array(), { $number: 1 }], "": 0 },
  JSON.parse('{"__proto__": 1, "b": 2, "a": 3}'),
];

/** A secret as it is, and as base64 has it. */
const SECRET = "open-sesame";
const SHOWN = /sesame|b3Blbi1zZXNhbWU/;

export function valuesContract(test: TestFn, name: string, create: Create): void {
  const it = itemStoreTests(test, name, create);

  it("values of every kind come back as they were", async (t, fixture) => {
    const settings = keeperOf(fixture, "accessibility");
    for (const value of VALUES) {
      await settings.edit([{ owner: ONE, item: "accessibility", key: "", value }], "");
      const [read] = await settings.read(ONE);
      t.deepEqual(read?.value, value);
      t.is(Object.is(read?.value, -0), Object.is(value, -0));
      t.is(JSON.stringify(read?.value), JSON.stringify(value), "fields keep their order");
    }
  });

  it("whoever asks for some items gets all entries of these, in their order", async (t, fixture) => {
    const settings = keeperOf(fixture, "timeline");
    const setting = (item: string, key = ""): EntryChange => ({ owner: ONE, item, key, value: { job: key } });
    await settings.edit([setting("timeline", "2"), setting("timeline", "1"), setting("accessibility"), setting("home-settings")], "");
    const all = await settings.read(ONE);
    const of = (entries: readonly Entry[], items: readonly string[]) => entries.filter(({ item }) => items.includes(item));
    for (const among of [["timeline", "accessibility"], ["home-settings"], ["personal-address"], []])
      t.deepEqual(of(await settings.read(ONE, new Set(among)), among), of(all, among), among.join());
  });

  it("a secret comes back as it was, and is nowhere on the medium as it is", async (t, fixture) => {
    const settings = keeperOf(fixture, "keychain");
    const book = keeperOf(fixture, "personal-address");
    const login = { user: "alice", password: SECRET };
    const address = { cn: "scans", pwd: SECRET };
    const marks = [
      ...(await settings.edit([{ owner: ONE, item: "keychain", key: "nas", value: login }], ONE)),
      ...(await book.edit([{ owner: ONE, item: "personal-address", key: "1", value: address }], ONE)),
    ];
    await settings.apply([{ owner: ONE, item: "keychain", key: "ldap", value: login }], positionAt(1), marks.length);
    const values = (entries: readonly EntryChange[]) => entries.map(({ value }) => value);
    t.deepEqual(values(await settings.read(ONE)), [login, login]);
    t.deepEqual(values(await settings.editsSince(0)), [login]);
    t.deepEqual(values(await book.read(ONE)), [address]);
    if (fixture.atRest !== undefined) t.notRegex(Buffer.from(await fixture.atRest()).toString("latin1"), SHOWN);
  });
}
