/**
 * The ways from one format of the storage to the next, with steps that are made up: on what a fleet has really stored,
 * stopped at every write, and again at every write of what follows.
 */
import test from "ava";
import type { KeyBlocks } from "../../hal/sim/key-blocks.ts";
import { MemoryMedium, MemoryStorage } from "../../hal/sim/memory-storage.ts";
import type { Write } from "../../hal/storage.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { type FormatStep, openFormat, type StoredRecord } from "../../src/store/format.ts";
import { FORMAT_AGAIN_KEY, FORMAT_KEY } from "../../src/store/keys.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, button } from "../scenario/entries.ts";

const ALL = { from: "", to: "\u{10ffff}" };
const NEWEST = 3;

/** Records that follow each other become one, under the key of the first. */
const bundled = (records: readonly StoredRecord[]): Write[] => [
  ...records.map(([key]) => ({ key, value: undefined })),
  { key: `bundle/${records[0]?.[0] ?? ""}`, value: encodeCbor(records) },
];

const unbundled = (records: readonly StoredRecord[]): Write[] =>
  records.flatMap(([key, value]) => [
    { key, value: undefined },
    ...(decodeCbor(value, LIMITS.blockInflatedBytesMax) as StoredRecord[]).map(([of, bytes]) => ({ key: of, value: bytes })),
  ]);

/** To 2: a client's base in bundles, and the head with a byte behind it. To 3: all of it as it was. Twice over it would be broken. */
const STEPS: readonly FormatStep[] = [
  {
    to: 2,
    parts: [
      { range: { from: "c/s/", to: "c/s0" }, turn: bundled },
      { range: { from: "c/none/", to: "c/none0" }, turn: bundled },
      {
        range: { from: "c/meta", to: "c/meta\u0000" },
        turn: (records) => records.map(([key, value]) => ({ key, value: Uint8Array.of(...value, 0) })),
      },
    ],
  },
  {
    to: 3,
    parts: [
      {
        range: { from: "c/meta", to: "c/meta\u0000" },
        turn: (records) => records.map(([key, value]) => ({ key, value: value.slice(0, -1) })),
      },
      { range: { from: "bundle/", to: "bundle0" }, turn: unbundled },
    ],
  },
];

class Killed extends Error {}

/** Stops for good in a write, when nothing of it is left, or after it. */
class Mortal extends MemoryStorage {
  writes = 0;
  readonly #dies: { readonly write: number; readonly moment: "in" | "after" } | undefined;

  constructor(medium: MemoryMedium, dies?: { readonly write: number; readonly moment: "in" | "after" }) {
    super(medium);
    this.#dies = dies;
  }

