/** What every Storage keeps. `create` makes an empty one for each test and cleans up after it. */
import type { ExecutionContext, TestFn } from "ava";
import type { RangeOptions, Storage, Write } from "../../hal/storage.ts";
import { rejects } from "./throws.ts";

export interface StorageFixture {
  readonly storage: Storage;
  /** Opens the same storage again, after it was closed. */
  reopen(): Promise<Storage>;
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
export const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString();
export const put = (key: string, value = key): Write => ({ key, value: bytes(value) });

async function keys(storage: Storage, options: RangeOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const [key] of storage.range(options)) found.push(key);
  return found;
}

export function storageContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<StorageFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: StorageFixture) => Promise<void>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("what was written is read, what was not is undefined, in the order asked for", async (t, { storage }) => {
    await storage.write([put("b", "2"), put("a", "1")]);
    t.is(text(await storage.get("a")), "1");
    t.is(await storage.get("c"), undefined);
    t.deepEqual((await storage.getMany(["b", "c", "a", "b"])).map(text), ["2", undefined, "1", "2"]);
    t.deepEqual(await storage.getMany([]), []);
  });

  it("an empty value is a value, a batch may be empty", async (t, { storage }) => {
    await storage.write([]);
    await storage.write([{ key: "empty", value: new Uint8Array() }]);
    t.is((await storage.get("empty"))?.length, 0);
  });

  it("undefined deletes, and the last write of a key in a batch stands", async (t, { storage }) => {
    await storage.write([put("a"), put("b"), put("c", "first"), put("c", "second")]);
    await storage.write([
      { key: "a", value: undefined },
      { key: "never-there", value: undefined },
      put("b", "new"),
      { key: "b", value: undefined },
    ]);
    t.deepEqual((await storage.getMany(["a", "b", "c"])).map(text), [undefined, undefined, "second"]);
  });

  it("buffers stay their owners': changed after a write or a read, nothing changes in here", async (t, { storage }) => {
    const value = bytes("mine");
    const written = storage.write([{ key: "a", value }]);
    value.fill(0);
    await written;
    (await storage.get("a"))?.fill(0);
    t.is(text(await storage.get("a")), "mine");
  });

  it("keys are ordered by their UTF-8 bytes", async (t, { storage }) => {
    const ordered = ["\u0000", "A", "a", "a\u0000", "aa", "\u00e9", "\u20ac", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"];
    await storage.write([...ordered].reverse().map((key) => put(key)));
    t.deepEqual(await keys(storage, { from: "", to: "\u{10ffff}\u{10ffff}" }), ordered);
    t.deepEqual(await keys(storage, { from: "\ue000", to: "\u{10ffff}" }), ["\ue000", "\uffff", "\u{10000}"]);
  });

  it("a range of keys only gives no values, in the same order and within the same bounds", async (t, { storage }) => {
    await storage.write(["a", "b", "c"].map((key) => put(key)));
    const found: string[] = [];
    for await (const [key, value] of storage.range({ from: "a", to: "z", limit: 2, reverse: true, keysOnly: true }))
      found.push(`${key} ${value.length}`);
    t.deepEqual(found, ["c 0", "b 0"]);
  });

  it("a range includes its start, excludes its end, keeps its limit, goes backwards", async (t, { storage }) => {
    await storage.write(["a", "b", "c", "d"].map((key) => put(key)));
    t.deepEqual(await keys(storage, { from: "b", to: "d" }), ["b", "c"]);
    t.deepEqual(await keys(storage, { from: "b", to: "d", reverse: true }), ["c", "b"]);
    t.deepEqual(await keys(storage, { from: "a", to: "z", limit: 3 }), ["a", "b", "c"]);
    t.deepEqual(await keys(storage, { from: "a", to: "z", limit: 1, reverse: true }), ["d"]);
    t.deepEqual(await keys(storage, { from: "a", to: "z", limit: 0 }), []);
    t.deepEqual(await keys(storage, { from: "d", to: "b" }), []);
    t.deepEqual(await keys(storage, { from: "b", to: "b" }), []);
  });

  it("user:1 is not a prefix of user:10", async (t, { storage }) => {
    await storage.write([put("user:1\u0000x"), put("user:10\u0000x"), put("user:2\u0000x")]);
    t.deepEqual(await keys(storage, { from: "user:1\u0000", to: "user:1\u0001" }), ["user:1\u0000x"]);
  });

  it("a long range is whole and in order, both ways", async (t, { storage }) => {
    const all = Array.from({ length: 3_000 }, (_, index) => `k${String(index).padStart(5, "0")}`);
    await storage.write(all.map((key) => put(key)));
    t.deepEqual(await keys(storage, { from: "k", to: "l" }), all);
    t.deepEqual(await keys(storage, { from: "k", to: "l", reverse: true }), [...all].reverse());
  });

  it("a range shows the state at its first step, whatever is written meanwhile", async (t, { storage }) => {
    const all = Array.from({ length: 400 }, (_, index) => `k${String(index).padStart(5, "0")}`);
    await storage.write(all.map((key) => put(key, "old")));
    const seen: string[] = [];
    for await (const [key, value] of storage.range({ from: "k", to: "l" })) {
      if (seen.length === 0) await storage.write([...all.map((old) => ({ key: old, value: undefined })), put("k99999", "new")]);
      seen.push(`${key} ${text(value)}`);
    }
    t.deepEqual(
      seen,
      all.map((key) => `${key} old`),
    );
    t.deepEqual(await keys(storage, { from: "k", to: "l" }), ["k99999"]);
  });

  it("a range begins with its first step, not with its call", async (t, { storage }) => {
    await storage.write([put("a")]);
    const range = storage.range({ from: "a", to: "z" });
    await storage.write([put("b"), { key: "a", value: undefined }]);
    const seen: string[] = [];
    for await (const [key] of range) seen.push(key);
    t.deepEqual(seen, ["b"]);
  });

  it("what is read is the reader's own to change", async (t, { storage }) => {
    await storage.write([put("a", "kept")]);
    for await (const [, value] of storage.range({ from: "a", to: "b" })) value.fill(0);
    for (const value of await storage.getMany(["a", "a"])) value?.fill(0);
    t.is(text(await storage.get("a")), "kept");
  });

  it("a read sees every write that resolved before it, and a range that is under way does not hold writes up", async (t, { storage }) => {
    await storage.write(["a", "b", "c"].map((key) => put(key, "0")));
    let round = 0;
    for await (const [key, value] of storage.range({ from: "a", to: "z" })) {
      round += 1;
      await storage.write([put("a", String(round)), put("c", String(round))]);
      t.deepEqual((await storage.getMany(["a", "c"])).map(text), [String(round), String(round)]);
      t.is(text(value), "0", `${key} is as it was at the first step`);
    }
    t.is(round, 3);
  });

  it("a range may be left early, again and again", async (t, { storage }) => {
    await storage.write(["a", "b", "c"].map((key) => put(key)));
    for (let round = 0; round < 50; round += 1) {
      for await (const [key] of storage.range({ from: "a", to: "z" })) {
        t.is(key, "a");
        break;
      }
    }
    await storage.close();
  });

  it("a batch is all or nothing", async (t, { storage }) => {
    await storage.write([put("a", "old")]);
    await rejects(t, "hal-refused", () => storage.write([put("a", "new"), { key: "b", value: new Uint8Array(6 * 1024 * 1024 + 1) }]));
    await rejects(t, "hal-refused", () => storage.write([put("a", "new"), put("\ud800")]));
    t.is(text(await storage.get("a")), "old");
    await storage.write([put("a", "works on")]);
    t.is(text(await storage.get("a")), "works on");
  });

  it("keys that do not fit are refused", async (t, { storage }) => {
    for (const key of ["", "x".repeat(1_025), "\ud800", "a\udc00b"]) {
      await rejects(t, "hal-refused", () => storage.get(key));
      await rejects(t, "hal-refused", () => storage.write([put(key, "x")]));
    }
    const longest = "\u20ac".repeat(1_024);
    await storage.write([put(longest, "x")]);
    t.is(text(await storage.get(longest)), "x");
  });

  it("a value may have 6 MiB", async (t, { storage }) => {
    const value = new Uint8Array(6 * 1024 * 1024).fill(7);
    await storage.write([{ key: "large", value }]);
    t.true(Buffer.from(value).equals((await storage.get("large")) ?? new Uint8Array()));
  });

  it("writes take effect in the order of the calls", async (t, { storage }) => {
    const writes = Array.from({ length: 40 }, (_, index) => storage.write([put("same", String(index)), put(`k${index}`)]));
    await Promise.all(writes);
    t.is(text(await storage.get("same")), "39");
    t.is((await keys(storage, { from: "k", to: "l" })).length, 40);
  });

  it("a refused write between others does not disturb them", async (t, { storage }) => {
    const before = storage.write([put("a", "1")]);
    const refused = rejects(t, "hal-refused", () => storage.write([put("", "x")]));
    const after = storage.write([put("b", "2")]);
    await Promise.all([before, refused, after]);
    t.deepEqual((await storage.getMany(["a", "b"])).map(text), ["1", "2"]);
  });

  it("what was written is there after closing and opening", async (t, { storage, reopen }) => {
    await storage.write([put("a", "old"), put("gone")]);
    const last = storage.write([put("a", "new"), { key: "gone", value: undefined }]);
    await Promise.all([last, storage.close()]);
    const again = await reopen();
    t.deepEqual((await again.getMany(["a", "gone"])).map(text), ["new", undefined]);
    await again.close();
  });

  it("after close everything rejects, and a second close is harmless", async (t, { storage }) => {
    await storage.write([put("a")]);
    await storage.close();
    await storage.close();
    await rejects(t, "hal-unavailable", () => storage.get("a"));
    await rejects(t, "hal-unavailable", () => storage.getMany(["a"]));
    await rejects(t, "hal-unavailable", () => storage.write([put("a")]));
    await rejects(t, "hal-unavailable", () => keys(storage, { from: "a", to: "b" }));
  });

  it("a range that is under way when the storage closes rejects instead of ending as if it were whole", async (t, { storage }) => {
    await storage.write(Array.from({ length: 2_000 }, (_, index) => ({ key: `k${index}`, value: new Uint8Array(1_000) })));
    await rejects(t, "hal-unavailable", async () => {
      for await (const _ of storage.range({ from: "k", to: "l" })) await storage.close();
    });
  });
}
