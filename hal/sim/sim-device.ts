/** What the simulated machine is. */
import type { Random } from "../../src/model/random.ts";
import type { Device } from "../device.ts";
import { aesKeyStore } from "../parts/aes-key-store.ts";

export interface SimDeviceFacts {
  readonly serialNumber: string;
  readonly productName: string;
  readonly deviceName: string;
  readonly location: string;
  /** false: a model without the server function. */
  readonly server: boolean;
  /** The order of the network places; "" when left out. */
  readonly networkPlaces?: string;
  /** Of the machine's own menus; English when left out. */
  readonly language?: string;
}

interface Parts {
  readonly random: Random;
  /** 32 bytes; the machine's own, the same at each start. */
  readonly deviceKey: Uint8Array;
  readonly facts: SimDeviceFacts;
}

export class SimDevice implements Device {
  readonly serialNumber: string;
  readonly productName: string;
  readonly capabilities: Device["capabilities"];
  readonly keyStore: Device["keyStore"];
  #named: { readonly deviceName: string; readonly location: string };

  constructor({ random, deviceKey, facts }: Parts) {
    this.serialNumber = facts.serialNumber;
    this.productName = facts.productName;
    this.capabilities = { server: facts.server, networkPlaces: facts.networkPlaces ?? "" };
    this.keyStore = aesKeyStore({ key: deviceKey, random });
    this.#named = { deviceName: facts.deviceName, location: facts.location };
  }

  get deviceName(): string {
    return this.#named.deviceName;
  }

  get location(): string {
    return this.#named.location;
  }

  /** Knob: the administrator renames the machine, or moves it. */
  rename(named: { readonly deviceName: string; readonly location: string }): void {
    this.#named = named;
  }
}