  override async write(batch: readonly Write[]): Promise<void> {
    this.writes += 1;
    const isLast = this.writes === this.#dies?.write;
    if (isLast && this.#dies?.moment === "in") throw new Killed();
    await super.write(batch);
    if (isLast) throw new Killed();
  }
}

async function stored(): Promise<KeyBlocks> {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  for (let key = 1; key <= 60; key += 1) await fleet.at("a").edit(ALICE, "personal-button", String(key), button("x".repeat(100)));
  await fleet.settle();
  fleet.at("a").powerOff();
  // More than one batch of the first step, whatever a batch is.
  const padding = Array.from({ length: 2 * LIMITS.migrationRecords }, (_, index) => ({
    key: `c/s/9/${String(index).padStart(5, "0")}`,
    value: Uint8Array.of(index % 256),
  }));
  return fleet.at("a").moduleDisk.medium.content.with([...padding, { key: FORMAT_KEY, value: Uint8Array.of(1) }]);
}

async function contentOf(content: KeyBlocks): Promise<Map<string, string>> {
  const medium = new MemoryMedium();
  medium.content = content;
  const all = new Map<string, string>();
  for await (const [key, value] of new MemoryStorage(medium).range(ALL)) all.set(key, Buffer.from(value).toString("hex"));
  return all;
}

const mediumOf = (content: KeyBlocks): MemoryMedium => Object.assign(new MemoryMedium(), { content });

/** One life of it; gives its writes. */
async function life(medium: MemoryMedium, dies?: { readonly write: number; readonly moment: "in" | "after" }): Promise<number> {
  const storage = new Mortal(medium, dies);
  try {
    await openFormat(storage, STEPS);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return storage.writes;
}

test("killed at any write of a migration, and of the one that follows, a storage comes to the newest format with all it held", async (t) => {
  const before = await stored();
  const expected = await contentOf(before.with([FORMAT_KEY, FORMAT_AGAIN_KEY].map((key) => ({ key, value: Uint8Array.of(NEWEST) }))));
  const whole = mediumOf(before);
  const writes = await life(whole);
  t.true(writes >= 10, "there are batches enough to die between");
  t.deepEqual(await contentOf(whole.content), expected);
  let deaths = 0;
  for (let write = 1; write <= writes; write += 1) {
    for (const moment of ["in", "after"] as const) {
      const once = mediumOf(before);
      await life(once, { write, moment });
      const left = once.content;
      const more = await life(once);
      t.deepEqual(await contentOf(once.content), expected, `killed ${moment} write ${write}`);
      deaths += 1;
      for (let again = 1; again <= more; again += 1) {
        const twice = mediumOf(left);
        await life(twice, { write: again, moment: again % 2 === 0 ? "in" : "after" });
        await life(twice);
        t.deepEqual(await contentOf(twice.content), expected, `killed ${moment} write ${write}, then at ${again}`);
        deaths += 1;
      }
    }
  }
  t.log(`${deaths} deaths`);
});

test("a storage that is half way is left alone by a module that does not know where to", async (t) => {
  const medium = mediumOf(await stored());
  await life(medium, { write: 3, moment: "after" });
  const left = medium.content;
  const older = new Mortal(medium);
  const error = await t.throwsAsync(openFormat(older, []), { instanceOf: SyncError });
  t.regex(error?.message ?? "", /format 2, this module reads up to 1; nothing was changed/);
  t.is(older.writes, 0);
  t.is(medium.content, left);
});

test("a factory-new storage has the newest format at once, and an up-to-date one is not written to", async (t) => {
  const medium = new MemoryMedium();
  t.is(await life(medium), 1);
  t.is(await life(medium), 0);
  t.deepEqual(
    [...(await contentOf(medium.content))],
    [
      [FORMAT_KEY, "03"],
      [FORMAT_AGAIN_KEY, "03"],
    ],
  );
});

for (const [mark, what] of [
  [Uint8Array.of(9), "a newer format"],
  [new Uint8Array(), "no format"],
  [Uint8Array.of(0), "a format that never was"],
  [Uint8Array.of(1, 2), "a mark that this module does not read"],
] as const) {
  test(`a module does not start on a storage of ${what}, says so in words, and has changed nothing`, async (t) => {
    const fleet = await Fleet.start({ server: "s", clients: ["a"] });
    await fleet.at("a").edit(ALICE, "personal-button", "1", button("mine"));
    await fleet.settle();
    const a = fleet.at("a");
    a.powerOff();
    a.moduleDisk.replace(a.moduleDisk.medium.content.with([{ key: FORMAT_KEY, value: mark }]));
    const { content } = a.moduleDisk.medium;
    await t.throwsAsync(openFormat(new MemoryStorage(a.moduleDisk.medium)), {
      message: /nothing was changed: install the module that wrote it/,
    });
    const { writes } = a.moduleDisk;
    void a.switchOnSoon();
    await fleet.advance(10_000);
    t.false(a.running);
    t.is(a.moduleDisk.writes, writes);
    t.is(a.moduleDisk.medium.content, content);
    t.true(a.crashes.length > 0 && a.crashes.every((crash) => crash instanceof SyncError && crash.code === "storage-format"));
  });
}
