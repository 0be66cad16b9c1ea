/** The desk, put together: a time server, machines with their cards and cables, and what the page and the API work on. */
import { join } from "node:path";
import type { Travel } from "../control.ts";
import type { GroupDatagram } from "../group-sockets.ts";
import { Cards } from "./cards.ts";
import { DataDirectory } from "./data-directory.ts";
import { DeskMachine } from "./desk-machine.ts";
import type { CommandFor, Hardware } from "./machine-command.ts";
import { factsOf } from "./machine-facts.ts";
import type { MachineCommand } from "./machine-process.ts";
import type { NetworkCard } from "./network-card.ts";
import { type NtpKnobs, NtpServer } from "./ntp-server.ts";
import { type DeskOptions, MACHINES_ADDED_MAX, MACHINES_MIN, addressOf } from "./options.ts";

export interface DeskParts {
  readonly options: DeskOptions;
  readonly commandFor: CommandFor;
  /** One line for the person at the terminal. */
  readonly tell: (text: string) => void;
}

export type DeskEvent =
  | { readonly kind: "machine" | "log"; readonly machine: DeskMachine }
  | { readonly kind: "travel"; readonly machine: DeskMachine; readonly travel: Travel }
  /** `machines`: a printer was put on the desk, or carried away. */
  | { readonly kind: "machines" }
  | { readonly kind: "ntp" };

