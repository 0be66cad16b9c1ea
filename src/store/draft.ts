/** What a change is before it has its revision, and before anything of it is written. */
import type { AcceptedEdit, Change } from "../protocol/change.ts";

export type Draft = Omit<Change, "revision" | "at">;

/** A change that has these edits, and does nothing else. */
export const draftOf = (edits: readonly AcceptedEdit[]): Draft => ({
  edits,
  removals: [],
  adoption: undefined,
  logins: [],
  scopes: [],
  purges: [],
});
