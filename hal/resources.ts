/**
 * What a module said it needs, and what it really takes: the numbers of the machine's resource page. `declared` comes
 * from the manifest's profile for this class of device, `measured` from the running process; what this system cannot
 * measure is undefined.
 */
export interface Resources {
  /** Private memory (RssAnon on Linux): what would be free again if the module ended. */
  readonly memoryKb: number;
  readonly threads: number;
  readonly sockets: number;
  readonly fileDescriptors: number;
  /** The bundle and its data folder. */
  readonly filespaceKb: number;
}

export type ResourceName = keyof Resources;

export const RESOURCE_NAMES = [
  "memoryKb",
  "threads",
  "sockets",
  "fileDescriptors",
  "filespaceKb",
] as const satisfies readonly ResourceName[];

export interface MeasuredResources extends Partial<Resources> {
  /** All memory resident, shared pages of Node itself included: for people who compare with `ps`. */
  readonly residentKb?: number;
}

export interface ResourceReport {
  readonly declared: Resources;
  readonly measured: MeasuredResources;
  /** The resources that are measured above what was declared. */
  readonly over: readonly ResourceName[];
}
