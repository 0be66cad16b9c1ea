/**
 * What of the packages is left out of the bundles, and why nobody misses it. Each row names a module as it is imported or
 * the file in which it lies, and what stands in its place; what would be wrong to call says so when it is called.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { exactly } from "./exactly.ts";

/** Modules by the name they are imported by. */
const MODULES: Readonly<Record<string, string>> = {
  // A SOCKS proxy, and timers of a browser's worker: mqtt.js loads both, and uses them only when told to.
  socks: "module.exports = {};",
  "worker-timers": "module.exports = {};",
  // Notes for whoever debugs a library with an environment variable: asked for with every packet, and never switched on here.
  debug: "module.exports = () => () => undefined;",
  // Topic aliases, and the copies of packets that are made for them, are of MQTT 5: the sessions here are 3.1.1.
  "lru-cache": 'exports.LRUCache = class { constructor() { throw new Error("topic aliases are not part of this bundle"); } };',
  "rfdc/default": 'module.exports = () => { throw new Error("topic aliases are not part of this bundle"); };',
  // The native half of cbor-x: it asks in a try block and does without.
  "cbor-extract": 'throw new Error("cbor-extract is not part of this bundle");',
};

interface File {
  /** Below node_modules, with forward slashes. */
  readonly path: RegExp;
  /** What stands in its place, made of what stands there. Throws for another version of a package than it was written for. */
  readonly instead: (source: string, path: string) => string;
  readonly loader?: "json" | "js";
}

const nothing = (contents: string) => (): string => contents;

const FILES: readonly File[] = [
  // mqtt.js finds its streams by URL in this folder: here each session is given its stream (src/link/mqtt-client.ts).
  {
    path: /mqtt\/build\/lib\/connect\/index\.js$/,
    instead: nothing(
      'exports.default = exports.connectAsync = () => { throw new Error("connecting by URL is not part of this bundle"); };',
    ),
  },
  // Its answer to AUTH, a packet of MQTT 5 that the frame guard does not let in (src/link/frame-guard.ts).
  { path: /mqtt\/build\/lib\/handlers\/auth\.js$/, instead: nothing("exports.default = () => undefined;") },
  // Which browser it runs in: in none.
  {
    path: /mqtt\/build\/lib\/is-browser\.js$/,
    instead: nothing("exports.__esModule = true; exports.default = exports.isWebWorker = exports.isReactNativeBrowser = false;"),
  },
  // A package that asks for its own version: the rest of its description is for npm.
  {
    path: /mqtt\/package\.json$/,
    instead: (source) => JSON.stringify({ version: (JSON.parse(source) as { readonly version: string }).version }),
    loader: "json",
  },
  // mqtt-packet keeps a buffer for each of the 65,536 numbers of two bytes: 6 MB that are filled at the first packet and
  // looked through in each collection of garbage. It can make them as they are needed, and does so here.
  {
    path: /mqtt-packet\/writeToStream\.js$/,
    instead: exchanged(
      "let writeNumber = writeNumberCached\nlet toGenerate = true\n",
      "let writeNumber = writeNumberGenerated\nlet toGenerate = false\n",
    ),
  },
  // The parser wants a list of buffers, and gets with it a stream that nobody writes to.
  { path: /mqtt-packet\/parser\.js$/, instead: exchanged("require('bl')", "require('bl/BufferList')") },
  // The half of cbor-x that reads: our own reader does (src/protocol/plain-reader.ts). The half that writes inherits its options from it.
  {
    path: /cbor-x\/decode\.js$/,
    instead: () => CBOR_OPTIONS,
  },
];

/** What the half that writes asks the other for. Numbers of four bytes, whose decimals are looked up, are never written here. */
const CBOR_OPTIONS = `
export class Decoder { constructor(options) { Object.assign(this, { mapsAsObjects: true }, options); } }
export class Tag {}
export const typedArrays = [];
export const mult10 = [];
export const FLOAT32_OPTIONS = {};
export const addExtension = () => { throw new Error("extensions of CBOR are not part of this bundle"); };
`;

/** One text in the place of another, which must be there. */
function exchanged(before: string, after: string): File["instead"] {
  return (source, path) => {
    if (source.includes(before)) return source.replace(before, after);
    throw new Error(`${path} is of another version: what is left out of it is to be looked at again (build/bundling/left-out.ts)`);
  };
}

/** Parts of a package that are taken without its entry, which would bring along all the others. */
const ENTRIES: Readonly<Record<string, string>> = {
  mqtt: 'export { default as MqttClient } from "PACKAGES/mqtt/build/lib/client.js";',
  // As it is in its sources: of what was made of it for require() nothing could be left out.
  "cbor-x/index-no-eval": 'export { Encoder } from "PACKAGES/cbor-x/encode.js";',
};

export const leftOut: Plugin = {
  name: "left-out",
  setup(build) {
    const packages = join(process.cwd(), "node_modules").replaceAll("\\", "/");
    build.onResolve({ filter: exactly(Object.keys(MODULES)) }, ({ path }) => ({ path, namespace: "stub" }));
    build.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({ contents: MODULES[path] ?? "", loader: "js" }));
    build.onResolve({ filter: exactly(Object.keys(ENTRIES)) }, ({ path }) => ({ path, namespace: "part" }));
    build.onLoad({ filter: /.*/, namespace: "part" }, ({ path }) => ({
      contents: ENTRIES[path]?.replaceAll("PACKAGES", packages) ?? "",
      resolveDir: packages,
      loader: "js",
    }));
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.js(on)?$/ }, ({ path }) => {
      const file = FILES.find((each) => each.path.test(path.replaceAll("\\", "/")));
      return file === undefined ? undefined : { contents: file.instead(readFileSync(path, "utf8"), path), loader: file.loader ?? "js" };
    });
  },
};
