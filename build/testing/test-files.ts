/** The test files, and the titles in them as they stand in the source. */
import { readdirSync, readFileSync } from "node:fs";

/** Files under test/ that end with .test.ts and whose path contains one of the filters, sorted; all where there is none. */
export function testFiles(filters: readonly string[] = []): string[] {
  const all = readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .sort();
  return filters.length === 0 ? all : all.filter((file) => filters.some((filter) => file.includes(filter)));
}

export interface Title {
  readonly file: string;
  /** Of a title that is made at run time, what stands before its first `${`. */
  readonly text: string;
}

const TITLE = /^[ \t]*test(?:\.serial)?\(\s*(["'`])((?:(?!\1|\$\{)[^\\\n]|\\.)*)/gm;

/** The titles of the tests in these files. */
export const titlesIn = (files: readonly string[]): Title[] =>
  files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(TITLE)].map(([, , text = ""]) => ({ file, text: text.replaceAll(/\\(.)/g, "$1") })),
  );
