/** The client function of a machine: first contact at once, synchronisation from the machine's next start on (M08), until it is stopped. */
import type { ExportedOwners, RestrictionHold } from "../../hal/restrictions.ts";
import type { Acknowledged, ClientSettings, ClientStatus, Fault } from "../../hal/services.ts";
import type { ClientLink, Destination } from "../link/link.ts";
import { must } from "../model/assert.ts";
import type { SyncError } from "../model/errors.ts";
import type { Revision } from "../model/ids.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { SyncClient } from "./client/client.ts";
import { acknowledgedOf } from "./client/client-status.ts";
import type { ClientFunctionParts } from "./client-function-parts.ts";
import { DestinationReader, isLocal } from "./destination.ts";
import { wherever } from "./finding.ts";
import { introduceAtLast } from "./first-contact.ts";
import { leaveServer } from "./leave-server.ts";
import { type Copy, makeClient } from "./make-client.ts";
import { notingDamage } from "./noting-damage.ts";
import { countUnsent, discardUnsent } from "./unsent.ts";
import type { Role } from "./role.ts";
import { endCopiedKey, setClient } from "./set-client.ts";
import type { ClientSetup } from "./setup.ts";
import { supervise } from "./supervisor.ts";
import { TurningPoint } from "./turning-point.ts";

export class ClientFunction {
  readonly #parts: ClientFunctionParts;
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;
  #client: SyncClient | undefined;
  #copy: Copy | undefined;
  #refusal: Refusal | undefined;
  #fault: Fault | undefined;
  #hold: RestrictionHold | undefined;
  /** What waited when it was pointed to another server machine of its fleet, until the restart. */
  #waiting = 0;
  /** It synchronises, or starts again after a failure. */
  #isWorking = false;
  /** What is kept of the fleet was read once, or could not be. */
  #hasOpened = false;
  /** Told when a client begins or ends. */
  readonly #turn = new TurningPoint();
  readonly #destinations = new DestinationReader();

  constructor(parts: ClientFunctionParts) {
    this.#parts = parts;
  }

  /** The copy of the client that works. */
  get copy(): Copy | undefined {
    return this.#client === undefined ? undefined : this.#copy;
  }

  /** Whether it synchronises, or tries to. */
  get works(): boolean {
    return this.#isWorking;
  }

  /** Whether it is started and goes to the server function of this very machine (M04). */
  get isOwn(): boolean {
    return isLocal(this.#destination());
  }

  /** Where another machine serves this one's copy: where that stands. */
  get elsewhere(): { readonly position: Position; readonly lineage: readonly LineageEntry[] } | undefined {
    const head = this.isOwn ? undefined : this.copy?.replica.head;
    return head?.position === undefined || head.lineage.length === 0 ? undefined : { position: head.position, lineage: head.lineage };
  }

  #destination(): Destination | undefined {
    const { setup, config } = this.#parts;
    return setup.state.client === undefined ? undefined : this.#destinations.read(setup.state.client.destination, config.port);
  }

  /** Whether it is started and in force: from the restart after its start on (M08). */
  get isInForce(): boolean {
    const { client } = this.#parts.setup.state;
    return this.#stop !== undefined && client !== undefined && this.#isDue(client);
  }

