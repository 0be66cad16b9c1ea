/**
 * What an administrator sets at the simulated machine itself: network, authentication and groups, and who makes room at the limit
 * of users. It is kept over power cycles, in one small file of the machine's data folder.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { CableNetwork } from "./cable-network.ts";
import type { MachineSettings, NetworkSettings, Policy } from "./control.ts";
import type { SimHal } from "./sim-hal.ts";
import type { NetworkKeeper } from "./sim-network-settings.ts";

export class SettingsFile {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "machine-settings.json");
  }

  /** What was written last, over what a new machine starts with. A file that cannot be read counts as a new machine. */
  read(factory: MachineSettings): MachineSettings {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return factory;
      throw cause;
    }
    // The file is this class's own; `write` puts it there whole or not at all.
    const kept = JSON.parse(text) as Partial<MachineSettings>;
    const { maxUsersPolicy = factory.maxUsersPolicy } = kept;
    return { network: { ...factory.network, ...kept.network }, policy: { ...factory.policy, ...kept.policy }, maxUsersPolicy };
  }

  /** Durable when it returns, and whole: a plug pulled in between leaves the old one. */
  write(settings: Omit<MachineSettings, "network"> & { readonly network: Partial<NetworkSettings> }): void {
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(settings));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, this.#path);
  }
}

interface Parts {
  readonly file: SettingsFile;
  /** What a new machine starts with: as long as it is in force, a time server is not kept, since the next desk has another. */
  readonly factory: MachineSettings;
  /** What was read from the file at power-on. */
  readonly settings: MachineSettings;
  readonly hal: Pick<SimHal, "users" | "restrictions" | "networkSettings">;
  readonly network: Pick<CableNetwork, "setProxy">;
  readonly setTimeServer: (sntp: string | null) => void;
  readonly checkTimeServer: NetworkKeeper["checkTimeServer"];
}

/** The settings in force. A change is in the file before it takes effect. */
export class KeptSettings {
  readonly #parts: Parts;
  #current: MachineSettings;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#current = parts.settings;
  }

  /** The machine has what was set before, and keeps here from now on what is set in its own menus. */
  start(): void {
    const { hal, settings, checkTimeServer } = this.#parts;
    const { users, restrictions, networkSettings } = hal;
    users.setPolicy(settings.policy);
    users.keepPolicy = (policy) => this.#keep({ ...this.#current, policy });
    restrictions.chooseMaxUsersPolicy(settings.maxUsersPolicy);
    restrictions.keepMaxUsersPolicy = (maxUsersPolicy) => this.#keep({ ...this.#current, maxUsersPolicy });
    networkSettings.keeper = { get: () => this.network, set: (change) => void this.setNetwork(change), checkTimeServer };
  }

  /** Secrets and all. */
  get network(): NetworkSettings {
    return this.#current.network;
  }

  /** As the machine's own pages show them: the password of a proxy is no more than set. */
  get shown(): MachineSettings {
    const maxUsersPolicy = this.#parts.hal.restrictions.maxUsersPolicy();
    return { ...this.#current, network: withoutPassword(this.#current.network), maxUsersPolicy };
  }

  /** What is left out stays as it is. A time server that is set, be it the same, is asked at once. */
  setNetwork(change: Partial<NetworkSettings>): NetworkSettings {
    const network = { ...this.#current.network, ...change };
    this.#keep({ ...this.#current, network });
    this.#parts.network.setProxy({ proxy: network.proxy ?? undefined, proxyExcludesLocalhost: network.proxyExcludesLocalhost });
    if (change.sntp !== undefined) this.#parts.setTimeServer(change.sntp);
    return withoutPassword(network);
  }

  setPolicy(policy: Policy): Policy {
    this.#keep({ ...this.#current, policy });
    this.#parts.hal.users.setPolicy(policy);
    return policy;
  }

  #keep(settings: MachineSettings): void {
    const { sntp, ...network } = settings.network;
    const isFactory = sntp === this.#parts.factory.network.sntp;
    this.#parts.file.write(isFactory ? { ...settings, network } : settings);
    this.#current = settings;
  }
}

function withoutPassword(network: NetworkSettings): NetworkSettings {
  if (network.proxy === null || !URL.canParse(network.proxy)) return network;
  const url = new URL(network.proxy);
  if (url.password === "") return network;
  return { ...network, proxy: `http://${url.username}:***@${url.host}` };
}
