/**
 * What this process really takes, from /proc/self: the private memory (RssAnon), threads, sockets and descriptors; and
 * the size of its data folder. On a system without /proc the figures that come from there are left out.
 */
import { readFile, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { type MeasuredResources, RESOURCE_NAMES, type ResourceReport, type Resources } from "../resources.ts";
import { isMissing } from "./missing.ts";

/** `filespaceKb` is the data folder alone; the caller adds the bundle. */
export async function measure(dataDir: string): Promise<MeasuredResources & { readonly filespaceKb: number }> {
  const [status, descriptors, bytes] = await Promise.all([readStatus(), readDescriptors(), folderBytes(dataDir)]);
  return { ...status, ...descriptors, filespaceKb: Math.ceil(bytes / 1024) };
}

/** Compares; what was not measured is not over. */
export function report(declared: Resources, measured: MeasuredResources): ResourceReport {
  return { declared, measured, over: RESOURCE_NAMES.filter((name) => (measured[name] ?? 0) > declared[name]) };
}

async function readStatus(): Promise<MeasuredResources> {
  const text = await orMissing(readFile("/proc/self/status", "utf8"), "");
  const field = (name: string): number | undefined => {
    const value = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [memoryKb, residentKb, threads] = [field("RssAnon"), field("VmRSS"), field("Threads")];
  return {
    ...(memoryKb === undefined ? {} : { memoryKb }),
    ...(residentKb === undefined ? {} : { residentKb }),
    ...(threads === undefined ? {} : { threads }),
  };
}

async function readDescriptors(): Promise<Pick<MeasuredResources, "fileDescriptors" | "sockets">> {
  const names = await orMissing(readdir("/proc/self/fd"), []);
  if (names.length === 0) return {};
  // A descriptor may be gone before it is looked at (the one of this very listing is): it does not count.
  const targets = await Promise.all(names.map((name) => orMissing(readlink(`/proc/self/fd/${name}`), undefined)));
  const open = targets.filter((target) => target !== undefined);
  return { fileDescriptors: open.length, sockets: open.filter((target) => target.startsWith("socket:")).length };
}

async function folderBytes(folder: string): Promise<number> {
  const names = await orMissing(readdir(folder, { withFileTypes: true }), []);
  const sizes = await Promise.all(
    names.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return folderBytes(path);
      return entry.isFile() ? orMissing(stat(path), { size: 0 }).then(({ size }) => size) : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function orMissing<T, F>(reading: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await reading;
  } catch (cause) {
    if (isMissing(cause)) return fallback;
    throw cause;
  }
}
