/**
 * The server function. Listeners only record what happened; one loop handles it in order. What it keeps to:
 *
 * 1. A change is durable before anybody hears of it.
 * 2. Revisions have no holes.
 * 3. An edit seen twice is answered twice alike and applied once.
 * 4. An owner is adopted from exactly one joining client, whole.
 * 5. The hold on full sleep is open exactly while another machine operates, and for a lease after a start. After a failure it lapses by itself.
 */
import type { RegisteredMachine, ServerStatus } from "../../../hal/services.ts";
import { unreachable } from "../../model/assert.ts";
import type { DeviceId } from "../../model/ids.ts";
import type { Refusal } from "../../model/refusal.ts";
import { LIMITS } from "../../model/limits.ts";
import { sameEpoch } from "../../model/position.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { Up } from "../../protocol/up.ts";
import { digestsOf } from "../digests.ts";
import { Mailbox } from "../mailbox.ts";
import { Requests } from "../requests.ts";
import type { Role } from "../role.ts";
import type { StatusNews } from "../status-news.ts";
import { onWaking } from "../waking.ts";
import { Committer } from "./committer.ts";
import { sendChangesOrEnd, sendWhatFollows } from "./changes-after.ts";
import { carryOut } from "./machines.ts";
import { NetworkOrder } from "./network-order.ts";
import { Orders } from "./orders.ts";
import { OtherServer } from "./other-server.ts";
import { Dismissals } from "./dismissals.ts";
import { Reception } from "./reception.ts";
import { newSessionId, Session } from "./session.ts";
import { Sessions } from "./sessions.ts";
import { type Arrival, type ServerEvent, settles, tick } from "./server-event.ts";
import type { ServerParts } from "./server-parts.ts";
import { SleepHold } from "./sleep-hold.ts";
import { sendParts } from "./part-sender.ts";
import { ServerVoice } from "./voice.ts";
import { linkedAbort } from "../../model/linked-abort.ts";

