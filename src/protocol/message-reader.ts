/**
 * Messages as they are always written, read in one pass. What one machine says in a session, or to all, begins alike up to the number
 * that rises: it is read and checked once. Of what is written otherwise nothing is given: codec.ts reads it element by element,
 * and says what is wrong.
 */
import { decodeEnvelope, type Envelope } from "./envelope.ts";
import { PlainReader } from "./plain-reader.ts";
import { whole } from "./reader.ts";
import { isAlike } from "./words.ts";

/** An array of three, and in it first one of seven: what is longer is of a later version. */
const ARRAY_OF_3 = 0x83;
const ARRAY_OF_7 = 0x87;

/** A message taken apart; its body is to be decoded by its kind. */
export interface Message {
  readonly envelope: Envelope;
  readonly kind: unknown;
  readonly raw: unknown;
}

/** What messages have in common. */
interface Beginning {
  readonly bytes: Uint8Array;
  /** Of plain data, in these bytes. */
  readonly items: number;
  readonly envelope: Omit<Envelope, "counter">;
}

/** How deep in a message the fields of its envelope stand, and its kind and body. */
const IN_ENVELOPE = 2;
const IN_MESSAGE = 1;

/** Of what one other machine says, one message after the other. */
export class MessageReader {
  #beginning: Beginning | undefined;

  /** undefined: it is none, or is written otherwise. Throws "message-malformed" for an envelope that is wrong. */
  read(bytes: Uint8Array): Message | undefined {
    const known = this.#beginning;
    if (known !== undefined && known.bytes.length < bytes.length && isAlike(known.bytes, 0, bytes, 0, known.bytes.length))
      return readOn(bytes, known);
    return this.#learn(bytes);
  }

  #learn(bytes: Uint8Array): Message | undefined {
    if (bytes[0] !== ARRAY_OF_3 || bytes[1] !== ARRAY_OF_7) return undefined;
    const reader = new PlainReader(bytes);
    reader.begin(2, bytes.length, 2);
    const common: unknown[] = [];
    while (common.length < 5) common.push(reader.item(IN_ENVELOPE));
    const { at, items } = reader;
    const rest = restOf(reader);
    if (rest === undefined) return undefined;
    const envelope = decodeEnvelope([...common, rest.counter, undefined]);
    const { version, fleet, epoch, from, session } = envelope;
    this.#beginning = { bytes: bytes.slice(0, at), items, envelope: { version, fleet, epoch, from, session } };
    return { envelope, kind: rest.kind, raw: rest.raw };
  }
}

function readOn(bytes: Uint8Array, { bytes: { length }, items, envelope }: Beginning): Message | undefined {
  const reader = new PlainReader(bytes);
  reader.begin(length, bytes.length, items);
  const rest = restOf(reader);
  if (rest === undefined) return undefined;
  return { envelope: { ...envelope, counter: whole(rest.counter, "envelope.counter") }, kind: rest.kind, raw: rest.raw };
}

/** What comes after the beginning; a message that is sealed is left to others. */
function restOf(reader: PlainReader): { readonly counter: unknown; readonly kind: unknown; readonly raw: unknown } | undefined {
  const counter = reader.item(IN_ENVELOPE);
  const seal = reader.item(IN_ENVELOPE);
  const kind = reader.item(IN_MESSAGE);
  const raw = reader.item(IN_MESSAGE);
  return reader.isLost || !reader.isAtEnd || seal !== undefined ? undefined : { counter, kind, raw };
}
