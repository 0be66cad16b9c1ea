/** Reads the sources and keeps them as they are meant: each rule on an example first, then on every file. */
import { readFileSync, readdirSync } from "node:fs";
import test from "ava";
import { RULES, namesForeignPapers } from "./rules.ts";
import { readSource, sources, withoutProse } from "./source.ts";

const FILES = sources("src", "hal", "build", "test");

for (const rule of RULES) {
  test(rule.title, (t) => {
    const found = FILES.filter(({ path }) => rule.applies(path)).flatMap((source) =>
      rule.violations(source).map(({ line, what }) => `${source.path}:${line}  ${what}`),
    );
    t.deepEqual(found, [], `\n${found.join("\n")}\n`);
  });
}

test("there are sources to read", (t) => {
  for (const folder of ["src/model/", "hal/runtime/", "build/", "test/tidy/"])
    t.true(
      FILES.some(({ path }) => path.startsWith(folder)),
      folder,
    );
});

test("the limits are compared with one another at each start", (t) => {
  const callers = FILES.filter(
    ({ path, code }) =>
      path.startsWith("src/") && path !== "src/model/assert-limits.ts" && code.some((line) => /\bassertLimits\(\)/.test(line)),
  );
  t.true(callers.length > 0, "nothing in src calls assertLimits()");
});

test("every limit is used", (t) => {
  const names =
    FILES.find(({ path }) => path === "src/model/limits.ts")?.code.flatMap((line) => /^ {2}(\w+): /.exec(line)?.[1] ?? []) ?? [];
  t.true(names.length > 20);
  const tables = ["src/model/limits.ts", "src/model/assert-limits.ts"];
  const users = FILES.filter(({ path, text }) => !tables.includes(path) && text.includes("LIMITS"));
  const unused = names.filter((name) => !users.some(({ code }) => code.some((line) => new RegExp(`\\b${name}\\b`).test(line))));
  t.deepEqual(unused, []);
});

test("documents stand on their own", (t) => {
  const documents = ["src", "hal", "test", "build"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  const found = [...readdirSync("."), ...documents]
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .flatMap((line, index) => (namesForeignPapers(line) ? [`${path}:${index + 1}  ${line.trim().slice(0, 100)}`] : [])),
    );
  t.deepEqual(found, []);
});

/** What each rule must find, one line an example; the path says where the line stands. */
const FOUND: readonly (readonly [path: string, line: string])[] = [
  ["src/store/journal.ts", 'import { x } from "../roles/client/client.ts";'],
  ["src/model/ids.ts", 'import { x } from "../protocol/up.ts";'],
  ["src/roles/client/client.ts", 'import type { X } from "../server/server.ts";'],
  ["src/module.ts", 'import { SimHal } from "../hal/sim/sim-hal.ts";'],
  ["src/module.ts", 'const x = await import("../hal/sim/sim-hal.ts");'],
  ["hal/sim/provider.ts", 'import { createModule } from "../../src/module.ts";'],
  ["hal/sim/provider.ts", 'import { x } from "../runtime/main.ts";'],
  ["hal/parts/level-storage.ts", 'import { x } from "../sim/sim-hal.ts";'],
  ["hal/hal.ts", 'import type { X } from "./sim/sim-hal.ts";'],
  ["hal/hal.ts", 'import type { X } from "../src/link/link.ts";'],
  ["src/link/link.ts", 'import mqtt from "mqtt";'],
  ["src/link/link.ts", 'import { x } from "lodash";'],
  ["hal/sim/provider.ts", 'export { Level } from "level";'],
  ["src/store/journal.ts", 'import { readFile } from "node:fs/promises";'],
  ["src/roles/destination.ts", 'import { connect } from "node:net";'],
  ["src/store/journal.ts", 'import { join } from "path";'],
  ["src/store/journal.ts", 'import { x } from "./layout";'],
  ["src/store/journal.ts", "let count = 0;"],
  ["src/store/journal.ts", "const WAITING_MAX = 4 * 1_024;"],
  ["src/store/journal.ts", "  const at = Date.now();"],
  ["src/store/journal.ts", "  const at = new Date();"],
  ["src/store/journal.ts", "  setTimeout(() => undefined, 5);"],
  ["src/store/journal.ts", "  const id = randomUUID();"],
  ["src/store/journal.ts", "  if (process.env.X) return;"],
  ["src/store/journal.ts", "  console.log(`x`);"],
  ["src/store/journal.ts", "  const x = y as any;"],
  ["src/store/journal.ts", "function f(x: any) {}"],
  ["src/store/journal.ts", "const x: Map<string, any> = y;"],
  ["src/store/journal.ts", `  // @${"ts"}-ignore`],
  ["src/store/journal.ts", "export default x;"],
  ["src/store/journal.ts", "export const enum X { A }"],
  ["src/store/journal.ts", "  try { f(); } catch {}"],
  ["src/store/journal.ts", "  try {\n    f();\n  } catch (cause) {\n    // Nothing.\n  }"],
  ["src/store/journal.ts", "  f().catch(() => {});"],
  ["src/store/journal.ts", `  // ${"TO"}${"DO"}: later`],
  ["src/store/Journal.ts", ""],
  ["src/store/journal_one.ts", ""],
  ["src/store/journal.ts", "class Journal extends Store {"],
  ["src/store/journal.ts", `// see ../${"shared"}/x`],
  ["src/store/journal.ts", "\n".repeat(251)],
];

