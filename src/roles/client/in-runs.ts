/**
 * Changes that go to all machines come one commit after the other. A machine that is slower than the server finds several of
 * them in its mailbox: it takes them in one write, and shows them in one more, so that it is faster the more there is to do.
 */
import { LIMITS } from "../../model/limits.ts";
import { sameEpoch } from "../../model/position.ts";
import type { Changes } from "../../protocol/changes.ts";
import type { Down } from "../../protocol/down.ts";
import type { ClientEvent } from "./client-event.ts";

type Heard = ClientEvent & { readonly kind: "message" };

/** The same events in their order; changes that follow one another, and nothing between them, are one event as far as the limit goes. */
export function inRuns(events: readonly ClientEvent[]): readonly ClientEvent[] {
  if (events.length === 1) return events;
  const runs: ClientEvent[] = [];
  for (const event of events) {
    const before = runs.at(-1);
    const joined = before?.kind === "message" && event.kind === "message" ? together(before, event) : undefined;
    if (joined === undefined) runs.push(event);
    else runs[runs.length - 1] = joined;
  }
  return runs;
}

/** undefined: the second is no continuation of the first. */
function together(before: Heard, { message }: Heard): Heard | undefined {
  const [first, next] = [wholeBlock(before.message), wholeBlock(message)];
  if (first === undefined || next === undefined || !isOfOne(before.message, message)) return undefined;
  const also = [...before.also, next];
  const bytes = also.reduce((sum, block) => sum + block.bytes.length, first.bytes.length);
  const follows = (before.also.at(-1) ?? first).last + 1 === next.first;
  return follows && bytes <= LIMITS.takenTogetherBytesMax ? { ...before, also } : undefined;
}

/** Changes to all machines that came in one piece. */
const wholeBlock = ({ envelope, body }: Down): Changes | undefined =>
  body.kind === "changes" && body.of === 1 && envelope.session === undefined ? body : undefined;

/** Whether both were said by one server in one way: what holds of the first then holds of the second. */
const isOfOne = ({ envelope: a }: Down, { envelope: b }: Down): boolean =>
  a.version === b.version && a.fleet === b.fleet && a.epoch !== undefined && b.epoch !== undefined && sameEpoch(a.epoch, b.epoch);
