/** Sends a machine the parts of a snapshot that it asks for, and those after them that it has room for. */
import { LIMITS } from "../../model/limits.ts";
import type { PullPart } from "../../protocol/hello.ts";
import type { Session } from "./session.ts";
import type { SnapshotParts } from "./snapshot-parts.ts";
import type { ServerVoice } from "./voice.ts";

export async function sendParts({ after, ahead }: PullPart, session: Session, parts: SnapshotParts, voice: ServerVoice): Promise<void> {
  const { device, id, partsAhead } = session;
  const start = session.transfers();
  // From before there was "ahead": one part for each question, as any machine reads it.
  if (ahead === undefined) return voice.send(device, id, await parts.part(after, start, "rows"));
  const room = Math.min(ahead, LIMITS.partsAheadMax);
  partsAhead.arrived(after);
  for (let next = partsAhead.due(room); next !== undefined; next = partsAhead.due(room)) {
    const part = await parts.part(next, start, "columns");
    partsAhead.sent(part);
    voice.send(device, id, part);
  }
}
