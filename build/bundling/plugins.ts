/** What packages need before they fit into one file. */
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import { type Plugin, build as compile } from "esbuild";
import { ADDON_LOADER } from "./addons.ts";
import { exactly } from "./exactly.ts";
import { leftOut } from "./left-out.ts";

/** Copies of Node's own modules, for browsers: the real ones are here. */
const OWN_TO_NODE = ["readable-stream", "string_decoder", "string_decoder/", "buffer", "buffer/", "process", "process/"];

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

export const PLUGINS: readonly Plugin[] = [nodeOwn, leftOut, addon, pageFile];

/** CommonJS inside of an ECMAScript module looks for these. */
export const BANNER = [
  'import { createRequire as $createRequire } from "node:module";',
  'import { dirname as $dirname } from "node:path";',
  'import { fileURLToPath as $fileURLToPath } from "node:url";',
  "const require = $createRequire(import.meta.url);",
  "const __filename = $fileURLToPath(import.meta.url);",
  "const __dirname = $dirname(__filename);",
].join("\n");
