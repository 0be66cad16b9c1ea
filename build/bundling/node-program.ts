/** What every program of this folder and of the tests is compiled with: one module for Node that finds packages where they are installed. */
import type { BuildOptions } from "esbuild";

export const NODE_PROGRAM = {
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
} as const satisfies BuildOptions;
