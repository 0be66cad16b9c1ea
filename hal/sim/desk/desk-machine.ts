/**
 * One simulated printer as the desk has it: a wall socket, a power switch, a network card with a cable, and, while it has
 * power, a process. Power acts are done one after the other; everything else waits for a machine that starts, and wakes
 * one that sleeps.
 */
import type { Cable, CableKnobs } from "../cable.ts";
import { type CallName, type ClockKnobs, type Gives, type MachineEvent, type Takes } from "../control.ts";
import { CallError } from "../control-line.ts";
import { MachineKnowledge } from "./machine-knowledge.ts";
import { type MachineCommand, MachineProcess } from "./machine-process.ts";
import type { CardState, NetworkCard } from "./network-card.ts";

export type PowerAction = "switch-off" | "switch-on" | "restart" | "pull-plug" | "energy-saver";
export const POWER_ACTIONS: readonly PowerAction[] = ["switch-off", "switch-on", "restart", "pull-plug", "energy-saver"];

/** What is written on the machine. */
export interface MachineFacts {
  readonly number: number;
  readonly productName: string;
  readonly deviceName: string;
  readonly location: string;
  /** As others reach it, without a port. */
  readonly address: string;
  readonly clientOnly: boolean;
}

/** off: no process. starting: no calls yet. on: it answers. asleep: in full sleep, its process stands still. */
export type Phase = "off" | "starting" | "on" | "asleep";

export interface DeskMachineParts {
  readonly facts: MachineFacts;
  readonly command: MachineCommand;
  readonly card: NetworkCard;
  /** Of the incoming direction; the machine's process has its own for the other, with the same knobs. */
  readonly cable: Cable;
  /** Told before the machine's process is killed: its connections are not to say goodbye. */
  readonly onPowerLost: (address: string) => void;
  readonly onChange: (machine: DeskMachine) => void;
  readonly onLog: (machine: DeskMachine) => void;
  /** Something a person at the terminal should know, in one line. */
  readonly onTrouble: (text: string) => void;
}

/** A machine that does not come up is said to be so after this long; it goes on starting. */
const POWERED_MS_MAX = 20_000;
const ACTIVE_MS_MAX = 20_000;
const SLEEP_MS_MAX = 8_000;

interface Life {
  readonly process: MachineProcess;
  phase: Exclude<Phase, "off">;
  /** Local sockets of the ports that the module listens on. */
  ports: readonly { readonly port: number; readonly path: string }[];
  wakesOnConnection: boolean;
  /** The desk itself is about to end it. */
  ending: boolean;
}

export class DeskMachine {
  readonly facts: MachineFacts;
  readonly knowledge: MachineKnowledge;
  readonly #parts: DeskMachineParts;
  readonly #waiting = new Set<() => void>();
  #life: Life | undefined;
  #acts: Promise<unknown> = Promise.resolve();
  #waking: Promise<void> | undefined;
  #clock: ClockKnobs = { offsetMs: 0, driftPpm: 0 };

  constructor(parts: DeskMachineParts) {
    this.#parts = parts;
    this.facts = parts.facts;
    this.knowledge = new MachineKnowledge(parts.command.dataDir);
  }

  get phase(): Phase {
    return this.#life?.phase ?? "off";
  }

  get cable(): CableKnobs {
    return this.#parts.cable.knobs;
  }

  get clock(): ClockKnobs {
    return this.#clock;
  }

  /** Process id, 0 when it is off. */
  get pid(): number {
    return this.#life?.process.pid ?? 0;
  }

  /** Allowed in every state, idempotent; resolves when the machine's process is started or gone, or asleep as deep as can be. */
  power(action: PowerAction): Promise<void> {
    // The plug waits for nobody: whatever is under way is cut short by it.
    if (action === "pull-plug") this.#losePower();
    const done = this.#acts.then(() => this.#act(action));
    this.#acts = done.catch(() => undefined);
    return done;
  }

  /** Ends the machine for good, in order, and hard after `limitMs`. */
  async close(limitMs: number): Promise<void> {
    const life = this.#life;
    if (life !== undefined) {
      life.ending = true;
      await life.process.stop(limitMs);
    }
    await this.#parts.card.close();
  }

  /** Resolves once the module is active: "active", "off" when it goes off, or "late" after 20 s. */
  async untilActive(): Promise<"active" | "off" | "late"> {
    const came = await this.#until(() => this.phase === "off" || this.knowledge.view?.moduleActive === true, ACTIVE_MS_MAX);
    if (!came) return "late";
    return this.phase === "off" ? "off" : "active";
  }

  /** Asks the machine; wakes it first, and waits for one that starts. Rejects with a CallError ("machine-off" ...). */
  async call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    if (this.phase === "off") throw new CallError({ code: "machine-off", message: `machine ${this.facts.number} is off; switch it on first` });
    const life = this.#life;
    const came = await this.#until(() => this.#life !== life || this.phase !== "starting", POWERED_MS_MAX);
    if (life === undefined || this.#life !== life) throw new CallError({ code: "machine-off", message: `machine ${this.facts.number} went off` });
    if (!came) throw new CallError({ code: "machine-starting", message: `machine ${this.facts.number} is still starting; try again` });
    await this.wake();
    return await life.process.line.call(name, takes);
  }

