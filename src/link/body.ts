/** The body of an HTTP message as text. */
import type { IncomingMessage } from "node:http";
import { SyncError } from "../model/errors.ts";

/** Rejects "message-too-large" over the limit, and "link-lost" when it ends early. */
export async function readBody(message: IncomingMessage, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of message) {
      if (!Buffer.isBuffer(part)) continue;
      size += part.length;
      if (size > bytesMax) throw new SyncError("message-too-large", `a body of more than ${bytesMax} bytes; the request is ended`);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    throw new SyncError("link-lost", "the connection ended within a message", { cause });
  }
  return Buffer.concat(parts).toString("utf8");
}
