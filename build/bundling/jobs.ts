/** What the build makes: one file per row, and what must not be in it. */
export interface BundleJob {
  readonly file: string;
  readonly entry: string;
  readonly minify: boolean;
  readonly bytesMax: number;
  /** Packages and folders that must not be inside, with the reason. */
  readonly banned: readonly { readonly what: RegExp; readonly why: string }[];
}

const NO_MODULE = { what: /^src\/(?!model\/)/, why: "providers and the runtime know only the vocabulary of the module" };

/**
 * The module's budget: what is read from flash and compiled at each start. Libraries take 275 KiB of it, our own code and
 * the panel's texts the rest; a package that slips in shows here first.
 */
const MODULE_BYTES_MAX = 1024 * 1024;

export const JOBS: readonly BundleJob[] = [
  {
    file: "module.mjs",
    entry: "src/index.ts",
    minify: true,
    bytesMax: MODULE_BYTES_MAX,
    banned: [
      { what: /^hal\/.*\//, why: "the module knows the interfaces of the HAL and no provider" },
      { what: /^(ntp-time-sync|ntp-packet-parser)$/, why: "it is GPL-3.0; the time comes through the HAL" },
      { what: /^(level|classic-level|browser-level|abstract-level)$/, why: "storage comes through the HAL" },
      { what: /^valibot$/, why: "it belongs to the runtime" },
    ],
  },
  { file: "sim-provider.mjs", entry: "hal/sim/provider.ts", minify: false, bytesMax: 2 * 1024 * 1024, banned: [NO_MODULE] },
  {
    file: "runtime.mjs",
    entry: "hal/runtime/main.ts",
    minify: false,
    bytesMax: 512 * 1024,
    banned: [NO_MODULE, { what: /^hal\/(sim|linux|parts)\//, why: "the runtime is given a provider, it has none" }],
  },
];

/** The desk is a tool of the developer, started from these same bundles: built where its sources are there. */
export const DESK: BundleJob = {
  file: "desk.mjs",
  entry: "hal/sim/desk/main.ts",
  minify: false,
  bytesMax: 4 * 1024 * 1024,
  banned: [NO_MODULE],
};
