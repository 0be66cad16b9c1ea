/** The two foreign bundles become typed here, and nowhere else. */
import { pathToFileURL } from "node:url";
import type { ModuleBundle, ProviderBundle } from "../services.ts";
import { Refused } from "./refused.ts";

/** Throws a Refused when the file exports no `openMachine`. */
export async function importProvider(path: string): Promise<ProviderBundle> {
  const bundle = await importBundle(path, "openMachine");
  return bundle as unknown as ProviderBundle;
}

/** Throws a Refused when the file exports no `activate`. */
export async function importModule(path: string): Promise<ModuleBundle> {
  const bundle = await importBundle(path, "activate");
  return bundle as unknown as ModuleBundle;
}

async function importBundle(path: string, wanted: string): Promise<Readonly<Record<string, unknown>>> {
  const bundle: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
  if (typeof bundle[wanted] !== "function") throw new Refused(`${path} exports no function "${wanted}"`);
  return bundle;
}
