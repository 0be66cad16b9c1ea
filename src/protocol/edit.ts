/**
 * Edits as bytes. An edit on its way and one that stands have one layout, so that the server can always write down
 * what it has read: the last element is why it stands, undefined while it is on its way. A deletion is the value
 * undefined; null is a value like any other.
 */
import { hasControlCharacters } from "../model/characters.ts";
import type { Accepted, Edit, Why } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import { deviceId, type EditId, runId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Value } from "../model/value.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { EditReader, WHYS } from "./edit-reader.ts";
import { guardCbor } from "./guard.ts";
import { flag, hex, optional, owner, refuse, text, time, tuple, whole, word } from "./reader.ts";
import type { PlainReader } from "./plain-reader.ts";
import { faultOfValue, isValue } from "../model/value-fault.ts";
import { count, unhex } from "./writer.ts";

/**
 * Names and value come from the machine's own store, so what does not fit throws a SyncError ("message-too-large",
 * "message-malformed") that says which entry it is: it stays on the machine. Everything decodeEdit gives can be encoded.
 */
export const encodeEdit = (edit: Edit): Uint8Array => encode(edit, undefined);

export const encodeAccepted = (accepted: Accepted): Uint8Array => encode(accepted, accepted.why);

function encode(edit: Edit, why: Why | undefined): Uint8Array {
  const { id, value } = edit;
  const { owner: of, item, key, by } = readNames(edit, "edit");
  const where = () => `edit of ${of} ${item} ${JSON.stringify(key)}`;
  const bytes = encodeCbor([
    unhex(id.device),
    unhex(id.run),
    count(id.sequence),
    of,
    item,
    key,
    count(edit.seen),
    count(edit.stamp),
    edit.certain,
    by,
    readValue(value, where),
    why,
    // Only the server asks for it, when it decides; of an edit that stands it is not kept.
    ...(edit.fresh === true && why === undefined ? [true] : []),
  ]);
  checkSize(value, bytes.length, where);
  // What the quick reader reads is well-formed; for anything else the guard throws, and says what is wrong.
  if (new EditReader(bytes).read() === undefined) guardCbor(bytes, LIMITS.editBytesMax);
  return bytes;
}

/** Throws "message-malformed" or "message-too-large"; `path` names the edit in the sentence. */
export const decodeEdit = (bytes: Uint8Array, path = "edit"): Edit => (readAsWritten(bytes) ?? decode(bytes, path)).edit;

/** An edit as it arrived. */
export interface Came {
  readonly edit: Edit;
  /**
   * Its bytes without the last element, in whose place goes the reason why it stands; undefined: a reason is there already, or more
   * elements come after it.
   */
  readonly stem: Uint8Array | undefined;
}

/** As `decodeEdit`. What is given goes on referring to the bytes. */
export function decodeCame(bytes: Uint8Array): Came {
  const { edit, why, isLast } = readAsWritten(bytes) ?? decode(bytes, "edit");
  // The guard lets undefined pass in one form only, of one byte.
  return { edit, stem: why === undefined && isLast ? bytes.subarray(0, -1) : undefined };
}

function readAsWritten(bytes: Uint8Array): Decoded | undefined {
  const read = new EditReader(bytes).read();
  if (read === undefined) return undefined;
  const { why, ...edit } = read;
  return { edit, why, isLast: true };
}

/** As `encodeAccepted`: in the bytes that the edit came in, where accepting it changed nothing. */
export function encodeAcceptedAsCame(accepted: Accepted, { edit, stem }: Came): Uint8Array {
  if (stem === undefined || !isUnchanged(accepted, edit)) return encodeAccepted(accepted);
  const why = encodeCbor(accepted.why);
  if (stem.length + why.length > LIMITS.editBytesMax) return encodeAccepted(accepted);
  const bytes = new Uint8Array(stem.length + why.length);
  bytes.set(stem);
  bytes.set(why, stem.length);
  return bytes;
}

const isUnchanged = (accepted: Accepted, edit: Edit): boolean =>
  accepted.value === edit.value && accepted.id === edit.id && FIXED.every((name) => accepted[name] === edit[name]);
const FIXED = ["owner", "item", "key", "seen", "stamp", "certain", "by"] as const;

/** Whose edit it is and which, where at least that much can be read: an edit of a newer version has to be answered, too. */
export function readEditId(bytes: Uint8Array): EditId | undefined {
  try {
    return readId(tuple(decodeCbor(bytes, LIMITS.editBytesMax), "edit", 3), "edit");
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return undefined;
  }
}

export const decodeAccepted = (bytes: Uint8Array, path = "accepted"): Accepted =>
  new EditReader(bytes).accepted() ?? decodeStanding(bytes, path);

/**
 * Edits that stand in one run of bytes after the record of something else, by the places where records begin and end
 * (block.ts); `plain` reads them.
 */
