/** What the desk says of a machine and of changes on their way, as far as the page draws it. */

export type Lamp = "off" | "green" | "amber" | "red";

export interface Drawing {
  readonly number: number;
  readonly deviceName: string;
  readonly productName: string;
  readonly location: string;
  readonly address: string;
  readonly clientOnly: boolean;
  readonly power: "active" | "partial-sleep" | "full-sleep" | "off";
  readonly phase: "off" | "starting" | "on" | "asleep";
  readonly holds: readonly string[];
  readonly server: { readonly state: string; readonly machines: number; readonly users: number; readonly revision: number } | null;
  readonly client: { readonly state: string; readonly pending: number; readonly reason?: string; readonly revision?: number } | null;
  readonly user: { readonly owner: string; readonly displayName: string; readonly administrator: boolean } | null;
  readonly screen: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly selected: number | null;
    readonly softKeys: readonly string[];
    readonly status: string;
  };
  readonly rows: readonly { readonly text: string; readonly enabled: boolean }[];
  readonly field: { readonly label: string; readonly value: string; readonly secret: boolean } | null;
  readonly lit: boolean;
  readonly inverted: boolean;
  readonly keyRepeat: "usual" | "slow" | "off";
  readonly leds: { readonly [name in "power" | "sleep" | "network" | "data" | "error"]: Lamp };
  readonly cable: { readonly connected: boolean; readonly delayMs: number; readonly lossPercent: number };
  readonly clock: { readonly offsetMs: number; readonly driftPpm: number; readonly sntp: string; readonly aheadMs: number };
  readonly log: readonly { readonly at: string; readonly level: string; readonly code: string; readonly text: string }[];
}

export interface Ntp {
  readonly mode: "normal" | "silent" | "lying";
  readonly offsetMs: number;
}

export interface EntryName {
  readonly owner: string;
  readonly item: string;
  readonly key: string;
}

/** Edits on their way: made at a machine, accepted by the server machine, or arrived at another one. */
export interface Travel {
  readonly number: number;
  readonly step: "edited" | "accepted" | "arrived";
  readonly names: readonly EntryName[];
  readonly more: number;
}

/** The machine whose server function is started, and has power. */
export const serverOf = (drawings: readonly Drawing[]): Drawing | undefined => drawings.find(({ server }) => server !== null);
