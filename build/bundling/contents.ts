/**
 * What is really inside of a bundle, read from esbuild's own account: packages with version, licence and bytes. It is
 * what an integrator's lawyer asks for, and what the bans are checked against.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import type { BundleJob } from "./jobs.ts";

export interface PackageContent {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly bytes: number;
}

export interface BundleContents {
  readonly bytes: number;
  /** Bytes of our own code, by folder of two levels. */
  readonly own: Readonly<Record<string, number>>;
  readonly packages: readonly PackageContent[];
}

/** `metafile` of a build with one output. */
export function contentsOf(metafile: Metafile, bytes: number): BundleContents {
  const [output] = Object.values(metafile.outputs);
  const own: Record<string, number> = {};
  const packages = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const name = packageOf(path);
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
    else if (!path.startsWith("stub:")) own[folderOf(path)] = (own[folderOf(path)] ?? 0) + bytesInOutput;
  }
  const named = [...packages].map(([name, size]) => ({ name, ...factsOf(name), bytes: size }));
  return { bytes, own: sortedRecord(own), packages: named.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Why this bundle may not be: each ban that is broken, and its size. Empty when all is well. */
export function faultsOf(job: BundleJob, metafile: Metafile, contents: BundleContents): string[] {
  const [output] = Object.values(metafile.outputs);
  const paths = Object.keys(output?.inputs ?? {}).filter((path) => packageOf(path) === undefined);
  const things = [...paths, ...contents.packages.map(({ name }) => name)];
  const faults = job.banned.flatMap(({ what, why }) =>
    things.filter((thing) => what.test(thing)).map((thing) => `${job.file} contains ${thing}: ${why}`),
  );
  if (job.file === "module.mjs") {
    for (const { name, license } of contents.packages)
      if (/GPL/i.test(license)) faults.push(`${job.file} contains ${name}, which is ${license}`);
  }
  if (contents.bytes > job.bytesMax) faults.push(`${job.file} is ${contents.bytes} bytes; its budget is ${job.bytesMax}`);
  return faults;
}

/** The licence texts that go with the bundles: most licences ask for nothing more, and all for that. */
export function licenseTexts(bundles: Readonly<Record<string, BundleContents>>): string {
  const inside = new Map<string, string[]>();
  for (const [file, { packages }] of Object.entries(bundles)) {
    for (const { name, version, license } of packages) {
      const title = `${name} ${version} (${license})`;
      inside.set(title, [...(inside.get(title) ?? []), file]);
    }
  }
  const parts = [...inside]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, files]) => `${title}\nin ${files.join(", ")}\n\n${licenseOf(title.slice(0, title.indexOf(" ")))}`);
  return `Packages inside of these bundles, and their licences.\n\n${parts.join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

function licenseOf(name: string): string {
  const folder = join("node_modules", name);
  const file = readdirSync(folder)
    .sort()
    .find((each) => /^(licen[cs]e|copying)/i.test(each));
  return file === undefined
    ? "(the package brings no text of its own)"
    : readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}

function packageOf(path: string): string | undefined {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return undefined;
  const [first = "", second = ""] = path.slice(at + "node_modules/".length).split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function factsOf(name: string): { version: string; license: string } {
  const file = join("node_modules", name, "package.json");
  if (!existsSync(file)) return { version: "unknown", license: "unknown" };
  const { version = "unknown", license = "unknown" } = JSON.parse(readFileSync(file, "utf8")) as { version?: string; license?: string };
  return { version, license };
}

const folderOf = (path: string): string => path.split("/").slice(0, -1).slice(0, 2).join("/");

const sortedRecord = (record: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
