/** What became of a change of the two functions, as the panel goes on with it. */
import type { Synchronized } from "../../hal/services.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Outcome } from "./intent.ts";

/** What is not sent any more is said where it was done (P21). */
export function refusedOr(answer: Refusal | Synchronized): Outcome {
  if (answer === "done") return { kind: "done" };
  if ("word" in answer) return { kind: "no", notice: { kind: "refusal", refusal: answer } };
  return { kind: "done", said: { kind: "said", word: "discarded", figure: answer.discarded } };
}
