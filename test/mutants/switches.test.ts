import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { build } from "esbuild";
import { switches } from "../../build/mutating/switches.ts";
import { inScratchFolder } from "../../build/testing/scratch-folder.ts";
import type { Mutant } from "./mutant.ts";

const SOURCE = `
const FIRST: number = 1;
export class Counter {
  readonly step = () => 2;
  #at = FIRST;
  add(by: number): number {
    if (by > 0) {
      this.#at += by;
    }
    return this.#at;
  }
}
export const twice = (n: number): number => n * 2;
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
`;

interface Compiled {
  readonly Counter: new () => { step(): number; add(by: number): number };
  readonly twice: (n: number) => number;
  readonly sum: (numbers: readonly number[]) => number;
}

interface Board {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage?: { readonly perTest: Record<string, Record<string, number>> };
}

const row = (name: string, file: string, find: string, replace: string): Mutant => ({
  name,
  rules: [],
  file,
  find,
  replace,
  why: "",
  guard: "",
});

test.serial("many mutants stand in one program, each acts while it is switched on, and what comes to it is counted", async (t) => {
  await inScratchFolder("switches", async (folder) => {
    const file = join(folder, "counter.ts");
    writeFileSync(file, SOURCE);
    const rows = [
      row("no-adding", file, "      this.#at += by;\n", ""),
      row("adds-nothing", file, "by > 0", "by > 10"),
      row("adds-and-goes-back", file, "return this.#at;", "return this.#at--;"),
      row("thrice", file, "n * 2", "n * 3"),
      row("one-more", file, "n * 2", "n * 2 + 1"),
      row("products", file, "a + b", "a * b"),
      row("begins-at-ten", file, "#at = FIRST", "#at = 10"),
      row("long-steps", file, "=> 2;", "=> 20;"),
      row("first-is-two", file, "FIRST: number = 1", "FIRST: number = 2"),
      row("only-a-type", file, "n: number", "n: 2 | 3"),
      row("braces", file, "return this.#at;\n  }", "return this.#at;\n  }\n  other() {}"),
    ];
    const { plugin, switched, apart } = switches(rows);
    t.deepEqual(
      apart.map(({ name }) => name),
      ["first-is-two", "only-a-type", "braces"],
    );
    t.is(switched.length, 8);
    const { outputFiles } = await build({ entryPoints: [file], bundle: true, write: false, format: "esm", plugins: [plugin] });
    const program = `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`;
    const { Counter, twice, sum } = (await import(program)) as Compiled;
    const board: Board = Reflect.get(globalThis, "__stryker__");
    const seen = (): readonly number[] => {
      const counter = new Counter();
      return [counter.add(5), counter.add(0), counter.step(), twice(4), sum([3, 4])];
    };
    const seenWith = (activeMutant: string): readonly number[] => {
      board.activeMutant = activeMutant;
      return seen();
    };
    board.currentTestId = "t0";
    t.deepEqual(seen(), [6, 6, 2, 8, 7]);
    t.deepEqual(board.mutantCoverage?.perTest["t0"], {
      "no-adding": 1,
      "adds-nothing": 2,
      "adds-and-goes-back": 2,
      thrice: 1,
      "one-more": 1,
      products: 2,
      "begins-at-ten": 1,
      "long-steps": 1,
    });
    t.deepEqual(seenWith("no-adding"), [1, 1, 2, 8, 7]);
    t.deepEqual(seenWith("adds-nothing"), [1, 1, 2, 8, 7]);
    t.deepEqual(seenWith("adds-and-goes-back"), [6, 5, 2, 8, 7]);
    t.deepEqual(seenWith("thrice"), [6, 6, 2, 12, 7]);
    t.deepEqual(seenWith("one-more"), [6, 6, 2, 9, 7]);
    t.deepEqual(seenWith("products"), [6, 6, 2, 8, 0]);
    t.deepEqual(seenWith("begins-at-ten"), [15, 15, 2, 8, 7]);
    t.deepEqual(seenWith("long-steps"), [6, 6, 20, 8, 7]);
    Reflect.deleteProperty(globalThis, "__stryker__");
  });
});
