/** What the sources keep to. A rule is a function from a source to its violations, so that each can be tried on an example. */
import type { Source } from "./source.ts";

export interface Violation {
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

export interface Rule {
  readonly title: string;
  readonly applies: (path: string) => boolean;
  readonly violations: (source: Source) => readonly Violation[];
}

const under =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(`${folder}/`));

const everywhere = (): boolean => true;

const banned = (title: string, applies: Rule["applies"], pattern: RegExp): Rule => ({
  title,
  applies,
  violations: ({ code }) =>
    code.flatMap((text, index) => (pattern.test(text) ? [{ line: index + 1, what: text.trim().slice(0, 100) }] : [])),
});

const LIMITS_TABLE = "src/model/limits.ts";

/** Files that read and write one format, whose lengths are part of it. */
const FORMATS = new Set(
  ["link/client-hello", "link/dns-message", "protocol/column-part", "protocol/record-pieces", "store/segment", "store/terse-form"].map(
    (name) => `src/${name}.ts`,
  ),
);

const HAL_INTERFACE = /^hal\/(services\/)?[^/]+$/;

/** The layers, from the bottom: a file imports from its own layer and from those below it. */
const LAYERS: readonly (readonly [layer: string, is: (path: string) => boolean])[] = [
  ["model", under("src/model")],
  ["hal interfaces", (path) => HAL_INTERFACE.test(path)],
  ["protocol, store, link", under("src/protocol", "src/store", "src/link")],
  ["roles, import-export", under("src/roles", "src/import-export")],
  ["panel, remote-ui", under("src/panel", "src/remote-ui")],
  ["module", (path) => path === "src/module.ts"],
  ["index", (path) => path === "src/index.ts"],
];

const layerOf = (path: string): number => LAYERS.findIndex(([, is]) => is(path));

/** A provider or the runtime: what it may import of ours besides itself. */
const PROVIDER_MAY = (path: string): boolean => HAL_INTERFACE.test(path) || under("hal/parts", "src/model")(path);

function directionOf(from: string, to: string): string | undefined {
  const provider = /^hal\/(parts|linux|sim|runtime)\//.exec(from)?.[0];
  if (provider !== undefined) {
    return to.startsWith(provider) || PROVIDER_MAY(to) ? undefined : `${provider} must not import ${to}`;
  }
  const [lower, upper] = [layerOf(to), layerOf(from)];
  if (upper < 0) return undefined;
  if (lower < 0) return `${to} is nothing that ${from.startsWith("src/") ? "the module" : "an interface"} may know`;
  if (lower > upper) return `${LAYERS[upper]?.[0]} must not import ${LAYERS[lower]?.[0]}: ${to}`;
  if (under("src/roles/client")(from) && under("src/roles/server")(to)) return "the roles do not know each other";
  if (under("src/roles/server")(from) && under("src/roles/client")(to)) return "the roles do not know each other";
  return undefined;
}

const directions: Rule = {
  title: "imports go downward only",
  applies: under("src", "hal"),
  violations: ({ path, imports }) =>
    imports.flatMap(({ line, target }) => {
      const what = /^(src|hal|test|build)\//.test(target) ? directionOf(path, target) : undefined;
      return what === undefined ? [] : [{ line, what }];
    }),
};

/** Where each package may be named. `test` and `build` are tools and may name what they need to check. */
const IMPORTERS: Readonly<Record<string, RegExp>> = {
  "cbor-x": /^src\/protocol\/cbor\.ts$/,
  mqtt: /^src\/link\/mqtt-client\.ts$/,
  ws: /^src\/link\//,
  level: /^hal\/parts\/level-storage\.ts$/,
  "ntp-time-sync": /^hal\/parts\/sntp-clock\.ts$/,
  valibot: /^hal\/runtime\/manifest\.ts$/,
};

const importers: Rule = {
  title: "the name of a package appears in one file or one folder",
  applies: under("src", "hal"),
  violations: ({ path, imports }) =>
    imports.flatMap(({ line, target }) => {
      if (/^(src|hal|test|build|\.\.)\/|^node:/.test(target)) return [];
      const allowed = IMPORTERS[target];
      if (allowed === undefined) return [{ line, what: `${target} is not one of the packages of the product` }];
      return allowed.test(path) ? [] : [{ line, what: `${target} is imported outside of ${allowed.source}` }];
    }),
};

const nodePrefix: Rule = {
  title: "Node's own modules are written with node:",
  applies: everywhere,
  violations: ({ imports }) =>
    imports.flatMap(({ line, from }) =>
      /^(fs|net|path|crypto|stream|tls|http|https|zlib|os|util|events|buffer|url|dgram|dns)(\/|$)/.test(from) ? [{ line, what: from }] : [],
    ),
};

const extension: Rule = {
  title: "imports of our own name the file, with .ts",
  applies: (path) => path.endsWith(".ts"),
  violations: ({ imports }) =>
    imports.flatMap(({ line, from }) =>
      from.startsWith(".") && !/\.(ts|mjs|html|css|svg|json)(\?page)?$/.test(from) ? [{ line, what: from }] : [],
    ),
};

const NODE_OUTSIDE = new Set(
  "fs net dgram dns child_process cluster worker_threads os process timers perf_hooks inspector vm module sqlite readline repl"
    .split(" ")
    .map((name) => `node:${name}`),
);
/** Functions of node:net that look at a text and open nothing. */
const ONLY_TEXT = /^import \{ (isIP|isIPv4|isIPv6|BlockList)(, (isIP|isIPv4|isIPv6|BlockList))* \} from/;

