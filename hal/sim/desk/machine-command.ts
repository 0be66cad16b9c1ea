/** How the process of a machine is started: the runtime of the build, with the module and the simulation as its provider. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CableKnobs } from "../cable.ts";
import type { ClockKnobs } from "../control.ts";
import type { MachineCommand } from "./machine-process.ts";

/** What a machine finds when it gets power. */
export interface Hardware {
  readonly cable: CableKnobs;
  readonly clock: ClockKnobs;
}

/** The command for a machine on its data folder; the arguments are for the provider (hal/sim/provider.ts names them). */
export type CommandFor = (dataDir: string, providerArguments: Readonly<Record<string, string>>) => MachineCommand;

/** `distDir`: where the build has put all of it. */
export function runtimeCommand(distDir: string): CommandFor {
  const manifest = join(distDir, "device-manifest.json");
  const { nodeArguments, environment } = engineOf(manifest);
  return (dataDir, providerArguments) => ({
    dataDir,
    environment,
    argv: [
      ...nodeArguments,
      join(distDir, "runtime.mjs"),
      ...["--manifest", manifest, "--module", join(distDir, "module.mjs"), "--provider", join(distDir, "sim-provider.mjs")],
      ...["--data", dataDir, "--start"],
      ...Object.entries(providerArguments).flatMap(([key, value]) => ["--arg", `${key}=${value}`]),
    ],
  });
}

/** How the module wants to be run; the manifest beside it says so. */
function engineOf(manifest: string): { readonly nodeArguments: readonly string[]; readonly environment: MachineCommand["environment"] } {
  const { engine } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly engine?: Partial<ReturnType<typeof engineOf>> };
  return { nodeArguments: engine?.nodeArguments ?? [], environment: engine?.environment ?? {} };
}
