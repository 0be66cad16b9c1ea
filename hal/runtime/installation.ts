/**
 * The files of an installation against the manifest beside them: at each install and at each start, every file that is
 * there must have the size and SHA-256 that the manifest names. One flipped bit is a refusal. Of an addon for another
 * processor, which cannot be loaded here, the size alone is looked at: there are megabytes of them. What a machine has no use
 * for (an addon for another processor, a language, the desk) may be left out; the two bundles that are run, and the module's
 * parts, may not.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Manifest, type ManifestFile, decodeManifest } from "./manifest.ts";
import { isMissing } from "./missing.ts";
import { Refused } from "./refused.ts";
import { SIGNATURE_FILE, checkSignature } from "./signature.ts";

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
  const bytesOfManifest = await readFile(paths.manifest);
  if (paths.trust !== undefined) await checkSignature(bytesOfManifest, join(folder, SIGNATURE_FILE), paths.trust);
  const manifest = decodeManifest(bytesOfManifest.toString("utf8"), paths.manifest);
  const files = manifest.files;
  if (files === undefined)
    throw new Refused(`${paths.manifest} names no files: it is the manifest of the sources; the packed one is made by the build, in dist`);
  if (basename(paths.module) !== manifest.entry.file)
    throw new Refused(`${paths.module} is not the module of the manifest, which is ${manifest.entry.file}`);
  const parts = (manifest.entry.parts ?? []).map((part) => join(folder, part));
  const run = [...[paths.module, paths.provider].map((path) => resolve(path)), ...parts];
  const checks = await Promise.all(files.map((file) => check(folder, file)));
  const faults = [
    ...run.filter((path) => !files.some((file) => join(folder, file.path) === path)).map((path) => `${path}: not a file of this manifest`),
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

async function check(folder: string, file: ManifestFile): Promise<Checked> {
  const path = join(folder, file.path);
  const foreign = file.platform !== undefined && !isOwn(file.platform);
  let bytes: Uint8Array | undefined;
  let length: number;
  try {
    bytes = foreign ? undefined : await readFile(path);
    length = bytes?.length ?? (await stat(path)).size;
  } catch (cause) {
    if (isMissing(cause)) return { path, bytes: undefined };
    throw cause;
  }
  const found = { path, bytes: length };
  if (length !== file.size) return { ...found, fault: `${file.path}: ${length} bytes instead of ${file.size}` };
  if (bytes === undefined) return found;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === file.sha256) return found;
  return { ...found, fault: `${file.path}: SHA-256 is ${sha256.slice(0, 16)}... instead of ${file.sha256.slice(0, 16)}...` };
}
