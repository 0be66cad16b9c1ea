/** What the desk says of a machine, as far as the page draws it. */
import type { Key } from "../../../../src/model/screen.ts";

export type Lamp = "off" | "green" | "amber" | "red" | "blue";

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
  readonly leds: { readonly power: Lamp; readonly network: Lamp; readonly data: Lamp; readonly error: Lamp };
  readonly cable: { readonly connected: boolean; readonly delayMs: number; readonly lossPercent: number };
  readonly clock: { readonly offsetMs: number; readonly driftPpm: number; readonly sntp: string; readonly aheadMs: number | null };
  readonly log: readonly { readonly at: string; readonly level: string; readonly code: string; readonly text: string }[];
}

export interface Ntp {
  readonly mode: "normal" | "silent" | "lying";
  readonly offsetMs: number;
}

/** The keys as they lie on the printer: rows of a block, each key with what is written on it. */
export interface Cap {
  readonly key: Key;
  readonly label: string;
  /** For people who do not see the cap. */
  readonly name?: string;
  readonly look?: "start" | "stop" | "wide";
}

export const FUNCTION_KEYS: readonly Cap[] = [
  { key: "home", label: "Home" },
  { key: "settings", label: "Settings", name: "Settings/Registration" },
  { key: "status", label: "Status", name: "Status Monitor" },
  { key: "id", label: "ID", name: "Log In/Out" },
];

export const MOVE_KEYS: readonly (Cap | undefined)[] = [
  { key: "back", label: "Back" },
  { key: "up", label: "\u25b2", name: "Up" },
  undefined,
  { key: "left", label: "\u25c0", name: "Left" },
  { key: "ok", label: "OK" },
  { key: "right", label: "\u25b6", name: "Right" },
  undefined,
  { key: "down", label: "\u25bc", name: "Down" },
  undefined,
];

export const DIGIT_KEYS: readonly Cap[] = [
  ...(["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const).map((key) => ({ key, label: key })),
  { key: "*", label: "*", name: "Star" },
  { key: "0", label: "0" },
  { key: "#", label: "#", name: "Hash" },
];

export const JOB_KEYS: readonly Cap[] = [
  { key: "energy-saver", label: "\u263e", name: "Energy Saver" },
  { key: "clear", label: "Clear" },
  { key: "reset", label: "Reset" },
  { key: "stop", label: "Stop", look: "stop" },
  { key: "start", label: "Start", look: "start" },
];

/** A key of the keyboard as a key of the printer. */
export const KEYBOARD: Readonly<Record<string, Key>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Enter: "ok",
  Escape: "back",
  Backspace: "clear",
  F1: "soft1",
  F2: "soft2",
  F3: "soft3",
  F4: "soft4",
  Home: "home",
};
