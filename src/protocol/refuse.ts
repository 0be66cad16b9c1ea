/** Server to client: a hello is refused. The link stays; the client asks again later. */
import { unreachable } from "../model/assert.ts";
import { LIMITS } from "../model/limits.ts";
import type { BackupFault, PolicyPart, Refusal, RefusalWord } from "../model/refusal.ts";
import { list, text, tuple, whole, word } from "./reader.ts";
import { count } from "./writer.ts";

export interface Refuse {
  readonly kind: "refuse";
  readonly number: number;
  readonly refusal: Refusal;
}

export const encodeRefuse = ({ number, refusal }: Refuse): unknown[] => [count(number), encodeRefusal(refusal)];

export function decodeRefuse(raw: unknown): Refuse {
  const [number, refusal] = tuple(raw, "refuse", 2);
  return { kind: "refuse", number: whole(number, "refuse.number"), refusal: decodeRefusal(refusal, "refuse.refusal") };
}

const PARTS = ["login-service", "domains", "departments", "groups"] as const satisfies readonly PolicyPart[];

const BACKUP_FAULTS = ["passphrase", "damaged", "newer"] as const satisfies readonly BackupFault[];

const machineNames = (raw: unknown, path: string): readonly string[] =>
  list(raw, path, { max: LIMITS.machinesMax }, (name, place) => text(name, place, { max: LIMITS.deviceTextCharactersMax }));

/** How the data after each word are read. */
const READ: { readonly [W in RefusalWord]: (data: readonly unknown[], path: string) => Extract<Refusal, { readonly word: W }> } = {
  "too-many-machines": ([machinesMax], path) => ({ word: "too-many-machines", machinesMax: whole(machinesMax, `${path}.machinesMax`) }),
  "own-client-first": () => ({ word: "own-client-first" }),
  "settings-differ": ([parts], path) => ({
    word: "settings-differ",
    parts: list(parts, `${path}.parts`, { max: PARTS.length }, (part, place) => word(part, place, PARTS)),
  }),
  "not-a-server-model": () => ({ word: "not-a-server-model" }),
  "clock-not-right": ([sntp], path) => ({ word: "clock-not-right", sntp: word(sntp, `${path}.sntp`, ["off", "silent"]) }),
  "put-out": () => ({ word: "put-out" }),
  "not-paired": () => ({ word: "not-paired" }),
  "account-refused": () => ({ word: "account-refused" }),
  "another-server": () => ({ word: "another-server" }),
  "protocol-version": ([min, max], path) => ({
    word: "protocol-version",
    served: [whole(min, `${path}.served[0]`), whole(max, `${path}.served[1]`)],
  }),
  "too-many-users": ([usersMax], path) => ({ word: "too-many-users", usersMax: whole(usersMax, `${path}.usersMax`) }),
  "too-many-entries": ([entriesMax], path) => ({ word: "too-many-entries", entriesMax: whole(entriesMax, `${path}.entriesMax`) }),
  "too-many-lists": ([listsMax], path) => ({ word: "too-many-lists", listsMax: whole(listsMax, `${path}.listsMax`) }),
  "owner-removed": () => ({ word: "owner-removed" }),
  "owner-evicted": () => ({ word: "owner-evicted" }),
  "owner-held": () => ({ word: "owner-held" }),
  "edit-unreadable": () => ({ word: "edit-unreadable" }),
  "owner-unknown": () => ({ word: "owner-unknown" }),
  "destination-malformed": ([given], path) => ({
    word: "destination-malformed",
    text: text(given, `${path}.text`, { max: LIMITS.deviceTextCharactersMax }),
  }),
  "locked-while-synchronising": () => ({ word: "locked-while-synchronising" }),
  "server-not-running": () => ({ word: "server-not-running" }),
  "client-not-running": () => ({ word: "client-not-running" }),
  "machine-unknown": () => ({ word: "machine-unknown" }),
  "machines-operating": ([machines], path) => ({
    word: "machines-operating",
    machines: machineNames(machines, `${path}.machines`),
  }),
  "scope-fixed": ([item], path) => ({ word: "scope-fixed", item: text(item, `${path}.item`, { max: LIMITS.itemCharactersMax }) }),
  "device-specific": () => ({ word: "device-specific" }),
  "common-kept": () => ({ word: "common-kept" }),
  "no-own-client": () => ({ word: "no-own-client" }),
  "import-export-running": () => ({ word: "import-export-running" }),
  "backup-unusable": ([fault], path) => ({ word: "backup-unusable", fault: word(fault, `${path}.fault`, BACKUP_FAULTS) }),
  "backup-of-another-fleet": ([machine, machines], path) => ({
    word: "backup-of-another-fleet",
    machine: text(machine, `${path}.machine`, { max: LIMITS.deviceTextCharactersMax }),
    machines: machineNames(machines, `${path}.machines`),
  }),
  "preview-stale": () => ({ word: "preview-stale" }),
  "nothing-kept": () => ({ word: "nothing-kept" }),
  "search-depth": ([depthMax], path) => ({ word: "search-depth", depthMax: whole(depthMax, `${path}.depthMax`) }),
  "server-not-found": ([depth], path) => ({ word: "server-not-found", searchDepth: whole(depth, `${path}.searchDepth`) }),
  "several-servers": ([addresses], path) => ({
    word: "several-servers",
    addresses: list(addresses, `${path}.addresses`, { max: LIMITS.searchFoundMax }, (address, place) =>
      text(address, place, { max: LIMITS.deviceTextCharactersMax }),
    ),
  }),
  "server-alive": () => ({ word: "server-alive" }),
  "stood-down": () => ({ word: "stood-down" }),
  "key-in-use-twice": () => ({ word: "key-in-use-twice" }),
  "own-machine": ([machine], path) => ({
    word: "own-machine",
    machine: text(machine, `${path}.machine`, { max: LIMITS.deviceTextCharactersMax }),
  }),
  "passphrase-short": ([charactersMin], path) => ({
    word: "passphrase-short",
    charactersMin: whole(charactersMin, `${path}.charactersMin`),
  }),
  "unknown-word": ([given], path) => ({
    word: "unknown-word",
    text: text(given, `${path}.text`, { max: LIMITS.deviceTextCharactersMax }),
  }),
};

