/** A module does not die of anything that the world does to it, and no role of it does. */
import { SyncError } from "../../../src/model/errors.ts";
import type { LogRecord } from "../../../src/model/log.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Faults } from "./faults.ts";

export interface HealthParts {
  readonly fleet: Fleet;
  readonly faults: Faults;
  /** Storage was made to fail: a role that says so and starts again is no fault. */
  readonly storageFails: boolean;
  /** Module storages alone are put back, also to before the machine was set up, and it rightly says that what was there is lost. */
  readonly isPutBack: boolean;
}

export class HealthChecker {
  readonly #parts: HealthParts;
  readonly #logs = new Map<string, { heard: unknown; crashed: LogRecord[] }>();

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  look(): void {
    const { fleet, faults, storageFails } = this.#parts;
    for (const machine of fleet.machines) {
      const crash = machine.crashes.find((error) => !this.#isOfTheDisk(error));
      if (crash !== undefined)
        faults.found("health", `the module of ${machine.name} crashed: ${crash instanceof Error ? crash.stack : String(crash)}`);
      const crashed = this.#crashRecords(machine)[0];
      if (crashed !== undefined && !storageFails) faults.found("health", `a role of ${machine.name} crashed: ${crashed.text}`);
    }
  }

  /** A module that cannot start on a full disk says so, and the runtime tries again. */
  #isOfTheDisk(error: unknown): boolean {
    return this.#parts.storageFails && error instanceof SyncError && OF_STORAGE.has(error.code);
  }

  #crashRecords(machine: VirtualMachine): readonly LogRecord[] {
    if (!machine.running) return [];
    const known = this.#logs.get(machine.name);
    if (known?.heard === machine.administration) return known.crashed;
    const isOne = (record: LogRecord): boolean => isCrash(record) && !(this.#parts.isPutBack && record.text.startsWith(ALL_IS_LOST));
    const crashed: LogRecord[] = machine.log.filter((record) => isOne(record));
    machine.administration.onLog((record) => {
      if (isOne(record)) crashed.push(record);
    });
    this.#logs.set(machine.name, { heard: machine.administration, crashed });
    return crashed;
  }
}

const ALL_IS_LOST = "what the module had kept on this machine is lost";
const OF_STORAGE: ReadonlySet<string> = new Set(["hal-full", "hal-broken", "storage-damaged"]);

const isCrash = ({ code }: LogRecord): boolean => code === "crashed" || code === "storage-damaged" || code === "message-malformed";
