/**
 * Sleep states of the machine, after the manuals: awake; partial sleep (panel dark, network and module run); full sleep
 * (no code of the module runs, connections stay open but silent).
 *
 * The machine falls asleep by its own rules: it goes from active to partial sleep when it likes (not during an import or
 * export, M30), and to full sleep only while no hold is in force. Before full sleep it calls every `beforeSleep` function and
 * waits for all of them, each at most its limit; a hold taken meanwhile calls the sleep off. Waking is told by `onState` before
 * anything else arrives.
 */
import type { Unsubscribe } from "./hal.ts";

export type PowerState = "active" | "partial-sleep" | "full-sleep";

/** A reason not to sleep fully. It lapses by itself, so that a module that died keeps nobody awake. */
export interface Hold {
  readonly reason: string;
  /** Starts the time to lapse anew. After a release it does nothing. */
  renew(): void;
  /** Ends the hold; a second release does nothing. */
  release(): void;
}

export interface Power {
  readonly state: PowerState;
  onState(listener: (state: PowerState) => void): Unsubscribe;
  /** `limitMs`: at most 5,000. A function that fails or is late does not keep the machine awake. */
  beforeSleep(prepare: () => Promise<void>, limitMs: number): Unsubscribe;
  /**
   * From now on a connection to a port that the module listens on wakes the machine from full to partial sleep (M37), and
   * so does a datagram to a group that it has joined to be woken.
   */
  wakeOn(event: "connection"): Unsubscribe;
  /** The reasons in force are shown to the administrator. Holds of one reason are counted one by one. */
  holdFromFullSleep(reason: string, lapsesAfterMs: number): Hold;
  /** Asks the machine to restart, as an administrator would. It answers when the restart is under way. */
  restart(): Promise<void>;
}
