/** Backup and restore of what the server function keeps (M33), as an administrator asks for them. */
import type { Hal } from "../../hal/hal.ts";
import type { BackupOutcome } from "../../hal/services/backup.ts";
import type { Write } from "../../hal/storage.ts";
import { passphraseFault } from "../import-export/passphrase.ts";
import { openFile, sealFile, type SealingTools } from "../import-export/sealed-file.ts";
import { must } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, epochId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { withEpoch } from "../model/lineage.ts";
import { randomHex } from "../model/random.ts";
import type { BackupFault, Refusal } from "../model/refusal.ts";
import { naturalOrder } from "../model/natural-order.ts";
import { decodeCbor } from "../protocol/cbor.ts";
import { Installation } from "../store/installation.ts";
import { readOrDamaged, undamaged } from "../store/damaged.ts";
import { type JournalHead, unpackJournalHead } from "../store/journal-head.ts";
import { ALL_MACHINES, JOURNAL_META, machineKey } from "../store/journal-keys.ts";
import { checkCopy, type CopyRecord, copyOfServer, packCopy, unpackCopy } from "../store/server-copy.ts";
import { NO_PREDECESSORS, notePredecessors, type Predecessor, readPredecessors, withPredecessor } from "../store/predecessor.ts";
import { actedEpoch } from "../store/stood-down.ts";
import type { ClientFunction } from "./client-function.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { JournalTime } from "./server/journal-time.ts";
import { unpackMachine } from "./server/machines.ts";
import { parseDestination } from "./destination.ts";
import type { ServerFunction } from "./server-function.ts";
import type { Setup } from "./setup.ts";

export interface ServerBackupParts extends SealingTools {
  readonly hal: Pick<Hal, "storage" | "clock" | "device" | "network">;
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly server: ServerFunction;
  readonly client: ClientFunction;
  readonly device: DeviceId;
}

type Chunks = () => Iterable<Uint8Array>;
type Found =
  | { readonly kind: "good"; readonly head: JournalHead; readonly address: string; readonly chunks: Chunks }
  | { readonly kind: "bad"; readonly refusal: Refusal };

const SECRET_BYTES = 32;
const unusable = (fault: BackupFault): Refusal => ({ word: "backup-unusable", fault });

/** One act at a time, and none beside a start or a stop of the two functions: whoever calls sees to that. */
export class ServerBackup {
  readonly #parts: ServerBackupParts;

  constructor(parts: ServerBackupParts) {
    this.#parts = parts;
  }

  async backup(passphrase: string): Promise<BackupOutcome> {
    const { hal, setup, log } = this.#parts;
    const short = passphraseFault(passphrase);
    if (short !== undefined) return { kind: "refused", refusal: short };
    const copy = await copyOfServer(hal.storage);
    if (copy === undefined || !setup.state.server) return { kind: "refused", refusal: { word: "server-not-running" } };
    const frames: Uint8Array[] = [];
    for await (const frame of sealFile("backup", passphrase, packCopy(this.#records(copy)), this.#parts)) frames.push(frame);
    log.write({ kind: "backed-up" });
    return { kind: "backed-up", file: Uint8Array.from(Buffer.concat(frames)) };
  }

  async *#records(copy: AsyncIterable<CopyRecord>): AsyncIterable<CopyRecord> {
    const { setup, device, hal } = this.#parts;
    yield* copy;
    yield ["fleet-secret", await setup.fleetSecret()];
    yield ["server", Buffer.from(device)];
    yield ["server-address", Buffer.from(hal.network.address)];
  }

  async restore(file: Uint8Array, passphrase: string): Promise<Refusal | "done"> {
    const { hal, log } = this.#parts;
    if (!hal.device.capabilities.server) return { word: "not-a-server-model" };
    const looked = await this.#look(file, passphrase);
    const foreign = looked.kind === "good" ? await this.#foreign(looked.head, looked.address) : undefined;
    const found: Found = foreign === undefined ? looked : { kind: "bad", refusal: foreign };
    if (found.kind === "bad") {
      log.refused({ of: "restore" }, found.refusal);
      return found.refusal;
    }
    await this.#aside(() => this.#install(found.head, found.chunks));
    log.write({ kind: "restored" });
    return "done";
  }

  /** Looks at all of the file. */
  async #look(file: Uint8Array, passphrase: string): Promise<Found> {
    const opened = await openFile("backup", passphrase, file, this.#parts);
    if (opened.kind === "unusable") return { kind: "bad", refusal: unusable(opened.fault) };
    try {
      const others = new Set<string>();
      let address = "";
      const head = checkCopy(opened.chunks(), (record) => {
        others.add(checkedOther(record));
        if (record[0] === "server-address") address = addressIn(record[1]) ?? "";
      });
      if (head !== "newer" && !others.has("fleet-secret")) return { kind: "bad", refusal: unusable("damaged") };
      return head === "newer" ? { kind: "bad", refusal: unusable("newer") } : { kind: "good", head, address, chunks: opened.chunks };
    } catch (error) {
      // Whoever knows the passphrase may have sealed anything.
      if (!(error instanceof SyncError || error instanceof TypeError || error instanceof RangeError)) throw error;
      return { kind: "bad", refusal: unusable("damaged") };
    }
  }

  /**
   * Whose data a backup of another fleet would replace, where this machine serves others: the file of the wrong fleet is taken by mistake,
   * a fleet is replaced on purpose, and who means it says so by stopping the server function. A fresh server machine has nobody yet, and
   * one whose own data is damaged knows no fleet: both take any backup.
   */
  async #foreign(head: JournalHead, address: string): Promise<Refusal | undefined> {
    const { hal, setup, device } = this.#parts;
    const meta = await readOrDamaged(hal.storage, JOURNAL_META);
    if (!setup.state.server || !(meta instanceof Uint8Array) || unpackJournalHead(meta).fleet === head.fleet) return undefined;
    const machines: string[] = [];
    for await (const [, bytes] of undamaged(hal.storage, ALL_MACHINES)) {
      const known = unpackMachine(bytes);
      if (known.placed && known.device !== device) machines.push(known.deviceName);
    }
    if (machines.length === 0) return undefined;
    return { word: "backup-of-another-fleet", machine: address, machines: machines.sort(naturalOrder) };
  }

  /** Neither the server function nor its own client works while its data is replaced. */
  async #aside(act: () => Promise<void>): Promise<void> {
    const { client, server } = this.#parts;
    await (client.isOwn ? client.aside(() => server.aside(act)) : server.aside(act));
    await server.settled();
  }

