/**
 * One simulated printer of the desk: a wall socket, a switch, a network card with a cable and, with power, a process.
 * Power acts are done one after the other; everything else waits for a machine that starts, and wakes one that sleeps.
 */
import type { CableKnobs } from "../cable.ts";
import type { CallName, ClockKnobs, Gives, MachineEvent, Takes } from "../control.ts";
import { CallError, type DeskLine } from "../control-line.ts";
import type { GroupDatagram } from "../group-sockets.ts";
import { Conditions } from "./conditions.ts";
import type { DeskMachineParts } from "./desk-machine-parts.ts";
import type { MachineFacts, PowerAction } from "./machine-facts.ts";
import { MachineKnowledge } from "./machine-knowledge.ts";
import { Life, type Phase } from "./machine-life.ts";
import { MachineProcess, exitText, isOff } from "./machine-process.ts";

/** A machine that does not come up is said to be so after this long; it goes on starting. */
const POWERED_MS_MAX = 20_000;
const ACTIVE_MS_MAX = 20_000;
const SLEEP_MS_MAX = 8_000;

export class DeskMachine {
  readonly facts: MachineFacts;
  readonly knowledge: MachineKnowledge;
  readonly #parts: DeskMachineParts;
  readonly #conditions = new Conditions();
  #life: Life | undefined;
  #acts: Promise<unknown> = Promise.resolve();
  #waking: Promise<void> | undefined;
  #clock: ClockKnobs = { offsetMs: 0, driftPpm: 0 };

  constructor(parts: DeskMachineParts) {
    this.#parts = parts;
    this.facts = parts.facts;
    this.knowledge = new MachineKnowledge(parts.dataDir);
  }

  get phase(): Phase {
    return this.#life?.phase ?? "off";
  }

  get cable(): CableKnobs {
    return this.#parts.card.cable.knobs;
  }

  get clock(): ClockKnobs {
    return this.#clock;
  }

  /** Allowed in every state, idempotent; resolves when the machine's process is started or gone, or asleep as deep as can be. */
  power(action: PowerAction): Promise<void> {
    // The plug waits for nobody: whatever is under way is cut short by it.
    if (action === "pull-plug") this.#losePower();
    const done = this.#acts.then(() => this.#act(action));
    this.#acts = done.catch(() => undefined);
    return done;
  }

