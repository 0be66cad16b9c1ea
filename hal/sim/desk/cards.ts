/**
 * The network cards of the desk's printers: a card holds its printer's address whether the printer has power or not. Where
 * ports are mapped, those of all printers that may ever stand here are taken at once, because the machines are told at
 * their start which port stands for which address.
 */
import { createServer } from "node:net";
import { Cable } from "../cable.ts";
import { NetworkCard } from "./network-card.ts";
import { type DeskOptions, MACHINES_ADDED_MAX, addressOf } from "./options.ts";

/** The printers' port; the same on each. */
const MACHINE_PORT = 8443;

/** The desk cannot be set up; the message is one line. */
export class DeskTrouble extends Error {}

export interface CardsParts {
  readonly options: Pick<DeskOptions, "baseAddress" | "machines" | "mapPorts">;
  readonly tell: (text: string) => void;
}

export class Cards {
  readonly #parts: CardsParts;
  readonly #cards = new Map<number, NetworkCard>();
  #mapped = false;

  constructor(parts: CardsParts) {
    this.#parts = parts;
  }

  /** Whether printers are reached on ports of 127.0.0.1. Known after `open`. */
  get mapped(): boolean {
    return this.#mapped;
  }

  /** For the machines: which port of 127.0.0.1 stands for which address. Empty where nothing is mapped. */
  get map(): Readonly<Record<string, string>> {
    if (!this.#mapped) return {};
    const pairs = [...this.#cards].map(([number, card]) => [`${this.#address(number)}:${MACHINE_PORT}`, `127.0.0.1:${card.port}`]);
    return Object.fromEntries(pairs);
  }

  async open(): Promise<void> {
    const { options, tell } = this.#parts;
    this.#mapped = options.mapPorts || !(await hasAddress(this.#address(1)));
    if (!this.#mapped) return;
    if (!options.mapPorts) tell(`this system has only 127.0.0.1: the machines' addresses are mapped to ports of it`);
    for (let number = 1; number <= Math.max(options.machines, MACHINES_ADDED_MAX); number += 1) await this.#open(number);
  }

  /** The card of a printer that is put on the desk. Throws DeskTrouble when its address cannot be had. */
  async take(number: number): Promise<NetworkCard> {
    return this.#cards.get(number) ?? (await this.#open(number));
  }

  /** The printer is carried away. */
  async leave(number: number): Promise<void> {
    if (this.#mapped) return;
    const card = this.#cards.get(number);
    this.#cards.delete(number);
    await card?.close();
  }

  /** Where machine n's port 8443 is in truth. */
  portOf(number: number): number | undefined {
    return this.#cards.get(number)?.port;
  }

  /** A machine's plug was pulled: the others hear no goodbye. */
  lostPower(number: number): void {
    for (const [other, card] of this.#cards) if (other !== number) card.peerLostPower(this.#address(number));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#cards.values()].map((card) => card.close()));
  }

  #address(number: number): string {
    return addressOf(this.#parts.options, number);
  }

  async #open(number: number): Promise<NetworkCard> {
    const host = this.#mapped ? "127.0.0.1" : this.#address(number);
    const card = new NetworkCard({
      cable: desksCable(),
      host,
      port: this.#mapped ? 0 : MACHINE_PORT,
      onTrouble: this.#parts.tell,
    });
    this.#cards.set(number, card);
    try {
      await card.open();
    } catch (cause) {
      this.#cards.delete(number);
      await card.close();
      const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
      const why =
        code === "EADDRINUSE"
          ? "is taken; stop what uses it, or choose other addresses with --base-address"
          : `cannot be used (${String(code)})`;
      throw new DeskTrouble(`${host}:${MACHINE_PORT} ${why}`, { cause });
    }
    return card;
  }
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
