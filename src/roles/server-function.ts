/** The server function of a machine: started and stopped by the administrator, waiting for the right time, kept running. */
import type { SntpState } from "../../hal/clock.ts";
import type { Fault, RegisteredMachine, ServerStatus } from "../../hal/services.ts";
import { epochId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { linkedAbort } from "../model/linked-abort.ts";
import { randomHex } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Journal } from "../store/journal.ts";
import { serveAgain } from "../store/stood-down.ts";
import { answeredAt, NOTE_ANSWER_EVERY_MS, noteAnswers, noteFailed } from "./clock-notes.ts";
import { tellPredecessors } from "./herald.ts";
import type { DateAhead } from "./date-ahead.ts";
import type { MakeServer, ServerFunctionParts } from "./make-server.ts";
import { awaitSntp, judgeClock } from "./right-clock.ts";
import type { Role } from "./role.ts";
import { JournalTime } from "./server/journal-time.ts";
import type { OwnerTable } from "./server/owner-table.ts";
import type { SyncServer } from "./server/server.ts";
import { supervise } from "./supervisor.ts";
import { TurningPoint } from "./turning-point.ts";

interface Parts extends ServerFunctionParts {
  readonly makeServer: MakeServer;
}

export class ServerFunction {
  readonly #parts: Parts;
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;
  #state: ServerStatus["state"] = "waiting-for-clock";
  #fault: Fault | undefined;
  #server: SyncServer | undefined;
  #owners: OwnerTable | undefined;
  #journal: Journal | undefined;
  #date: DateAhead | undefined;
  #hasSettled = false;
  /** Where a machine still serves which was the server before, and which this one cannot tell (B06). */
  #otherServer: string | undefined;
  /** Told when the first attempt has come to something. */
  readonly #settling = new TurningPoint();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isStarted(): boolean {
    return this.#stop !== undefined;
  }

  /** The journal of the server that runs. */
  get journal(): Journal | undefined {
    return this.#server === undefined ? undefined : this.#journal;
  }

  /** The running server, for what the administrator asks of it. */
  get server(): SyncServer | undefined {
    return this.#server;
  }

  /** Whom the running server holds. */
  get owners(): OwnerTable | undefined {
    return this.#server === undefined ? undefined : this.#owners;
  }

  status(): ServerStatus | undefined {
    if (this.#stop === undefined) return undefined;
    if (this.#server !== undefined) {
      const otherServer = this.#otherServer ?? this.#servedElsewhere();
      return { ...this.#server.status(), ...this.#date?.shown(), ...(otherServer === undefined ? {} : { otherServer }) };
    }
    const fault = this.#state === "stopped-by-error" && this.#fault !== undefined ? { fault: this.#fault } : {};
    return { state: this.#state, machines: 0, users: 0, usersMax: this.#parts.config.usersMax, revision: 0, ...fault };
  }

  /** Its own client is heard by another server machine of the fleet: until that steps aside, two serve (B06). */
  #servedElsewhere(): string | undefined {
    const { elsewhere, servedAt } = this.#parts;
    const address = servedAt();
    return address !== undefined && elsewhere()?.position.fleet === this.#journal?.position.fleet ? address : undefined;
  }

  /** Why nobody is let in, undefined while the server runs. */
  closed(): Refusal | undefined {
    if (this.#server !== undefined) return undefined;
    if (this.#stop === undefined || this.#state !== "waiting-for-clock") return { word: "server-not-running" };
    return { word: "clock-not-right", sntp: this.#parts.hal.clock.sntp().kind === "off" ? "off" : "silent" };
  }

  machines(): readonly RegisteredMachine[] {
    return this.#server?.registered() ?? [];
  }

  /** Why the function cannot be started now, undefined when it can (M01, M06). */
  async refusal(signal: AbortSignal): Promise<Refusal | undefined> {
    const { hal } = this.#parts;
    if (!hal.device.capabilities.server) return { word: "not-a-server-model" };
    const asking = hal.clock.sntp();
    if (asking.kind === "asking") await awaitSntp(hal.clock, asking, LIMITS.firstTimeAnswerMs, signal);
    const sntp = hal.clock.sntp();
    if (sntp.kind === "answered") return undefined;
    return { word: "clock-not-right", sntp: sntp.kind === "off" ? "off" : "silent" };
  }

  /** An administrator starts it, who may have a reason: where it had stood down, it is the server again (B06). */
  async serveAgain(): Promise<void> {
    const { hal, random } = this.#parts;
    const at = (await JournalTime.openOrBegin(hal.storage, hal.clock)).now();
    await serveAgain(hal.storage, { id: epochId(randomHex(random, 8)), at });
  }

  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#hasSettled = false;
    this.#running = this.#run(stop.signal);
    this.#parts.onStatus("words");
  }

  /** Resolves when the first attempt to run has come to something: it runs, waits for the clock, or has failed. */
  async settled(): Promise<void> {
    if (this.#stop !== undefined && !this.#hasSettled) await this.#settling.next();
  }

  #settle(): void {
    this.#hasSettled = true;
    this.#settling.tell();
    this.#parts.onStatus("words");
  }

  /** Ends it: "stopped" by the administrator is announced to all clients (M11). */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    this.#stop = undefined;
    this.#parts.onStatus("words");
  }

  /** Performs while it does not run, and starts it again where it is set. */
  async aside<T>(act: () => Promise<T>): Promise<T> {
    try {
      await this.stop();
      return await act();
    } finally {
      if (this.#parts.setup.state.server) this.start();
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { hal, log } = this.#parts;
    const noting = noteAnswers({ ...this.#parts, clock: hal.clock }, signal);
    let isSlow = false;
    while (!signal.aborted) {
      const sntp = hal.clock.sntp();
      const verdict = judgeClock(sntp, hal.clock.wallMs(), await answeredAt({ ...this.#parts, clock: hal.clock }));
      if (verdict.kind === "right" || verdict.kind === "remembered") {
        if (verdict.kind === "remembered") log.write({ kind: "clock-remembered" });
        await supervise("server", () => this.#attempt(), { clock: hal.clock, log, onFault: (fault) => this.#failed(fault) }, signal);
        this.#server = undefined;
        break;
      }
      this.#state = "waiting-for-clock";
      if (verdict.kind === "wrong") log.refused({ of: "server-function", by: "clock" }, { word: "clock-not-right", sntp: verdict.sntp });
      if (verdict.kind === "wrong" || isSlow) this.#settle();
      if (verdict.kind === "wrong") await this.#waitInPublic(sntp, signal);
      else await awaitSntp(hal.clock, sntp, isSlow ? NOTE_ANSWER_EVERY_MS : LIMITS.firstTimeAnswerMs, signal);
      isSlow = true;
    }
    this.#settle();
    await noting;
  }

  #failed(fault: Fault): void {
    this.#fault = fault;
    this.#parts.onStatus("words");
  }

  async #attempt(): Promise<Role> {
    try {
      const server = await this.#make();
      return { run: (signal) => this.#serve(server, signal) };
    } finally {
      this.#settle();
    }
  }

  /** A server that has ended is not said to run, also while the next one is waited for. */
  async #serve(server: SyncServer, signal: AbortSignal): Promise<void> {
    const over = linkedAbort(signal);
    const journal = this.#journal;
    const serves = journal !== undefined && server.status().state === "running";
    const onOther = (address: string | undefined) => this.#heardOf(address);
    const unwatch = this.#date?.watch();
    const telling = serves ? tellPredecessors({ ...this.#parts, journal, other: server.other, onOther }, over.signal) : undefined;
    try {
      await server.run(signal);
    } finally {
      over.abort();
      unwatch?.();
      this.#server = undefined;
      this.#state = "stopped-by-error";
      this.#otherServer = undefined;
      this.#parts.onStatus("words");
      await telling;
    }
  }

  #heardOf(otherServer: string | undefined): void {
    if (otherServer === this.#otherServer) return;
    this.#otherServer = otherServer;
    if (otherServer !== undefined) this.#parts.log.write({ kind: "other-server", address: otherServer });
    this.#parts.onStatus("words");
  }

  async #make(): Promise<SyncServer> {
    this.#server = undefined;
    this.#state = "stopped-by-error";
    const { server, journal, owners, date } = await this.#parts.makeServer({
      ...this.#parts,
      metDamage: this.#fault === "storage-damaged",
    });
    this.#journal = journal;
    this.#date = date;
    this.#owners = owners;
    this.#server = server;
    return server;
  }

  /** Whoever looks for the server is told what it waits for (M36): until somebody sets it right, which may be long. */
  async #waitInPublic(sntp: SntpState, signal: AbortSignal): Promise<void> {
    const { hal, links, log } = this.#parts;
    const closed = this.closed() ?? { word: "server-not-running" };
    const announced = await links.announce(closed).catch((error: unknown) => noteFailed(log, error));
    await awaitSntp(hal.clock, sntp, NOTE_ANSWER_EVERY_MS, signal);
    await announced?.close();
  }
}
