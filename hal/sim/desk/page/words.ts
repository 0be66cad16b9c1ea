/** States in words, each with a tone. Colour never says it alone. */
import type { Drawing, EntryName } from "./drawing.ts";
import type { Texts } from "./texts/texts.ts";

export interface Words {
  readonly text: string;
  readonly tone: "good" | "waiting" | "bad" | "plain";
}

export function powerWords({ phase, power }: Drawing, { power: texts }: Texts): Words {
  if (phase === "off") return { text: texts.off, tone: "plain" };
  if (phase === "starting") return { text: texts.starting, tone: "waiting" };
  if (power === "active") return { text: texts.awake, tone: "good" };
  return { text: power === "partial-sleep" ? texts.partialSleep : texts.fullSleep, tone: "plain" };
}

/** What part the machine has in the fleet. */
export function partWords({ phase, server, client }: Drawing, texts: Texts): readonly Words[] {
  const parts: Words[] = [];
  if (server !== null) parts.push({ text: wordOf(texts.server, server.state), tone: server.state === "running" ? "good" : "bad" });
  if (client !== null) {
    const { state, pending, reason } = client;
    const stands = state === "synchronized";
    const isStopped = state === "offline" && reason === "server-not-running";
    // Who waits for an answer is not up to date; who sleeps is out of reach, and well.
    if (phase !== "asleep" && !(stands && pending > 0))
      parts.push({
        text: isStopped ? texts.serverStopped : wordOf(texts.client, state),
        tone: stands ? "good" : state === "refused" ? "bad" : "waiting",
      });
    if (pending > 0) parts.push({ text: texts.waiting(pending), tone: "waiting" });
  }
  if (parts.length === 0 && phase === "on") parts.push({ text: texts.alone, tone: "plain" });
  return parts;
}

/** What was changed, as people name it. */
export function thing(names: readonly EntryName[], more: number, texts: Texts): string {
  const [name] = names;
  if (name === undefined) return texts.anItem;
  const what = texts.items[name.item] ?? texts.anItem;
  const [kind = "", owner = ""] = name.owner.split(/:(.*)/s);
  const whose = kind === "user" ? texts.ofUser(what, owner) : kind === "group" ? texts.ofGroup(what, owner) : what;
  const others = names.length - 1 + more;
  return others === 0 ? whose : texts.more(whose, others);
}

/** How far a clock is off; "" for less than two seconds. */
export function clockSpan(aheadMs: number, tag: string): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds < 2) return "";
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const [unit, size] = units.find(([, each]) => seconds >= each - 1) ?? units[3];
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(Math.round(seconds / size));
}

/** The word for a state; a state that this page does not know yet is said as it came. */
const wordOf = (words: Readonly<Record<string, string>>, state: string): string => words[state] ?? state;
