/**
 * What the desk knows of a machine: what it said last. Reading never wakes a machine, so this is what is read of one that
 * sleeps or is off. A few words of it outlive the desk, to describe a machine that is just starting.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "../../../src/model/log.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { ResourceReport } from "../../resources.ts";
import type { MachineEvent, MachineMemory, MachineView } from "../control.ts";
import { unlessDiskBroken } from "./broken-disk.ts";

interface Kept {
  readonly deviceId: string;
  readonly client: boolean;
}

const NOTHING: Kept = { deviceId: "", client: false };

export class MachineKnowledge {
  readonly #file: string;
  #kept: Kept;
  #log: readonly LogRecord[] = [];
  /** How far its date was ahead of the system's when it was heard of last. */
  aheadMs = 0;
  view: MachineView | undefined;
  memory: MachineMemory | undefined;
  resources: ResourceReport | undefined;

  constructor(machineDir: string) {
    this.#file = join(machineDir, "desk-knows.json");
    this.#kept = keptIn(this.#file);
  }

  get log(): readonly LogRecord[] {
    return this.#log;
  }

  get deviceId(): string {
    return this.view?.deviceId || this.#kept.deviceId;
  }

  /** Edits that wait for the server, undefined where the client function is not started. */
  get pending(): number | undefined {
    if (this.view?.moduleActive === true) return this.view.client?.pending;
    return this.#kept.client ? (this.view?.client?.pending ?? this.memory?.acknowledged?.pending.length ?? 0) : undefined;
  }

  /** The machine is on again: what it said in an earlier life no longer counts, except for what starting tells. */
  powerOn(): void {
    this.view = undefined;
    this.memory = undefined;
  }

  hear(event: MachineEvent): void {
    switch (event.kind) {
      case "powered":
      case "view":
      case "asleep":
        this.view = event.view;
        this.aheadMs = event.view.clock.aheadMs;
        this.#keep(event.view);
        return;
      case "log":
        this.#log = [...(event.whole ? [] : this.#log), ...event.records].slice(-LIMITS.logRecordsMax);
        return;
      case "memory":
        this.memory = event.memory;
        return;
      case "resources":
        this.resources = event.report;
        return;
      case "travel":
      case "awake":
      case "listening":
      case "restart-wanted":
        return;
    }
  }

  #keep({ moduleActive, deviceId, client }: MachineView): void {
    if (!moduleActive) return;
    const kept = { deviceId, client: client !== null };
    if (kept.deviceId === this.#kept.deviceId && kept.client === this.#kept.client) return;
    this.#kept = kept;
    // A convenience: after a crash in between, or on a disk that is full, a starting machine is described by what was known before.
    unlessDiskBroken(() => writeFileSync(this.#file, JSON.stringify(kept)));
  }
}

function keptIn(file: string): Kept {
  if (!existsSync(file)) return NOTHING;
  try {
    const { deviceId, client } = JSON.parse(readFileSync(file, "utf8")) as Partial<Kept>;
    return { deviceId: typeof deviceId === "string" ? deviceId : "", client: client === true };
  } catch (cause) {
    if (cause instanceof SyntaxError) return NOTHING;
    throw cause;
  }
}
