/**
 * The mailbox of a client, with a bound. While the machine is busy for long, with the showing of a whole base for example,
 * what the fleet edits waits here. What is over the bound is let go: the server has it, and is asked for it afterwards,
 * as after any loss.
 */
import { LIMITS } from "../../model/limits.ts";
import { Mailbox } from "../mailbox.ts";
import type { ClientEvent } from "./client-event.ts";

export class Inbox {
  readonly #mailbox = new Mailbox<ClientEvent>();
  /** Of the changes to all that wait. */
  #heardBytes = 0;
  #isOverrun = false;

  put(event: ClientEvent): void {
    if (this.#mailbox.isEmpty) this.#begin();
    const bytes = heardBytesOf(event);
    if (bytes > 0 && this.#heardBytes + bytes > LIMITS.heardBytesMax) return this.#letGo();
    this.#heardBytes += bytes;
    this.#mailbox.put(event);
  }

  /** All events so far, waiting for one if there is none; empty when the signal aborts first. */
  take(signal: AbortSignal): Promise<ClientEvent[]> {
    return this.#mailbox.take(signal);
  }

  /** The same, waiting no longer than until `over` resolves: then there may be none. */
  takeBefore(over: Promise<unknown>, signal: AbortSignal): Promise<ClientEvent[]> {
    return this.#mailbox.takeBefore(over, signal);
  }

  /** All that was there has been taken. */
  #begin(): void {
    this.#heardBytes = 0;
    this.#isOverrun = false;
  }

  #letGo(): void {
    if (this.#isOverrun) return;
    this.#isOverrun = true;
    this.#mailbox.put({ kind: "overrun" });
  }
}

/** 0 for all that does not come unasked: of that there is never more than was asked for. */
const heardBytesOf = (event: ClientEvent): number =>
  event.kind === "message" && event.message.envelope.session === undefined && event.message.body.kind === "changes"
    ? event.message.body.bytes.length
    : 0;