const nodeModulesInSrc: Rule = {
  title: "the module reaches files, sockets and processes through the HAL only",
  applies: under("src"),
  violations: ({ imports, code }) =>
    imports.flatMap(({ line, target, typeOnly }) => {
      const outside = NODE_OUTSIDE.has(target.split("/")[0] ?? "") && !typeOnly;
      return outside && !ONLY_TEXT.test(code[line - 1] ?? "") ? [{ line, what: target }] : [];
    }),
};

const IN_SRC = under("src");
const PRODUCT = under("src", "hal");

export const RULES: readonly Rule[] = [
  directions,
  importers,
  nodePrefix,
  extension,
  nodeModulesInSrc,
  banned("the module has no state outside of objects", IN_SRC, /^(export\s+)?(let|var)\s/),
  banned("time comes from hal.clock", IN_SRC, /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/),
  banned("waits come from hal.clock", IN_SRC, /\b(setTimeout|setInterval|setImmediate)\s*\(/),
  banned(
    "chance comes from a Random",
    // src/index.ts is where the Random comes from: the runtime gives the module a machine and nothing else.
    (path) => IN_SRC(path) && path !== "src/index.ts",
    /\bMath\.random\b|\b(randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)\b/,
  ),
  banned(
    "an end under another one is a linkedAbort: AbortSignal.any leaves a note on the longest-lived signal for ever",
    (path) => /^(src|hal)\//.test(path),
    /\bAbortSignal\.any\(/,
  ),
  banned("the module does not look at its process", IN_SRC, /(?<![\w.])process\.|\bglobalThis\b/),
  banned("the module writes to its log, not to the console", IN_SRC, /\bconsole\.\w+/),
  banned("nothing is of type any", everywhere, /(?::|\bas|<|\||&|,)\s*any\b(?!\s*[:(.])/),
  banned("no default export", (path) => !path.endsWith(".d.ts"), /\bexport\s+default\b|\bas\s+default\b/),
  banned(
    "no enum, no namespace, no decorator",
    everywhere,
    /^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s+\w|^\s*(export\s+)?namespace\s+\w|^\s*@\w+/,
  ),
  banned("no catch is empty", everywhere, /\bcatch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/),
  {
    title: "no error of the compiler is switched off",
    applies: everywhere,
    violations: ({ lines }) =>
      lines.flatMap((text, index) =>
        /\/[/*]\s*@ts-(ignore|nocheck|expect-error)/.test(text) ? [{ line: index + 1, what: text.trim() }] : [],
      ),
  },
  {
    title: "nothing is left to do",
    applies: everywhere,
    violations: ({ lines }) =>
      lines.flatMap((text, index) =>
        /\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/.test(text) ? [{ line: index + 1, what: text.trim().slice(0, 100) }] : [],
      ),
  },
  {
    title: "a catch over several lines is not empty either",
    applies: everywhere,
    violations: ({ code }) =>
      code.flatMap((text, index) =>
        /\bcatch\s*(\([^)]*\))?\s*\{\s*$/.test(text) &&
        nextCode(code, index + 1)
          ?.trim()
          .startsWith("}")
          ? [{ line: index + 1, what: text.trim() }]
          : [],
      ),
  },
  {
    title: "the project speaks for itself",
    applies: everywhere,
    violations: ({ lines }) =>
      lines.flatMap((text, index) => (namesForeignPapers(text) ? [{ line: index + 1, what: text.trim().slice(0, 100) }] : [])),
  },
  {
    title: "a file is at most 250 lines, but for the table of limits, which is one",
    applies: under("src", "hal", "build"),
    violations: ({ path, lines }) => {
      const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
      return count > 250 && path !== LIMITS_TABLE ? [{ line: count, what: `${count} lines` }] : [];
    },
  },
  banned(
    "a bound is a row of LIMITS; figures of a format stay with it",
    (path) => path.startsWith("src/") && path !== LIMITS_TABLE && !FORMATS.has(path),
    /^(export )?const [A-Z_]*MAX[A-Z_]* = [\d_ *]+;/,
  ),
  {
    title: "files are named in kebab-case",
    applies: everywhere,
    violations: ({ path }) =>
      path.split("/").every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d|\.part)?(\.[a-z]+)?$/.test(part))
        ? []
        : [{ line: 1, what: path }],
  },
  {
    title: "no class inherits, but for errors, and no folder has a barrel",
    applies: PRODUCT,
    violations: ({ code, path, imports }) => [
      ...code.flatMap((text, index) =>
        /\bclass\s+\w+(<[^>]*>)?\s+extends\s+(?!(\w*Error|NtpTimeSync|Duplex|Transform|Readable|Writable|EventEmitter)\b)/.test(text)
          ? [{ line: index + 1, what: text.trim() }]
          : [],
      ),
      ...(path.endsWith("/index.ts") && path !== "src/index.ts" && imports.length > 0 ? [{ line: 1, what: "a barrel" }] : []),
    ],
  },
];

/** Working papers of whoever wrote a line are not there for whoever reads it. */
export const namesForeignPapers = (text: string): boolean =>
  /\.\.\/share[d]\b|\bthe brie[f]\b|\b(design|rules|domain|reliability|performance|libraries|platform|style)\.m[d]\b/.test(text);

function nextCode(code: readonly string[], from: number): string | undefined {
  return code.slice(from).find((text) => text.trim() !== "");
}
