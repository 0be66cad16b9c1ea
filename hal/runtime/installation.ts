/**
 * The files of an installation against the manifest beside them: at each install and at each start, every file that is
 * there must have the size and SHA-256 that the manifest names. One flipped bit is a refusal. Of an addon for another
 * processor, which cannot be loaded here, the size alone is looked at: there are megabytes of them. What a machine has no use
 * for (an addon for another processor, a language, the desk) may be left out; the two bundles that are run, and the module's
 * parts, may not. Read at once: nothing else can be done meanwhile, and ways through the thread pool for each of 26 files took
 * longer than reading and hashing them.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Manifest, type ManifestFile, decodeManifest } from "./manifest.ts";
import { isMissing } from "./missing.ts";
import { Refused } from "./refused.ts";
import { SIGNATURE_FILE, checkSignature } from "./signature.ts";

const PIECE_BYTES = 64 * 1024;

export interface Installation {
  readonly manifest: Manifest;
  /** Absolute paths. */
  readonly module: string;
  readonly provider: string;
  /** The bundle's own part of the file space. */
  readonly filespaceKb: number;
}

export interface InstallationPaths {
  readonly manifest: string;
  readonly module: string;
  readonly provider: string;
  /** PEM file of the maker's public key; undefined: unsigned modules run too, as on a developer's computer. */
  readonly trust: string | undefined;
}

/** Throws a Refused that names each file that is missing, changed or foreign; nothing of the installation is run then. */
export async function openInstallation(paths: InstallationPaths): Promise<Installation> {
  const folder = dirname(resolve(paths.manifest));
  const bytesOfManifest = readFileSync(paths.manifest);
  if (paths.trust !== undefined) await checkSignature(bytesOfManifest, join(folder, SIGNATURE_FILE), paths.trust);
  const manifest = decodeManifest(bytesOfManifest.toString("utf8"), paths.manifest);
  const files = manifest.files;
  if (files === undefined)
    throw new Refused(`${paths.manifest} names no files: it is the manifest of the sources; the packed one is made by the build, in dist`);
  if (basename(paths.module) !== manifest.entry.file)
    throw new Refused(`${paths.module} is not the module of the manifest, which is ${manifest.entry.file}`);
  const parts = (manifest.entry.parts ?? []).map((part) => join(folder, part));
  const run = [...[paths.module, paths.provider].map((path) => resolve(path)), ...parts];
  const piece = new Uint8Array(PIECE_BYTES);
  const checks = files.map((file) => check(folder, file, piece));
  const named = new Set(checks.map(({ path }) => path));
  const faults = [
    ...run.filter((path) => !named.has(path)).map((path) => `${path}: not a file of this manifest`),
    ...checks.flatMap(({ path, bytes }) => (bytes === undefined && run.includes(path) ? [`${basename(path)}: missing`] : [])),
    ...checks.flatMap(({ fault }) => fault ?? []),
  ];
  if (faults.length > 0)
    throw new Refused(`the installation in ${folder} is not what its manifest says:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  const bytes = checks.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return { manifest, module: resolve(paths.module), provider: resolve(paths.provider), filespaceKb: Math.ceil(bytes / 1024) };
}

interface Checked {
  readonly path: string;
  /** undefined: not there. */
  readonly bytes: number | undefined;
  readonly fault?: string;
}

/** "linux-x64" is of this machine, and so is "linux-x64-musl": which of the two is loaded the provider finds out. */
const isOwn = (platform: string): boolean => `${platform}-`.startsWith(`${process.platform}-${process.arch}-`);

function check(folder: string, file: ManifestFile, piece: Uint8Array): Checked {
  const path = join(folder, file.path);
  const foreign = file.platform !== undefined && !isOwn(file.platform);
  let found: { readonly bytes: number; readonly sha256?: string };
  try {
    found = foreign ? { bytes: statSync(path).size } : digestOf(path, piece);
  } catch (cause) {
    if (isMissing(cause)) return { path, bytes: undefined };
    throw cause;
  }
  const { bytes, sha256 = file.sha256 } = found;
  if (bytes !== file.size) return { path, bytes, fault: `${file.path}: ${bytes} bytes instead of ${file.size}` };
  if (sha256 === file.sha256) return { path, bytes };
  return { path, bytes, fault: `${file.path}: SHA-256 is ${sha256.slice(0, 16)}... instead of ${file.sha256.slice(0, 16)}...` };
}

/** Reads a file piece by piece: never a whole one, which would leave garbage of its size in a process that is to be small. */
function digestOf(path: string, piece: Uint8Array): { readonly bytes: number; readonly sha256: string } {
  const hash = createHash("sha256");
  const descriptor = openSync(path, "r");
  try {
    let bytes = 0;
    for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece)) {
      hash.update(count === piece.length ? piece : piece.subarray(0, count));
      bytes += count;
    }
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}
