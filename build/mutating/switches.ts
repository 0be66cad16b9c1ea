/**
 * The product with all rows of test/mutants in it at once, each behind a switch, so that one program asks about all of them. A
 * row's text may begin and end anywhere: what it comes to is seen by compiling the file with and without it. The smallest body
 * of a function around what differs is there twice then, as it is and with the fault, and the switch chooses when it is called.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type AnyNode, parse } from "acorn";
import { type Plugin, transformSync } from "esbuild";
import type { Mutant } from "../../test/mutants/mutant.ts";
import { applied } from "./apply.ts";

export interface Switches {
  /** Puts the files with their switches where the sources would be. */
  readonly plugin: Plugin;
  readonly switched: readonly Mutant[];
  /** What acts while modules are loaded, or in no function: a program of its own for each. */
  readonly apart: readonly Mutant[];
}

/** Throws where a row's place is not there. */
export function switches(mutants: readonly Mutant[]): Switches {
  const contents = new Map<string, string>();
  const switched: Mutant[] = [];
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const made = new SwitchedFile(file);
    switched.push(...mutants.filter((mutant) => mutant.file === file && made.add(mutant)));
    contents.set(resolve(file), made.text());
  }
  const known = new Set(switched);
  return {
    switched,
    apart: mutants.filter((mutant) => !known.has(mutant)),
    plugin: {
      name: "switches",
      setup(build) {
        build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
          const found = contents.get(path);
          return found === undefined ? undefined : { contents: found, loader: "js" };
        });
      },
    },
  };
}

/** A part of a text: `to` is not in it. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What can be there twice: the inside of a body in braces, or an expression that is worked out when somebody calls or constructs. */
interface Body extends Span {
  readonly kind: "block" | "expression";
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** What one expression may be instead. */
interface Choice {
  readonly to: number;
  readonly notes: string;
  readonly choices: string;
}

class SwitchedFile {
  readonly #source: string;
  readonly #text: string;
  readonly #root: AnyNode;
  readonly #insertions: Insertion[] = [];
  readonly #expressions = new Map<number, Choice>();

  constructor(file: string) {
    this.#source = readFileSync(file, "utf8");
    this.#text = compiled(this.#source);
    this.#root = parsed(this.#text);
  }

  /** False where it has no body to be switched in. */
  add(mutant: Mutant): boolean {
    const text = compiled(applied(mutant, this.#source));
    const place = difference(this.#text, text);
    if (place === undefined) return false;
    const { body, passed } = around(this.#root, place);
    if (body === undefined) return false;
    const to = text.length - (this.#text.length - body.to);
    if (!hasBody(parsed(text), { ...body, to })) return false;
    const name = JSON.stringify(mutant.name);
    const note = `__passed(${name})`;
    const other = text.slice(body.from, to);
    if (body.kind === "expression") this.#choose(body, note, `__isOn(${name}) ? (${other}) : `);
    else
      this.#insertions.push(
        { at: body.from, text: ` if (__isOn(${name})) { ${other}\n return; } ` },
        { at: passed ?? body.from, text: `${note};` },
      );
    return true;
  }

  #choose({ from, to }: Body, note: string, choice: string): void {
    const known = this.#expressions.get(from) ?? { to, notes: "", choices: "" };
    this.#expressions.set(from, { to, notes: `${known.notes}${note}, `, choices: known.choices + choice });
  }

  text(): string {
    const expressions = [...this.#expressions].flatMap(([from, { to, notes, choices }]) => [
      { at: from, text: `(${notes}${choices}(` },
      { at: to, text: "))" },
    ]);
    const inOrder = [...this.#insertions, ...expressions].sort((a, b) => a.at - b.at);
    let text = "";
    let last = 0;
    for (const insertion of inOrder) {
      text += this.#text.slice(last, insertion.at) + insertion.text;
      last = insertion.at;
    }
    return `${text}${this.#text.slice(last)}\n${SWITCHBOARD}`;
  }
}

/** What survey-runner.ts sets and reads, in the form that Stryker gave it. */
const SWITCHBOARD = `
globalThis.__stryker__ ??= {};
function __passed(name) {
  const board = (globalThis.__stryker__ ??= {});
  if (board.activeMutant !== undefined) return;
  const { static: loading, perTest } = (board.mutantCoverage ??= { static: {}, perTest: {} });
  const passes = board.currentTestId === undefined ? loading : (perTest[board.currentTestId] ??= {});
  passes[name] = (passes[name] ?? 0) + 1;
}
function __isOn(name) {
  return globalThis.__stryker__?.activeMutant === name;
}`;

/** Two texts that differ in types only are the same one. */
const compiled = (source: string): string =>
  transformSync(source, { loader: "ts", target: "node20", tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } }).code;

const parsed = (text: string): AnyNode => parse(text, { ecmaVersion: "latest", sourceType: "module" });

/** Where the first text is not the second one; undefined where it is. */
function difference(a: string, b: string): Span | undefined {
  if (a === b) return undefined;
  const shorter = Math.min(a.length, b.length);
  let from = 0;
  while (from < shorter && a[from] === b[from]) from += 1;
  let after = 0;
  while (after < shorter - from && a.at(-1 - after) === b.at(-1 - after)) after += 1;
  return { from, to: a.length - after };
}

/** The smallest body around the place, and the beginning of the smallest statement in it that the place is in, where there is one. */
function around(root: AnyNode, place: Span): { readonly body: Body | undefined; readonly passed: number | undefined } {
  let body: Body | undefined;
  let passed: number | undefined;
  const isAround = ({ from, to }: Span): boolean => from <= place.from && place.to <= to;
  const visit = (node: AnyNode): void => {
    const own = bodyOf(node);
    if (own !== undefined && isAround(own)) {
      body = own;
      passed = undefined;
    }
    if (body !== undefined && isAround(listOf(node))) passed = statementsOf(node).find(({ end }) => end > place.from)?.start ?? passed;
    for (const child of childrenOf(node)) if (isAround({ from: child.start, to: child.end })) visit(child);
  };
  visit(root);
  return { body, passed };
}

/** Where another statement may stand before each. */
function statementsOf(node: AnyNode): readonly AnyNode[] {
  if (node.type === "BlockStatement") return node.body;
  return node.type === "SwitchCase" ? node.consequent : [];
}

/** Where they stand. */
function listOf(node: AnyNode): Span {
  if (node.type === "BlockStatement") return insideOf(node);
  return { from: statementsOf(node).at(0)?.start ?? node.end, to: node.end };
}

const insideOf = ({ start, end }: AnyNode): Span => ({ from: start + 1, to: end - 1 });

/** Whether there is exactly this one: what stands instead may close a brace that it has not opened. */
function hasBody(root: AnyNode, { kind, from, to }: Body): boolean {
  let has = false;
  const visit = (node: AnyNode): void => {
    const own = bodyOf(node);
    if (own?.kind === kind && own.from === from && own.to === to) has = true;
    for (const child of childrenOf(node)) if (child.start <= from && to <= child.end) visit(child);
  };
  visit(root);
  return has;
}

function bodyOf(node: AnyNode): Body | undefined {
  if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") return { kind: "block", ...insideOf(node.body) };
  if (node.type === "ArrowFunctionExpression") {
    const { body } = node;
    return body.type === "BlockStatement" ? { kind: "block", ...insideOf(body) } : { kind: "expression", from: body.start, to: body.end };
  }
  if (node.type === "PropertyDefinition" && !node.static && node.value) {
    return { kind: "expression", from: node.value.start, to: node.value.end };
  }
  return undefined;
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value): value is AnyNode => typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string");
}