  /** Wakes it from full sleep; at once for one that does not sleep fully. */
  async wake(): Promise<void> {
    const life = this.#life;
    if (life?.phase !== "asleep") return;
    this.#waking ??= life.process.wake(this.#next(() => life.phase !== "asleep" || this.#life !== life)).finally(() => {
      this.#waking = undefined;
    });
    await this.#waking;
  }

  /** The cable in the wall; both directions have the same knobs. */
  async setCable(knobs: CableKnobs): Promise<void> {
    this.#parts.cable.set(knobs);
    await this.#tell("cable", knobs);
    this.#changed();
  }

  async setClock(knobs: ClockKnobs): Promise<void> {
    this.#clock = knobs;
    await this.#tell("clock", knobs);
    this.#changed();
  }

  /** Knobs of the hardware reach a sleeping machine when it wakes, and one that is off when it starts. */
  async #tell(name: "cable" | "clock", knobs: CableKnobs | ClockKnobs): Promise<void> {
    const life = this.#life;
    if (life === undefined || life.phase === "starting") return;
    const told = name === "cable" ? life.process.line.call("cable", this.cable) : life.process.line.call("clock", knobs as ClockKnobs);
    // What a sleeping machine has not heard yet it hears before anything else; one that goes off is told at its next start.
    const heard = told.catch(() => undefined);
    if (life.phase === "on") await heard;
  }

  async #act(action: PowerAction): Promise<void> {
    switch (action) {
      case "pull-plug":
        // Once more: an act that was under way may have started it again.
        this.#losePower();
        return await this.#gone();
      case "switch-off":
        return await this.#switchOff();
      case "switch-on":
        return await this.#switchOn();
      case "restart":
        await this.#switchOff();
        return await this.#switchOn();
      case "energy-saver":
        return await this.#energySaver();
    }
  }

  async #switchOn(): Promise<void> {
    if (this.#life !== undefined) return await this.wake();
    this.knowledge.powerOn();
    const process = new MachineProcess(this.#parts.command);
    const life: Life = { process, phase: "starting", ports: [], wakesOnConnection: false, ending: false };
    this.#life = life;
    process.start((event) => this.#hear(life, event));
    void process.exited.then(() => this.#ended(life));
    this.#parts.card.regainPower();
    this.#changed();
    await this.#until(() => this.#life !== life || life.phase !== "starting", POWERED_MS_MAX);
  }

  async #switchOff(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.ending = true;
    const how = await life.process.stop();
    if (how === "killed") this.#parts.onTrouble(`machine ${this.facts.number} did not stop in time and was ended`);
    await this.#gone();
  }

  #losePower(): void {
    const life = this.#life;
    if (life === undefined) return;
    life.ending = true;
    this.#parts.card.losePower();
    this.#parts.onPowerLost(this.facts.address);
    void life.process.kill();
  }

  async #gone(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    await life.process.exited;
    this.#ended(life);
  }

  async #energySaver(): Promise<void> {
    const life = this.#life;
    if (life === undefined || (await this.untilActive()) !== "active" || this.#life !== life || life.phase !== "on") return;
    const settled = life.process.line.call("energySaver", undefined).catch(() => undefined);
    await Promise.race([settled, this.#until(() => life.phase === "asleep" || this.#life !== life, SLEEP_MS_MAX)]);
  }

  #hear(life: Life, event: MachineEvent): void {
    if (this.#life !== life) return;
    this.knowledge.hear(event);
    if (event.kind === "log") this.#parts.onLog(this);
    if (event.kind === "powered") {
      life.phase = "on";
      void this.setCable(this.cable);
      void this.setClock(this.#clock);
    }
    if (event.kind === "listening") life.ports = event.ports;
    if (event.kind === "asleep") {
      life.phase = "asleep";
      life.wakesOnConnection = event.wakesOnConnection;
    }
    if (event.kind === "awake") life.phase = "on";
    if (event.kind === "restart-wanted") void this.power("restart");
    this.#changed();
  }

  #ended(life: Life): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#changed();
    if (life.ending) return;
    void life.process.exited.then(({ code, signal, output }) => {
      const how = signal === null ? `code ${code}` : signal;
      this.#parts.onTrouble(`machine ${this.facts.number} went off by itself (${how}): ${output.at(-1) ?? "it said nothing"}`);
    });
  }

  #changed(): void {
    this.#parts.card.set(this.#cardState());
    for (const check of [...this.#waiting]) check();
    this.#parts.onChange(this);
  }

  #cardState(): CardState {
    const life = this.#life;
    if (life === undefined || life.phase === "starting") return { kind: "silent" };
    const [port] = life.ports;
    if (port === undefined) return life.phase === "on" && this.knowledge.view?.moduleActive === true ? { kind: "refusing" } : { kind: "silent" };
    if (life.phase === "asleep" && !life.wakesOnConnection) return { kind: "silent" };
    return { kind: "open", path: port.path, knock: () => this.wake() };
  }

  /** Resolves when the condition holds. */
  #next(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  /** Whether the condition came to hold in time. */
  async #until(holds: () => boolean, limitMs: number): Promise<boolean> {
    if (holds()) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    const came = await Promise.race([this.#next(holds).then(() => true), late]);
    clearTimeout(timer);
    return came;
  }
}
