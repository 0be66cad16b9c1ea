/**
 * The server function. Listeners only record what happened; one loop handles it in order. What it keeps to:
 *
 * 1. A change is durable before anybody hears of it.
 * 2. Revisions have no holes.
 * 3. An edit seen twice is answered twice alike and applied once.
 * 4. An owner is adopted from exactly one joining client, whole.
 * 5. The hold on full sleep is open exactly while another machine is operating, and for one lease after a start.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Power } from "../../../hal/power.ts";
import type { RegisteredMachine, ServerStatus } from "../../../hal/services.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { ServerLink } from "../../link/link.ts";
import { unreachable } from "../../model/assert.ts";
import { type DeviceId, type RunId, sessionId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { type Owner, ownerParts } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { DownBody } from "../../protocol/down.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Up } from "../../protocol/up.ts";
import type { Journal } from "../../store/journal.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { isoTime } from "../communication-log.ts";
import { digestsOf, differing } from "../digests.ts";
import { Mailbox } from "../mailbox.ts";
import type { Role } from "../role.ts";
import { onWaking } from "../waking.ts";
import { Committer } from "./committer.ts";
import { sendBlock } from "./block-sender.ts";
import type { JournalTime } from "./journal-time.ts";
import type { Machines } from "./machines.ts";
import type { OwnerTable } from "./owner-table.ts";
import { Reception } from "./reception.ts";
import { Session } from "./session.ts";
import { SleepHold } from "./sleep-hold.ts";
import { SnapshotParts } from "./snapshot-parts.ts";
import { ServerVoice } from "./voice.ts";

export interface ServerParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly machines: Machines;
  readonly owners: OwnerTable;
  readonly link: ServerLink;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly power: Power;
  readonly users: Users;
  readonly log: CommunicationLog;
  readonly random: Random;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly ownClient: () => boolean;
  readonly onStatus: () => void;
  /** Whether a stop is the administrator's (M11) and not only the end of this run. */
  readonly isStopped: () => boolean;
}

type Event =
  | { readonly kind: "message"; readonly from: DeviceId; readonly message: Up }
  | { readonly kind: "gone"; readonly device: DeviceId }
  | { readonly kind: "tick" }
  /** A lease may have ended. */
  | { readonly kind: "look" }
  | { readonly kind: "policy" }
  | { readonly kind: "woken" }
  | { readonly kind: "request"; readonly perform: () => Promise<void> };

/** What is due at once is under way already: whoever looks again waits this long. */
const LOOK_MS_MIN = 50;

