/**
 * A process that writes to a level storage until it is killed: `node level-writer.mjs DIR FROM`. Each batch has records
 * that belong together; a line on stdout names a batch once it was acknowledged.
 */
import { argv, stdout } from "node:process";
import { openLevelStorage } from "../../hal/parts/level-storage.ts";

const WRITERS = 4;
const [dir = "", from = "0"] = argv.slice(2);
const storage = await openLevelStorage({ dir });

async function write(first: number): Promise<never> {
  for (let number = first; ; number += WRITERS) {
    const value = Buffer.alloc(500, String(number));
    await storage.write([
      { key: `a/${number}`, value },
      { key: `b/${number}`, value },
      { key: `last/${number % WRITERS}`, value: Buffer.from(String(number)) },
      { key: `gone/${number - WRITERS}`, value: undefined },
      { key: `gone/${number}`, value },
    ]);
    // A reader that is slow holds the writer back; a line that was not written yet claims nothing.
    await new Promise<void>((resolve) => stdout.write(`${number}\n`, () => resolve()));
  }
}

await Promise.race(Array.from({ length: WRITERS }, (_, offset) => write(Number(from) + offset)));
