/** Client to server: the unanswered edits, oldest first, without gaps; one push is under way at a time (P7). */
import { LIMITS } from "../model/limits.ts";
import { bytes, list, refuse, tuple, whole } from "./reader.ts";
import { count, upTo } from "./writer.ts";

export interface Push {
  readonly kind: "push";
  /** Rises with each new push of a session; a repetition of one has the same number. */
  readonly number: number;
  /** Edits as edit.ts encodes them; 1 to LIMITS.pushEditsMax, together at most LIMITS.pushBytesMax. */
  readonly edits: readonly Uint8Array[];
}

export const encodePush = ({ number, edits }: Push): unknown[] => [count(number), upTo(LIMITS.pushEditsMax, edits)];

/** Each edit is decoded by itself later (edit.ts): one that is malformed is told from the others. */
export function decodePush(raw: unknown): Push {
  const [number, edits] = tuple(raw, "push", 2);
  const push: Push = {
    kind: "push",
    number: whole(number, "push.number"),
    edits: list(edits, "push.edits", { min: 1, max: LIMITS.pushEditsMax }, (edit, path) =>
      bytes(edit, path, { min: 1, max: LIMITS.editBytesMax }),
    ),
  };
  const size = push.edits.reduce((sum, edit) => sum + edit.length, 0);
  return size <= LIMITS.pushBytesMax ? push : refuse("push.edits", `must have at most ${LIMITS.pushBytesMax} bytes together, have ${size}`);
}