export function decodeAllAccepted(
  bytes: Uint8Array,
  bounds: readonly number[],
  path: string,
  plain: PlainReader,
): { readonly edit: Accepted; readonly bytes: Uint8Array }[] {
  const reader = new EditReader(bytes, plain);
  const edits: { readonly edit: Accepted; readonly bytes: Uint8Array }[] = [];
  for (let at = 2; at < bounds.length; at += 2) {
    const from = bounds[at];
    const to = bounds[at + 1];
    const own = bytes.subarray(from, to);
    edits.push({ edit: reader.accepted(from, to) ?? decodeStanding(own, `${path}[${at / 2 - 1}]`), bytes: own });
  }
  return edits;
}

function decodeStanding(bytes: Uint8Array, path: string): Accepted {
  const { edit, why } = decode(bytes, path);
  return { ...edit, why: word(why, `${path}.why`, WHYS) };
}

/** The value alone of what `decodeAccepted` reads, guarded and checked as there: for those who know whose it is. */
export function decodeAcceptedValue(bytes: Uint8Array): Value | undefined {
  const { [VALUE_AT]: raw } = tuple(decodeCbor(bytes, LIMITS.editBytesMax), "accepted", 12);
  const value = readValue(raw, () => "an accepted edit");
  checkSize(value, bytes.length, () => "an accepted edit");
  return value;
}

/** A value that was told outside of its accepted edit (column-part.ts), guarded and checked as in it. */
export function decodeValue(bytes: Uint8Array): Value | undefined {
  const value = readValue(decodeCbor(bytes, LIMITS.editBytesMax), () => "an accepted edit");
  checkSize(value, bytes.length, () => "an accepted edit");
  return value;
}

/** The value's place among an edit's elements. */
const VALUE_AT = 10;

interface Decoded {
  readonly edit: Edit;
  readonly why: unknown;
  readonly isLast: boolean;
}

/** Element by element: what is wrong is said, and what came later is passed over. */
function decode(bytes: Uint8Array, path: string): Decoded {
  const elements = tuple(decodeCbor(bytes, LIMITS.editBytesMax), path, 12);
  const [, , , of, item, key, seen, stamp, certain, by, raw, why, fresh] = elements;
  const names = readNames({ owner: of, item, key, by }, path);
  const where = () => `${path} of ${names.owner} ${names.item} ${JSON.stringify(names.key)}`;
  const value = readValue(raw, where);
  checkSize(value, bytes.length, where);
  const id = readId(elements, path);
  const made = { seen: whole(seen, `${path}.seen`), stamp: time(stamp, `${path}.stamp`), certain: flag(certain, `${path}.certain`) };
  const isFresh = optional(fresh, `${path}.fresh`, flag) === true;
  return { edit: { id, ...names, ...made, value, ...(isFresh ? { fresh: true } : {}) }, why, isLast: elements.length === 12 };
}

const readId = ([device, run, sequence]: readonly unknown[], path: string): EditId => ({
  device: deviceId(hex(device, `${path}.device`, 16)),
  run: runId(hex(run, `${path}.run`, 8)),
  sequence: whole(sequence, `${path}.sequence`),
});

type Names = Pick<Edit, "owner" | "item" | "key" | "by">;

/** Names become parts of storage keys: they are text in one line, without half characters. */
function readNames(raw: { readonly [name in keyof Names]: unknown }, path: string): Names {
  const names = {
    owner: owner(raw.owner, `${path}.owner`),
    item: text(raw.item, `${path}.item`, { min: 1, max: LIMITS.itemCharactersMax }),
    key: text(raw.key, `${path}.key`, { max: LIMITS.keyCharactersMax }),
    by: text(raw.by, `${path}.by`, { max: LIMITS.byCharactersMax }),
  };
  for (const name of ["item", "key", "by"] as const) {
    if (!names[name].isWellFormed() || hasControlCharacters(names[name]))
      refuse(`${path}.${name}`, "must be text without control characters");
  }
  return names;
}

function readValue(raw: unknown, where: () => string): Value | undefined {
  if (raw === undefined || isValue(raw)) return raw;
  return refuse(`value of ${where()}`, faultOfValue(raw) ?? "must be plain data");
}

/** The value has a limit of its own, whatever its names take. It cannot be larger than all of the edit, nor than it came. */
function checkSize(value: Value | undefined, editBytes: number, where: () => string): void {
  if (editBytes <= LIMITS.entryBytesMax) return;
  const size = encodeCbor(value).length;
  if (size <= LIMITS.entryBytesMax) return;
  throw new SyncError(
    "message-too-large",
    `message refused: the value of ${where()} has ${size} bytes, at most ${LIMITS.entryBytesMax} are taken`,
  );
}
