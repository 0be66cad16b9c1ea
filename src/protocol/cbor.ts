/** Plain CBOR, both ways: written by a library, with what it can do beyond plain data switched off, and read by our own reader. */
// The build without generated code, and without the native half that a printer would not have: tests run what is shipped.
import { Encoder } from "cbor-x/index-no-eval";
import { SyncError } from "../model/errors.ts";
import { guardCbor, refuseLarger } from "./guard.ts";
import { PlainReader } from "./plain-reader.ts";

const PLAIN = { useRecords: false, tagUint8Array: false, variableMapSize: true } as const;

// It keeps nothing from one message to the next: without records it has no structures to remember (test/wire/cbor.test.ts shows it).
const ENCODER = new Encoder(PLAIN);

/** The bytes of plain data. Throws "message-malformed" for what is none (functions, cycles). The bytes are the caller's own. */
export function encodeCbor(value: unknown): Uint8Array {
  try {
    // The library answers a view of a buffer that it shares between messages.
    return new Uint8Array(ENCODER.encode(value));
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