export class SyncServer implements Role {
  readonly #parts: ServerParts;
  readonly #mailbox = new Mailbox<Event>();
  readonly #sessions = new Map<DeviceId, Session>();
  readonly #voice: ServerVoice;
  readonly #reception: Reception;
  readonly #committer: Committer;
  readonly #snapshotParts: SnapshotParts;
  readonly #hold: SleepHold;
  /** Requests that nobody has begun with: when the server ends, they are told so. */
  readonly #requests = new Set<() => void>();
  #hasEnded = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#voice = new ServerVoice(parts);
    this.#snapshotParts = new SnapshotParts(parts.journal);
    const digests = () => digestsOf(parts.users.policy());
    this.#reception = new Reception({ ...parts, snapshotParts: this.#snapshotParts, digests });
    this.#committer = new Committer({ ...parts, voice: this.#voice, pinned: () => this.#pinned() });
    this.#hold = new SleepHold(parts);
  }

  status(): ServerStatus {
    const { machines, owners, journal } = this.#parts;
    return { state: "running", machines: machines.placed().length, users: owners.users, revision: journal.position.revision };
  }

  registered(): RegisteredMachine[] {
    return this.#parts.machines.placed().map(({ device, deviceName, productName, location, serialNumber, lastContactMs }) => ({
      deviceId: device,
      deviceName,
      productName,
      location,
      serialNumber,
      operating: this.#sessions.has(device),
      lastContactAt: isoTime(lastContactMs),
    }));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { link, users, power, clock } = this.#parts;
    link.onMessage((from, message) => this.#mailbox.put({ kind: "message", from, message }));
    link.onGone((device) => this.#mailbox.put({ kind: "gone", device }));
    const registrations = [
      users.onPolicy(() => this.#mailbox.put({ kind: "policy" })),
      onWaking(power, () => this.#mailbox.put({ kind: "woken" })),
      power.wakeOn("connection"),
    ];
    const over = new AbortController();
    const ticking = this.#tick(AbortSignal.any([signal, over.signal]), clock);
    this.#hold.awaitClients();
    try {
      while (!signal.aborted) await this.#handle(await this.#mailbox.take(signal));
    } finally {
      over.abort();
      this.#hasEnded = true;
      for (const notRunning of this.#requests) notRunning();
      for (const end of registrations) end();
      this.#voice.broadcast({ kind: "server-end", reason: this.#parts.isStopped() ? "stopped" : "off" });
      this.#hold.release();
      await link.close();
    }
    await ticking;
  }

  /** M15: takes an owner off every machine. */
  deleteOwner(owner: Owner): Promise<Refusal | "done"> {
    return this.#request(async () => {
      if (ownerParts(owner).kind === "common" || !this.#parts.owners.holds(owner)) return { word: "owner-unknown" };
      await this.#committer.remove(owner, "deleted");
      this.#parts.log.write("Information", "owner-deleted", `the data of ${owner} was deleted on every machine`);
      return "done";
    });
  }

  /** M02: takes a machine's place away. */
  removeMachine(device: DeviceId): Promise<Refusal | "done"> {
    return this.#request(async () => {
      const known = this.#parts.machines.get(device);
      if (known === undefined) return { word: "machine-unknown" };
      await this.#parts.storage.write(this.#parts.machines.remove(device));
      this.#putOut(device, { word: "put-out" });
      this.#parts.log.write("Information", "machine-removed", `${known.deviceName} was taken out by an administrator`);
      return "done";
    });
  }

  /** Runs a change of the administrator between two turns of the loop. */
  #request(perform: () => Promise<Refusal | "done">): Promise<Refusal | "done"> {
    return new Promise((resolve, reject) => {
      const notRunning = () => resolve({ word: "server-not-running" });
      if (this.#hasEnded) return notRunning();
      this.#requests.add(notRunning);
      this.#mailbox.put({
        kind: "request",
        perform: () => {
          this.#requests.delete(notRunning);
          return perform().then(resolve, reject);
        },
      });
    });
  }

  /** A tick with each beat, and a look at the moment when a lease ends: M28 and B07 count to the second. */
  async #tick(signal: AbortSignal, clock: Clock): Promise<void> {
    let beatAtMs = clock.monotonicMs() + LIMITS.beatMs;
    for (;;) {
      const nowMs = clock.monotonicMs();
      const lookAtMs = Math.max(nowMs + LOOK_MS_MIN, this.#nextEndMs(nowMs));
      if ((await clock.sleep(Math.max(0, Math.min(beatAtMs, lookAtMs) - nowMs), signal)) === "aborted") return;
      const isBeat = clock.monotonicMs() >= beatAtMs;
      if (isBeat) beatAtMs = clock.monotonicMs() + LIMITS.beatMs;
      this.#mailbox.put({ kind: isBeat ? "tick" : "look" });
    }
  }

  /** When the next lease ends, or the time after a start in which it is not known who operates. */
  #nextEndMs(nowMs: number): number {
    const leases = [...this.#sessions.values()].map((session) => session.lapsesAtMs);
    return Math.min(...leases, this.#hold.knowsAtMs > nowMs ? this.#hold.knowsAtMs : Number.POSITIVE_INFINITY);
  }

  async #handle(events: readonly Event[]): Promise<void> {
    for (const event of events) {
      const queued = event.kind === "message" && this.#queue(event.from, event.message);
      if (queued) continue;
      await this.#committer.flush();
      await this.#perform(event);
    }
    await this.#committer.flush();
    this.#hold.evaluate(this.#others());
    this.#parts.onStatus();
  }

  async #perform(event: Event): Promise<void> {
    switch (event.kind) {
      case "message":
        return await this.#answer(event.from, event.message);
      case "gone":
        // The link is gone, the machine may be back in a moment: only its lease ends its session.
        return undefined;
      case "tick":
        return await this.#beat();
      case "look":
        return this.#endLeases();
      case "policy":
        return this.#comparePolicies();
      case "woken":
        return this.#hold.awaitClients();
      case "request":
        return await event.perform();
      default:
        return unreachable(event);
    }
  }

  /** Pushes, offers and logins wait for the next commit, together. True when the message was one of them. */
  #queue(from: DeviceId, { envelope, body }: Up): boolean {
    if (body.kind === "hello") return false;
    const session = this.#sessions.get(from);
    if (session === undefined || session.id !== envelope.session) return false;
    session.heardMs = this.#parts.clock.monotonicMs();
    if (body.kind === "client-beat") {
      session.loggedIn = body.loggedIn;
      this.#committer.logins(body.loggedIn);
      return true;
    }
    if (body.kind !== "push" && body.kind !== "offer") return false;
    const { epoch } = this.#parts.journal.position;
    if (envelope.epoch?.id !== epoch.id || envelope.epoch.number !== epoch.number) return false;
    if (body.kind === "push") this.#committer.push(session, body);
    else this.#committer.offer(session, body);
    return true;
  }

  async #answer(from: DeviceId, { envelope, body }: Up): Promise<void> {
    if (body.kind === "hello") return await this.#receive(from, body);
    const session = this.#sessions.get(from);
    if (session === undefined || session.id !== envelope.session) {
      if (body.kind !== "client-end") this.#voice.send(from, undefined, { kind: "server-end", reason: "unknown-session" });
      else if (body.reason === "stopped") await this.#release(from);
      return;
    }
    switch (body.kind) {
      case "pull-part":
        return this.#voice.send(from, session.id, await this.#snapshotParts.part(body.after, session.pinned ?? 0));
      case "pull-changes":
        return await this.#sendChanges(session, body.after);
      case "client-end":
        this.#sessions.delete(from);
        if (body.reason === "stopped") await this.#release(from);
        return;
      default:
        // A push or an offer of another epoch (P13): the machine has to say hello.
        return this.#voice.send(from, undefined, { kind: "server-end", reason: "unknown-session" });
    }
  }

  async #receive(from: DeviceId, hello: Hello): Promise<void> {
    const { clock, log, machines } = this.#parts;
    if (this.#reception.isOvertaken(from, hello)) return;
    const refusal = this.#reception.refusal(from, hello);
    if (refusal !== undefined) {
      log.refused(hello.device.deviceName, refusal);
      this.#sessions.delete(from);
      this.#voice.send(from, undefined, { kind: "refuse", number: hello.number, refusal });
      return;
    }
    const isNew = machines.get(from)?.placed !== true;
    const id = sessionId(randomHex(this.#parts.random, 8));
    const session = new Session(id, from, hello, clock.monotonicMs());
    const welcome = await this.#reception.welcome(session);
    this.#sessions.set(from, session);
    if (isNew) log.write("Information", "machine-registered", `${hello.device.deviceName} (${hello.device.serialNumber}) takes part`);
    this.#voice.send(from, id, welcome);
    this.#committer.logins(hello.loggedIn);
  }

  async #sendChanges(session: Session, after: number): Promise<void> {
    const block = await this.#parts.journal.since(after, LIMITS.changeBytesMax);
    if (block === "too-old" || after > this.#parts.journal.position.revision) {
      this.#sessions.delete(session.device);
      this.#voice.send(session.device, undefined, { kind: "server-end", reason: "unknown-session" });
      return;
    }
    session.pinned = block.last < this.#parts.journal.position.revision ? block.last : undefined;
    sendBlock(block.changes, after + 1, block.last, (body: DownBody) => this.#voice.send(session.device, session.id, body));
  }

  /** The client function of a machine was stopped: its place is free, and its pin is gone. */
  async #release(device: DeviceId): Promise<void> {
    const writes = this.#parts.machines.remove(device);
    if (writes.length > 0) await this.#parts.storage.write(writes);
  }

  async #beat(): Promise<void> {
    const { clock, journal, journalTime, storage, machines } = this.#parts;
    this.#endLeases();
    for (const device of this.#sessions.keys()) machines.touch(device, clock.wallMs());
    if (this.#sessions.size === 0) return;
    if (journalTime.isDue) await storage.write([journalTime.write()]);
    this.#voice.broadcast({ kind: "server-beat", position: journal.position, journalTime: journalTime.now() });
  }

  #endLeases(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const session of [...this.#sessions.values()]) if (session.lapsesAtMs <= nowMs) this.#sessions.delete(session.device);
  }

  #comparePolicies(): void {
    const own = digestsOf(this.#parts.users.policy());
    for (const { device, hello } of [...this.#sessions.values()]) {
      const parts = differing(hello.digests, own);
      if (parts.length === 0) continue;
      this.#parts.log.refused(hello.device.deviceName, { word: "settings-differ", parts });
      this.#putOut(device, { word: "settings-differ", parts });
    }
  }

  #putOut(device: DeviceId, refusal: Refusal): void {
    const session = this.#sessions.get(device);
    this.#voice.send(device, session?.id, { kind: "server-end", reason: "put-out", refusal });
    this.#sessions.delete(device);
  }

  #others(): number {
    return [...this.#sessions.keys()].filter((device) => device !== this.#parts.device).length;
  }

  /** The first change that a transfer under way still wants. */
  #pinned(): number {
    return Math.min(...[...this.#sessions.values()].map(({ pinned }) => pinned ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY) + 1;
  }
}
