/** What a server machine says, as a machine of an older version can read it: words that came later become the nearest older ones. */
import type { Refusal, RefusalWord } from "../model/refusal.ts";
import type { Answer } from "./answers.ts";
import type { DownBody } from "./down.ts";

/** The words of version 1. */
const FIRST_WORDS: ReadonlySet<RefusalWord> = new Set<RefusalWord>([
  "too-many-machines",
  "own-client-first",
  "settings-differ",
  "not-a-server-model",
  "clock-not-right",
  "put-out",
  "not-paired",
  "account-refused",
  "another-server",
  "protocol-version",
  "too-many-users",
  "too-many-entries",
  "owner-removed",
  "owner-held",
  "owner-unknown",
  "destination-malformed",
  "locked-while-synchronising",
  "server-not-running",
  "client-not-running",
  "machine-unknown",
]);

export function asVersion(body: DownBody, version: number): DownBody {
  if (version > 1) return body;
  switch (body.kind) {
    case "refuse":
      return { ...body, refusal: firstRefusal(body.refusal) };
    case "server-end":
      return body.refusal === undefined ? body : { ...body, refusal: firstRefusal(body.refusal) };
    case "answers":
      return { ...body, answers: body.answers.map(firstAnswer) };
    case "welcome":
      return { ...body, answers: body.answers.map(firstAnswer) };
    case "offer-answer":
      if (isFirst(body.outcome)) return body;
      // The machine's data give way to what the server has, and are in its history.
      return { ...body, outcome: body.outcome === "owner-evicted" ? "owner-removed" : "owner-held" };
    default:
      return body;
  }
}

/** Whatever else keeps a machine out, it asks again later; the server machine's log says the word. */
const firstRefusal = (refusal: Refusal): Refusal => (isFirst(refusal.word) ? refusal : { word: "server-not-running" });

/** What was not taken for a reason of later versions is in the history of its author; an eviction had no word of its own. */
function firstAnswer(answer: Answer): Answer {
  if (isFirst(answer.outcome)) return answer;
  return { ...answer, outcome: answer.outcome === "owner-evicted" ? "owner-removed" : "superseded" };
}

const isFirst = (word: "accepted" | "superseded" | RefusalWord): boolean =>
  word === "accepted" || word === "superseded" || FIRST_WORDS.has(word);
