/** The ways to other machines over MQTT: port 8443 with a broker of our own, a broker of others, and this very machine. */
import type { RequestListener } from "node:http";
import type { Hal } from "../../hal/hal.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Random } from "../model/random.ts";
import type { Broker } from "./broker.ts";
import { type BrokerAddress, parseBrokerAddress } from "./broker-address.ts";
import { dialMachine } from "./dial-machine.ts";
import type { dialBroker } from "./external-broker.ts";
import { forgetIdentity, type Identity, openIdentity } from "./identity.ts";
import { JoinedServerLink } from "./joined-server-link.ts";
import type { Dial } from "./line.ts";
import type { Admission, ClientLink, Destination, FirstContact, Links, ServerLink } from "./link.ts";
import { LocalServerLink } from "./local-pair.ts";
import type { Port8443 } from "./port-8443.ts";
import { reconnectingLink } from "./reconnecting-link.ts";
import type { FoundServer } from "./searching.ts";
import { isLocalhost, isProxied } from "./tunnel.ts";

interface Parts {
  readonly hal: Pick<Hal, "clock" | "device" | "network" | "storage" | "users">;
  readonly random: Random;
  readonly config: { readonly port: number };
  /** A broker of others, as parseBrokerAddress reads it; undefined: each server machine is its own. */
  readonly broker?: string | undefined;
  /** Sentences about connections that were refused or lost. */
  readonly log?: (text: string) => void;
}

export interface MqttLinks extends Links {
  /** Serves pages on the port, with or without the server function. Rejects "port-closed". One at a time. */
  servePages(pages: RequestListener): Promise<{ close(): Promise<void> }>;
}

/** Throws "address-unusable" for a broker's address that is none. */
export function mqttLinks(parts: Parts): MqttLinks {
  return new PortLinks(parts, parts.broker === undefined ? undefined : parseBrokerAddress(parts.broker));
}

/** The server function while it runs. */
interface Serving {
  readonly admission: Admission;
  readonly broker: Broker;
  readonly local: LocalServerLink;
}

class PortLinks implements MqttLinks {
  readonly #parts: Parts;
  readonly #broker: BrokerAddress | undefined;
  readonly #log: (text: string) => void;
  #identity: Promise<Identity> | undefined;
  #identityEnds = false;
  #serving: Serving | undefined;
  /** Why the server function does not run. */
  #announced: Refusal | undefined;
  #endAnswering: (() => void) | undefined;
  #pages: RequestListener | undefined;
  /** Opens and closes one after the other. */
  #port: Promise<Port8443 | undefined> = Promise.resolve(undefined);

  constructor(parts: Parts, broker: BrokerAddress | undefined) {
    this.#parts = parts;
    this.#broker = broker;
    this.#log = parts.log ?? (() => undefined);
  }

