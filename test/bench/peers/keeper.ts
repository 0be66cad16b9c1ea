/** What the machines of a peer keep their data in: a LevelDB with its own defaults, synced batches, a record for each entry. */
import { createHash } from "node:crypto";
import { Encoder } from "cbor-x";
import { Level } from "level";
import type { EntryChange } from "../../../src/model/entry.ts";
import { editsIn } from "../edits.ts";
import { monotonicMs } from "../orders.ts";
import { EditWatch } from "../probes.ts";

export interface Put {
  readonly key: string;
  readonly value: Uint8Array;
}

const DATA = "d";
const DATA_END = "e";
const POSITION = "p";
const DIGEST_STEP = 1_000;

/** Plain CBOR without tables of structures: any reader reads it. */
const cbor = new Encoder({ useRecords: false });

export const encodeCbor = (value: unknown): Buffer => cbor.encode(value);
/** What a process of the same build has encoded, so the caller knows its shape. */
export const decodeCbor = (bytes: Uint8Array): unknown => cbor.decode(bytes);

/** The record of an entry: its name is the key. */
export const recordOf = ({ owner, item, key, value }: EntryChange): Put => ({
  key: `${DATA}${owner}\0${item}\0${key}`,
  value: encodeCbor(value),
});

/** The same for peers that speak JSON. */
export const jsonRecordOf = ({ owner, item, key, value }: EntryChange): Put => ({
  key: `${DATA}${owner}\0${item}\0${key}`,
  value: Buffer.from(JSON.stringify(value)),
});

export class Keeper {
  readonly watch = new EditWatch();
  readonly database: Level<string, Uint8Array>;
  #bytes = 0;
  #writes = 0;

  constructor(dir: string) {
    this.database = new Level<string, Uint8Array>(dir, { keyEncoding: "utf8", valueEncoding: "view" });
  }

  get stored(): { readonly storedBytes: number; readonly storedWrites: number } {
    return { storedBytes: this.#bytes, storedWrites: this.#writes };
  }

  /** One batch, synced. What it holds of the edits that are watched for is durable, and nothing else is there to show it. */
  async write(puts: readonly Put[]): Promise<void> {
    const numbers = this.watch.active ? puts.flatMap(({ value }) => editsIn(value)) : [];
    await this.database.batch(
      puts.map(({ key, value }) => ({ type: "put", key, value })),
      { sync: true },
    );
    const atMs = monotonicMs();
    this.watch.durable(numbers, atMs);
    this.watch.shown(numbers, atMs);
    this.#writes += 1;
    this.#bytes += puts.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  }

  /** What the position is saved as, together with the data that leads to it. */
  static position(value: number | string): Put {
    return { key: POSITION, value: encodeCbor(value) };
  }

  /** undefined: nothing was ever saved. */
  async position(): Promise<number | string | undefined> {
    const bytes = await this.database.get(POSITION);
    return bytes === undefined ? undefined : (decodeCbor(bytes) as number | string);
  }

  /** All entries, in key order. */
  async *entries(): AsyncGenerator<Put> {
    const iterator = this.database.iterator({ gte: DATA, lt: DATA_END });
    try {
      for (;;) {
        const some = await iterator.nextv(DIGEST_STEP);
        if (some.length === 0) return;
        for (const [key, value] of some) yield { key, value };
      }
    } finally {
      await iterator.close();
    }
  }

  async digest(): Promise<{ readonly entries: number; readonly digest: string }> {
    const hash = createHash("sha256");
    let entries = 0;
    for await (const { key, value } of this.entries()) {
      entries += 1;
      hash.update(key).update("\0").update(value);
    }
    return { entries, digest: hash.digest("hex") };
  }
}
