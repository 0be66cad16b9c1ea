/** What the manifest of the bundles asks for, as far as the bench needs it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface ManifestFacts {
  readonly engine: { readonly nodeArguments: readonly string[]; readonly environment: Readonly<Record<string, string>> };
  readonly resources: { readonly maximumMemoryUsageKb: number };
}

/** Of a folder that the build made. */
export const manifestFacts = (distDir: string): ManifestFacts =>
  JSON.parse(readFileSync(join(distDir, "device-manifest.json"), "utf8")) as ManifestFacts;
