/**
 * Whether this machine is the one that serves: what a hello tells of other epochs (P16), and standing down when another
 * machine has taken this one's place (B06). A server that has stood down keeps its data and refuses everybody, until an
 * administrator starts it anew or restores a backup on it.
 */
import type { Storage } from "../../../hal/storage.ts";
import { epochId } from "../../model/ids.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Journal } from "../../store/journal.ts";
import { noteStoodDown } from "../../store/stood-down.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { judgeEpoch } from "./judge-epoch.ts";

export interface SuccessionParts {
  readonly journal: Journal;
  readonly storage: Storage;
  readonly random: Random;
  readonly log: CommunicationLog;
  /** As the storage had it. */
  readonly stoodDown: boolean;
}

export class Succession {
  readonly #parts: SuccessionParts;
  #hasStoodDown: boolean;

  constructor(parts: SuccessionParts) {
    this.#parts = parts;
    this.#hasStoodDown = parts.stoodDown;
  }

  get hasStoodDown(): boolean {
    return this.#hasStoodDown;
  }

  /** Does what the epochs named in a hello of a machine of this fleet call for. "stood-down": from now on. */
  async heed({ position, partial, device, lineage = [] }: Hello): Promise<"served" | "stood-down"> {
    const { journal, storage, random, log } = this.#parts;
    for (const named of [position, partial?.start]) {
      if (named === undefined || this.#hasStoodDown) continue;
      const verdict = judgeEpoch(journal, named, {
        isContradicted: await journal.contradicts(named),
        lineage: named === position ? lineage : [],
      });
      if (verdict.kind === "step-aside") {
        await noteStoodDown(storage, verdict.number);
        this.#hasStoodDown = true;
        log.refused("the server function", { word: "stood-down" });
      } else if (verdict.kind === "begin") {
        await journal.beginEpoch({ ...verdict, id: epochId(randomHex(random, 8)) });
        log.write(
          "Error",
          "epoch-begun",
          `${device.deviceName} knows another history of this fleet; this server begins a new epoch, and what differs is in the history`,
        );
      }
    }
    return this.#hasStoodDown ? "stood-down" : "served";
  }
}