  /** Ends the machine for good, in order, and hard after `limitMs`. Its card is the desk's. */
  async close(limitMs: number): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.ending = true;
    await life.process.stop(limitMs);
  }

  /** Resolves once the module is active: "active", "off" when it goes off, or "late" after 20 s. */
  async untilActive(): Promise<"active" | "off" | "late"> {
    const came = await this.#conditions.until(() => this.phase === "off" || this.knowledge.view?.moduleActive === true, ACTIVE_MS_MAX);
    if (!came) return "late";
    return this.phase === "off" ? "off" : "active";
  }

  /** Asks the machine; wakes it first, and waits for one that starts. Rejects with a CallError ("machine-off" ...). */
  async call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    const life = await this.#answering();
    life.callsOpen += 1;
    try {
      return await life.process.line.call(name, takes);
    } finally {
      life.callsOpen -= 1;
    }
  }

  /** The life of a machine that takes calls now: it was waited for, or woken. */
  async #answering(): Promise<Life> {
    if (this.phase === "off")
      throw new CallError({ code: "machine-off", message: `machine ${this.facts.number} is off; switch it on first` });
    const life = this.#life;
    const came = await this.#conditions.until(() => this.#life !== life || this.phase !== "starting", POWERED_MS_MAX);
    if (life === undefined || this.#life !== life)
      throw new CallError({ code: "machine-off", message: `machine ${this.facts.number} went off` });
    if (!came) throw new CallError({ code: "machine-starting", message: `machine ${this.facts.number} is still starting; try again` });
    await this.wake();
    return life;
  }

  /** What other machines say to a group, or answer to this one. */
  receive(datagram: GroupDatagram): void {
    this.#life?.deliver(datagram, { cable: this.#parts.card.cable, knock: () => this.wake() });
  }

  /** Fingers on the panel. They may well put the machine to sleep, which then owes them no answer. */
  async touch(name: "keys" | "text", takes: Takes<"keys"> | Takes<"text">): Promise<void> {
    const life = await this.#answering();
    const { line } = life.process;
    const touched: Promise<unknown> =
      name === "keys" ? line.call("keys", takes as Takes<"keys">) : line.call("text", takes as Takes<"text">);
    const left = this.#conditions.next(() => life.phase === "asleep" || this.#life !== life);
    await Promise.race([touched, left.came]).catch((error: unknown) => {
      // The restart is a row of its menus.
      if (!isOff(error)) throw error;
    });
    left.forget();
  }

  /** Wakes it from full sleep; at once for one that does not sleep fully. */
  async wake(): Promise<void> {
    const life = this.#life;
    if (life?.phase !== "asleep") return;
    this.#waking ??= life.process.wake(this.#conditions.next(() => life.phase !== "asleep" || this.#life !== life).came).finally(() => {
      this.#waking = undefined;
    });
    await this.#waking;
  }

  /** The cable in the wall; both directions have the same knobs. */
  async setCable(knobs: CableKnobs): Promise<void> {
    this.#parts.card.cable.set(knobs);
    await this.#tell((line) => line.call("cable", knobs));
  }

  async setClock(knobs: ClockKnobs): Promise<void> {
    this.#clock = knobs;
    this.knowledge.aheadMs = knobs.offsetMs;
    await this.#tell((line) => line.call("clock", knobs));
  }

  /** Knobs of the hardware: a sleeping machine hears of them before anything else, one that is off at its next start. */
  async #tell(call: (line: DeskLine) => Promise<unknown>): Promise<void> {
    const life = this.#life;
    if (life !== undefined && life.phase !== "starting") {
      const heard = call(life.process.line).catch(() => undefined);
      if (life.phase === "on") await heard;
    }
    this.#changed();
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
    if (this.#life !== undefined) return await this.#turnUp();
    this.knowledge.powerOn();
    // The date goes on while the machine is off: its clock has a battery.
    const clock = { offsetMs: this.knowledge.aheadMs, driftPpm: this.#clock.driftPpm };
    const process = new MachineProcess(this.#parts.command({ cable: this.cable, clock }));
    const life = new Life(process);
    this.#life = life;
    process.start((event) => this.#hear(life, event));
    void process.exited.then(() => this.#ended(life));
    this.#parts.card.regainPower();
    this.#changed();
    await this.#conditions.until(() => this.#life !== life || life.phase !== "starting", POWERED_MS_MAX);
  }

  /** The switch of a machine that is on but sleeps: it is awake then, as after a key. */
  async #turnUp(): Promise<void> {
    const slept = this.phase === "asleep" || this.knowledge.view?.power === "partial-sleep";
    await this.wake();
    if (slept) await this.touch("text", { text: "" });
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
    this.#parts.onPowerLost();
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
    await Promise.race([settled, this.#conditions.until(() => life.phase === "asleep" || this.#life !== life, SLEEP_MS_MAX)]);
  }

  #hear(life: Life, event: MachineEvent): void {
    if (this.#life !== life) return;
    life.hear(event);
    this.knowledge.hear(event);
    if (event.kind === "log") this.#parts.onLog(this);
    // It fell asleep over work of its own pages: somebody waits for the answer.
    if (event.kind === "asleep" && life.callsOpen > 0) void this.wake();
    if (event.kind === "restart-wanted") void this.power("restart");
    if (event.kind === "travel") this.#parts.onTravel(this, event.travel);
    if (event.kind === "datagram") this.#parts.onDatagram(this, event.datagram);
    this.#changed();
  }

  #ended(life: Life): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#changed();
    if (life.ending) return;
    void life.process.exited.then((exit) => this.#parts.onTrouble(`machine ${this.facts.number} went off by itself (${exitText(exit)})`));
  }

  #changed(): void {
    const moduleActive = this.knowledge.view?.moduleActive === true;
    this.#parts.card.set(this.#life?.cardState(moduleActive, () => this.wake()) ?? { kind: "silent" });
    this.#conditions.check();
    this.#parts.onChange(this);
  }
}
