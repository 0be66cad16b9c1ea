/**
 * Journal time (P4): milliseconds that never go back. Over a restart of the module it goes on with the monotonic clock,
 * over a power-off with the date, which is right when the server begins (M06): that date, and what ran since, until SNTP
 * answers anew. Somebody may set the machine's own date to anything meanwhile: taken up, it would age all histories by years
 * at the next start. A client's later estimate raises it. Written with every commit, and at least every LIMITS.journalTimeMs.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { unlessDamaged } from "../../model/errors.ts";
import type { DeviceId, JournalTime as Time } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { JOURNAL_TIME } from "../../store/journal-keys.ts";

/** By how much of our own time the allowance of a machine's estimates fills up again: an hour a day. */
const REFILL_SHARE = 1 / 24;

/** `dateMs`: the date that is known to be right, whatever the wall clock says. */
interface Mark {
  readonly time: Time;
  readonly boot: string;
  readonly monotonicMs: number;
  readonly dateMs: number;
}

/** The right date now, reckoned from an earlier moment of this power-on. */
function dateNow(clock: Clock, known: { readonly monotonicMs: number; readonly dateMs: number }): number {
  const sntp = clock.sntp();
  if (sntp.kind === "answered" && sntp.atMs > known.monotonicMs) return clock.wallMs();
  return known.dateMs + clock.monotonicMs() - known.monotonicMs;
}

export class JournalTime {
  readonly #clock: Clock;
  /** What each machine may still raise it by, and when that was reckoned. */
  readonly #allowances = new Map<DeviceId, { readonly leftMs: number; readonly atMs: number }>();
  #mark: Mark;
  #writtenMs: number;

  private constructor(clock: Clock, mark: Mark) {
    this.#clock = clock;
    this.#mark = mark;
    this.#writtenMs = Number.NEGATIVE_INFINITY;
  }

  /** Rejects "storage-damaged" for a record that cannot be read. */
  static async open(storage: Storage, clock: Clock): Promise<JournalTime> {
    return JournalTime.of(await storage.get(JOURNAL_TIME), clock);
  }

  /** From the date where the record cannot be read: it is right on a machine that may serve (M06). */
  static async openOrBegin(storage: Storage, clock: Clock): Promise<JournalTime> {
    return JournalTime.of(await storage.get(JOURNAL_TIME).catch(unlessDamaged), clock);
  }

  /** Goes on from a record of it; from the date where there is none. */
  static of(record: Uint8Array | undefined, clock: Clock): JournalTime {
    const now = { boot: clock.boot, monotonicMs: clock.monotonicMs(), dateMs: clock.wallMs() };
    if (record === undefined) return new JournalTime(clock, { ...now, time: Math.max(1, Math.round(now.dateMs)) });
    const [time, boot, monotonicMs, dateMs] = decodeCbor(record, LIMITS.entryBytesMax) as [Time, string, number, number];
    const isSameBoot = boot === now.boot;
    const ran = isSameBoot ? now.monotonicMs - monotonicMs : now.dateMs - dateMs;
    const date = isSameBoot ? { dateMs: dateNow(clock, { monotonicMs, dateMs }) } : {};
    return new JournalTime(clock, { ...now, ...date, time: Math.round(time + Math.max(0, ran)) });
  }

  /** Goes on from this time. */
  static from(time: Time, clock: Clock): JournalTime {
    return new JournalTime(clock, { time, boot: clock.boot, monotonicMs: clock.monotonicMs(), dateMs: clock.wallMs() });
  }

  now(): Time {
    return this.#at(this.#clock.monotonicMs());
  }

  #at(nowMs: number): Time {
    const { time, monotonicMs } = this.#mark;
    return Math.min(LIMITS.journalTimeMax, Math.round(time + Math.max(0, nowMs - monotonicMs)));
  }

  /**
   * A client has reckoned a later time: ours goes on from there. Ours is at fault after a power-off with a wrong date, a
   * client's by drift; a broken or hostile one takes us ahead by its allowance and not by years, hello after hello.
   */
  raise(estimate: Time, by: DeviceId): void {
    const ahead = estimate - this.now();
    const atMs = this.#clock.monotonicMs();
    const before = this.#allowances.get(by) ?? { leftMs: LIMITS.journalTimeRaiseMs, atMs };
    const leftMs = Math.min(LIMITS.journalTimeRaiseMs, before.leftMs + (atMs - before.atMs) * REFILL_SHARE);
    if (ahead <= 0 || ahead > leftMs) return;
    this.#allowances.set(by, { leftMs: leftMs - ahead, atMs });
    this.#set(estimate, this.#clock.monotonicMs());
    // Nobody is told a time that a crash could take back.
    this.#writtenMs = Number.NEGATIVE_INFINITY;
  }

  /** The write that makes now durable. */
  write(): Write {
    const nowMs = this.#clock.monotonicMs();
    const time = this.#at(nowMs);
    this.#set(time, nowMs);
    this.#writtenMs = nowMs;
    const { boot, monotonicMs, dateMs } = this.#mark;
    return { key: JOURNAL_TIME, value: encodeCbor([time, boot, monotonicMs, dateMs]) };
  }

  get isDue(): boolean {
    return this.#clock.monotonicMs() - this.#writtenMs >= LIMITS.journalTimeMs;
  }

  #set(time: Time, monotonicMs: number): void {
    this.#mark = { time, boot: this.#clock.boot, monotonicMs, dateMs: dateNow(this.#clock, this.#mark) };
  }
}
