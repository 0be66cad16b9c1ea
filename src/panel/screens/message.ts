/** A message: what happened, why, and what to do next. */
import type { Fault } from "../../../hal/services.ts";
import { LIMITS } from "../../model/limits.ts";
import { unreachable } from "../../model/assert.ts";
import type { ErrorCode } from "../../model/errors.ts";
import type { Refusal, RefusalWord } from "../../model/refusal.ts";
import type { Notice } from "../intent.ts";
import { BACK, type Page, says, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Explanation, Texts } from "../texts/texts.ts";

export function messagePage(state: PanelState, notice: Notice): Page {
  const texts = textsOf(state);
  return explained(texts, notice.kind === "why" ? texts.message.notNow : texts.message.title, explain(texts, notice));
}

/** For a screen whose entry was deleted while it was open. */
export const gonePage = (state: PanelState): Page => messagePage(state, { kind: "gone" });

export function explain(texts: Texts, notice: Notice): Explanation {
  switch (notice.kind) {
    case "why":
      return { what: texts.why[notice.why], why: "", next: "" };
    case "refusal":
      return texts.refusals[notice.refusal.word]({ machinesMax: LIMITS.machinesMax, usersMax: LIMITS.usersMax, ...notice.refusal });
    case "error":
      return texts.errors[notice.code];
    case "not-started":
      return notStarted(texts, notice.because);
    case "said":
      return texts.admin.said[notice.word](notice.figure);
    case "wrong-password":
    case "unknown-user":
    case "gone":
    case "late":
    case "restarting":
    case "not-the-server":
    case "this-machine":
    case "job-running":
    case "destination-copied":
      return texts.notices[notice.kind];
    default:
      return unreachable(notice);
  }
}

/** At the form everything can be put right on the spot; elsewhere the same refusal means to stop and start again. */
function notStarted(texts: Texts, because: Refusal | ErrorCode): Explanation {
  const word = typeof because === "string" ? because : because.word;
  const known: { readonly [word in RefusalWord | ErrorCode]?: Explanation } = texts.notStarted;
  return (
    known[word] ?? explain(texts, typeof because === "string" ? { kind: "error", code: because } : { kind: "refusal", refusal: because })
  );
}

function explained(texts: Texts, title: string, { what, why, next }: Explanation): Page {
  return {
    kind: "message",
    title,
    rows: [...sentences({ what, why, next }), { key: "ok", text: texts.action.ok, act: BACK }],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}

/** Why a function of this machine does not go on, and what to do about it. */
export const faultRows = ({ errors, held }: Texts, fault: Fault) => {
  // What a part of the machine refuses to a function of it was typed by nobody, who could press Back and put it right.
  const { why, next } = errors[fault === "crashed" || fault === "hal-refused" ? "hal-broken" : fault];
  return sentences({ what: held.startsAgain, why, next });
};

/** The same of the server function: what tells a client machine to look at the server means something else on that machine itself. */
export const serverFaultRows = (texts: Texts, fault: Fault) =>
  fault === "port-closed" || fault === "storage-damaged"
    ? sentences({ what: texts.held.startsAgain, ...texts.held.serverFaults[fault] })
    : faultRows(texts, fault);

/** One row a sentence; what is "" has no row. */
export const sentences = ({ what, why, next }: Explanation) =>
  [says("what", what), says("why", why), says("next", next)].filter((row) => row.text !== "");
