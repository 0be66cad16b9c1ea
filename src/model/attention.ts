/** What does not pass by itself. */
import { refusalLevel, type RefusalWord } from "./refusal.ts";

interface Standing {
  readonly state: string;
  readonly reason?: RefusalWord;
  readonly fault?: string;
}

/**
 * Whether a client function in this state waits for a person. A server that was stopped is started again one day; the other
 * reasons stay until somebody does something.
 */
export function clientWaitsForSomebody({ state, reason, fault }: Standing): boolean {
  if (state === "refused" || fault !== undefined) return true;
  return state === "offline" && reason !== undefined && refusalLevel(reason) === "Error";
}
