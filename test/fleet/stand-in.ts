/** The server machine is lost, and another one takes its place (B06); the clients are pointed to it, and the old server steps aside. */
import { SyncError } from "../../src/model/errors.ts";
import type { Acts } from "./acts.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import type { Dice } from "./random.ts";
import type { Tally } from "./tally.ts";

export interface StandInParts {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly tally: Tally;
  readonly pass: (ms: number) => Promise<void>;
}

const TRIES = 6;
const TRY_MS = 10_000;
/** A machine that was pointed to another server has joined it within this, once everything is healed. */
const POINT_AGAIN_MS = 40_000;
const LOST = "s";

export class StandIn {
  readonly #parts: StandInParts;
  readonly #pointedMs = new Map<string, number>();
  #heir: string | undefined;

  constructor(parts: StandInParts) {
    this.#parts = parts;
  }

  /** The machine that serves. */
  get serving(): string {
    return this.#heir ?? LOST;
  }

  /** The server is switched off for good, as far as anybody knows; somebody tries to go on with one of the clients. */
  async lose(dice: Dice): Promise<void> {
    const { fleet, acts, tally, pass } = this.#parts;
    tally.count("fault: the server is lost");
    const lost = fleet.at(LOST);
    if (lost.on) lost.powerOff();
    for (let tries = 0; tries < TRIES && !lost.on; tries += 1) {
      await pass(TRY_MS);
      const heirs = fleet.machines.filter(
        (machine) => machine !== lost && machine.running && !machine.asleep && acts.isMember(machine.name),
      );
      if (heirs.length === 0) continue;
      const heir = dice.pick(heirs);
      if ((await this.#takesOver(heir)) !== "done") continue;
      heir.destination = "localhost";
      this.#heir = heir.name;
      acts.serverLost(LOST);
      return;
    }
  }

  /** The outcome; "died" when it is not told, for then the machine may have done it or not. */
  async #takesOver(heir: VirtualMachine): Promise<string> {
    const { fleet, tally, pass } = this.#parts;
    fleet.say(`${heir.name}: takes over`);
    // A server's clock is right (M06): whoever goes there to start it sees to that first.
    heir.timeServer = "answers";
    heir.clock.setWall(0);
    heir.clock.setSntp("answered");
    let outcome: string | undefined;
    const { administration } = heir;
    void administration.takeOver().then(
      (told) => (outcome = typeof told === "string" ? told : told.word),
      (error: unknown) => {
        if (!(error instanceof SyncError)) throw error;
        outcome = error.code;
      },
    );
    while (outcome === undefined && heir.running && heir.administration === administration) await pass(500);
    while (!heir.running) await pass(500);
    // What its disk says counts, when it died over the answer.
    const now = outcome ?? (heir.status?.server === undefined ? "died before" : "done");
    tally.count(`act: take-over, ${now}`);
    return now;
  }

  /** Whoever does not work with the new server is pointed to it; the old one takes part no more. */
  point(): void {
    const { fleet, acts } = this.#parts;
    if (this.#heir === undefined || acts.isBusy) return;
    const heir = fleet.at(this.#heir);
    for (const machine of fleet.machines) {
      const { name } = machine;
      if (machine === heir || name === LOST || !machine.running || !acts.isStarted(name)) continue;
      const isThere = machine.destination === heir.address && machine.status?.client?.state === "synchronized";
      if (isThere || fleet.world.nowMs < (this.#pointedMs.get(name) ?? Number.NEGATIVE_INFINITY) + POINT_AGAIN_MS) continue;
      this.#pointedMs.set(name, fleet.world.nowMs);
      acts.joinSoon(name, heir.address);
    }
  }

  /** Nothing of it counts any more. */
  isLost(name: string): boolean {
    return this.#heir !== undefined && name === LOST;
  }

  /** The old server has heard of the new one. */
  get isOver(): boolean {
    return this.#heir === undefined || this.#parts.fleet.at(LOST).status?.server?.state === "stood-down";
  }
}
