/**
 * Asks time servers for the date, with ntp-time-sync, and sets a RealClock by what they say.
 *
 * The library believes nearly everything it is sent, so its questions are asked here: over a connected socket, with a
 * random nonce, checked by ntp-answer.ts. Each server has an instance of its own, and of all servers the median counts,
 * if most agree with it. The library is GPL-3.0; nothing but this file may import it, and only a provider this file.
 */
import { NtpTimeSync } from "ntp-time-sync";
import { assert, must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Random } from "../../src/model/random.ts";
import type { Clock, SntpState } from "../clock.ts";
import type { Datagrams, Destination, Network } from "../network.ts";
import { answersQuestion, ntpQuestion, readNtpAnswer } from "./ntp-answer.ts";
import type { RightTime } from "./real-clock.ts";
import { type LinkedAbort, linkedAbort } from "../../src/model/linked-abort.ts";

export interface SntpSettings {
  /** Addresses or host names, each with a port (":123") or without; none: SNTP is off. */
  readonly servers: readonly string[];
  /** 1 to 48. */
  readonly pollHours: number;
}

export const SNTP_OFF: SntpSettings = { servers: [], pollHours: 24 };

/** The clock that is set: RealClock is one. */
export interface SettableClock extends Pick<Clock, "monotonicMs" | "sleep"> {
  setSntp(state: SntpState): void;
  setWall(right: RightTime): void;
}

/** What [Check NTP Server] shows for a server. */
export interface SntpCheck {
  readonly server: string;
  readonly result: "ok" | "error";
  /** For "error": what is the matter. */
  readonly text: string;
}

interface Parts {
  readonly clock: SettableClock;
  readonly network: Network;
  readonly random: Random;
  readonly settings: SntpSettings;
}

