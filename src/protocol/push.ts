/** Client to server: the unanswered edits, oldest first, without gaps; one push is under way at a time (P7). */
export interface Push {
  readonly kind: "push";
  /** Rises with each new push of a session; a repetition of one has the same number. */
  readonly number: number;
  /** Edits as edit.ts encodes them; 1 to LIMITS.pushEditsMax, together at most LIMITS.pushBytesMax. */
  readonly edits: readonly Uint8Array[];
}
