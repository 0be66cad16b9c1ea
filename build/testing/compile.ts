/** Compiles test files with everything of ours that they use. */
import { build, type Plugin } from "esbuild";
import { pageFile } from "../bundling/plugins.ts";
import { NODE_PROGRAM } from "../bundling/node-program.ts";

/** Each file becomes a .js of the same path under `outdir`; what they share is in files beside them. */
export async function compileTests(files: readonly string[], outdir: string, plugins: readonly Plugin[] = []): Promise<string[]> {
  await build({
    entryPoints: [...files],
    outdir,
    outbase: ".",
    ...NODE_PROGRAM,
    splitting: true,
    sourcemap: "inline",
    loader: { ".html": "text", ".css": "text", ".svg": "text" },
    plugins: [pageFile, ...plugins],
  });
  return files.map((file) => `${outdir}/${file.slice(0, -3)}.js`);
}
