/** What packages need before they fit into one file. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import { type Plugin, build as compile } from "esbuild";
import { ADDON_LOADER } from "./addons.ts";

/** Copies of Node's own modules, for browsers: the real ones are here. */
const OWN_TO_NODE = ["readable-stream", "string_decoder", "string_decoder/", "buffer", "buffer/", "process", "process/"];

/** What nothing here calls, and what stands in its place. */
const STUBS: Readonly<Record<string, string>> = {
  // A SOCKS proxy, and timers of a browser's worker: mqtt.js loads both, and uses them only when told to.
  socks: "module.exports = {};",
  "worker-timers": "module.exports = {};",
  // Notes for whoever debugs a library with an environment variable: asked for with every packet, and never switched on here.
  debug: "module.exports = () => () => undefined;",
  // Topic aliases of MQTT 5: the sessions here are 3.1.1.
  "lru-cache": 'exports.LRUCache = class { constructor() { throw new Error("topic aliases are not part of this bundle"); } };',
  // The native half of cbor-x: it asks in a try block and does without.
  "cbor-extract": 'throw new Error("cbor-extract is not part of this bundle");',
};

const exactly = (names: readonly string[]): RegExp =>
  new RegExp(`^(${names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|")})$`);

const nodeOwn: Plugin = {
  name: "node-own",
  setup(build) {
    build.onResolve({ filter: exactly(OWN_TO_NODE) }, ({ path }) => {
      const name = path.replace(/\/$/, "");
      return { path: `node:${name === "readable-stream" ? "stream" : name}`, external: true };
    });
    // One spelling for each of Node's modules, so that a bundle imports none of them twice.
    build.onResolve({ filter: exactly(builtinModules.filter((name) => !name.startsWith("_"))) }, ({ path }) => ({
      path: `node:${path}`,
      external: true,
    }));
  },
};

const stubs: Plugin = {
  name: "stubs",
  setup(build) {
    build.onResolve({ filter: exactly(Object.keys(STUBS)) }, ({ path }) => ({ path, namespace: "stub" }));
    build.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({ contents: STUBS[path] ?? "", loader: "js" }));
  },
};

/** mqtt.js finds its streams by URL in this folder: here each session is given its stream (src/link/mqtt-client.ts). */
const connectors: Plugin = {
  name: "connectors",
  setup(build) {
    build.onLoad({ filter: /[\\/]mqtt[\\/]build[\\/]lib[\\/]connect[\\/]index\.js$/ }, () => ({
      contents: 'exports.default = exports.connectAsync = () => { throw new Error("connecting by URL is not part of this bundle"); };',
      loader: "js",
    }));
  },
};

/**
 * mqtt-packet keeps a buffer for each of the 65,536 numbers of two bytes: 6 MB that are filled at the first packet and
 * looked through in each collection of garbage. It can make them as they are needed, and does so here.
 */
const numbers: Plugin = {
  name: "numbers",
  setup(build) {
    build.onLoad({ filter: /[\\/]mqtt-packet[\\/]writeToStream\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const before = "let writeNumber = writeNumberCached\nlet toGenerate = true\n";
      if (!source.includes(before))
        throw new Error(`${path} is another version: its numbers are to be looked at again (build/bundling/plugins.ts)`);
      return { contents: source.replace(before, "let writeNumber = writeNumberGenerated\nlet toGenerate = false\n"), loader: "js" };
    });
  },
};

/** LevelDB's addon lies beside the bundle under a name that says for which platform it is. */
const addon: Plugin = {
  name: "addon",
  setup(build) {
    build.onLoad({ filter: /[\\/]classic-level[\\/]binding\.js$/ }, () => ({ contents: ADDON_LOADER, loader: "js" }));
  },
};

/** `import text from "./page.ts?page"`, or of a .css: a program or a style sheet for the browser, in one piece, as text to be served. */
export const pageFile: Plugin = {
  name: "page-file",
  setup(build) {
    build.onResolve({ filter: /\?page$/ }, ({ path, resolveDir }) => ({
      // From the root of the repository: the path is seen in the bundle, which is to be the same on every computer.
      path: relative(process.cwd(), join(resolveDir, path.replace(/\?page$/, ""))).replaceAll("\\", "/"),
      namespace: "page",
    }));
    build.onLoad({ filter: /.*/, namespace: "page" }, async ({ path }) => {
      const { outputFiles, metafile } = await compile({
        entryPoints: [path],
        bundle: true,
        write: false,
        metafile: true,
        platform: "browser",
        format: "esm",
        target: "es2022",
        minify: true,
        charset: "utf8",
        logLevel: "warning",
      });
      return { contents: outputFiles[0]?.text ?? "", loader: "text", watchFiles: Object.keys(metafile.inputs) };
    });
  },
};

export const PLUGINS: readonly Plugin[] = [nodeOwn, stubs, connectors, numbers, addon, pageFile];

/** CommonJS inside of an ECMAScript module looks for these. */
export const BANNER = [
  'import { createRequire as $createRequire } from "node:module";',
  'import { dirname as $dirname } from "node:path";',
  'import { fileURLToPath as $fileURLToPath } from "node:url";',
  "const require = $createRequire(import.meta.url);",
  "const __filename = $fileURLToPath(import.meta.url);",
  "const __dirname = $dirname(__filename);",
].join("\n");
