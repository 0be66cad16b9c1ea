/** Answers a client that asks for the changes after its copy, or has said with its hello that they may follow. */
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import type { Journal } from "../../store/journal.ts";
import { sendBlock } from "./block-sender.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
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

interface Parts {
  readonly journal: Journal;
  readonly sessions: Pick<Sessions, "close">;
  readonly voice: ServerVoice;
}

/** The same; where it cannot be, the session ends, and the machine hears that it has to say hello. */
export async function sendChangesOrEnd(after: Revision, session: Session, { journal, sessions, voice }: Parts): Promise<void> {
  if ((await sendChangesAfter(after, session, journal, voice)) === "sent") return;
  sessions.close(session.device);
  voice.send(session.device, undefined, { kind: "server-end", reason: "unknown-session" });
}

/** After a welcome that says that the changes after the machine's copy follow. */
export async function sendWhatFollows({ follows }: Welcome, session: Session, parts: Parts): Promise<void> {
  const { position } = session.hello;
  if (follows === true && position !== undefined) await sendChangesOrEnd(position.revision, session, parts);
}
