/** The command line of the runtime. */
import { parseArgs } from "node:util";
import { RESOURCE_NAMES, type ResourceName, type Resources } from "../resources.ts";
import type { InstallationPaths } from "./installation.ts";
import type { DeviceClass } from "./manifest.ts";
import { Refused } from "./refused.ts";

export interface RuntimeOptions extends InstallationPaths {
  readonly dataDir: string;
  /** For the provider. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly deviceClass: DeviceClass;
  /** What other modules of the machine have declared. */
  readonly inUse: Partial<Resources>;
  /** Starts the module although it was stopped when the machine went off. */
  readonly start: boolean;
}

export const USAGE = `usage: node runtime.mjs --manifest FILE --module FILE --provider FILE --data FOLDER
         [--arg key=value ...]     for the provider
         [--class hdd|flash]       the class of this device (hdd)
         [--in-use name=number]    what other modules have declared: ${RESOURCE_NAMES.join(", ")}
         [--trust FILE]            the maker's public key (PEM, Ed25519): only modules signed with it run
         [--start]                 start the module although it was stopped when the machine went off`;

/** Throws a Refused that says what is wrong with the command line. */
export function readOptions(argv: readonly string[]): RuntimeOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      manifest: { type: "string" },
      module: { type: "string" },
      provider: { type: "string" },
      data: { type: "string" },
      arg: { type: "string", multiple: true, default: [] },
      class: { type: "string", default: "hdd" },
      "in-use": { type: "string", multiple: true, default: [] },
      trust: { type: "string" },
      start: { type: "boolean", default: false },
    },
  });
  return {
    manifest: needed(values.manifest, "--manifest"),
    module: needed(values.module, "--module"),
    provider: needed(values.provider, "--provider"),
    dataDir: needed(values.data, "--data"),
    arguments: Object.fromEntries(values.arg.map((text) => pair(text, "--arg"))),
    deviceClass: deviceClassOf(values.class),
    inUse: Object.fromEntries(values["in-use"].map(resourceOf)),
    trust: values.trust,
    start: values.start,
  };
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new Refused(`${option} is missing`);
  return value;
}

function pair(text: string, option: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new Refused(`${option} ${text}: must be key=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function deviceClassOf(text: string): DeviceClass {
  if (text !== "hdd" && text !== "flash") throw new Refused(`--class ${text}: must be hdd or flash`);
  return text;
}

function resourceOf(text: string): [ResourceName, number] {
  const [key, value] = pair(text, "--in-use");
  const name = RESOURCE_NAMES.find((each) => each === key);
  if (name === undefined) throw new Refused(`--in-use ${text}: must be one of ${RESOURCE_NAMES.join(", ")}`);
  if (!/^\d{1,12}$/.test(value)) throw new Refused(`--in-use ${text}: must be a whole number`);
  return [name, Number(value)];
}
