/**
 * The machines a server machine knows, durably: those whose certificate was pinned at a first contact, and among them
 * those that have a place in the fleet (M02). A machine that was not stopped keeps its place.
 */
import type { RegisteredMachine } from "../../../hal/services.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import type { DeviceId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { naturalOrder } from "../../model/natural-order.ts";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import type { Hello } from "../../protocol/hello.ts";
import { ALL_MACHINES, machineKey } from "../../store/journal-keys.ts";
import { isoTime } from "../communication-log.ts";

export interface KnownMachine {
  readonly device: DeviceId;
  readonly serialNumber: string;
  readonly deviceName: string;
  readonly productName: string;
  readonly location: string;
  /** false: pinned, and no hello was welcomed yet. */
  readonly placed: boolean;
  /** Wall time of the server machine. */
  readonly lastContactMs: number;
}

/** Changes of what is known: true from `take` on, which is to be called when the writes are durable. */
export interface MachinesChange {
  readonly writes: readonly Write[];
  readonly take: () => void;
}

/** Writes a change, then takes it. */
export async function carryOut({ writes, take }: MachinesChange, storage: Storage): Promise<void> {
  if (writes.length > 0) await storage.write(writes);
  take();
}

export class Machines {
  readonly #known = new Map<DeviceId, KnownMachine>();
  /** Pinned since their last hello. */
  readonly #metAnew = new Set<DeviceId>();

  static async open(storage: Storage): Promise<Machines> {
    const machines = new Machines();
    for await (const [, bytes] of storage.range(ALL_MACHINES)) {
      const machine = unpackMachine(bytes);
      machines.#known.set(machine.device, machine);
    }
    return machines;
  }

  placed(): KnownMachine[] {
    return [...this.#known.values()].filter(({ placed }) => placed);
  }

  /** The machines that have a place, as an administrator sees them (M31): by name, so that each stands where it stood. */
  list(present: (device: DeviceId) => Pick<RegisteredMachine, "operating" | "networkPlacesDiffer" | "waiting">): RegisteredMachine[] {
    const placed = this.placed().sort((a, b) => naturalOrder(a.deviceName, b.deviceName) || (a.device < b.device ? -1 : 1));
    return placed.map(({ device, deviceName, productName, location, serialNumber, lastContactMs }) => ({
      deviceId: device,
      deviceName,
      productName,
      location,
      serialNumber,
      lastContactAt: isoTime(lastContactMs),
      ...present(device),
    }));
  }

  get(device: DeviceId): KnownMachine | undefined {
    return this.#known.get(device);
  }

  /** Whether another machine may take a place, besides `device`. The server machine has one of its own. */
  hasRoomFor(device: DeviceId, own: DeviceId): boolean {
    const others = this.placed().filter((machine) => machine.device !== device && machine.device !== own);
    return device === own || others.length + 1 < LIMITS.machinesMax;
  }

  /** Whether it was started anew since its last hello: the goodbye of the session before, which may come late, is no word of it (P14). */
  isMetAnew(device: DeviceId): boolean {
    return this.#metAnew.has(device);
  }

  /** Pins a machine; one with the same serial number hands over its place (it lost its key). */
  pin(
    candidate: { readonly device: DeviceId; readonly serialNumber: string; readonly deviceName: string },
    wallMs: number,
  ): MachinesChange {
    const others = [...this.#known.values()].filter(({ device }) => device !== candidate.device);
    const before = others.filter(({ serialNumber }) => serialNumber === candidate.serialNumber);
    const unplaced = others.filter((machine) => !machine.placed && !before.includes(machine));
    const tooMany = unplaced.slice(0, Math.max(0, unplaced.length - LIMITS.pinsWithoutPlaceMax + 1));
    const placed = [this.#known.get(candidate.device), ...before].some((machine) => machine?.placed === true);
    const pinned: KnownMachine = { ...candidate, productName: "", location: "", placed, lastContactMs: wallMs };
    const { writes, take } = this.#change(
      [...before, ...tooMany].map(({ device }) => device),
      [pinned],
    );
    const takeAnew = () => {
      take();
      this.#metAnew.add(candidate.device);
    };
    return { writes, take: takeAnew };
  }

  /** Gives a machine its place, or brings what is known of it up to date; no writes when nothing changed but the time. */
  place(device: DeviceId, hello: Hello, wallMs: number): MachinesChange {
    this.#metAnew.delete(device);
    const known = this.#known.get(device);
    // What hardware a key was pinned for stays: the image of a machine in another one says its own (P14).
    const serialNumber = known === undefined || known.serialNumber === "" ? hello.device.serialNumber : known.serialNumber;
    const machine: KnownMachine = { device, ...hello.device, serialNumber, placed: true, lastContactMs: wallMs };
    const change = this.#change([], [machine]);
    return known?.placed === true && sameDescription(known, machine) ? { ...change, writes: [] } : change;
  }

  /** Whether a machine was paired lately and has not come since: what it is, only its hello says. */
  awaitsOne(wallMs: number): boolean {
    const isLate = ({ lastContactMs }: KnownMachine) => Math.abs(wallMs - lastContactMs) > LIMITS.pairedLatelyMs;
    return [...this.#known.values()].some((machine) => machine.productName === "" && !isLate(machine));
  }

  touch(device: DeviceId, wallMs: number): void {
    const known = this.#known.get(device);
    if (known !== undefined) this.#known.set(device, { ...known, lastContactMs: wallMs });
  }

  /** No writes for a machine that is not known. */
  remove(device: DeviceId): MachinesChange {
    return this.#known.has(device) ? this.#change([device], []) : { writes: [], take: () => undefined };
  }

  #change(removed: readonly DeviceId[], put: readonly KnownMachine[]): MachinesChange {
    const writes = [
      ...removed.map((device): Write => ({ key: machineKey(device), value: undefined })),
      ...put.map((machine): Write => ({ key: machineKey(machine.device), value: pack(machine) })),
    ];
    return {
      writes,
      take: () => {
        for (const device of removed) this.#known.delete(device);
        for (const machine of put) this.#known.set(machine.device, machine);
      },
    };
  }
}

const sameDescription = (a: KnownMachine, b: KnownMachine): boolean =>
  a.serialNumber === b.serialNumber && a.deviceName === b.deviceName && a.productName === b.productName && a.location === b.location;

/** What stands for a machine whose record is damaged: it keeps its place, and its next hello says what it is. */
export const machineAnew = (device: DeviceId, deviceName = ""): Write => ({
  key: machineKey(device),
  value: pack({ device, serialNumber: "", deviceName, productName: "", location: "", placed: true, lastContactMs: 0 }),
});

const pack = (machine: KnownMachine): Uint8Array =>
  encodeCbor([
    machine.device,
    machine.serialNumber,
    machine.deviceName,
    machine.productName,
    machine.location,
    machine.placed,
    machine.lastContactMs,
  ]);

/** Throws for a record that cannot be read. */
export function unpackMachine(bytes: Uint8Array): KnownMachine {
  const row = decodeCbor(bytes, LIMITS.entryBytesMax) as [DeviceId, string, string, string, string, boolean, number];
  const [device, serialNumber, deviceName, productName, location, placed, lastContactMs] = row;
  return { device, serialNumber, deviceName, productName, location, placed, lastContactMs };
}
