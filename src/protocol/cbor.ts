/** Plain CBOR, both ways. What the library can do beyond plain data is switched off here or refused by the guard. */
// The build without generated code, and without the native half that a printer would not have: tests run what is shipped.
import { Decoder, Encoder } from "cbor-x/index-no-eval";
import { SyncError } from "../model/errors.ts";
import { guardCbor } from "./guard.ts";

const PLAIN = {
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: false,
  variableMapSize: true,
  int64AsNumber: true,
  copyBuffers: true,
} as const;

// These keep nothing from one message to the next: without records the encoder has no structures to remember, and
// the decoder learns structures from tags only, which the guard refuses (test/wire/cbor.test.ts shows it).
const ENCODER = new Encoder(PLAIN);
const DECODER = new Decoder(PLAIN);

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
  guardCbor(bytes, bytesMax);
  try {
    // A view of our own: the library leaves a note on the object it reads, and slices what it is given.
    return DECODER.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new SyncError("message-malformed", "message refused: the CBOR library cannot read it", { cause });
  }
}
