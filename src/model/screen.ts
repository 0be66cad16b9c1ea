/** A screen is a description, not pixels: what is shown, what is selected, what the keys would do. */

export interface Row {
  readonly text: string;
  /** false: greyed out; `why` says the reason when it is chosen all the same. */
  readonly enabled: boolean;
  readonly why?: string;
}

/** Where typed text goes. A secret value is shown as dots, never as itself. */
export interface Field {
  readonly label: string;
  readonly value: string;
  readonly secret: boolean;
}

export interface Screen {
  readonly kind: "home" | "menu" | "list" | "form" | "choice" | "question" | "progress" | "message";
  /** Never empty. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Index into rows, undefined where nothing can be selected. */
  readonly selected: number | undefined;
  readonly field: Field | undefined;
  /** Four texts; "" is a soft key without meaning here. */
  readonly softKeys: readonly [string, string, string, string];
  readonly status: string;
  /** The user wants inverted colours. A display that cannot show them shows its own. */
  readonly inverted?: true;
  /** The user wants keys that are held down to repeat slowly, or not at all; else they repeat as they do on this machine. */
  readonly keyRepeat?: "slow" | "off";
}

export const KEYS = [
  "settings",
  "home",
  "id",
  "energy-saver",
  "status",
  "start",
  "stop",
  "clear",
  "reset",
  "up",
  "down",
  "left",
  "right",
  "ok",
  "back",
  "soft1",
  "soft2",
  "soft3",
  "soft4",
  "0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
  "*",
  "#",
] as const;
export type Key = (typeof KEYS)[number];
