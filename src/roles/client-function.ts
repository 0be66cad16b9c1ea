/**
 * The client function of a machine: first contact with the server machine at once, synchronisation from the next start
 * of the machine on (M08), until the administrator stops it.
 */
import type { Hal, Unsubscribe } from "../../hal/hal.ts";
import type { RestrictionHold } from "../../hal/restrictions.ts";
import type { Acknowledged, ClientSettings, ClientStatus } from "../../hal/services.ts";
import type { Destination, Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import type { EntryName } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId, RunId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { resetReplica } from "../store/generations.ts";
import { Replica } from "../store/replica.ts";
import { Seal } from "../store/seal.ts";
import { SyncClient } from "./client/client.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import { Travel } from "./client/travel.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { isLocal, parseDestination } from "./destination.ts";
import type { ClientSetup, Paired, Setup } from "./setup.ts";
import { supervise } from "./supervisor.ts";

export interface ClientFunctionParts {
  readonly hal: Hal;
  readonly config: Config;
  readonly links: Links;
  readonly random: Random;
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly stores: MachineStores;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly onStatus: () => void;
}

export class ClientFunction {
  readonly #parts: ClientFunctionParts;
  readonly #shown = new Set<(entries: readonly EntryName[]) => void>();
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;
  #client: SyncClient | undefined;
  #refusal: Refusal | undefined;
  #holds: RestrictionHold[] = [];

  constructor(parts: ClientFunctionParts) {
    this.#parts = parts;
  }

  /** Told which entries the machine shows anew because of another machine. */
  onApplied(listener: (entries: readonly EntryName[]) => void): Unsubscribe {
    this.#shown.add(listener);
    return () => this.#shown.delete(listener);
  }

  /** Whether it is started and goes to the server function of this very machine (M04). */
  get isOwn(): boolean {
    const { setup, config } = this.#parts;
    const destination = setup.state.client === undefined ? undefined : parseDestination(setup.state.client.destination, config.port);
    return destination !== undefined && isLocal(destination);
  }

  status(): ClientStatus | undefined {
    const { setup } = this.#parts;
    if (setup.state.client === undefined) return undefined;
    if (this.#client !== undefined) return this.#client.status();
    if (this.#refusal !== undefined) return { state: "refused", pending: 0, reason: this.#refusal.word, refusal: this.#refusal };
    return { state: this.#isDue(setup.state.client) ? "offline" : "restart-needed", pending: 0 };
  }

  acknowledged(): Acknowledged {
    return this.#client?.acknowledged() ?? { acknowledged: 0, pending: [] };
  }

  /** Edits with these marks are durable in the replica; at once while the function does not work yet. */
  async recorded(marks: readonly number[]): Promise<readonly number[]> {
    await this.#client?.recorded(Math.max(0, ...marks));
    return marks;
  }

  /**
   * Works from the next start of the machine on; what was joined before is forgotten, the data stays (P21). The first
   * contact is made at once: a server machine that refuses leaves everything as it was. One that is away is tried again
   * until it answers.
   */
  async set(settings: ClientSettings, signal: AbortSignal): Promise<Refusal | undefined> {
    const { setup, hal, stores, config, log } = this.#parts;
    const destination = parseDestination(settings.destination, config.port);
    if (destination === undefined) return { word: "destination-malformed", text: settings.destination };
    if (isLocal(destination) && !hal.device.capabilities.server) return { word: "not-a-server-model" };
    const contact = isLocal(destination) ? undefined : await this.#contactNow(destination, settings, signal);
    if (contact !== undefined && contact !== "away" && "word" in contact) return contact;
    const password = contact === "away" ? await setup.seal(Buffer.from(settings.password)) : undefined;
    const paired = contact === undefined || contact === "away" ? undefined : contact;
    await this.#halt();
    await resetReplica(hal.storage, stores.mark());
    const { account } = settings;
    await setup.set({ client: { destination: settings.destination, account, startedInBoot: hal.clock.boot, password, paired } });
    log.write("Information", "started", "the client function was started; it works after a restart of the machine");
    this.start();
    return undefined;
  }

  async #contactNow(destination: Destination, { account, password }: ClientSettings, signal: AbortSignal): Promise<Paired | Refusal | "away"> {
    try {
      return await this.#prove(destination, account, password, signal);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#parts.log.write("Warning", error.code, error.message);
      return "away";
    }
  }

  /** Stops it for good: the machine's data stays as it is (M11), unsent edits are discarded (P21). */
  async clear(): Promise<void> {
    const { setup, hal, stores } = this.#parts;
    await setup.set({ client: undefined });
    await this.#halt();
    await resetReplica(hal.storage, stores.mark());
    await stores.forgetEdits(stores.mark());
    this.#parts.onStatus();
  }

  start(): void {
    if (this.#stop !== undefined || this.#parts.setup.state.client === undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#refusal = undefined;
    this.#running = this.#run(stop.signal);
    this.#parts.onStatus();
  }

  /** Ends the work of this power-on; the setting stays. */
  async #halt(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    this.#stop = undefined;
    this.#client = undefined;
    for (const hold of this.#holds) hold.release();
    this.#holds = [];
  }

  async stop(): Promise<void> {
    await this.#halt();
  }

  /** Whether the machine was restarted since the function was started (M08). */
  #isDue({ startedInBoot }: ClientSetup): boolean {
    return startedInBoot !== this.#parts.hal.clock.boot;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { setup, hal, log, config } = this.#parts;
    const client = setup.state.client;
    if (client === undefined) return;
    const isDue = this.#isDue(client);
    if (isDue) this.#lock();
    const destination = parseDestination(client.destination, config.port);
    if (destination === undefined) {
      this.#refuse({ word: "destination-malformed", text: client.destination });
      return;
    }
    if (!isLocal(destination) && client.paired === undefined && (await this.#makeFirstContact(destination, signal)) !== "paired") return;
    if (!isDue || signal.aborted) return;
    await supervise("the client function", () => this.#make(destination), { clock: hal.clock, log }, signal);
  }

  /** Synchronised data is neither imported nor exported from here on (M23); over the limit the oldest user goes (M22). */
  #lock(): void {
    const { restrictions } = this.#parts.hal;
    this.#holds = [restrictions.hold("import-export")];
    if (this.#parts.setup.state.server) this.#holds.push(restrictions.hold("max-users-policy"));
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#parts.log.refused("the connection to the server machine", refusal);
    this.#parts.onStatus();
  }

  /** Tries until the server machine has answered, one way or the other; then the password is gone. */
  async #makeFirstContact(destination: Destination, signal: AbortSignal): Promise<"paired" | "refused" | "aborted"> {
    const { hal, log, setup, onStatus } = this.#parts;
    while (!signal.aborted) {
      const client = setup.state.client;
      if (client?.password === undefined) {
        this.#refuse({ word: "account-refused" });
        return "refused";
      }
      try {
        const password = Buffer.from(await setup.unseal(client.password)).toString();
        const outcome = await this.#prove(destination, client.account, password, signal);
        const refused = "word" in outcome;
        await setup.set({ client: { ...client, password: undefined, paired: refused ? undefined : outcome } });
        if (refused) this.#refuse(outcome);
        onStatus();
        return refused ? "refused" : "paired";
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        log.write("Warning", error.code, error.message);
        await hal.clock.sleep(LIMITS.backoffMaxMs, signal);
      }
    }
    return "aborted";
  }

  /** Rejects with a SyncError when the server machine is away. */
  async #prove(destination: Destination, account: string, password: string, signal: AbortSignal): Promise<Paired | Refusal> {
    const { links, setup } = this.#parts;
    const contact = await links.firstContact(destination, signal);
    try {
      const outcome = await contact.prove(account, password);
      if ("word" in outcome) return outcome;
      return { server: outcome.server, fleetSecret: await setup.seal(outcome.fleetSecret) };
    } finally {
      contact.close();
    }
  }

  async #make(destination: Destination): Promise<SyncClient> {
    const { hal, links, setup, stores, log, random, device, run, onStatus } = this.#parts;
    const { storage, clock, power, users, restrictions } = hal;
    const paired = setup.state.client?.paired;
    const secret = paired === undefined ? await setup.fleetSecret() : await setup.unseal(paired.fleetSecret);
    const travel = new Travel(new Seal(secret, random));
    const replica = await Replica.open(storage, device);
    const link = links.connect(destination, paired?.server ?? device);
    const onShown = (entries: readonly EntryName[]) => {
      for (const listener of this.#shown) listener(entries);
    };
    const isStopped = () => setup.state.client === undefined;
    const parts = { link, replica, stores, travel, storage, clock, power, users, restrictions, log, random, device, run };
    this.#client = new SyncClient({ ...parts, description: hal.device, onStatus, onShown, isStopped });
    return this.#client;
  }
}
