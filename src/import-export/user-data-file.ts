/**
 * What stands in a file of users' data (M34), inside of its seal: first a header, then entries in chunks.
 *
 *     header   [format, device name, date, network places, [departments on, [id ...]], [[group id, name] ...]]
 *     chunk    records (block.ts), each an entry: [owner, item, key, value]
 *
 * Elements beyond those are a later version's and left alone; a format that reads otherwise has another number.
 */
import type { GroupManagement } from "../../hal/users.ts";
import type { Entry } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { packRecords, unpackRecords } from "../protocol/block.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { flag, list, owner, refuse, text, tuple, whole } from "../protocol/reader.ts";
import { faultOfValue, isValue } from "../model/value-fault.ts";

const FORMAT = 1;
/** Entries go into chunks of about this size. */
const CHUNK_BYTES = 256 * 1024;

export interface UserDataHeader {
  readonly deviceName: string;
  /** ISO 8601; a label for people. */
  readonly madeAt: string;
  /** The order of the network places that keychain entries of the file point at (M25). */
  readonly networkPlaces: string;
  readonly groupManagement: GroupManagement;
}

/** The chunks of a file, one after the other, as `entries` come. */
export async function* writeUserData(header: UserDataHeader, entries: AsyncIterable<Entry>): AsyncIterable<Uint8Array> {
  const { deviceName, madeAt, networkPlaces, groupManagement } = header;
  const { departments, groups } = groupManagement;
  const rows = groups.map(({ id, name }) => [id, name]);
  yield encodeCbor([FORMAT, deviceName, madeAt, networkPlaces, [departments.on, departments.ids], rows]);
  let records: Uint8Array[] = [];
  let bytes = 0;
  for await (const { owner: of, item, key, value } of entries) {
    const record = encodeCbor([of, item, key, value]);
    if (bytes + record.length > CHUNK_BYTES && records.length > 0) {
      yield packRecords(records);
      records = [];
      bytes = 0;
    }
    records.push(record);
    bytes += record.length;
  }
  if (records.length > 0) yield packRecords(records);
}

export interface UserData {
  readonly header: UserDataHeader;
  /** Read anew whenever they are gone through: all of them at once are more than a machine has memory for. */
  readonly entries: Iterable<Entry>;
}

/**
 * The header, and the entries one by one; "newer" for a format of a later version. `chunks`: the same each time. It, and going through
 * the entries, throws "import-malformed" with the place of what is wrong, and for more than LIMITS.userDataEntriesMax entries: whoever
 * acts on some goes through all of them first. Values are plain data; whether this machine takes them is not looked at.
 */
export function readUserData(chunks: () => Iterable<Uint8Array>): UserData | "newer" {
  try {
    const header = headerIn(chunks());
    return header === "newer" ? header : { header, entries: { [Symbol.iterator]: () => entriesIn(chunks()) } };
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): unknown {
  if (!(cause instanceof SyncError)) return cause;
  return new SyncError("import-malformed", `the file of users' data cannot be read (${cause.message}); nothing was imported`, { cause });
}

function headerIn(chunks: Iterable<Uint8Array>): UserDataHeader | "newer" {
  for (const chunk of chunks) {
    const raw = tuple(decodeCbor(chunk, LIMITS.sealedChunkBytesMax), "header", 1);
    return whole(raw[0], "header.format") > FORMAT ? "newer" : readHeader(raw);
  }
  return refuse("header", "is missing");
}

function* entriesIn(chunks: Iterable<Uint8Array>): Iterator<Entry> {
  let isHeader = true;
  let count = 0;
  try {
    for (const chunk of chunks) {
      for (const record of isHeader ? [] : unpackRecords(chunk)) {
        const entry = readEntry(record, `entries[${count}]`);
        count += 1;
        if (count > LIMITS.userDataEntriesMax) refuse("entries", `must be at most ${LIMITS.userDataEntriesMax}`);
        yield entry;
      }
      isHeader = false;
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

function readHeader(raw: readonly unknown[]): UserDataHeader {
  const [, deviceName, madeAt, networkPlaces, departments, groups] = tuple(raw, "header", 6);
  const max = LIMITS.deviceTextCharactersMax;
  const label = (given: unknown, path: string) => text(given, path, { max });
  const [on, ids] = tuple(departments, "header.departments", 2);
  return {
    deviceName: label(deviceName, "header.deviceName"),
    madeAt: label(madeAt, "header.madeAt"),
    networkPlaces: text(networkPlaces, "header.networkPlaces", { max: LIMITS.entryBytesMax }),
    groupManagement: {
      departments: {
        on: flag(on, "header.departments.on"),
        ids: list(ids, "header.departments.ids", { max: LIMITS.groupsMax }, label),
      },
      groups: list(groups, "header.groups", { max: LIMITS.groupsMax }, (group, path) => {
        const [id, name] = tuple(group, path, 2);
        return { id: label(id, `${path}.id`), name: label(name, `${path}.name`) };
      }),
    },
  };
}

function readEntry(record: Uint8Array, path: string): Entry {
  const [of, item, key, value] = tuple(decodeCbor(record, LIMITS.editBytesMax), path, 4);
  return {
    owner: owner(of, `${path}.owner`),
    item: text(item, `${path}.item`, { min: 1, max: LIMITS.itemCharactersMax }),
    key: text(key, `${path}.key`, { max: LIMITS.keyCharactersMax }),
    value: isValue(value) ? value : refuse(`${path}.value`, faultOfValue(value) ?? "must be plain data"),
  };
}
