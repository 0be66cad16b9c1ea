/** Whether two screens look the same: what has not changed need not be shown again. */
import type { Field, Row, Screen } from "../model/screen.ts";

export const sameScreen = (a: Screen, b: Screen): boolean =>
  a.kind === b.kind &&
  a.title === b.title &&
  a.selected === b.selected &&
  a.status === b.status &&
  a.inverted === b.inverted &&
  a.keyRepeat === b.keyRepeat &&
  sameField(a.field, b.field) &&
  a.softKeys.every((text, index) => text === b.softKeys[index]) &&
  a.rows.length === b.rows.length &&
  a.rows.every((row, index) => sameRow(row, b.rows[index]));

const sameRow = (a: Row, b: Row | undefined): boolean => b !== undefined && a.text === b.text && a.enabled === b.enabled && a.why === b.why;

const sameField = (a: Field | undefined, b: Field | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.label === b.label && a.value === b.value && a.secret === b.secret);
