/**
 * `npm run build [-- FOLDER] [--sign KEY.pem]`: makes dist/ -- the module, the simulated machine's provider, the runtime and the desk, one file each;
 * LevelDB's addons; the manifest with the size and SHA-256 of every file; what is inside (contents.json) and under which
 * licences. The same sources give the same bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { decodeManifest } from "../hal/runtime/manifest.ts";
import { SIGNATURE_FILE, signManifest } from "../hal/runtime/signature.ts";
import { addons, readAddon } from "./bundling/addons.ts";
import { type BundleContents, contentsOf, faultsOf, licenseTexts } from "./bundling/contents.ts";
import { type BundleJob, DESK, JOBS } from "./bundling/jobs.ts";
import { withOneStart } from "./bundling/one-start.ts";
import { BANNER, PLUGINS } from "./bundling/plugins.ts";

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: { sign: { type: "string" } }, allowPositionals: true });
  const [outDir = "dist"] = positionals;
  const contents = await bundle(outDir);
  if (values.sign !== undefined) signFolder(outDir, values.sign);
  for (const [file, { bytes, parts, packages }] of Object.entries(contents)) {
    console.log(`${outDir}/${file}  ${kib(bytes)}  ${packages.map(({ name }) => name).join(" ")}`);
    if (parts.length > 1)
      for (const part of parts) console.log(`  ${part.file}  ${kib(part.bytes)}, ${kib(part.gzipBytes)} gzipped, ${part.loaded}`);
  }
  return 0;
}

const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;

/** The maker's key stays outside of the build: it is read for this one signature. */
function signFolder(folder: string, keyFile: string): void {
  writeFileSync(
    join(folder, SIGNATURE_FILE),
    signManifest(readFileSync(join(folder, "device-manifest.json")), readFileSync(keyFile, "utf8")),
  );
}

/**
 * Builds all of dist into a folder and resolves with what is inside of each bundle. Throws, and leaves the folder as it
 * was, when a source does not compile, a bundle holds what it must not hold, or is over its size.
 */
export async function bundle(
  outDir: string,
  jobs: readonly BundleJob[] = existsSync(DESK.entry) ? [...JOBS, DESK] : JOBS,
): Promise<Readonly<Record<string, BundleContents>>> {
  const built = await Promise.all(jobs.map(compile));
  const faults = built.flatMap(({ faults: each }) => each);
  if (faults.length > 0) throw new Error(`the bundles are not as they must be:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  const contents = Object.fromEntries(built.map(({ job, contents: each }) => [job.file, each]));
  const files = new Map<string, Uint8Array>(built.flatMap((each) => [...each.files]));
  const platforms = new Map<string, string>();
  for (const addon of addons()) {
    files.set(addon.file, readAddon(addon));
    platforms.set(addon.file, addon.platform);
  }
  files.set("licenses.txt", Buffer.from(licenseTexts(contents)));
  files.set("contents.json", json(contents));
  files.set("device-manifest.json", packedManifest(files, platforms, contents));
  writeFolder(outDir, files);
  return contents;
}

interface Built {
  readonly job: BundleJob;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly contents: BundleContents;
  readonly faults: readonly string[];
}

async function compile(job: BundleJob): Promise<Built> {
  const name = job.file.replace(/\.mjs$/, "");
  const form = {
    platform: "node",
    format: "esm",
    target: "node20",
    // One character outside of Latin-1, and the engine keeps two bytes for each character of the whole source.
    charset: "ascii",
    minifyIdentifiers: job.minify === "all",
    minifySyntax: job.minify === "all",
    minifyWhitespace: job.minify !== "nothing",
    // Crash output shows the line at fault: not the whole bundle.
    lineLimit: 160,
    legalComments: "none",
    logLevel: "warning",
  } as const;
  const { outputFiles, metafile } = await build({
    ...form,
    entryPoints: { [name]: job.entry },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    metafile: true,
    // What is imported when it is needed becomes a file of its own. Its name has its content: an older module that still
    // runs while the files of a newer one are put in their place never loads a part of that one.
    splitting: job.parts === true,
    chunkNames: `${name}-[name]-[hash]`,
    banner: job.parts === true ? {} : { js: BANNER },
    loader: { ".html": "text", ".css": "text", ".svg": "text" },
    plugins: [...PLUGINS],
  });
  const made = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const files = job.parts === true ? await withOneStart(job.file, made, metafile, form) : made;
  const contents = contentsOf(job, metafile, files);
  return { job, files, contents, faults: faultsOf(job, metafile, contents) };
}

function packedManifest(
  files: ReadonlyMap<string, Uint8Array>,
  platforms: ReadonlyMap<string, string>,
  contents: Readonly<Record<string, BundleContents>>,
): Uint8Array {
  const source = "device-manifest.json";
  const manifest = decodeManifest(readFileSync(source, "utf8"), source);
  const rows = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => {
      const platform = platforms.get(path);
      return {
        path,
        ...(platform === undefined ? {} : { platform }),
        size: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
      };
    });
  const parts = Object.values(contents[manifest.entry.file]?.parts ?? []).filter(
    ({ file, loaded }) => file !== manifest.entry.file && loaded !== "where it is there",
  );
  const packed = json({ ...manifest, entry: { ...manifest.entry, parts: parts.map(({ file }) => file) }, files: rows });
  decodeManifest(Buffer.from(packed).toString(), "the packed manifest");
  return packed;
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** Only what differs is written, each file at once: machines that run from this folder never read half a file. */
function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder, { recursive: true });
  const stale = filesOfBuildBefore(folder).filter((name) => !files.has(name));
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
    const draft = `${path}.${process.pid}.new`;
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  }
  for (const name of [...stale, SIGNATURE_FILE]) rmSync(join(folder, name), { force: true });
}

/** Only what a build has made is ever removed by the next one. */
function filesOfBuildBefore(folder: string): readonly string[] {
  const path = join(folder, "device-manifest.json");
  if (!existsSync(path)) return [];
  try {
    return (decodeManifest(readFileSync(path, "utf8"), path).files ?? []).map((file) => file.path);
  } catch (cause) {
    console.warn(
      `${path} is of another make (${cause instanceof Error ? cause.message.split("\n")[0] : "unreadable"}); files of older builds stay there`,
    );
    return [];
  }
}
