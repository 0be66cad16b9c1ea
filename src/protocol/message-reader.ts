/**
 * Reads messages in one pass, where they are written as this product writes them. All messages of one machine in one session begin
 * with the same bytes, up to their counter: these are read and checked once. A message that is written otherwise it leaves to
 * codec.ts, which reads it element by element and says what is wrong.
 */
import { decodeEnvelope, type Envelope } from "./envelope.ts";
import { PlainReader } from "./plain-reader.ts";
import { whole } from "./reader.ts";
import { isAlike } from "./words.ts";

/** A message is an array of three, its envelope one of seven; longer ones are of a later version. */
const ARRAY_OF_3 = 0x83;
const ARRAY_OF_7 = 0x87;

/** A message taken apart; its body is to be decoded by its kind. */
export interface Message {
  readonly envelope: Envelope;
  readonly kind: unknown;
  readonly raw: unknown;
}

/** What the messages of a session have in common. */
interface Beginning {
  readonly bytes: Uint8Array;
  /** How many CBOR items these bytes hold. */
  readonly items: number;
  readonly envelope: Omit<Envelope, "counter">;
}

/** How deep in a message the fields of its envelope stand, and its kind and body. */
const IN_ENVELOPE = 2;
const IN_MESSAGE = 1;

/** For the messages of one other machine, one after the other. */
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