  status(): ClientStatus | undefined {
    const { setup, window } = this.#parts;
    if (setup.state.client === undefined) return undefined;
    if (this.#client !== undefined) return { ...this.#client.status(), ...window.status() };
    if (this.#refusal !== undefined) return { state: "refused", pending: 0, reason: this.#refusal.word, refusal: this.#refusal };
    if (!this.#isDue(setup.state.client)) return { state: "restart-needed", pending: this.#waiting };
    return { state: "offline", pending: this.acknowledged().pending.length, ...(this.#fault === undefined ? {} : { fault: this.#fault }) };
  }

  /** Of a client that failed its copy still says what waits, until the next one has opened it. */
  acknowledged(): Acknowledged {
    return this.#copy === undefined ? { acknowledged: 0, pending: [] } : acknowledgedOf(this.#copy.replica);
  }

  /** Resolves when what this machine keeps of the fleet is read: from then on it knows what is pending. At once while it does not work. */
  async opened(): Promise<void> {
    while (this.#isWorking && !this.#hasOpened) await this.#turn.next();
  }

  /** Edits with these marks are durable in the replica; at once while the function does not work yet. */
  async recorded(marks: readonly number[]): Promise<readonly number[]> {
    const mark = Math.max(0, ...marks);
    while (this.#isWorking) {
      const client = this.#client;
      if ((await client?.recorded(mark)) === "recorded") break;
      // A client that has ended says so while it is still closing its link: only the next one knows more.
      if (this.#client === client) await this.#turn.next();
    }
    return marks.map((mark) => this.#client?.numberOf(mark) ?? mark);
  }

  /** This machine shows of these owners what the server had at the revision (M23); "ended" when it does not work (any more). */
  async prepared(owners: ExportedOwners, revision: Revision, signal: AbortSignal): Promise<"prepared" | "ended"> {
    return (await this.#client?.prepared(owners, revision, signal)) ?? "ended";
  }

  /** Works from the next start of the machine on (set-client.ts). */
  async set(settings: ClientSettings, signal: AbortSignal): Promise<Refusal | number> {
    return await setClient({ ...this.#parts, refusal: this.status()?.refusal, aside: (act) => this.aside(act) }, settings, signal);
  }

  /** Performs while it does not work, and starts it again where it is set. Locks stay meanwhile: no import slips in (M23). */
  async aside<T>(act: () => Promise<T>): Promise<T> {
    const lock = this.#hold === undefined ? undefined : this.#parts.hal.restrictions.hold("import-export");
    try {
      await this.stop();
      return await act();
    } finally {
      this.start();
      lock?.release();
    }
  }

  /** Stops it for good: the machine's data stays as it is (M11), unsent edits are discarded (P21). Gives how many those are. */
  async clear(): Promise<number> {
    const { setup, stores } = this.#parts;
    await endCopiedKey(this.#parts, this.status()?.refusal);
    // A first contact that is under way must not set it again; a client that works says goodbye because it is not set.
    if (this.#client === undefined) await this.stop();
    await leaveServer(this.#parts);
    await setup.set({ client: undefined });
    await this.stop();
    const discarded = await discardUnsent(this.#parts, "stops");
    await stores.forgetEdits(stores.mark());
    this.#parts.onStatus("words");
    return discarded;
  }

  start(): void {
    if (this.#stop !== undefined || this.#parts.setup.state.client === undefined) return;
    this.#stop = new AbortController();
    this.#refusal = undefined;
    this.#running = this.#run(this.#stop.signal);
    this.#parts.onStatus("words");
  }

  /** Ends the work of this power-on; the setting stays. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    this.#stop = undefined;
    this.#client = undefined;
    this.#copy = undefined;
    this.#parts.window.close();
    this.#hold?.release();
    this.#hold = undefined;
  }

  /** Whether the machine was restarted since the function was started (M08). */
  #isDue({ startedInBoot }: ClientSetup): boolean {
    return startedInBoot !== this.#parts.hal.clock.boot;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { setup, hal, links, log } = this.#parts;
    const client = setup.state.client;
    if (client === undefined) return;
    const isDue = this.#isDue(client);
    // Synchronised data is neither imported nor exported from here on (M23).
    if (isDue) this.#hold = hal.restrictions.hold("import-export");
    this.#waiting = isDue ? 0 : await countUnsent(this.#parts, "joins");
    const destination = this.#destination();
    if (destination === undefined) return this.#refuse({ word: "destination-malformed", text: client.destination });
    if (!isLocal(destination) && client.paired === undefined) {
      if (links.identityEnds) return;
      const contact = {
        ...this.#parts,
        onRefused: (refusal: Refusal) => this.#refuse(refusal),
        onAway: (error: SyncError) => log.failed(error),
      };
      if ((await introduceAtLast(contact, signal)) !== "paired") return;
      this.#refusal = undefined;
      this.#parts.onStatus("words");
    }
    if (!isDue || signal.aborted) return;
    this.#isWorking = true;
    // Its own key went with that of the key store: it is another machine now, and the server machine knows it no more.
    const isKnown = client.paired === undefined || (await setup.canUnseal(client.paired.fleetSecret));
    if (!isKnown) this.#refuse({ word: "not-paired" });
    else
      await wherever({ ...this.#parts, clock: hal.clock, status: () => this.status() }, signal, (here) =>
        supervise("client", () => this.#attempt(), { clock: hal.clock, log, onFault: (fault) => this.#failed(fault) }, here),
      );
    this.#isWorking = false;
    this.#fault = undefined;
    this.#turn.tell();
  }

  #failed(fault: Fault): void {
    this.#fault = fault;
    this.#parts.onStatus("words");
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#parts.log.refused({ of: "this-machine", by: "contact" }, refusal);
    this.#parts.onStatus("words");
  }

  async #attempt(): Promise<Role> {
    try {
      return await this.#make(must(this.#destination(), "it is checked before any attempt"));
    } finally {
      this.#hasOpened = true;
      this.#turn.tell();
    }
  }

  async #make(destination: Destination): Promise<Role> {
    const { client, link, copy } = await makeClient(this.#parts, destination);
    this.#copy = copy;
    return { run: (signal) => notingDamage(copy.replica, () => this.#work(client, link, signal)) };
  }

  /** A client that has ended is not asked any more, also while the next one is waited for. */
  async #work(client: SyncClient, link: ClientLink, signal: AbortSignal): Promise<void> {
    this.#client = client;
    this.#turn.tell();
    // Whether the own server is reached inside or through the proxy decides whether it may sleep (M29).
    const end = this.#parts.hal.network.onProxy(() => link.restart());
    try {
      await client.run(signal);
    } finally {
      end();
      this.#client = undefined;
      this.#turn.tell();
      this.#parts.onStatus("words");
    }
  }
}