/** A word of a later version, to be shown to people as it is; only a text can be one. */
const unknownWord = (raw: unknown, path: string): string => text(raw, path, { min: 1, max: LIMITS.refusalCharactersMax });

/** The outcome of a decision; a word of a later version is known to be no "accepted". */
export function outcomeWord(raw: unknown, path: string): RefusalWord {
  if (isRefusalWord(raw)) return raw;
  unknownWord(raw, path);
  return "unknown-word";
}

export const isRefusalWord = (raw: unknown): raw is RefusalWord => typeof raw === "string" && Object.hasOwn(READ, raw);

/** The word, and its data after it. */
export const encodeRefusal = (refusal: Refusal): unknown[] => [refusal.word, ...dataOf(refusal)];

export function decodeRefusal(raw: unknown, path: string): Refusal {
  const [refusalWord, ...data] = tuple(raw, path, 1);
  if (!isRefusalWord(refusalWord)) return { word: "unknown-word", text: unknownWord(refusalWord, `${path}.word`) };
  return READ[refusalWord](data, path);
}

function dataOf(refusal: Refusal): unknown[] {
  switch (refusal.word) {
    case "too-many-machines":
      return [count(refusal.machinesMax)];
    case "settings-differ":
      return [refusal.parts];
    case "clock-not-right":
      return [refusal.sntp];
    case "protocol-version":
      return [...refusal.served];
    case "too-many-users":
      return [count(refusal.usersMax)];
    case "too-many-entries":
      return [count(refusal.entriesMax)];
    case "too-many-lists":
      return [count(refusal.listsMax)];
    case "destination-malformed":
    case "unknown-word":
      return [refusal.text];
    case "machines-operating":
      return [refusal.machines];
    case "scope-fixed":
      return [refusal.item];
    case "backup-unusable":
      return [refusal.fault];
    case "backup-of-another-fleet":
      return [refusal.machine, refusal.machines];
    case "search-depth":
      return [count(refusal.depthMax)];
    case "own-machine":
      return [refusal.machine];
    case "passphrase-short":
      return [count(refusal.charactersMin)];
    case "server-not-found":
      return [count(refusal.searchDepth)];
    case "several-servers":
      return [refusal.addresses];
    case "own-client-first":
    case "not-a-server-model":
    case "put-out":
    case "not-paired":
    case "account-refused":
    case "another-server":
    case "owner-removed":
    case "owner-evicted":
    case "owner-held":
    case "edit-unreadable":
    case "owner-unknown":
    case "locked-while-synchronising":
    case "server-not-running":
    case "client-not-running":
    case "machine-unknown":
    case "device-specific":
    case "common-kept":
    case "no-own-client":
    case "import-export-running":
    case "preview-stale":
    case "nothing-kept":
    case "server-alive":
    case "stood-down":
    case "key-in-use-twice":
      return [];
    default:
      return unreachable(refusal);
  }
}