  async #install(head: JournalHead, chunks: Chunks): Promise<void> {
    const { hal, random } = this.#parts;
    const installation = await Installation.begin(hal.storage);
    try {
      const others = new Map<string, Uint8Array>();
      for (const chunk of chunks()) {
        const state: CopyRecord[] = [];
        for (const [key, value] of unpackCopy(chunk)) {
          if (key.startsWith("s/")) state.push([key.slice("s/".length), value]);
          else others.set(key, Uint8Array.from(value));
        }
        if (state.length > 0) await installation.stage(state);
      }
      const { former } = installation;
      const isSame = former?.fleet === head.fleet;
      const time = await this.#time(others, isSame);
      const acted = await actedEpoch(hal.storage, head.fleet, { id: epochId(randomHex(random, 8)), at: time.now(), also: head.lineage });
      const epoch = { ...acted, first: head.revision + 1, born: "restore" } as const;
      const writes = await this.#writes(others, isSame);
      await installation.commit(head, withEpoch(head.lineage, epoch), [...writes, time.write()], hal.clock.wallMs());
    } catch (error) {
      // What is left of it is cleared before the next one, should it not go now.
      await installation.abandon().catch((cause: unknown) => this.#parts.log.failed(cause));
      throw error;
    }
  }

  /** Journal time goes on from the later of what the backup has and what this machine had (P4). */
  async #time(others: ReadonlyMap<string, Uint8Array>, isSame: boolean): Promise<JournalTime> {
    const { storage, clock } = this.#parts.hal;
    const times = [
      JournalTime.of(others.get("time"), clock, "any date"),
      ...(isSame ? [await JournalTime.openOrBegin(storage, clock)] : []),
    ];
    return JournalTime.from(Math.max(...times.map((time) => time.now())), clock);
  }

  /** What takes effect together with the state. The place of another machine that had been the server is free. */
  async #writes(others: ReadonlyMap<string, Uint8Array>, isSame: boolean): Promise<Write[]> {
    const { setup, device, hal } = this.#parts;
    const maker = Buffer.from(others.get("server") ?? []).toString();
    // In the same fleet the machines of today keep their places, and those that were taken out since stay out (M02).
    const kind = isSame ? /^d\// : /^[dm]\//;
    const records = [...others].filter(([key]) => kind.test(key) && (key !== `m/${maker}` || maker === device));
    const secret = must(others.get("fleet-secret"), "a checked backup has the fleet's secret");
    const former = formerOf(others, device);
    const before = isSame ? await readPredecessors(hal.storage) : [];
    const none = isSame ? [] : [NO_PREDECESSORS];
    const told = former === undefined ? none : [notePredecessors(withPredecessor(before, former))];
    return [...records.map(([key, value]) => ({ key: `s/${key}`, value })), ...told, ...(await setup.serveSecret(secret))];
  }
}

/**
 * The machine whose backup it is, where that is another one: it does not act as a second server, should it not be lost (B06). undefined
 * for a backup of this machine, or of an older module, which does not say where that machine was.
 */
function formerOf(others: ReadonlyMap<string, Uint8Array>, device: DeviceId): Predecessor | undefined {
  const server = Buffer.from(others.get("server") ?? []).toString();
  const destination = addressIn(others.get("server-address"));
  if (!isHex32(server) || server === device || destination === undefined) return undefined;
  return { server: deviceId(server), destination, isTold: false };
}

/** Where a backup says that it was made: as whoever knows the passphrase may have sealed it, so only what can be an address. */
function addressIn(bytes: Uint8Array | undefined): string | undefined {
  const address = Buffer.from(bytes ?? []).toString();
  return parseDestination(address, 0) === undefined ? undefined : address;
}

/** The name of a record that is not the store's, when it can be read. */
function checkedOther([key, value]: CopyRecord): string {
  if (key.startsWith("m/") && machineKey(unpackMachine(value).device) !== `s/${key}`)
    throw new SyncError("import-malformed", "a machine of the backup has another name than its place");
  if (key === "fleet-secret" && value.length !== SECRET_BYTES)
    throw new SyncError("import-malformed", "the fleet's secret of the backup has another length");
  if (key === "time") decodeCbor(value, LIMITS.entryBytesMax);
  return key;
}
