/** An address book in memory, the locks of a machine, and files to put in: what the tests here share. */
import type { ItemStore } from "../../hal/item-store.ts";
import type { Restrictions } from "../../hal/restrictions.ts";
import type { ExportOutcome, ImportOutcome } from "../../hal/services.ts";
import { addressFiles } from "../../src/import-export/address-files.ts";
import { AddressBookExchange } from "../../src/import-export/address-book-exchange.ts";
import { ExchangeTurns } from "../../src/import-export/exchange-turns.ts";
import { COLUMNS } from "../../src/import-export/address-columns.ts";
import { writeCell } from "../../src/import-export/delimited.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { COMMON, type Owner } from "../../src/model/owner.ts";
import type { Random } from "../../src/model/random.ts";
import { isFields } from "../../src/model/value.ts";

/** Random bytes that are the same each time for a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 24;
  };
  return (bytes) => Uint8Array.from({ length: bytes }, next);
}

export class MachineBook {
  readonly entries = new Map<string, Entry>();
  /** The changes of each edit, and who made it. */
  readonly edits: { readonly changes: readonly EntryChange[]; readonly by: string }[] = [];
  readonly runs: boolean[] = [];
  locked = false;
  /** What the store says to the next edit, to see that the run ends all the same. */
  refusal: Error | undefined;
  readonly exchange: AddressBookExchange;

  constructor(seed = 1) {
    this.exchange = new AddressBookExchange({
      addressBook: this.#store(),
      turns: new ExchangeTurns(this.#restrictions()),
      random: seeded(seed),
      loadAddressFiles: async () => addressFiles,
    });
  }

  async imports(file: string | Uint8Array, format: "csv" | "abk" = "csv"): Promise<ImportOutcome> {
    return await this.exchange.importAddressBook(typeof file === "string" ? new TextEncoder().encode(file) : file, format);
  }

  /** An export as text; `exportsBytes` where an ABK file may be in WCP1252. */
  async exports(format: "csv" | "abk" = "csv"): Promise<string> {
    return new TextDecoder().decode(await this.exportsBytes(format));
  }

  async exportsBytes(format: "csv" | "abk"): Promise<Uint8Array> {
    return bytesOf(await this.exchange.exportAddressBook(format));
  }

  /** Fields of the common entries, in the order of their keys. */
  common(): Record<string, unknown>[] {
    return [...this.entries.values()].filter(({ owner }) => owner === COMMON).map(({ value }) => (isFields(value) ? value : {}));
  }

  put(changes: readonly EntryChange[]): void {
    for (const { value, ...name } of changes) {
      const key = JSON.stringify([name.owner, name.item, name.key]);
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, { ...name, value });
    }
  }

  #store(): ItemStore {
    const silent = () => () => undefined;
    return {
      items: new Set(["common-address", "personal-address", "group-address"]),
      owners: async () => [...new Set([...this.entries.values()].map(({ owner }) => owner))].sort(),
      read: async (owner: Owner) => [...this.entries.values()].filter((entry) => entry.owner === owner),
      edit: async (changes, by) => {
        if (this.refusal !== undefined) throw this.refusal;
        this.put(changes);
        this.edits.push({ changes, by });
        return changes.map((_, index) => index + 1);
      },
      mark: () => 0,
      editsSince: async () => [],
      forgetEdits: async () => undefined,
      apply: async () => [],
      appliedPosition: () => undefined,
      onEdit: silent,
      onEvicted: silent,
    };
  }

  #restrictions(): Restrictions {
    return {
      hold: () => ({ release: () => undefined }),
      held: () => this.locked,
      importExportRunning: () => this.runs.at(-1) ?? false,
      onImportExport: () => () => undefined,
      maxUsersPolicy: () => "delete-oldest",
      setMaxUsersPolicy: async () => "chosen",
      onMaxUsersPolicy: () => () => undefined,
      beginImportExport: () => {
        if (this.locked) return "locked";
        this.runs.push(true);
        return { end: () => void this.runs.push(false) };
      },
      allowExport: () => ({ release: () => undefined }),
    };
  }
}

export function bytesOf(outcome: ExportOutcome): Uint8Array {
  if (outcome.kind !== "exported") throw new Error(`not exported: ${outcome.refusal.word}`);
  return outcome.bytes;
}

export type Row = { readonly [column: string]: string };

export const HEADER = "# Canon AddressBook CSV version: 0x0002\n# CharSet: UTF-8\n# SubAddressBookName: \n# DB Version: 0x010a\n";

/** A file of these rows. */
export function csvFile(
  rows: readonly Row[],
  { header = HEADER, columns = COLUMNS }: { header?: string; columns?: readonly string[] } = {},
): string {
  const lines = rows.map((row) => `${columns.map((column) => writeCell(row[column] ?? "", false)).join(",")},`);
  return `${header}\n${columns.join(",")},\n${lines.map((line) => `${line}\n`).join("")}`;
}

const UMLAUTS = ["Müller", "Özdemir", "Åström", "Weiß", "Núñez", "Łukasz", "Brønsted", "Žižek"];

const uuidOf = (number: number): string => `${(0xb14a0000 + number).toString(16)}-e499-11f0-8000-40f8df69c718`;

/** As many destinations of all types in lists 1-10 as asked for, some with access numbers, some groups, and one-touch buttons. */
export function generated({ listed, oneTouch }: { listed: number; oneTouch: number }): Row[] {
  const common = (index: number): Row => {
    const name = `${UMLAUTS[index % UMLAUTS.length]} ${index}`;
    return { cn: name, cnread: name, cnshort: name.slice(0, 13), uuid: uuidOf(index), enablepartial: "off", cnreadlang: "en" };
  };
  const destination = (index: number): Row => {
    if (index % 20 === 19)
      return {
        objectclass: "groupfids",
        member: `${201 + index - 1};${201 + index - 2}`,
        memberobjectuuid: `${uuidOf(index - 1)};${uuidOf(index - 2)}`,
      };
    if (index % 5 === 3)
      return {
        objectclass: "remotefilesystem",
        protocol: "smb",
        url: `\\\\files${index}\\scan`,
        path: "\\in\\tray",
        username: `u${index}`,
      };
    if (index % 5 === 4) return { objectclass: "g3fax", dialdata: `0${index}`, ecm: "on" };
    return { objectclass: "email", mailaddress: `m${index}@example.com`, protocol: "smtp" };
  };
  return [
    ...Array.from({ length: listed }, (_, index) => ({
      ...common(index),
      ...destination(index),
      subdbid: String(1 + (index % 20 === 0 ? 0 : Math.floor(index / 20) % 10)),
      indxid: String(201 + index),
      accesscode: index % 7 === 0 ? String(index % 10_000_000) : "0",
    })),
    ...Array.from({ length: oneTouch }, (_, index) => ({
      ...common(100_000 + index),
      objectclass: "email",
      protocol: "smtp",
      mailaddress: `t${index}@example.com`,
      subdbid: "11",
      indxid: String(index + 1),
      accesscode: "0",
    })),
  ];
}
