/**
 * `device-manifest.json`: what a module is, what it needs and what it may use. One description here, from which the
 * type follows; build/device-manifest.schema.json says the same to editors, and a test holds the two together.
 * An unknown key is an error: a field that is misspelt would otherwise be a limit that nobody keeps.
 */
import * as v from "valibot";
import { Refused } from "./refused.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const capability = v.pipe(v.string(), v.regex(/^[a-z-]+@[1-9][0-9]*$/, 'must be like "panel@1"'));
const role = v.picklist(["server", "client"]);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"));
// A name in the folder of the manifest and nothing else: no way out of it, no absolute path.
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, "must be a plain file name"));
const port = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,4}\/(tcp|udp)$/, 'must be like "8443/tcp"'));

const resources = {
  maximumMemoryUsageKb: positive,
  maximumThreadUsage: positive,
  maximumSocketUsage: positive,
  maximumFileDescriptorUsage: positive,
  maximumFilespaceUsageKb: positive,
};

const profile = v.strictObject({
  /** The functions that may run on this class of device. */
  roles: v.pipe(v.array(role), v.minLength(1)),
  ...v.partial(v.object(resources)).entries,
});

const file = v.strictObject({
  path: fileName,
  /** An addon is for one platform ("linux-x64-musl"); an integrator packs the one of the machine. */
  platform: v.optional(text),
  size: whole,
  sha256,
});

export const MANIFEST = v.strictObject({
  $schema: v.optional(text),
  manifestVersion: v.literal(1),
  /** Never changes: data and licence belong to it. */
  applicationId: v.pipe(v.string(), v.uuid()),
  bundleSymbolicName: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/, "must be a reverse domain name")),
  bundleName: text,
  bundleVersion: v.pipe(v.string(), v.regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, "must be a version x.y.z")),
  bundleVendor: text,
  description: text,
  /** Rises with each release that closes a hole; a machine never goes back to a lower one. */
  securityCounter: positive,
  license: v.strictObject({ id: text, required: v.boolean() }),
  platform: v.strictObject({ name: text, specVersion: text, deviceSpecIds: v.pipe(v.array(text), v.minLength(1)) }),
  engine: v.strictObject({
    node: v.pipe(v.string(), v.regex(/^>=\d+\.\d+$/, 'must be like ">=20.19"')),
    format: v.literal("esm"),
    target: text,
    /** For whoever starts the runtime: with them the memory stays within the profile. */
    nodeArguments: v.array(v.pipe(v.string(), v.regex(/^--[a-z0-9=-]+$/, "must be an option of node"))),
    /** For the same: variables of the process's environment. */
    environment: v.optional(v.record(v.string(), text), {}),
  }),
  entry: v.strictObject({
    file: fileName,
    /** Files that it loads, at once or when they are needed; without one of them it is not started. Written by the build. */
    parts: v.optional(v.array(fileName)),
  }),
  /** Written by the build; the manifest in the sources has none. */
  files: v.optional(v.array(file)),
  resources: v.strictObject({ memoryMeasure: v.literal("private"), ...resources }),
  resourceProfiles: v.strictObject({ hdd: profile, flash: profile }),
  onExhaustion: v.picklist(["refuse", "degrade-to-client"]),
  lifecycle: v.strictObject({
    autoStart: v.boolean(),
    startAfter: v.array(v.picklist(["network", "clock", "storage"])),
    stopTimeoutMs: v.pipe(v.number(), v.safeInteger(), v.minValue(100), v.maxValue(60_000)),
    restart: v.strictObject({ policy: v.picklist(["on-crash", "never"]), maxPerHour: positive }),
  }),
  limits: v.strictObject({ machines: positive, users: positive }),
  protocol: v.strictObject({
    name: text,
    versions: v.pipe(
      v.strictTuple([positive, positive]),
      v.check(([low, high]) => low <= high, "must be [oldest, newest]"),
    ),
  }),
  hal: v.strictObject({
    requires: v.array(capability),
    optional: v.array(capability),
    permissions: v.array(v.strictObject({ capability, reason: text, connect: v.picklist(["auto", "manual"]) })),
  }),
  network: v.strictObject({ listen: v.array(port), outbound: v.array(port), discovery: v.array(text) }),
  /** What the integrator sets for the model; the module reads and checks it. */
  config: v.record(v.string(), v.unknown()),
});

export type Manifest = v.InferOutput<typeof MANIFEST>;
export type ManifestFile = v.InferOutput<typeof file>;
export type DeviceClass = keyof Manifest["resourceProfiles"];
export type ModuleRole = v.InferOutput<typeof role>;

/** Reads a manifest. Throws a Refused whose message names every field that is wrong; nothing of it is used then. */
export function decodeManifest(text: string, where: string): Manifest {
  const result = v.safeParse(MANIFEST, parseJson(text, where));
  if (!result.success) {
    const faults = result.issues.map((issue) => `  ${v.getDotPath(issue) ?? "(whole)"}: ${faultOf(issue)}`);
    throw new Refused(`${where} is not a manifest this runtime can use:\n${faults.join("\n")}`);
  }
  const faults = contradictions(result.output);
  if (faults.length > 0) throw new Refused(`${where} contradicts itself:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  return result.output;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refused(`${where} is not JSON: ${cause instanceof Error ? cause.message : "unreadable"}`, { cause });
  }
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "unknown key";
  return issue.received === "undefined" ? "is missing" : issue.message;
}

/** What no single field shows. */
function contradictions(manifest: Manifest): string[] {
  const { hal, files = [], entry } = manifest;
  const faults: string[] = [];
  const asked = new Set([...hal.requires, ...hal.optional]);
  if (asked.size < hal.requires.length + hal.optional.length) faults.push("hal: a capability is named twice");
  for (const { capability } of hal.permissions) {
    if (!asked.has(capability)) faults.push(`hal.permissions: ${capability} is neither required nor optional`);
  }
  if (new Set(files.map((each) => each.path)).size < files.length) faults.push("files: a path is named twice");
  if (files.length > 0 && !files.some((each) => each.path === entry.file)) faults.push(`files: ${entry.file}, the entry, is missing`);
  const parts = entry.parts ?? [];
  faults.push(
    ...parts.filter((part) => !files.some((each) => each.path === part)).map((part) => `files: ${part}, a part of the entry, is missing`),
  );
  return faults;
}
