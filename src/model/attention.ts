/** What does not pass by itself. */
import { refusalLevel, type RefusalWord } from "./refusal.ts";

/** Whether a client function in this state waits for a person. A server that was stopped is started again one day; the other reasons stay until somebody does something. */
export function clientWaitsForSomebody(state: string, reason: RefusalWord | undefined): boolean {
  if (state === "refused") return true;
  return state === "offline" && reason !== undefined && refusalLevel(reason) === "Error";
}
