/**
 * What is really inside of a bundle, read from esbuild's own account: packages with version, licence and bytes. It is
 * what an integrator's lawyer asks for, and what the bans are checked against.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Metafile } from "esbuild";
import type { BundleJob } from "./jobs.ts";
import { startOf } from "./one-start.ts";

export interface PackageContent {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly bytes: number;
}

export interface PartContent {
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /**
   * "at start": the bundle itself, and what it cannot do without. "when needed": by the first one who needs it.
   * "where it is there": when needed as well, and an integrator may leave it out.
   */
  readonly loaded: "at start" | "when needed" | "where it is there";
}

export interface BundleContents {
  /** All parts together. */
  readonly bytes: number;
  /** Of these what each start reads and compiles. */
  readonly startBytes: number;
  readonly startGzipBytes: number;
  /** The files, the bundle itself first; more than one where the bundle is in parts. */
  readonly parts: readonly PartContent[];
  /** Bytes of our own code, by folder of two levels. */
  readonly own: Readonly<Record<string, number>>;
  readonly packages: readonly PackageContent[];
}

/** `metafile` of the job's build, and the files that it made. */
export function contentsOf(job: BundleJob, metafile: Metafile, files: ReadonlyMap<string, Uint8Array>): BundleContents {
  const own: Record<string, number> = {};
  const packages = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = packageOf(path);
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
    else if (!/^(stub|part):/.test(path)) own[folderOf(path)] = (own[folderOf(path)] ?? 0) + bytesInOutput;
  }
  const named = [...packages].map(([name, size]) => ({ name, ...factsOf(name), bytes: size }));
  const parts = partsOf(job, metafile, files);
  const atStart = parts.filter(({ loaded }) => loaded === "at start");
  return {
    bytes: sum(parts.map(({ bytes }) => bytes)),
    startBytes: sum(atStart.map(({ bytes }) => bytes)),
    startGzipBytes: sum(atStart.map(({ gzipBytes }) => gzipBytes)),
    parts,
    own: sortedRecord(own),
    packages: named.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function partsOf(job: BundleJob, metafile: Metafile, files: ReadonlyMap<string, Uint8Array>): PartContent[] {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const atStart = startOf(job.file, metafile);
  const loadedOf = (file: string): PartContent["loaded"] => {
    if (atStart.has(file)) return "at start";
    return job.optional?.test(outputs.get(file)?.entryPoint ?? "") === true ? "where it is there" : "when needed";
  };
  const order = ["at start", "when needed", "where it is there"];
  return [...files]
    .map(([file, bytes]) => ({ file, bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length, loaded: loadedOf(file) }))
    .sort(
      (a, b) =>
        order.indexOf(a.loaded) - order.indexOf(b.loaded) || Number(b.file === job.file) - Number(a.file === job.file) || b.bytes - a.bytes,
    );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Why this bundle may not be: each ban that is broken, and its size. Empty when all is well. */
export function faultsOf(job: BundleJob, metafile: Metafile, contents: BundleContents): string[] {
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const paths = inside.filter((path) => packageOf(path) === undefined);
  const things = [...paths, ...contents.packages.map(({ name }) => name)];
  const faults = job.banned.flatMap(({ what, why }) =>
    things.filter((thing) => what.test(thing)).map((thing) => `${job.file} contains ${thing}: ${why}`),
  );
  if (job.file === "module.mjs") {
    for (const { name, license } of contents.packages)
      if (/GPL/i.test(license)) faults.push(`${job.file} contains ${name}, which is ${license}`);
  }
  const { startBytes, startGzipBytes } = contents;
  if (startBytes > (job.start?.bytesMax ?? startBytes))
    faults.push(`each start of ${job.file} reads ${startBytes} bytes; the budget is ${job.start?.bytesMax}`);
  if (startGzipBytes > (job.start?.gzipBytesMax ?? startGzipBytes))
    faults.push(`what each start of ${job.file} reads is ${startGzipBytes} bytes gzipped; the budget is ${job.start?.gzipBytesMax}`);
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