for (const [path, line] of FOUND) {
  test(`found: ${path}: ${JSON.stringify(line).slice(0, 80)}`, (t) => {
    const source = readSource(path, line);
    t.true(RULES.some((rule) => rule.applies(path) && rule.violations(source).length > 0));
  });
}

/** What no rule may take offence at. */
const GOOD: readonly (readonly [path: string, line: string])[] = [
  ["src/roles/client/client.ts", 'import type { Journal } from "../../store/journal.ts";'],
  ["src/protocol/cbor.ts", 'import { Encoder } from "cbor-x";'],
  ["src/roles/destination.ts", 'import { isIP } from "node:net";'],
  ["src/link/tls.ts", 'import { connect } from "node:tls";'],
  ["hal/sim/provider.ts", 'import { LevelStorage } from "../parts/level-storage.ts";'],
  ["src/store/journal.ts", "/** any of them: setTimeout(), Date.now(), console.log */"],
  ["src/store/journal.ts", 'const text = "console.log(Date.now()) as any";'],
  ["src/store/journal.ts", "const label = new Date(wallMs).toISOString();"],
  ["src/store/journal.ts", "  let count = 0;"],
  ["src/store/journal.ts", 'const isAny = kinds.has("any");'],
  ["src/store/journal.ts", "  try { f(); } catch (cause) { throw new Error(`x`, { cause }); }"],
  ["src/store/journal.ts", "class Broken extends Error {}"],
  ["hal/runtime/time.ts", "  setTimeout(() => undefined, 5);"],
];

for (const [path, line] of GOOD) {
  test(`not found: ${path}: ${line.slice(0, 80)}`, (t) => {
    const source = readSource(path, line);
    t.deepEqual(
      RULES.filter((rule) => rule.applies(path) && rule.violations(source).length > 0).map(({ title }) => title),
      [],
    );
  });
}

test("prose is blanked, code in templates is not", (t) => {
  t.is(withoutProse('a("x // y") // z'), 'a("      ")     ');
  t.is(withoutProse("`a ${b(`c ${d}`)} e` + f"), "`  ${b(`  ${d}`)}  ` + f");
  t.is(withoutProse('x = /"/.test(y) / 2; "z"'), 'x =    .test(y) / 2; " "');
  t.is(withoutProse("/* a\nb */ c"), "    \n     c");
});
