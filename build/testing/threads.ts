/** Which test files share a thread. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * A thread costs up to half a second of a processor before its first test begins, for each reads and compiles the product anew, and code
 * is quick only when it has run for a while. So where tests are over soon, or run in turn (in-turn.ts), several files share one thread; the
 * longer they take, the fewer, so that no processor is left with nothing to do.
 */
const TOGETHER: readonly { readonly folder: RegExp; readonly files: number }[] = [
  { folder: /^test\/(unit\/[^/]+)\//, files: 24 },
  { folder: /^test\/(wire|panel|import-export)\//, files: 12 },
  { folder: /^test\/(scenario)\//, files: 30 },
  { folder: /^test\/(crash)\//, files: 12 },
  { folder: /^test\/(desk)\/(?!story)/, files: 9 },
  { folder: /^test\/(contract|link)\//, files: 9 },
  { folder: /^test\/(runtime|tidy)\//, files: 10 },
];

/**
 * The longest begin first, so that none of them is alone at the end: seeds, and beside them what waits for processes and browsers;
 * then what computes for tens of seconds.
 */
const FIRST: readonly RegExp[] = [
  /^test\/fleet\/seeds\//,
  /^(test\/(browser|bench|desk\/story)|link-|unit-link-)/,
  /^test\/mutants\/mutants\./,
  /^(crash|scenario)-/,
  /^test\/(bundle|hostile)\//,
];

/** Files by the name of the thread that they share, the longest threads first; a file that has one for itself under its own name. */
export function byThread(files: readonly string[]): Map<string, readonly string[]> {
  const threads = new Map<string, string[]>();
  const seen = new Map<string, number>();
  for (const file of files) {
    const thread = threadOf(file, seen);
    threads.set(thread, [...(threads.get(thread) ?? []), file]);
  }
  return new Map([...threads].toSorted(([a], [b]) => rankOf(a) - rankOf(b)));
}

function rankOf(thread: string): number {
  const rank = FIRST.findIndex((pattern) => pattern.test(thread));
  return rank < 0 ? FIRST.length : rank;
}

/** `seen`: how many files of each folder have a thread by now; this one is counted. */
function threadOf(file: string, seen: Map<string, number>): string {
  for (const { folder, files } of TOGETHER) {
    const [, name] = folder.exec(file) ?? [];
    if (name === undefined) continue;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return `${name.replaceAll("/", "-")}-${1 + Math.floor(before / files)}`;
  }
  return file;
}

/**
 * What to compile and run instead of these files: those that share a thread are imported by a file that is written into `folder`. Their
 * tests must have different titles; AVA says so where they have not.
 */
export function inThreads(files: readonly string[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return [...byThread(files)].map(([name, sharing]) => {
    if (sharing.length === 1) return sharing[0] ?? name;
    const thread = join(folder, `${name}.test.ts`);
    writeFileSync(thread, sharing.map((file) => `import "./${relative(folder, file)}";\n`).join(""));
    return thread;
  });
}
