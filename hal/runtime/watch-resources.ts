/** Measures while the module is active, tells the machine, and warns when a resource gets over its figure. */
import { RESOURCE_NAMES, type Resources } from "../resources.ts";
import type { Machine } from "../services.ts";
import { measure, report } from "./measure.ts";
import type { Supervisor } from "./supervisor.ts";
import type { RuntimeTime } from "./time.ts";

const MEASURE_MS = 10_000;
/** While the module is not active, how soon it is noticed that it is. */
const LOOK_MS = 500;

export interface WatchParts {
  readonly time: RuntimeTime;
  readonly tell: (line: string) => void;
  readonly supervisor: Pick<Supervisor, "state">;
  readonly machine: Pick<Machine, "onResources">;
  readonly dataDir: string;
  readonly declared: Resources;
  /** File space of the bundle itself. */
  readonly bundleKb: number;
}

/** Works until the signal aborts. The figures are told once, and again when another set of resources is over. */
export async function watchResources(parts: WatchParts, signal: AbortSignal): Promise<void> {
  let told: string | undefined;
  while (!signal.aborted) {
    const active = parts.supervisor.state === "active";
    if (active) told = await look(parts, told);
    await parts.time.wait(active ? MEASURE_MS : LOOK_MS, signal);
  }
}

async function look({ tell, machine, dataDir, declared, bundleKb }: WatchParts, told: string | undefined): Promise<string> {
  const { filespaceKb, ...measured } = await measure(dataDir);
  const figures = report(declared, { ...measured, filespaceKb: filespaceKb + bundleKb });
  machine.onResources(figures);
  const over = figures.over.join(", ");
  if (over !== told) {
    const all = RESOURCE_NAMES.map((name) => `${name} ${figures.measured[name] ?? "unknown"} of ${figures.declared[name]}`).join(", ");
    tell(
      over === "" ? `resources within what the manifest declares: ${all}` : `warning: over what the manifest declares: ${over} (${all})`,
    );
  }
  return over;
}
