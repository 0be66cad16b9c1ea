/**
 * Whether this machine is the one that serves: what a hello tells of other epochs (P16), and standing down when another
 * machine has taken this one's place (B06). A server that has stood down keeps its data and refuses everybody, until an
 * administrator starts it anew or restores a backup on it.
 */
import type { Storage } from "../../../hal/storage.ts";
import { epochId, type JournalTime as Time } from "../../model/ids.ts";
import { isLater, mandateOf } from "../../model/lineage.ts";
import type { LineageEntry, Position } from "../../model/position.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Journal } from "../../store/journal.ts";
import { noteStoodDown, type Rival } from "../../store/stood-down.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { type EpochVerdict, judgeEpoch } from "./judge-epoch.ts";

export interface SuccessionParts {
  readonly journal: Journal;
  readonly journalTime: { now(): Time };
  readonly storage: Storage;
  readonly random: Random;
  readonly log: CommunicationLog;
  /** As the storage had it. */
  readonly stoodDown: Rival | undefined;
}

/** Another journal of the fleet, as somebody tells of it. */
export interface OtherJournal {
  readonly position: Position;
  /** Its epochs; empty where they are not known. */
  readonly lineage: readonly LineageEntry[];
  /** The name of the machine that tells. */
  readonly by: string;
}

export class Succession {
  readonly #parts: SuccessionParts;
  #rival: Rival | undefined;

  constructor(parts: SuccessionParts) {
    this.#parts = parts;
    this.#rival = parts.stoodDown;
  }

  get hasStoodDown(): boolean {
    return this.#rival !== undefined;
  }

  /** Does what the epochs named in a hello of a machine of this fleet call for. "stood-down": from now on. */
  async heed({ position, partial, device, lineage = [] }: Hello): Promise<"served" | "stood-down"> {
    const by = device.deviceName;
    if (position !== undefined) await this.hear({ position, lineage, by });
    // Of the journal that a transfer came from its machine keeps no lineage before the copy is whole.
    if (partial !== undefined) await this.hear({ position: partial.start, lineage: [], by });
    return this.hasStoodDown ? "stood-down" : "served";
  }

  /**
   * Whether a machine looks at what it inherits: its journal is that of the server which serves in this one's place. It
   * gets the state, as every machine of the fleet does.
   */
  isHeir({ purpose, position, lineage = [] }: Hello): boolean {
    return purpose === "preview" && position === undefined && isLater(mandateOf(lineage), mandateOf(this.#parts.journal.lineage));
  }

  /** Does what another journal of the fleet calls for. */
  async hear({ position, lineage, by }: OtherJournal): Promise<void> {
    const { journal, journalTime } = this.#parts;
    if (this.hasStoodDown) return;
    const isContradicted = await journal.contradicts(position);
    await this.#follow(judgeEpoch(journal, position, { isContradicted, lineage, now: journalTime.now() }), by);
  }

  async #follow(verdict: EpochVerdict, by: string): Promise<void> {
    const { journal, storage, random, log } = this.#parts;
    if (verdict.kind === "step-aside") {
      const { number, mandate } = verdict;
      await noteStoodDown(storage, { number, mandate });
      this.#rival = { number, mandate };
      log.refused({ of: "server-place", machine: by }, { word: "stood-down" });
    } else if (verdict.kind === "begin") {
      await journal.beginEpoch({ ...verdict, id: epochId(randomHex(random, 8)) });
      log.write({ kind: "epoch-begun", machine: by });
    }
  }
}
