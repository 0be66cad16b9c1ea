/**
 * Reads edits in one pass (guarded, checked and taken apart at once), where they are written as this product writes them. An edit that is
 * written otherwise it leaves to edit.ts, which reads it element by element and says what is wrong. Of many edits of one author
 * in a row, the author's names are made once.
 */
import { hasControlCharacters } from "../model/characters.ts";
import type { Accepted, Edit, Why } from "../model/entry.ts";
import { type DeviceId, deviceId, type EditId, type RunId, runId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type Owner, parseOwner } from "../model/owner.ts";
import { PlainReader } from "./plain-reader.ts";

export const WHYS = ["first", "seen", "later", "own", "adopted", "brought", "server"] as const satisfies readonly Why[];

/** An array of twelve, then the 16 bytes of a machine and the 8 of a run. */
const ARRAY_OF_12 = 0x8c;
const BYTES_16 = 0x50;
const BYTES_8 = 0x48;
const DEVICE_AT = 2;
const RUN_AT = DEVICE_AT + 17;
const AUTHOR_END = RUN_AT + 8;
/** A larger edit is left to edit.ts: its value may be over the limit. */
const BYTES_MAX = LIMITS.entryBytesMax;

/** An edit, and why it stands; without a reason it is on its way. */
export type ReadEdit = Edit & { readonly why: Why | undefined };

export class EditReader {
  readonly #bytes: Buffer;
  readonly #reader: PlainReader;
  /** Where the author stands whose names are here. */
  #authorAt = -1;
  #device: DeviceId = NOBODY.device;
  #run: RunId = NOBODY.run;

  /** Reads edits that stand in these bytes; with a reader of them, where there is one. */
  constructor(bytes: Uint8Array, reader = new PlainReader(bytes)) {
    this.#bytes = reader.bytes;
    this.#reader = reader;
  }

  /** The edit between these places; undefined: it is none, or is written otherwise. */
  read(from = 0, to = this.#bytes.length): ReadEdit | undefined {
    if (to - from > BYTES_MAX || !this.#isAuthorAt(from, to)) return undefined;
    const reader = this.#reader;
    // Three items have been read here: the array, the machine and the run.
    reader.begin(from + AUTHOR_END, to, 3);
    const id: EditId = { device: this.#device, run: this.#run, sequence: whole(reader, Number.MAX_SAFE_INTEGER) };
    const owner = ownerIn(reader);
    const item = nameIn(reader, 1, LIMITS.itemCharactersMax);
    const key = nameIn(reader, 0, LIMITS.keyCharactersMax);
    const seen = whole(reader, Number.MAX_SAFE_INTEGER);
    const stamp = whole(reader, LIMITS.journalTimeMax);
    const certain = reader.item();
    const by = nameIn(reader, 0, LIMITS.byCharactersMax);
    const value = reader.value(AROUND_VALUE);
    const why = reader.item();
    if (reader.isLost || !reader.isAtEnd || owner === undefined || typeof certain !== "boolean") return undefined;
    if (why !== undefined && !isWhy(why)) return undefined;
    return { id, owner, item, key, by, seen, stamp, certain, value, why };
  }

  /** As `read`, for an edit that stands: undefined without a reason. */
  accepted(from?: number, to?: number): Accepted | undefined {
    const read = this.read(from, to);
    return read === undefined || !isAccepted(read) ? undefined : read;
  }

  /** Whether it begins as edits do; then its author is known. */
  #isAuthorAt(at: number, to: number): boolean {
    const bytes = this.#bytes;
    if (to - at < AUTHOR_END || bytes[at] !== ARRAY_OF_12 || bytes[at + 1] !== BYTES_16 || bytes[at + RUN_AT - 1] !== BYTES_8) return false;
    if (this.#authorAt >= 0 && bytes.compare(bytes, this.#authorAt, this.#authorAt + AUTHOR_END, at, at + AUTHOR_END) === 0) return true;
    this.#authorAt = at;
    this.#device = deviceId(bytes.toString("hex", at + DEVICE_AT, at + RUN_AT - 1));
    this.#run = runId(bytes.toString("hex", at + RUN_AT, at + AUTHOR_END));
    return true;
  }
}

const NOBODY = { device: deviceId("0".repeat(32)), run: runId("0".repeat(16)) } as const;

/** The edit around a value is one level of what may be nested, and whoever stores it may need another (src/model/value-fault.ts). */
const AROUND_VALUE = 2;

function whole(reader: PlainReader, max: number): number {
  const number = reader.item();
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0 && number <= max) return number;
  return reader.lose();
}

function ownerIn(reader: PlainReader): Owner | undefined {
  const text = reader.item();
  const owner = typeof text === "string" ? parseOwner(text) : undefined;
  return owner === text ? owner : undefined;
}

function nameIn(reader: PlainReader, charactersMin: number, charactersMax: number): string {
  const text = reader.item();
  if (typeof text === "string" && text.length >= charactersMin && text.length <= charactersMax && !hasControlCharacters(text)) return text;
  reader.lose();
  return "";
}

const isAccepted = (read: ReadEdit): read is ReadEdit & Accepted => read.why !== undefined;

const isWhy = (raw: unknown): raw is Why => typeof raw === "string" && WHYS.some((why) => why === raw);