const NTP_PORT = 123;
const REPLY_MS = 3_000;
const NONCE_BYTES = 8;
/** Two servers agree when they are no further apart; more than network delays, less than what people notice. */
const AGREE_MS = 1_000;
/** No date before this firmware was made is right. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const RETRY_FIRST_MS = 15_000;
const RETRY_MAX_MS = 15 * 60_000;

export class SntpClock {
  readonly #parts: Parts;
  #settings: SntpSettings;
  #changed: Pick<LinkedAbort, "abort"> = { abort: () => undefined };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#settings = checkedSettings(parts.settings);
  }

  /** The administrator changes the settings: the servers are asked anew, at once. Throws a RangeError for bad ones. */
  set(settings: SntpSettings): void {
    this.#settings = checkedSettings(settings);
    this.#changed.abort();
  }

  /** Asks the servers, again and again, until aborted. Never rejects: a failure is the state "silent". */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const changed = linkedAbort(signal);
      this.#changed = changed;
      await this.#follow(changed.signal);
    }
  }

  /** Whether the servers answer; sets nothing. */
  async check(): Promise<readonly SntpCheck[]> {
    return await Promise.all(
      this.#settings.servers.map(async (server): Promise<SntpCheck> => {
        try {
          await this.#ask(server, new AbortController().signal);
          return { server, result: "ok", text: "" };
        } catch (error) {
          return { server, result: "error", text: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }

  /** Until the settings change: polls at their interval, sooner while nobody gives a date to believe. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    if (this.#settings.servers.length === 0) {
      clock.setSntp({ kind: "off" });
      return await aborted(signal);
    }
    clock.setSntp({ kind: "asking" });
    let retryMs = RETRY_FIRST_MS;
    while (!signal.aborted) {
      const right = await this.#poll(signal);
      if (signal.aborted) return;
      if (right !== undefined) clock.setWall(right);
      clock.setSntp(right === undefined ? { kind: "silent" } : { kind: "answered", atMs: right.atMs });
      await clock.sleep(right === undefined ? retryMs : this.#settings.pollHours * HOUR_MS, signal);
      retryMs = right === undefined ? Math.min(2 * retryMs, RETRY_MAX_MS) : RETRY_FIRST_MS;
    }
  }

  /** The date that most servers agree on, undefined when there is none. */
  async #poll(signal: AbortSignal): Promise<RightTime | undefined> {
    const { servers } = this.#settings;
    const asked = await Promise.allSettled(servers.map((server) => this.#ask(server, signal)));
    const answers = asked.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    return agreedTime(answers, servers.length);
  }

  /** Asks one server, up to three times. Rejects with a sentence when it gives no answer to believe. */
  async #ask(server: string, signal: AbortSignal): Promise<RightTime> {
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    const destination = destinationOf(server);
    let last: unknown = new SyncError("hal-unavailable", `${server} was not asked: the settings changed meanwhile`);
    let answered = false;
    const getNetworkTime = async () => {
      // The library asks again at once, which somebody who gave a bad answer, or asked to be left alone, need not bear.
      if (signal.aborted || (last instanceof SyncError && last.code === "hal-refused")) throw last;
      try {
        const answer = await this.#exchange(destination, { startMs, signal });
        answered = true;
        return answer;
      } catch (error) {
        last = error;
        throw error;
      }
    };
    const library = Object.assign(new NtpTimeSync({ servers: [destination.host], sampleCount: 1 }), { getNetworkTime });
    try {
      const { offset } = await library.getTime(true);
      if (!(offset >= EARLIEST_MS))
        throw new SyncError("hal-refused", `${server} gives a date before this firmware was made; it was not used`);
      return { wallMs: offset, atMs: startMs };
    } catch (error) {
      // What the library says of a bad answer is said better by our own check, where that found it.
      throw answered ? error : last;
    }
  }

  /**
   * One question and its answer, as the library wants it. Our own times are given to it as milliseconds since `startMs`:
   * so the offset it finds is the date of that moment, whatever the system's date is and however it steps meanwhile.
   */
  async #exchange(destination: Destination, { startMs, signal }: { startMs: number; signal: AbortSignal }) {
    const { clock, network, random } = this.#parts;
    const nonce = random(NONCE_BYTES);
    const datagrams = await network.datagrams(destination);
    const over = linkedAbort(signal);
    try {
      const reply = answerTo(nonce, datagrams);
      const originMs = clock.monotonicMs() - startMs;
      datagrams.send(ntpQuestion(nonce));
      const late = clock.sleep(REPLY_MS, over.signal).then(() => undefined);
      const packet = await Promise.race([reply.packet, late]);
      if (packet === undefined) throw silent(destination, reply.strangers());
      const answer = readNtpAnswer(packet);
      return {
        ...answer,
        mode: 4,
        rootDelay: sinceReference(answer.rootDelayS),
        rootDispersion: sinceReference(answer.rootDispersionS),
        originTimestamp: new Date(originMs),
        receiveTimestamp: new Date(answer.receivedMs),
        transmitTimestamp: new Date(answer.sentMs),
        destinationTimestamp: new Date(clock.monotonicMs() - startMs),
      };
    } finally {
      over.abort();
      datagrams.close();
    }
  }
}

/**
 * The median of the answers, where more than half of those who answered agree with it, and at least half of those who
 * were asked: one liar among three is outvoted, and silencing the others does not make him right.
 */
export function agreedTime(answers: readonly RightTime[], asked: number): RightTime | undefined {
  const ordered = [...answers].sort((a, b) => bootDate(a) - bootDate(b));
  const median = ordered[(ordered.length - 1) >> 1];
  if (median === undefined) return undefined;
  const agreeing = ordered.filter((answer) => Math.abs(bootDate(answer) - bootDate(median)) <= AGREE_MS).length;
  return 2 * agreeing > ordered.length && 2 * agreeing >= asked ? median : undefined;
}

/** The date at which monotonic time was 0: what makes answers of different moments comparable. */
const bootDate = ({ wallMs, atMs }: RightTime): number => wallMs - atMs;

/** The library takes spans as dates from 1900 on. */
const sinceReference = (seconds: number): Date => new Date(Date.UTC(1900, 0, 1) + seconds * 1_000);

function checkedSettings(settings: SntpSettings): SntpSettings {
  const { servers, pollHours } = settings;
  if (!Number.isInteger(pollHours) || pollHours < 1 || pollHours > 48)
    throw new RangeError(`SNTP polling interval: ${pollHours} is not 1-48 hours`);
  for (const server of servers) destinationOf(server);
  return settings;
}

/** Reads `host`, `host:port`, an IPv6 address, or `[IPv6 address]:port`; throws a RangeError for anything else. */
function destinationOf(server: string): Destination {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)|([0-9a-fA-F:.]+))(?::(\d{1,5}))?$/.exec(server);
  const port = Number(match?.[4] ?? NTP_PORT);
  if (match === null || port < 1 || port > 65_535)
    throw new RangeError(`NTP server address: ${JSON.stringify(server).slice(0, 80)} is not an address`);
  return { host: must(match[1] ?? match[2] ?? match[3], "one form matched"), port };
}

/** The first packet that repeats the nonce, and how many did not. */
function answerTo(nonce: Uint8Array, datagrams: Datagrams): { readonly packet: Promise<Uint8Array>; strangers(): number } {
  let strangers = 0;
  const packet = new Promise<Uint8Array>((resolve) => {
    datagrams.onMessage((bytes) => {
      if (answersQuestion(bytes, nonce)) resolve(bytes);
      else strangers += 1;
    });
  });
  return { packet, strangers: () => strangers };
}

function silent({ host, port }: Destination, strangers: number): SyncError {
  const others = strangers === 0 ? "" : `; ${strangers} packets that answered another question were not used`;
  return new SyncError("hal-unavailable", `${host} port ${port} did not answer within ${REPLY_MS} ms${others}`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  assert(!signal.aborted, "waits only for what has not happened yet");
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
