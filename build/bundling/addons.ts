/** The prebuilt addons of classic-level: which there are, under which names they lie in dist, and how a bundle loads its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Addon {
  readonly file: string;
  readonly platform: string;
  readonly source: string;
}

const PREBUILDS = "node_modules/classic-level/prebuilds";

/** Printers run Linux; the others are for a developer's own computer. The same set on every build host. */
const ADDONS: readonly (readonly [platform: string, source: string])[] = [
  ["linux-x64", "linux-x64/classic-level.node"],
  ["linux-x64-musl", "linux-x64/classic-level.musl.node"],
  ["linux-arm64", "linux-arm64/classic-level.armv8.node"],
  ["linux-arm-v7", "linux-arm/classic-level.armv7.node"],
  ["linux-arm-v6", "linux-arm/classic-level.armv6.node"],
  ["darwin-x64", "darwin-x64+arm64/classic-level.node"],
  ["darwin-arm64", "darwin-x64+arm64/classic-level.node"],
  ["win32-x64", "win32-x64/classic-level.node"],
];

export const addons = (): readonly Addon[] =>
  ADDONS.map(([platform, source]) => ({ file: `classic-level-${platform}.node`, platform, source: join(PREBUILDS, source) }));

export const readAddon = (addon: Addon): Uint8Array => readFileSync(addon.source);

/**
 * Stands in the bundle in place of classic-level/binding.js. On x64 Linux the glibc build is tried first: on a musl
 * system the loader refuses it, and the musl build is next.
 */
export const ADDON_LOADER = `
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const base = "classic-level-" + process.platform + "-" + process.arch;
const arm = "-v" + (process.config.variables.arm_version || "7");
const names = process.arch === "arm" ? [base + arm] : [base, base + "-musl"];
const faults = [];
function load() {
  for (const name of names) {
    const file = join(__dirname, name + ".node");
    if (!existsSync(file)) continue;
    const addon = { exports: {} };
    try {
      process.dlopen(addon, file);
      return addon.exports;
    } catch (cause) {
      faults.push(cause.message);
    }
  }
  throw new Error("no addon of LevelDB that works here: " + names.join(".node or ") + ".node is to lie in " + __dirname + (faults.length > 0 ? " (" + faults.join("; ") + ")" : ""));
}
module.exports = load();
`;