export class Desk {
  readonly #parts: DeskParts;
  readonly #data: DataDirectory;
  readonly #ntp = new NtpServer({ wallMs: () => Date.now() });
  readonly #cards: Cards;
  readonly #listeners = new Set<(event: DeskEvent) => void>();
  #machines: readonly DeskMachine[] = [];
  /** Printers are put down and carried away one after the other. */
  #moving: Promise<unknown> = Promise.resolve();
  #socketDir = "";
  /** The machines' time server, `host:port`. */
  #sntp = "";

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#data = new DataDirectory(parts.options.dataDir);
    this.#cards = new Cards(parts);
  }

  /** Sorted by number; where one was carried away its number is missing. */
  get machines(): readonly DeskMachine[] {
    return this.#machines;
  }

  /** Where machine n's port 8443 is in truth, when ports are mapped. */
  portOf(number: number): number | undefined {
    return this.#cards.portOf(number);
  }

  get ntp(): NtpKnobs {
    return this.#ntp.knobs;
  }

  /** The machines ask their time server at once, so that the change is seen. */
  setNtp(knobs: NtpKnobs): void {
    this.#ntp.set(knobs);
    for (const machine of this.#machines) {
      const sntp = machine.knowledge.view?.settings.network.sntp;
      // A machine that sleeps or is off asks when it wakes or starts, as it does anyway.
      if (machine.phase === "on" && typeof sntp === "string") machine.call("networkSettings", { sntp }).catch(() => undefined);
    }
    this.#tellAll({ kind: "ntp" });
  }

  onEvent(listener: (event: DeskEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes the folder and the addresses. Throws BadFolder or DeskTrouble, and leaves nothing behind then. */
  async open(): Promise<void> {
    const { options, tell } = this.#parts;
    for (const pid of this.#data.open(options)) tell(`ended machine process ${pid}, left over from a desk that was killed`);
    try {
      this.#socketDir = this.#data.makeSocketFolder();
      await this.#cards.open();
      const ownNtp = `127.0.0.1:${await this.#ntp.start()}`;
      this.#sntp = options.ntp === undefined ? ownNtp : `${options.ntp.host}:${options.ntp.port}`;
      for (let number = 1; number <= options.machines; number += 1) await this.#putDown(number);
    } catch (cause) {
      await this.close();
      throw cause;
    }
  }

  /** Switches all machines on; resolves when each is up, or has said why not. */
  async switchOn(): Promise<void> {
    await Promise.all(
      this.#machines.map(async (machine) => {
        await machine.power("switch-on");
        const came = await machine.untilActive();
        if (came === "late")
          this.#parts.tell(
            `machine ${machine.facts.number} is still starting; see ${join(this.#data.machine(machine.facts.number), "output.log")}`,
          );
      }),
    );
  }

  /** Ends all machines in order, and hard those that take longer than `limitMs`. */
  async close(limitMs = 4_000): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.close(limitMs)));
    await this.#cards.close();
    this.#ntp.close();
    this.#data.close();
  }

  /**
   * Puts one more printer on the desk, that with the lowest free number, and switches it on; one that was here before
   * comes back with what it held. Resolves with "full" when there are ten. Throws DeskTrouble when its address is taken.
   */
  add(): Promise<DeskMachine | "full"> {
    return this.#move(async () => {
      const number = freeNumber(this.#machines);
      if (number === undefined) return "full";
      const machine = await this.#putDown(number);
      this.#tellAll({ kind: "machines" });
      await machine.power("switch-on");
      return machine;
    });
  }

  /** Stops a printer in order and carries it away with what it holds. "last-two": a fleet has two at least. */
  remove(machine: DeskMachine): Promise<"removed" | "last-two"> {
    return this.#move(async () => {
      if (this.#machines.length <= MACHINES_MIN) return "last-two";
      if (!this.#machines.includes(machine)) return "removed";
      await machine.power("switch-off");
      this.#machines = this.#machines.filter((each) => each !== machine);
      await this.#cards.leave(machine.facts.number);
      this.#tellAll({ kind: "machines" });
      return "removed";
    });
  }

  #move<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#moving.then(act);
    this.#moving = done.catch(() => undefined);
    return done;
  }

  async #putDown(number: number): Promise<DeskMachine> {
    const machine = this.#make(number, await this.#cards.take(number));
    this.#machines = [...this.#machines, machine].sort((a, b) => a.facts.number - b.facts.number);
    return machine;
  }

  #make(number: number, card: NetworkCard): DeskMachine {
    const { options, tell } = this.#parts;
    const facts = factsOf(number, { address: addressOf(options, number), clientOnly: options.clientOnly.has(number) });
    return new DeskMachine({
      facts,
      dataDir: this.#data.machine(number),
      command: (hardware) => this.#command(facts, hardware),
      card,
      onPowerLost: () => this.#cards.lostPower(number),
      onDatagram: (from, datagram) => this.#switch(from, datagram),
      onChange: (machine) => this.#tellAll({ kind: "machine", machine }),
      onLog: (machine) => this.#tellAll({ kind: "log", machine }),
      onTravel: (machine, travel) => this.#tellAll({ kind: "travel", machine, travel }),
      onTrouble: tell,
    });
  }

  #command(facts: ReturnType<typeof factsOf>, hardware: Hardware): MachineCommand {
    return this.#parts.commandFor(this.#data.machine(facts.number), {
      number: String(facts.number),
      serial: facts.serialNumber,
      product: facts.productName,
      name: facts.deviceName,
      location: facts.location,
      server: facts.clientOnly ? "no" : "yes",
      language: this.#parts.options.language,
      address: facts.address,
      sockets: join(this.#socketDir, String(facts.number)),
      local: this.#cards.mapped ? "no" : "yes",
      map: JSON.stringify(this.#cards.map),
      sntp: this.#sntp,
      cable: JSON.stringify(hardware.cable),
      clock: JSON.stringify(hardware.clock),
    });
  }

  /** The machines of the desk are one segment. An answer goes to the address it is meant for. */
  #switch(from: DeskMachine, datagram: GroupDatagram): void {
    const { to } = datagram;
    for (const machine of this.#machines)
      if (machine !== from && (to === undefined || to.host === machine.facts.address)) machine.receive(datagram);
  }

  #tellAll(event: DeskEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** undefined when the desk is full. */
function freeNumber(machines: readonly DeskMachine[]): number | undefined {
  const taken = new Set(machines.map(({ facts }) => facts.number));
  const numbers = Array.from({ length: MACHINES_ADDED_MAX }, (_, index) => index + 1);
  return numbers.find((number) => !taken.has(number));
}
