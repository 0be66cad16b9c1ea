/**
 * One machine with one module: checks the installation, opens the machine, keeps the module as it is wanted, and closes
 * everything in order. What the process is asked for from outside (signals, orders) comes in as parameters.
 */
import { join, resolve } from "node:path";
import type { Machine } from "../services.ts";
import { type Admission, admit, shortageText } from "./budget.ts";
import { importModule, importProvider } from "./bundles.ts";
import { clientOnly } from "./client-only.ts";
import { type Installation, openInstallation } from "./installation.ts";
import type { RuntimeOptions } from "./options.ts";
import { type Order, Orders } from "./orders.ts";
import { Refused } from "./refused.ts";
import { openMemory } from "./remembered.ts";
import { Supervisor } from "./supervisor.ts";
import type { RuntimeTime } from "./time.ts";
import { watchResources } from "./watch-resources.ts";
import { linkedAbort } from "../../src/model/linked-abort.ts";

/** A machine that does not close by then is left behind. */
const CLOSE_MS = 5_000;

export interface RuntimeParts {
  readonly time: RuntimeTime;
  /** One line a call. */
  readonly tell: (line: string) => void;
  /** Gives the listener the administrator's orders, and what nobody caught. */
  readonly listen: (listeners: { readonly order: (order: Order) => void; readonly uncaught: (reason: unknown) => void }) => void;
}

/** Runs until the signal aborts; then the module is at rest and the machine closed. Rejects when it cannot (go on). */
export async function runRuntime(options: RuntimeOptions, parts: RuntimeParts, signal: AbortSignal): Promise<void> {
  const { tell } = parts;
  const installation = await openInstallation(options);
  const { manifest } = installation;
  checkNode(manifest.engine.node);
  const admission = admitted(installation, options);
  const dataDir = resolve(options.dataDir);
  const memory = await openMemory(join(dataDir, "runtime-state.json"), manifest);
  const wanted = options.start || memory.started;
  await memory.keep(wanted);
  const provider = await importProvider(installation.provider);
  // While the machine waits for its disks the module is read and compiled.
  const opening = provider.openMachine({ dataDir, arguments: options.arguments });
  const [opened, imported] = await Promise.allSettled([opening, importModule(installation.module)]);
  if (opened.status === "rejected") throw opened.reason;
  const machine = opened.value;
  try {
    if (imported.status === "rejected") throw imported.reason;
    const bundle = imported.value;
    const signature = options.trust === undefined ? "not asked for" : "good";
    tell(`installed: ${manifest.bundleName} ${manifest.bundleVersion}, profile ${admission.profile}, signature ${signature}`);
    const supervisor = new Supervisor({
      time: parts.time,
      machine,
      bundle,
      hal: admission.roles.includes("server") ? machine.hal : clientOnly(machine.hal),
      config: manifest.config,
      lifecycle: manifest.lifecycle,
      obstacle: () => missingCapabilities(manifest.hal.requires, machine),
      onState: (state, why) => tell(why === "" ? state : `${state}: ${why}`),
    });
    const orders = new Orders(supervisor, memory.keep, tell);
    parts.listen({ order: (order) => orders.take(order), uncaught: (reason) => supervisor.crash(reason) });
    if (wanted) supervisor.start();
    await untilEnd(
      (ending) => supervisor.run(ending),
      (ending) =>
        watchResources(
          { ...parts, supervisor, machine, dataDir, declared: admission.declared, bundleKb: installation.filespaceKb },
          ending,
        ),
      signal,
    );
    await orders.done();
  } finally {
    await closeWithin(machine, parts);
  }
}

/** Both work until the signal aborts; when one of them fails, the other one is ended as well. */
async function untilEnd(
  run: (signal: AbortSignal) => Promise<void>,
  watch: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const ending = linkedAbort(signal);
  const all = [run(ending.signal), watch(ending.signal)].map((work) =>
    work.catch((cause: unknown) => {
      ending.abort();
      throw cause;
    }),
  );
  const ends = await Promise.allSettled(all);
  ending.release();
  for (const settled of ends) if (settled.status === "rejected") throw settled.reason;
}

function checkNode(range: string): void {
  const [major = 0, minor = 0] = range.replace(">=", "").split(".").map(Number);
  const [ours = 0, oursMinor = 0] = process.versions.node.split(".").map(Number);
  if (ours < major || (ours === major && oursMinor < minor))
    throw new Refused(`this is Node ${process.versions.node}; the module needs ${range}`);
}

function admitted(installation: Installation, options: RuntimeOptions): Extract<Admission, { kind: "fits" }> {
  const admission = admit(installation.manifest, options.deviceClass, options.inUse);
  if (admission.kind === "refused") {
    throw new Refused(
      `there is no room for the module on this ${options.deviceClass} device: ${admission.shortages.map(shortageText).join("; ")}`,
    );
  }
  if (installation.filespaceKb > admission.declared.filespaceKb) {
    throw new Refused(`the bundle alone takes ${installation.filespaceKb} KB, its manifest declares ${admission.declared.filespaceKb} KB`);
  }
  return admission;
}

function missingCapabilities(requires: readonly string[], machine: Machine): string | undefined {
  const missing = requires.filter((capability) => !machine.capabilities.includes(capability));
  return missing.length === 0 ? undefined : `this machine does not provide ${missing.join(", ")}`;
}

async function closeWithin(machine: Machine, { time, tell }: RuntimeParts): Promise<void> {
  const enough = new AbortController();
  const late = time.wait(CLOSE_MS, enough.signal).then(() => "late" as const);
  if ((await Promise.race([machine.close(), late])) === "late") tell(`warning: the machine did not close within ${CLOSE_MS} ms`);
  enough.abort();
}
