/** An administrator's orders to the runtime, one after the other. */
import { type Supervisor, textOf } from "./supervisor.ts";

export type Order = "start-module" | "stop-module";

/** Each order is durable before it is carried out, so that a power cut in between cannot undo it. */
export class Orders {
  readonly #supervisor: Supervisor;
  readonly #keep: (started: boolean) => Promise<void>;
  readonly #tell: (line: string) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(supervisor: Supervisor, keep: (started: boolean) => Promise<void>, tell: (line: string) => void) {
    this.#supervisor = supervisor;
    this.#keep = keep;
    this.#tell = tell;
  }

  take(order: Order): void {
    this.#last = this.#last.then(async () => {
      try {
        await this.#keep(order === "start-module");
        if (order === "start-module") this.#supervisor.start();
        else this.#supervisor.stop();
      } catch (cause) {
        this.#tell(`${order} was not carried out, because it could not be kept: ${textOf(cause)}`);
      }
    });
  }

  done(): Promise<void> {
    return this.#last;
  }
}
