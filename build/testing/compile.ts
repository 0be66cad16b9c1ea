/** Compiles test files with everything of ours that they use. */
import { build, type Plugin } from "esbuild";
import { pageFile } from "../bundling/plugins.ts";

/** Each file becomes a .js of the same path under `outdir`; what they share is in files beside them. */
export async function compileTests(files: readonly string[], outdir: string, plugins: readonly Plugin[] = []): Promise<string[]> {
  await build({
    entryPoints: [...files],
    outdir,
    outbase: ".",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    loader: { ".html": "text", ".css": "text", ".svg": "text" },
    plugins: [pageFile, ...plugins],
    logLevel: "warning",
  });
  return files.map((file) => `${outdir}/${file.slice(0, -3)}.js`);
}
