/**
 * Messages as bytes: an envelope, the kind, and the body, each an array with fixed positions. Readers leave elements
 * beyond those they know alone, so a later version may add to the end.
 */
import { assert, unreachable } from "../model/assert.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeAnswers, encodeAnswers } from "./answers.ts";
import { decodeClientBeat, decodeServerBeat, encodeClientBeat, encodeServerBeat } from "./beat.ts";
import { decodeBring, decodeBrought, encodeBring, encodeBrought } from "./bring.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { decodeChanges, encodeChanges } from "./changes.ts";
import type { Down, DownBody } from "./down.ts";
import { decodeClientEnd, decodeServerEnd, encodeClientEnd, encodeServerEnd } from "./end.ts";
import { decodeEnvelope, encodeEnvelope, type Envelope } from "./envelope.ts";
import { decodeHello, decodePullChanges, decodePullPart, encodeHello, encodePullChanges, encodePullPart } from "./hello.ts";
import type { Message, MessageReader } from "./message-reader.ts";
import { decodeOffer, decodeOfferAnswer, encodeOffer, encodeOfferAnswer } from "./offer.ts";
import { decodePush, encodePush } from "./push.ts";
import { refuse, tuple } from "./reader.ts";
import { decodeRefuse, encodeRefuse } from "./refuse.ts";
import type { Up, UpBody } from "./up.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "./version.ts";
import { decodePart, decodeWelcome, encodePart, encodeWelcome } from "./welcome.ts";

export const encodeUp = ({ envelope, body }: Up): Uint8Array => encode(envelope, body.kind, encodeUpBody(body));

/**
 * Throws "message-malformed" with the path of the field, or "message-too-large". `reader`: makes it quicker for whoever hears many
 * messages of one machine.
 */
export function decodeUp(bytes: Uint8Array, reader?: MessageReader): Up {
  const { envelope, kind, raw } = decode(bytes, reader);
  return { envelope, body: decodeUpBody(kind, raw) };
}

export const encodeDown = ({ envelope, body }: Down): Uint8Array => encode(envelope, body.kind, encodeDownBody(body));

/** As `decodeUp`. */
export function decodeDown(bytes: Uint8Array, reader?: MessageReader): Down {
  const { envelope, kind, raw } = decode(bytes, reader);
  return { envelope, body: decodeDownBody(kind, raw) };
}

function encode(envelope: Envelope, kind: string, body: unknown[]): Uint8Array {
  const bytes = encodeCbor([encodeEnvelope(envelope), kind, body]);
  assert(bytes.length <= LIMITS.messageBytesMax, `${kind} of ${bytes.length} bytes`);
  return bytes;
}

function decode(bytes: Uint8Array, reader: MessageReader | undefined): Message {
  const read = bytes.length <= LIMITS.messageBytesMax ? reader?.read(bytes) : undefined;
  const message = read ?? elementByElement(bytes);
  const { envelope, kind } = message;
  if (!isSpoken(envelope.version) && !isForEveryVersion(kind)) {
    refuse("envelope.version", `must be ${PROTOCOL_VERSION_MIN}-${PROTOCOL_VERSION}, is ${envelope.version}`);
  }
  return message;
}

function elementByElement(bytes: Uint8Array): Message {
  const [envelope, kind, raw] = tuple(decodeCbor(bytes, LIMITS.messageBytesMax), "message", 3);
  return { envelope: decodeEnvelope(envelope), kind, raw };
}

const isSpoken = (version: number): boolean => version >= PROTOCOL_VERSION_MIN && version <= PROTOCOL_VERSION;

/** A hello is read whatever version it is in, and so is its refusal: that is how machines find that they have none in common. */
const isForEveryVersion = (kind: unknown): boolean => kind === "hello" || kind === "refuse";

function encodeUpBody(body: UpBody): unknown[] {
  switch (body.kind) {
    case "hello":
      return encodeHello(body);
    case "pull-changes":
      return encodePullChanges(body);
    case "pull-part":
      return encodePullPart(body);
    case "offer":
      return encodeOffer(body);
    case "push":
      return encodePush(body);
    case "bring":
      return encodeBring(body);
    case "client-beat":
      return encodeClientBeat(body);
    case "client-end":
      return encodeClientEnd(body);
    default:
      return unreachable(body);
  }
}

function decodeUpBody(kind: unknown, raw: unknown): UpBody {
  switch (kind) {
    case "hello":
      return decodeHello(raw);
    case "pull-changes":
      return decodePullChanges(raw);
    case "pull-part":
      return decodePullPart(raw);
    case "offer":
      return decodeOffer(raw);
    case "push":
      return decodePush(raw);
    case "bring":
      return decodeBring(raw);
    case "client-beat":
      return decodeClientBeat(raw);
    case "client-end":
      return decodeClientEnd(raw);
    default:
      return refuse("kind", "must be a kind of message that client machines send");
  }
}

function encodeDownBody(body: DownBody): unknown[] {
  switch (body.kind) {
    case "welcome":
      return encodeWelcome(body);
    case "part":
      return encodePart(body);
    case "refuse":
      return encodeRefuse(body);
    case "changes":
      return encodeChanges(body);
    case "answers":
      return encodeAnswers(body);
    case "offer-answer":
      return encodeOfferAnswer(body);
    case "brought":
      return encodeBrought(body);
    case "server-beat":
      return encodeServerBeat(body);
    case "server-end":
      return encodeServerEnd(body);
    default:
      return unreachable(body);
  }
}

function decodeDownBody(kind: unknown, raw: unknown): DownBody {
  switch (kind) {
    case "welcome":
      return decodeWelcome(raw);
    case "part":
      return decodePart(raw);
    case "refuse":
      return decodeRefuse(raw);
    case "changes":
      return decodeChanges(raw);
    case "answers":
      return decodeAnswers(raw);
    case "offer-answer":
      return decodeOfferAnswer(raw);
    case "brought":
      return decodeBrought(raw);
    case "server-beat":
      return decodeServerBeat(raw);
    case "server-end":
      return decodeServerEnd(raw);
    default:
      return refuse("kind", "must be a kind of message that server machines send");
  }
}
