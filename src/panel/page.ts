/**
 * A page is a screen before it is drawn: rows with what they do. Each file in screens/ makes one, as a pure function of
 * the state; view.ts and press.ts work for all of them alike, so that every key does the same everywhere and what can
 * be seen can be pressed.
 */
import type { Screen } from "../model/screen.ts";
import type { Intent } from "./intent.ts";
import { oneLine } from "./personal-data.ts";
import type { Place, Values } from "./place.ts";
import type { WhyWord } from "./texts/texts.ts";

/** Where to go next. */
export type Then =
  | { readonly do: "stay" }
  | { readonly do: "go"; readonly place: Place; readonly values?: Values }
  /**
   * So many levels, 0 to stay; `selectAdded`: the row of what was just added is then the selected one. `values` are entered
   * there, and the finger stands on the row `select`.
   */
  | { readonly do: "back"; readonly levels: number; readonly selectAdded?: true; readonly values?: Values; readonly select?: string }
  /** Back so many levels, then there. */
  | { readonly do: "swap"; readonly levels: number; readonly place: Place; readonly values?: Values }
  | { readonly do: "home" };

export type Act =
  | Then
  /** Something is to be done; when it is, go on. When it is not, the person is told. */
  | { readonly do: "ask"; readonly intent: Intent; readonly then: Then }
  /** The row is a field: type into it, or choose a value for it. */
  | { readonly do: "type" }
  | { readonly do: "choose" }
  /** Puts a value into the form: a tick before a row. */
  | { readonly do: "set"; readonly field: string; readonly value: string }
  /** What choosing that row would do, greyed or not. */
  | { readonly do: "press"; readonly row: string };

export interface TextField {
  readonly label: string;
  readonly secret: boolean;
  /** Which characters come first when it is typed with the keys alone. */
  readonly starts: "small" | "capital" | "digits";
  readonly charactersMax: number;
}

export interface ChoiceField {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

export interface PageRow {
  /** Names the row; of a field, also its value in the frame. Rows that stay the same keep their key. */
  readonly key: string;
  readonly text: string;
  readonly why?: WhyWord;
  readonly act: Act;
  readonly textField?: TextField;
  readonly choiceField?: ChoiceField;
  /** What the Start key does while this row is selected. */
  readonly start?: Pick<PageRow, "act" | "why">;
}

export interface SoftKey {
  readonly text: string;
  readonly act: Act;
}

export interface Page {
  readonly kind: Screen["kind"];
  readonly title: string;
  readonly rows: readonly PageRow[];
  /** Key of the row that is selected first; the first row otherwise. */
  readonly first?: string;
  /** Text that is typed on another row goes to this one: searching. */
  readonly typeInto?: string;
  /** Key of the row that the Start key chooses, whichever is selected. */
  readonly startRow?: string;
  /** At most four. */
  readonly softKeys: readonly SoftKey[];
}

export const STAY: Then = { do: "stay" };
export const BACK: Then = { do: "back", levels: 1 };

export const go = (place: Place, values?: Values): Then => (values === undefined ? { do: "go", place } : { do: "go", place, values });

/** A row that only says something. */
export const says = (key: string, text: string): PageRow => ({ key, text, act: STAY });

/** What a row does is greyed out for a reason, or not. */
export const greyed = (row: PageRow, why: WhyWord | undefined): PageRow => (why === undefined ? row : { ...row, why });

export const softKey = (text: string, act: Act): SoftKey => ({ text, act });

/** Foreign text on one line of a screen, and something to see in any case. */
export const shown = (text: string, instead: string): string => oneLine(text) || instead;
