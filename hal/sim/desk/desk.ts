/** The desk, put together: a time server, machines with their cards and cables, and what the page and the API work on. */
import { createServer } from "node:net";
import { join } from "node:path";
import { Cable } from "../cable.ts";
import type { GroupDatagram } from "../group-sockets.ts";
import { DataDirectory } from "./data-directory.ts";
import { DeskMachine } from "./desk-machine.ts";
import type { CommandFor, Hardware } from "./machine-command.ts";
import { factsOf } from "./machine-facts.ts";
import type { MachineCommand } from "./machine-process.ts";
import { NetworkCard } from "./network-card.ts";
import { type NtpKnobs, NtpServer } from "./ntp-server.ts";
import { type DeskOptions, addressOf } from "./options.ts";

/** The printers' port; the same on each. */
export const MACHINE_PORT = 8443;

export interface DeskParts {
  readonly options: DeskOptions;
  readonly commandFor: CommandFor;
  /** One line for the person at the terminal. */
  readonly tell: (text: string) => void;
}

export type DeskEvent = { readonly kind: "machine" | "log"; readonly machine: DeskMachine } | { readonly kind: "ntp" };

/** The desk cannot be set up; the message is one line. */
export class DeskTrouble extends Error {}

export class Desk {
  readonly #parts: DeskParts;
  readonly #data: DataDirectory;
  readonly #ntp = new NtpServer({ wallMs: () => Date.now() });
  readonly #cards: NetworkCard[] = [];
  readonly #listeners = new Set<(event: DeskEvent) => void>();
  #machines: readonly DeskMachine[] = [];
  #socketDir = "";

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#data = new DataDirectory(parts.options.dataDir);
  }

  /** Sorted by number: machine n is at n - 1. */
  get machines(): readonly DeskMachine[] {
    return this.#machines;
  }

  /** Where machine n's port 8443 is in truth, when ports are mapped. */
  portOf(number: number): number | undefined {
    return this.#cards[number - 1]?.port;
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
      const mapped = options.mapPorts || !(await hasAddress(addressOf(options, 1)));
      if (mapped && !options.mapPorts) tell(`this system has only 127.0.0.1: the machines' addresses are mapped to ports of it`);
      await this.#openCards(mapped);
      const ownNtp = `127.0.0.1:${await this.#ntp.start()}`;
      const sntp = options.ntp === undefined ? ownNtp : `${options.ntp.host}:${options.ntp.port}`;
      this.#openMachines({ mapped, sntp });
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
    await Promise.all(this.#cards.map((card) => card.close()));
    this.#ntp.close();
    this.#data.close();
  }

  async #openCards(mapped: boolean): Promise<void> {
    const { options, tell } = this.#parts;
    for (let number = 1; number <= options.machines; number += 1) {
      const host = mapped ? "127.0.0.1" : addressOf(options, number);
      const card = new NetworkCard({ cable: desksCable(), host, port: mapped ? 0 : MACHINE_PORT, onTrouble: tell });
      this.#cards.push(card);
      try {
        await card.open();
      } catch (cause) {
        const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
        const why =
          code === "EADDRINUSE"
            ? "is taken; stop what uses it, or choose other addresses with --base-address"
            : `cannot be used (${String(code)})`;
        throw new DeskTrouble(`${host}:${MACHINE_PORT} ${why}`, { cause });
      }
    }
  }

  #openMachines({ mapped, sntp }: { readonly mapped: boolean; readonly sntp: string }): void {
    const { options, tell } = this.#parts;
    const map = mapped
      ? Object.fromEntries(this.#cards.map((card, index) => [`${addressOf(options, index + 1)}:${MACHINE_PORT}`, `127.0.0.1:${card.port}`]))
      : {};
    this.#machines = this.#cards.map((card, index) => {
      const facts = factsOf(index + 1, { address: addressOf(options, index + 1), clientOnly: options.clientOnly.has(index + 1) });
      return new DeskMachine({
        facts,
        dataDir: this.#data.machine(facts.number),
        command: (hardware) => this.#command({ facts, mapped, sntp, map, hardware }),
        card,
        onPowerLost: (address) => {
          for (const other of this.#cards) if (other !== card) other.peerLostPower(address);
        },
        onDatagram: (from, datagram) => this.#switch(from, datagram),
        onChange: (machine) => this.#tellAll({ kind: "machine", machine }),
        onLog: (machine) => this.#tellAll({ kind: "log", machine }),
        onTrouble: tell,
      });
    });
  }

  #command({ facts, mapped, sntp, map, hardware }: CommandParts): MachineCommand {
    return this.#parts.commandFor(this.#data.machine(facts.number), {
      number: String(facts.number),
      serial: facts.serialNumber,
      product: facts.productName,
      name: facts.deviceName,
      location: facts.location,
      server: facts.clientOnly ? "no" : "yes",
      address: facts.address,
      sockets: join(this.#socketDir, String(facts.number)),
      local: mapped ? "no" : "yes",
      map: JSON.stringify(map),
      sntp,
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

interface CommandParts {
  readonly facts: ReturnType<typeof factsOf>;
  readonly mapped: boolean;
  readonly sntp: string;
  readonly map: Readonly<Record<string, string>>;
  readonly hardware: Hardware;
}

const desksCable = (): Cable =>
  new Cable({
    nowMs: () => performance.now(),
    after: (ms, fn) => {
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    },
    chance: Math.random,
  });

/** Whether this system answers for an address of the loopback network. Linux has all of them, others only 127.0.0.1. */
function hasAddress(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(0, host, () => probe.close(() => resolve(true)));
  });
}
