/** Plain CBOR, both ways: written and read by our own code, nothing else than plain data in either. */
import { SyncError } from "../model/errors.ts";
import { guardCbor, refuseLarger } from "./guard.ts";
import { PlainReader } from "./plain-reader.ts";
import { PlainWriter } from "./plain-writer.ts";

// It keeps nothing from one message to the next but the room that it writes into (test/wire/cbor.test.ts shows it).
const WRITER = new PlainWriter();

/** The bytes of plain data. Throws "message-malformed" for what is none (functions, cycles). The bytes are the caller's own. */
export function encodeCbor(value: unknown): Uint8Array {
  try {
    return WRITER.encode(value);
  } catch (cause) {
    throw new SyncError("message-malformed", "message not encoded: it holds something that is not plain data", { cause });
  }
}

/**
 * The plain data in `bytes`: numbers, text, booleans, null, undefined, byte strings (copies), arrays, and objects.
 * Throws "message-too-large" beyond `bytesMax`, "message-malformed" for anything else that the guard refuses.
 */
export function decodeCbor(bytes: Uint8Array, bytesMax: number): unknown {
  refuseLarger(bytes, bytesMax);
  const reader = new PlainReader(bytes);
  const value = reader.item();
  if (!reader.isLost && reader.isAtEnd) return value;
  // It says what is wrong, and where.
  guardCbor(bytes, bytesMax);
  throw new SyncError("message-malformed", "message refused: the reader cannot read what the guard lets through");
}
