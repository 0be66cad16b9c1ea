/** The sources as text: what a test that reads them looks at. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The lines with comments and the insides of strings blanked, so that prose is never taken for code. */
  readonly code: readonly string[];
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
}

export interface Import {
  readonly line: number;
  /** As it is written. */
  readonly from: string;
  /** The file of ours, the package, or the module of Node ("node:fs"). */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** TypeScript and JavaScript files under these folders, sorted. */
export function sources(...folders: readonly string[]): readonly Source[] {
  const paths = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name).replaceAll("\\", "/"))
        .filter((path) => /\.(ts|mjs|js|cjs|mts|cts)$/.test(path)),
    );
  return paths.sort().map((path) => readSource(path, readFileSync(path, "utf8")));
}

export function readSource(path: string, text: string): Source {
  const code = withoutProse(text);
  return { path, text, code: code.split("\n"), lines: text.split("\n"), imports: importsOf(path, text, code) };
}

const IMPORT = /(?:^|[;\n])\s*(import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s*)?"|\b(import)\s*\(\s*"|\b(require)\s*\(\s*"/g;

function importsOf(path: string, text: string, code: string): readonly Import[] {
  const found: Import[] = [];
  // Strings are blanked in `code` but keep their place: where it has an import, `text` has its name.
  for (const match of code.matchAll(IMPORT)) {
    const start = match.index + match[0].length;
    const from = text.slice(start, text.indexOf('"', start));
    const line = code.slice(0, start).split("\n").length;
    found.push({ line, from, target: targetOf(path, from), typeOnly: match[2] !== undefined });
  }
  return found;
}

function targetOf(path: string, from: string): string {
  if (from.startsWith(".")) return posix.normalize(posix.join(dirname(path), from));
  if (from.startsWith("node:")) return from;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

/**
 * Blanks comments, regular expressions and the text inside of strings and templates, character by character; what stands
 * in `${}` of a template stays code. Line numbers and columns stay as they are.
 */
export function withoutProse(text: string): string {
  let out = "";
  let i = 0;
  // Where a template was left for its `${`: how deep the braces were.
  const templates: number[] = [];
  let depth = 0;
  const blank = (to: number): void => {
    out += text.slice(i, to).replaceAll(/[^\n]/g, " ");
    i = to;
  };
  const endOf = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from;
    return pattern.test(text) ? pattern.lastIndex : text.length;
  };
  const template = (): void => {
    const end = endOf(/(?:[^\\`$]|\\[^]|\$(?!\{))*/gy, i);
    blank(end);
    if (text.startsWith("${", i)) {
      out += "${";
      i += 2;
      templates.push(depth);
      depth += 1;
    } else {
      out += text[i] ?? "";
      i += 1;
    }
  };
  while (i < text.length) {
    const char = text[i] ?? "";
    if (text.startsWith("//", i)) blank(endOf(/[^\n]*/gy, i));
    else if (text.startsWith("/*", i)) blank(endOf(/\*\//g, i));
    else if (char === '"' || char === "'") {
      const end = endOf(char === '"' ? /"(?:[^"\\\n]|\\[^])*"/gy : /'(?:[^'\\\n]|\\[^])*'/gy, i);
      out += char;
      i += 1;
      blank(end - 1);
      out += text[i] ?? "";
      i += 1;
    } else if (char === "`") {
      out += char;
      i += 1;
      template();
    } else if (char === "}" && templates.at(-1) === depth - 1) {
      templates.pop();
      depth -= 1;
      out += char;
      i += 1;
      template();
    } else if (char === "/" && /(?:^|[=(,:;!&|?{}[\n+\-*%<>~^]|\b(?:return|typeof|case|in|of))\s*$/.test(out.slice(-40))) {
      blank(endOf(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/gy, i));
    } else {
      if (char === "{") depth += 1;
      if (char === "}") depth -= 1;
      out += char;
      i += 1;
    }
  }
  return out;
}
