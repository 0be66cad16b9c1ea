/** What an answer that is an error says: a status for clients, a code for programs, a sentence for people. */

export interface Place {
  readonly line: number;
  readonly column: number;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly place: Place | undefined;
  /** For a 405: the methods that would do. */
  readonly allow: readonly string[];

  constructor(status: number, code: string, message: string, place?: Place, allow: readonly string[] = []) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.place = place;
    this.allow = allow;
  }
}

/** The caller has asked for what does not make sense. */
export const malformed = (message: string): Problem => new Problem(400, "malformed", message);
