/** `import script from "./page.ts?script"`: the program of a page, compiled for browsers, as a text inside the bundle. */
import { dirname, resolve } from "node:path";
import { type Plugin, build as compile } from "esbuild";

const QUERY = "?script";

export const browserScript: Plugin = {
  name: "browser-script",
  setup(build) {
    build.onResolve({ filter: /\?script$/ }, ({ path, importer }) => ({
      path: resolve(dirname(importer), path.slice(0, -QUERY.length)),
      namespace: "browser-script",
    }));
    build.onLoad({ filter: /.*/, namespace: "browser-script" }, async ({ path }) => {
      const { outputFiles } = await compile({
        entryPoints: [path],
        bundle: true,
        write: false,
        format: "esm",
        platform: "browser",
        target: "es2022",
        charset: "utf8",
        logLevel: "silent",
      });
      return { contents: outputFiles[0]?.text ?? "", loader: "text" };
    });
  },
};
