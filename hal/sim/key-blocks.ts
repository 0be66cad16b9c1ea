/**
 * A sorted map from keys to bytes that is never changed, only replaced: a write makes a new one which shares the blocks
 * it did not touch. So a range may hold on to the map of its first step while writes go on, at no cost.
 */
import { must } from "../../src/model/assert.ts";
import { compareKeys } from "../parts/storage-rules.ts";
import type { Write } from "../storage.ts";

interface Block {
  readonly keys: string[];
  readonly values: Uint8Array[];
}

const BLOCK_KEYS_MAX = 256;

export class KeyBlocks {
  readonly #blocks: readonly Block[];

  constructor(blocks: readonly Block[] = []) {
    this.#blocks = blocks;
  }

  get size(): number {
    return this.#blocks.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  get(key: string): Uint8Array | undefined {
    const block = this.#blocks[blockOf(this.#blocks, key)];
    if (block === undefined) return undefined;
    const at = lowerBound(block.keys, key);
    return block.keys[at] === key ? block.values[at] : undefined;
  }

  /** The map after the batch; later writes of one key win. Values are taken over, not copied. */
  with(batch: readonly Write[]): KeyBlocks {
    const blocks = [...this.#blocks];
    const own = new Set<Block>();
    for (const { key, value } of batch) {
      const at = blockOf(blocks, key);
      const block = ownBlock(blocks, at, own);
      put(block, key, value);
      if (block.keys.length === 0) blocks.splice(at, 1);
      else if (block.keys.length > BLOCK_KEYS_MAX) own.add(split(blocks, at, block));
    }
    return new KeyBlocks(blocks);
  }

  /** Entries from `from` (included) to `to` (excluded). */
  *ascending(from: string, to: string): Generator<readonly [string, Uint8Array]> {
    for (let at = blockOf(this.#blocks, from); at < this.#blocks.length; at += 1) {
      const { keys, values } = must(this.#blocks[at], "block in range");
      for (let index = lowerBound(keys, from); index < keys.length; index += 1) {
        const key = must(keys[index], "key in block");
        if (compareKeys(key, to) >= 0) return;
        yield [key, must(values[index], "value in block")];
      }
    }
  }

  /** The same, from the end. */
  *descending(from: string, to: string): Generator<readonly [string, Uint8Array]> {
    for (let at = Math.min(blockOf(this.#blocks, to), this.#blocks.length - 1); at >= 0; at -= 1) {
      const { keys, values } = must(this.#blocks[at], "block in range");
      for (let index = lowerBound(keys, to) - 1; index >= 0; index -= 1) {
        const key = must(keys[index], "key in block");
        if (compareKeys(key, from) < 0) return;
        yield [key, must(values[index], "value in block")];
      }
    }
  }
}

/** The block in which a key is or would be: the last one that starts at or before it; 0 when none does. */
function blockOf(blocks: readonly Block[], key: string): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(must(blocks[middle]?.keys[0], "block is not empty"), key) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The first place whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(must(keys[middle], "key in block"), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The block at this place as one that may be changed: a copy at its first change. */
function ownBlock(blocks: Block[], at: number, own: Set<Block>): Block {
  const block = blocks[at];
  if (block !== undefined && own.has(block)) return block;
  const copy: Block = block === undefined ? { keys: [], values: [] } : { keys: [...block.keys], values: [...block.values] };
  blocks[at] = copy;
  own.add(copy);
  return copy;
}

function put(block: Block, key: string, value: Uint8Array | undefined): void {
  const at = lowerBound(block.keys, key);
  const there = block.keys[at] === key ? 1 : 0;
  if (value === undefined) {
    block.keys.splice(at, there);
    block.values.splice(at, there);
  } else if (there === 1) {
    block.values[at] = value;
  } else {
    block.keys.splice(at, 0, key);
    block.values.splice(at, 0, value);
  }
}

/** Moves the upper half of a block into a new one after it, and gives that back. */
function split(blocks: Block[], at: number, block: Block): Block {
  const half = block.keys.length >> 1;
  const upper: Block = { keys: block.keys.splice(half), values: block.values.splice(half) };
  blocks.splice(at + 1, 0, upper);
  return upper;
}
