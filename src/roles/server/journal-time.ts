/**
 * Journal time (P4): milliseconds that never go back. Over a restart of the module it goes on with the monotonic clock,
 * over a power-off with the date, which is right when the server begins (M06): that date, and what ran since, until SNTP
 * answers anew. Somebody may set the machine's own date to anything meanwhile: taken up, it would age all histories by years
 * at the next start. Nor is a time server believed that is years ahead after a power-off, until a machine that ran meanwhile reckons the
 * same (decisions/years-ahead.md). A client's later estimate raises it. Written with every commit, and at least every LIMITS.journalTimeMs.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { daysMs } from "../../model/day.ts";
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
  /** What the date said beyond a time that can have passed, over power-offs: nobody who ran meanwhile has said so yet. */
  readonly unbelievedMs: number;
}

type Packed = readonly [Time, boot: string, monotonicMs: number, dateMs: number, unbelievedMs?: number];

/** The right date now, reckoned from an earlier moment of this power-on. */
function dateNow(clock: Clock, known: { readonly monotonicMs: number; readonly dateMs: number }): number {
  const sntp = clock.sntp();
  if (sntp.kind === "answered" && sntp.atMs > known.monotonicMs) return clock.wallMs();
  return known.dateMs + clock.monotonicMs() - known.monotonicMs;
}

/** Longer than a date is believed of a power-off. */
const isYears = (ms: number): boolean => ms > LIMITS.journalTimeOffMs;

export class JournalTime {
  readonly #clock: Clock;
  /** What each machine may still raise it by, and when that was reckoned. */
  readonly #allowances = new Map<DeviceId, { readonly leftMs: number; readonly atMs: number }>();
  /** Whether the date was years ahead already when it was written down last. */
  readonly wasAhead: boolean;
  #mark: Mark;
  #writtenMs: number;

  private constructor(clock: Clock, mark: Mark, wasAhead = false) {
    this.#clock = clock;
    this.wasAhead = wasAhead;
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

  /** Goes on from a record of it; from the date where there is none. A backup may be as old as it likes: "any date". */
  static of(record: Uint8Array | undefined, clock: Clock, believes: "what can be" | "any date" = "what can be"): JournalTime {
    const now = { boot: clock.boot, monotonicMs: clock.monotonicMs(), dateMs: clock.wallMs(), unbelievedMs: 0 };
    if (record === undefined) return new JournalTime(clock, { ...now, time: Math.max(1, Math.round(now.dateMs)) });
    const [time, boot, monotonicMs, dateMs, unbelieved = 0] = decodeCbor(record, LIMITS.entryBytesMax) as Packed;
    const wasAhead = isYears(dateMs - time);
    if (boot === now.boot) {
      const ran = Math.max(0, now.monotonicMs - monotonicMs);
      const known = { dateMs: dateNow(clock, { monotonicMs, dateMs }), unbelievedMs: unbelieved };
      return new JournalTime(clock, { ...now, ...known, time: Math.round(time + ran) }, wasAhead);
    }
    const off = now.dateMs - dateMs;
    const isTooLong = isYears(off) && believes === "what can be";
    // A date that goes back takes back what was not believed of the one before.
    const unbelievedMs = Math.max(0, unbelieved + (isTooLong ? off : Math.min(0, off)));
    return new JournalTime(clock, { ...now, unbelievedMs, time: Math.round(time + (isTooLong ? 0 : Math.max(0, off))) }, wasAhead);
  }

  /** Goes on from this time. */
  static from(time: Time, clock: Clock): JournalTime {
    return new JournalTime(clock, { time, boot: clock.boot, monotonicMs: clock.monotonicMs(), dateMs: clock.wallMs(), unbelievedMs: 0 });
  }

  /** So many days the date is ahead of it, where that is longer than a power-off is believed to be; else 0. */
  get daysAhead(): number {
    const aheadMs = dateNow(this.#clock, this.#mark) - this.now();
    return isYears(aheadMs) ? Math.round(aheadMs / daysMs(1)) : 0;
  }

  /**
   * SNTP has answered just now: the date is right. Its question may have gone out before the last mark was made, which no look at its
   * moment could tell from an answer that is in the mark already.
   */
  answered(): void {
    const monotonicMs = this.#clock.monotonicMs();
    this.#mark = { ...this.#mark, time: this.#at(monotonicMs), monotonicMs, dateMs: this.#clock.wallMs() };
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
   * client's by drift; a broken or hostile one takes us ahead by its allowance and not by years, hello after hello. Up to what our own
   * date says it costs no allowance.
   */
  raise(estimate: Time, by: DeviceId): void {
    const ahead = estimate - this.now();
    const atMs = this.#clock.monotonicMs();
    const before = this.#allowances.get(by) ?? { leftMs: LIMITS.journalTimeRaiseMs, atMs };
    const leftMs = Math.min(LIMITS.journalTimeRaiseMs, before.leftMs + (atMs - before.atMs) * REFILL_SHARE);
    const confirmedMs = Math.max(0, Math.min(ahead, this.#mark.unbelievedMs));
    if (ahead <= 0 || ahead - confirmedMs > leftMs) return;
    this.#allowances.set(by, { leftMs: leftMs - (ahead - confirmedMs), atMs });
    this.#mark = { ...this.#mark, unbelievedMs: this.#mark.unbelievedMs - confirmedMs };
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
    const { boot, monotonicMs, dateMs, unbelievedMs } = this.#mark;
    return { key: JOURNAL_TIME, value: encodeCbor([time, boot, monotonicMs, dateMs, unbelievedMs]) };
  }

  get isDue(): boolean {
    return this.#clock.monotonicMs() - this.#writtenMs >= LIMITS.journalTimeMs;
  }

  #set(time: Time, monotonicMs: number): void {
    const { unbelievedMs } = this.#mark;
    this.#mark = { time, boot: this.#clock.boot, monotonicMs, dateMs: dateNow(this.#clock, this.#mark), unbelievedMs };
  }
}