  async identity(): Promise<DeviceId> {
    return (await this.#open()).device;
  }

  get identityEnds(): boolean {
    return this.#identityEnds;
  }

  async endIdentity(): Promise<void> {
    await forgetIdentity(this.#parts.hal.storage);
    this.#identityEnds = true;
  }

  async serve(admission: Admission): Promise<ServerLink> {
    if (this.#serving !== undefined) throw new SyncError("port-closed", "the server function runs here already");
    const { clock } = this.#parts.hal;
    const { device: server } = await this.#open();
    // The machine's own client may come through the port as well, when a proxy is in the way.
    const isWelcome = (device: DeviceId): boolean => device === server || admission.isPinned(device);
    const { openBroker, startAnswering } = await import("./serving.ts");
    const broker = openBroker({ clock, server, isWelcome, log: this.#log });
    const local = new LocalServerLink(server);
    const ways: ServerLink[] = [broker, local];
    this.#serving = { admission, broker, local };
    try {
      await this.#settlePort();
    } catch (error) {
      this.#serving = undefined;
      await broker.close();
      throw error;
    }
    const { port } = this.#parts.config;
    this.#endAnswering = startAnswering({ hal: this.#parts.hal, server, port, admission, log: this.#log });
    if (this.#broker !== undefined) {
      const { brokerServerLink } = await import("./external-broker.ts");
      ways.push(brokerServerLink({ ...this.#atBroker(this.#broker), random: this.#parts.random, server, isWelcome, log: this.#log }));
    }
    return new JoinedServerLink({ ways, closed: () => this.#stopServing() });
  }

  connect(destination: Destination, server: DeviceId, ready?: () => Promise<void>): ClientLink {
    const { hal, random } = this.#parts;
    const { clock } = hal;
    const identity = (): Promise<Identity> => this.#open();
    const remote =
      this.#broker === undefined ? dialMachine({ hal, identity, destination, server }) : this.#dialBroker(this.#broker, server);
    const dial: Dial = async (attempt) => ((await this.#isOwn(destination, server)) ? this.#dialLocal(attempt) : remote(attempt));
    return reconnectingLink({ clock, random, dial, ready });
  }

  async search(depth: number, signal: AbortSignal): Promise<readonly FoundServer[]> {
    const { hal, random, config } = this.#parts;
    const { searchServers } = await import("./searching.ts");
    return await searchServers({ network: hal.network, clock: hal.clock, random, port: config.port }, depth, signal);
  }

  async firstContact(destination: Destination, signal: AbortSignal, reached?: () => void): Promise<FirstContact> {
    const { hal, random } = this.#parts;
    const { openFirstContact } = await import("./first-contact.ts");
    return await openFirstContact({ hal, random, identity: await this.#open() }, destination, { signal, reached });
  }

  async announce(closed: Refusal): Promise<{ close(): Promise<void> }> {
    this.#announced = closed;
    await this.#settlePort();
    return {
      close: async () => {
        if (this.#announced === closed) this.#announced = undefined;
        await this.#settlePort();
      },
    };
  }

  async servePages(pages: RequestListener): Promise<{ close(): Promise<void> }> {
    this.#pages = pages;
    await this.#settlePort();
    return {
      close: async () => {
        if (this.#pages === pages) this.#pages = undefined;
        await this.#settlePort();
      },
    };
  }

  async #stopServing(): Promise<void> {
    this.#endAnswering?.();
    this.#serving = undefined;
    await this.#settlePort();
  }

  /** M29: the direct way to this machine's own server function needs no wire; with a proxy in the way it is one of many. */
  async #isOwn(destination: Destination, server: DeviceId): Promise<boolean> {
    if (!isLocalhost(destination.host) || isProxied(this.#parts.hal.network.proxy(), destination.host)) return false;
    return server === (await this.identity());
  }

  readonly #dialLocal: Dial = async (attempt) => {
    const local = this.#serving?.local;
    if (local === undefined) throw new SyncError("server-unreachable", "the server function of this machine is not running");
    return await local.dial(attempt);
  };

  #open(): Promise<Identity> {
    const { hal } = this.#parts;
    this.#identity ??= openIdentity({ storage: hal.storage, keyStore: hal.device.keyStore, log: this.#log }).catch((error: unknown) => {
      // The next one who asks tries again.
      this.#identity = undefined;
      throw error;
    });
    return this.#identity;
  }

  /** Few fleets have a broker of others: what it takes is loaded with the first line. */
  #dialBroker(broker: BrokerAddress, server: DeviceId): Dial {
    return async (attempt) => {
      const { dialBroker: dial } = await import("./external-broker.ts");
      return await dial({ ...this.#atBroker(broker), server })(attempt);
    };
  }

  #atBroker(broker: BrokerAddress): Omit<Parameters<typeof dialBroker>[0], "server"> {
    return { hal: this.#parts.hal, broker, identity: () => this.#open() };
  }

  /** The port is open exactly while the server function runs or says why it does not, or pages are served. */
  async #settlePort(): Promise<void> {
    const settled = this.#port.then(async (port) => {
      const wanted = [this.#serving, this.#pages, this.#announced].some((reason) => reason !== undefined);
      if (wanted === (port !== undefined)) return port;
      if (wanted) return await this.#openPort();
      await port?.close();
      return undefined;
    });
    this.#port = settled.catch(() => undefined);
    await settled;
  }

  async #openPort(): Promise<Port8443> {
    const { hal, random, config } = this.#parts;
    const identity = await this.#open();
    const { openPort } = await import("./serving.ts");
    return await openPort({
      hal,
      random,
      port: config.port,
      identity,
      log: this.#log,
      broker: () => this.#serving?.broker,
      admission: () => this.#serving?.admission,
      closed: () => this.#announced,
      pages: () => this.#pages,
    });
  }
}
