/** What the build makes: one file per row, and what must not be in it. */
export interface BundleJob {
  readonly file: string;
  readonly entry: string;
  /** "spaces": names stay as they are, so that a line of a crash says where. */
  readonly minify: "all" | "spaces" | "nothing";
  /** Of all its parts together. */
  readonly bytesMax: number;
  /** In several files: what is imported when it is needed lies apart. */
  readonly parts?: true;
  /** What is read and compiled at each start, of a bundle in parts. */
  readonly start?: { readonly bytesMax: number; readonly gzipBytesMax: number } | undefined;
  /** Sources whose part may be left out of an installation. */
  readonly optional?: RegExp;
  /** Packages and folders that must not be inside, with the reason. */
  readonly banned: readonly { readonly what: RegExp; readonly why: string }[];
}

const NO_MODULE = { what: /^src\/(?!model\/)/, why: "providers and the runtime know only the vocabulary of the module" };

/** The module's budgets; src/decisions/module-size.md says what stands behind them. A package that slips in shows here first. */
const MODULE_BYTES_MAX = 976 * 1024;
const START = { bytesMax: 320 * 1024, gzipBytesMax: 112 * 1024 };

export const JOBS: readonly BundleJob[] = [
  {
    file: "module.mjs",
    entry: "src/index.ts",
    minify: "all",
    bytesMax: MODULE_BYTES_MAX,
    parts: true,
    start: START,
    optional: /^src\/panel\/texts\//,
    banned: [
      { what: /^hal\/.*\//, why: "the module knows the interfaces of the HAL and no provider" },
      { what: /^(ntp-time-sync|ntp-packet-parser)$/, why: "it is GPL-3.0; the time comes through the HAL" },
      { what: /^(level|classic-level|browser-level|abstract-level)$/, why: "storage comes through the HAL" },
      { what: /^valibot$/, why: "it belongs to the runtime" },
    ],
  },
  { file: "sim-provider.mjs", entry: "hal/sim/provider.ts", minify: "spaces", bytesMax: 2 * 1024 * 1024, banned: [NO_MODULE] },
  {
    file: "runtime.mjs",
    entry: "hal/runtime/main.ts",
    minify: "spaces",
    bytesMax: 512 * 1024,
    banned: [NO_MODULE, { what: /^hal\/(sim|linux|parts)\//, why: "the runtime is given a provider, it has none" }],
  },
];

/** The desk is a tool of the developer, started from these same bundles: built where its sources are there. */
export const DESK: BundleJob = {
  file: "desk.mjs",
  entry: "hal/sim/desk/main.ts",
  minify: "nothing",
  bytesMax: 4 * 1024 * 1024,
  banned: [NO_MODULE],
};
