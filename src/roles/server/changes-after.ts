/** Answers a client that asks for the changes after its copy. */
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Journal } from "../../store/journal.ts";
import { sendBlock } from "./block-sender.ts";
import type { Session } from "./session.ts";
import type { ServerVoice } from "./voice.ts";

/**
 * Sends one block, the empty one when there is nothing after `after`. "too-old": those changes are not kept any more, or
 * `after` was never reached; the machine has to say hello.
 */
export async function sendChangesAfter(
  after: Revision,
  session: Session,
  journal: Journal,
  voice: ServerVoice,
): Promise<"sent" | "too-old"> {
  const { revision } = journal.position;
  const block = await journal.since(after, LIMITS.changeBytesMax);
  if (block === "too-old" || after > revision) return "too-old";
  // What comes after the block is kept for the next one.
  session.wants(block.last < revision ? block.last : undefined);
  sendBlock(block.changes, after + 1, block.last, (body) => voice.send(session.device, session.id, body));
  return "sent";
}
