/** Both ends of the control channel: calls with their answers, and events. It rests on anything that carries messages. */
import type { CallName, ControlError, ControlMessage, Gives, MachineEvent, Takes } from "./control.ts";

/** One end of an IPC channel. Messages arrive in order; what is sent after the other end has gone is dropped. */
export interface Wire {
  send(message: ControlMessage): void;
  /** Resolves when all that was sent has left this process. */
  flushed(): Promise<void>;
  onMessage(listener: (message: ControlMessage) => void): void;
}

/** An answer that is an error: `code` is for programs, the message for people. */
export class CallError extends Error {
  readonly code: string;
  constructor({ code, message }: ControlError) {
    super(message);
    this.name = "CallError";
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (gives: unknown) => void;
  readonly reject: (error: CallError) => void;
}

/** The desk's end. */
export class DeskLine {
  readonly #wire: Wire;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #cut: ControlError | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Begins to hear; events come one by one, in the order they happened. */
  start(onEvent: (event: MachineEvent) => void): void {
    this.#wire.onMessage((message) => {
      if (message.desk === "event") onEvent(message.event);
      else if (message.desk === "answer") this.#settle(message.id)?.resolve(message.gives);
      else if (message.desk === "error") this.#settle(message.id)?.reject(new CallError(message.error));
    });
  }

  /** Rejects with a CallError: what the machine answered, or "machine-off" when its process ends before it answered. */
  call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    if (this.#cut !== undefined) return Promise.reject(new CallError(this.#cut));
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#wire.send({ desk: "call", id, name, takes });
    // The other end is this program too, and answers each call with what control.ts names.
    return answer as Promise<Gives<C>>;
  }

  /** The process has ended: whoever waits is told, and so is everyone who asks later. */
  cut(error: ControlError): void {
    this.#cut = error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new CallError(error));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

/** What the machine does for each call. */
export type CallTable = { readonly [C in CallName]: (takes: Takes<C>) => Gives<C> | Promise<Gives<C>> };

/** What belongs to every answer. */
export interface Around {
  readonly errorOf: (error: unknown) => ControlError;
  /** Told before the answer, so that whoever has the answer has heard of what the call changed. */
  readonly beforeAnswer: () => void;
}

/** The machine's end. */
export class MachineLine {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  start(table: CallTable, around: Around): void {
    this.#wire.onMessage((message) => {
      if (message.desk === "call") void this.#answer(message, table, around);
    });
  }

  tell(event: MachineEvent): void {
    this.#wire.send({ desk: "event", event });
  }

  flushed(): Promise<void> {
    return this.#wire.flushed();
  }

  async #answer(call: ControlMessage & { desk: "call" }, table: CallTable, { errorOf, beforeAnswer }: Around): Promise<void> {
    try {
      const act = table[call.name] as (takes: unknown) => unknown;
      const gives = await act(call.takes);
      beforeAnswer();
      this.#wire.send({ desk: "answer", id: call.id, gives });
    } catch (error) {
      this.#wire.send({ desk: "error", id: call.id, error: errorOf(error) });
    }
  }
}
