/** How the test of the way to the server machine went (M36): part by part, and what to do about the one that failed. */
import type { WayReport, WayStep } from "../../../hal/services/finding.ts";
import { BACK, type Page, type PageRow, says, shown, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { explain, sentences } from "./message.ts";

export function wayPage(state: PanelState, { steps, destination, proxy }: WayReport): Page {
  const texts = textsOf(state);
  // Where it was searched, what was found is what matters first.
  const where = says("where", texts.labelled(texts.client.destination, shown(destination, "-")));
  return {
    kind: "message",
    title: texts.way.title,
    rows: [
      ...(destination === "" ? [] : [where]),
      // It may be what is at fault, and nobody would think of it.
      ...(proxy === undefined ? [] : [says("proxy", texts.labelled(texts.admin.network.proxy, shown(proxy, "-")))]),
      ...steps.flatMap((step) => stepRows(texts, step)),
      { key: "ok", text: texts.action.ok, act: BACK },
    ],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}

function stepRows(texts: Texts, step: WayStep): PageRow[] {
  const { way } = texts;
  const row = (outcome: string): PageRow => says(step.part, texts.labelled(way.parts[step.part], outcome));
  if (step.outcome === "passed") return [row(way.passed)];
  if (step.outcome === "not-reached")
    return [row(way.notReached), ...(step.because === undefined ? [] : [says(`${step.part}-because`, way.untold)])];
  return [row(way.failed), ...reasons(texts, step)];
}

/** The refusals are told to whoever can put it right, who for the clock stands elsewhere. */
function reasons(texts: Texts, step: Extract<WayStep, { outcome: "failed" }>): PageRow[] {
  if (step.part === "clock") return [says("why", texts.way.serverClock)];
  // Nothing is started yet, so nothing is "sent later": what helps is to put the way right.
  if ("code" in step && step.code === "server-unreachable") return sentences({ what: "", ...texts.way.nobody });
  const { why, next } = explain(texts, { kind: "not-started", because: "refusal" in step ? step.refusal : step.code });
  return sentences({ what: "", why, next });
}