export class SyncServer implements Role {
  readonly #parts: ServerParts;
  readonly #mailbox = new Mailbox<ServerEvent>();
  readonly #sessions = new Sessions();
  readonly #voice: ServerVoice;
  readonly #reception: Reception;
  readonly #committer: Committer;
  readonly #hold: SleepHold;
  readonly #order: NetworkOrder;
  /** What an administrator may order while it runs, and what there is to do with another server of the fleet. */
  readonly orders: Orders;
  readonly other: OtherServer;
  readonly #dismissals: Dismissals;
  /** Monotonic time: a lease after the start, when whoever operates has been heard. */
  #knowsAtMs = Number.POSITIVE_INFINITY;
  readonly #requests = new Requests({ word: "server-not-running" }, (perform) => this.#mailbox.put({ kind: "request", perform }));

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#voice = new ServerVoice(parts);
    const digests = () => digestsOf(parts.users.policy());
    this.#reception = new Reception({ ...parts, digests });
    this.#committer = new Committer({ ...parts, voice: this.#voice, sessions: this.#sessions });
    this.#hold = new SleepHold(parts);
    this.#order = new NetworkOrder(parts);
    this.orders = new Orders({
      ...parts,
      requests: this.#requests,
      committer: this.#committer,
      sessions: this.#sessions,
      knowsWhoOperates: () => this.#knowsAtMs <= parts.clock.monotonicMs(),
      putOut: (device, refusal) => this.#dismissals.putOut(device, refusal),
    });
    this.#dismissals = new Dismissals({ ...parts, sessions: this.#sessions, voice: this.#voice });
    const standDown = (refusal: Refusal) => this.#standDown(refusal);
    this.other = new OtherServer({ ...parts, requests: this.#requests, committer: this.#committer, standDown });
    if (parts.succession.hasStoodDown) this.#requests.end({ word: "stood-down" });
  }

  status(): ServerStatus {
    const { machines, owners, journal, config, succession } = this.#parts;
    const state = succession.hasStoodDown ? "stood-down" : "running";
    const counts = { machines: machines.placed().length, users: owners.users.size, usersMax: config.usersMax };
    return { state, ...counts, revision: journal.position.revision, ...this.#hold.shown(this.#sessions.keptAwakeBy) };
  }

  registered(): RegisteredMachine[] {
    return this.#parts.machines.list((device) => {
      const session = this.#sessions.operatingAs(device);
      return session === undefined ? { operating: false } : { ...session.shown, ...this.#order.shown(session.hello) };
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { link, users, power, clock, snapshotParts } = this.#parts;
    link.onMessage((from, message, by) => this.#mailbox.put({ kind: "message", from, message, by }));
    link.onGone((device) => this.#mailbox.put({ kind: "gone", device }));
    const registrations = [
      users.onPolicy(() => this.#mailbox.put({ kind: "policy" })),
      onWaking(power, () => this.#mailbox.put({ kind: "woken" })),
      power.wakeOn("connection"),
    ];
    const over = linkedAbort(signal);
    // When the next lease ends, or the time after a start in which it is not known who operates.
    const nextMs = (nowMs: number): number => Math.min(this.#sessions.nextEndMs(), this.#hold.knowsFrom(nowMs));
    const ticking = tick(clock, over.signal, nextMs, (event) => this.#mailbox.put(event));
    this.#knowsAtMs = clock.monotonicMs() + LIMITS.leaseMs;
    this.#hold.awaitClients();
    try {
      while (!signal.aborted) await this.#handle(this.#committer.isDue ? this.#mailbox.takeNow() : await this.#mailbox.take(over.signal));
    } finally {
      over.abort();
      this.#requests.end();
      for (const end of registrations) end();
      snapshotParts.end();
      this.#voice.broadcast({ kind: "server-end", reason: this.#parts.isStopped() ? "stopped" : "off" });
      this.#hold.end(signal.aborted ? "stopped" : "failed");
      await link.close();
    }
    await ticking;
  }

  async #handle(events: readonly ServerEvent[]): Promise<void> {
    let news: StatusNews = "counts";
    for (const event of events) {
      if (event.kind === "message" && this.#queue(event.from, event.message)) continue;
      news = "words";
      if (settles(event)) await this.#committer.flush();
      await this.#perform(event);
    }
    await this.#committer.flushTurn();
    if (this.#parts.succession.hasStoodDown) this.#hold.release();
    else this.#hold.evaluate(this.#sessions.operating);
    this.#parts.onStatus(news);
  }

  async #perform(event: ServerEvent): Promise<void> {
    switch (event.kind) {
      case "message":
        return await this.#answer(event);
      case "gone":
        // The link is gone, the machine may be back in a moment: only its lease ends its session.
        return undefined;
      case "tick":
        return await this.#beat();
      case "look":
        return this.#sessions.endLeases(this.#parts.clock.monotonicMs());
      case "policy":
        return this.#dismissals.comparePolicies();
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
    const isNews = session.hears(envelope.counter, this.#parts.clock.monotonicMs());
    if (session.isLook) return false;
    if (body.kind === "client-beat") {
      if (!isNews) return true;
      session.hearBeat(body);
      this.#committer.logins(body.loggedIn);
      return true;
    }
    if (body.kind !== "push" && body.kind !== "offer" && body.kind !== "bring") return false;
    if (envelope.epoch === undefined || !sameEpoch(envelope.epoch, this.#parts.journal.position.epoch)) return false;
    if (body.kind === "push") this.#committer.push(session, body);
    else if (body.kind === "bring") this.#committer.bring(session, body);
    else this.#committer.offer(session, body);
    return true;
  }

  async #answer({ from, message: { envelope, body }, by }: Arrival): Promise<void> {
    if (body.kind === "hello") return await this.#receive(from, body, by);
    this.#voice.hear(from, envelope.version);
    const session = this.#sessions.get(from);
    if (session === undefined || session.id !== envelope.session) {
      // What comes from a session that is over changes nothing (P14).
      if (body.kind !== "client-end") this.#voice.send(from, undefined, { kind: "server-end", reason: "unknown-session" });
      return;
    }
    switch (body.kind) {
      case "pull-part":
        return await sendParts(body, session, this.#parts.snapshotParts, this.#voice);
      case "pull-changes":
        return await sendChangesOrEnd(body.after, session, { ...this.#parts, sessions: this.#sessions, voice: this.#voice });
      case "client-end":
        this.#sessions.close(from);
        if (body.reason === "stopped" && !this.#parts.machines.isMetAnew(from)) await this.#release(from);
        return;
      default:
        // A push or an offer of another epoch (P13), or of a machine that only looks: it has to say hello.
        return this.#voice.send(from, undefined, { kind: "server-end", reason: "unknown-session" });
    }
  }

  async #receive(from: DeviceId, hello: Hello, by: Arrival["by"]): Promise<void> {
    const { clock, log, machines, random } = this.#parts;
    if (this.#reception.isOvertaken(from, hello)) return;
    this.#voice.agree(from, hello.protocol.max);
    const refusal = await this.#reception.refusal(from, hello);
    if (refusal !== undefined) {
      if (refusal.word === "stood-down") this.#standDown(refusal);
      else log.refused({ of: "machine", machine: hello.device.deviceName }, refusal);
      this.#sessions.close(from);
      this.#voice.send(from, undefined, { kind: "refuse", number: hello.number, refusal });
      return;
    }
    const isNew = hello.purpose !== "preview" && (machines.get(from)?.placed !== true || machines.isMetAnew(from));
    const session = new Session({ id: newSessionId(random), device: from, hello, by, heardMs: clock.monotonicMs() });
    const welcome = await this.#reception.welcome(session);
    const before = this.#sessions.get(from)?.hello;
    this.#sessions.open(session);
    this.#order.welcomed(hello, before);
    if (isNew) log.write({ kind: "machine-registered", machine: hello.device.deviceName, serialNumber: hello.device.serialNumber });
    this.#voice.send(from, session.id, welcome);
    if (!session.isLook) this.#committer.logins(hello.loggedIn);
    await sendWhatFollows(welcome, session, { ...this.#parts, sessions: this.#sessions, voice: this.#voice });
  }

  /** The machine's place is free, and its pin is gone. */
  async #release(device: DeviceId): Promise<void> {
    await carryOut(this.#parts.machines.remove(device), this.#parts.storage);
  }

  /** Another machine serves: nobody is in session here any more, and nothing is changed. */
  #standDown(refusal: Refusal): void {
    this.#requests.end(refusal);
    this.#dismissals.everybody(refusal);
  }

  async #beat(): Promise<void> {
    const { clock, journal, journalTime, storage, machines, names } = this.#parts;
    this.#hold.renew();
    this.#sessions.endLeases(clock.monotonicMs());
    for (const { device } of this.#sessions.all()) machines.touch(device, clock.wallMs());
    await this.#committer.tidy();
    if (this.#sessions.size === 0) return;
    if (journalTime.isDue) await storage.write([journalTime.write()]);
    this.#voice.broadcast({ kind: "server-beat", position: journal.position, journalTime: journalTime.now(), names: names.news() });
  }
}
