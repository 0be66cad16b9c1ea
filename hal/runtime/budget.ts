/**
 * What a class of device has for all modules together, and whether a module's declared needs fit beside what the others
 * have declared. File space is asked at install, the rest at each start.
 */
import { RESOURCE_NAMES, type ResourceName, type Resources } from "../resources.ts";
import type { DeviceClass, Manifest, ModuleRole } from "./manifest.ts";

/** Published figures of the MEAP device classes: machines with a hard disk, and flash models. */
export const BUDGETS: Readonly<Record<DeviceClass, Resources>> = {
  hdd: { filespaceKb: 1024 * 1024, memoryKb: 128 * 1024, threads: 256, sockets: 256, fileDescriptors: 256 },
  flash: { filespaceKb: 220 * 1024, memoryKb: 32 * 1024, threads: 162, sockets: 128, fileDescriptors: 128 },
};

/** What the manifest declares for a class of device: its profile laid over the general figures. */
export function declaredResources(manifest: Manifest, deviceClass: DeviceClass): Resources {
  const general = manifest.resources;
  const profile = manifest.resourceProfiles[deviceClass];
  return {
    memoryKb: profile.maximumMemoryUsageKb ?? general.maximumMemoryUsageKb,
    threads: profile.maximumThreadUsage ?? general.maximumThreadUsage,
    sockets: profile.maximumSocketUsage ?? general.maximumSocketUsage,
    fileDescriptors: profile.maximumFileDescriptorUsage ?? general.maximumFileDescriptorUsage,
    filespaceKb: profile.maximumFilespaceUsageKb ?? general.maximumFilespaceUsageKb,
  };
}

export interface Shortage {
  readonly resource: ResourceName;
  readonly declared: number;
  readonly free: number;
}

/** The resources that do not suffice beside `inUse`, the declared needs of the other modules; empty when it fits. */
export function shortages(declared: Resources, budget: Resources, inUse: Partial<Resources>): readonly Shortage[] {
  return RESOURCE_NAMES.map((resource) => ({
    resource,
    declared: declared[resource],
    free: Math.max(0, budget[resource] - (inUse[resource] ?? 0)),
  })).filter((each) => each.declared > each.free);
}

export type Admission =
  | { readonly kind: "fits"; readonly profile: DeviceClass; readonly declared: Resources; readonly roles: readonly ModuleRole[] }
  | { readonly kind: "refused"; readonly shortages: readonly Shortage[] };

/**
 * The profile under which a module may start on a device of this class. When its own profile does not fit and the
 * manifest agrees to "degrade-to-client", the flash profile is tried: fewer functions are better than none.
 */
export function admit(manifest: Manifest, deviceClass: DeviceClass, inUse: Partial<Resources>): Admission {
  const profiles: readonly DeviceClass[] =
    manifest.onExhaustion === "degrade-to-client" && deviceClass !== "flash" ? [deviceClass, "flash"] : [deviceClass];
  let missing: readonly Shortage[] = [];
  for (const profile of profiles) {
    const declared = declaredResources(manifest, profile);
    missing = shortages(declared, BUDGETS[deviceClass], inUse);
    if (missing.length === 0) return { kind: "fits", profile, declared, roles: manifest.resourceProfiles[profile].roles };
  }
  return { kind: "refused", shortages: missing };
}

export const shortageText = ({ resource, declared, free }: Shortage): string => `${resource}: ${declared} declared, ${free} free`;
