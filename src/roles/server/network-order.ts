/** Which machines have their network places in the order of the server machine (M25), and who is told of it. */
import type { Hello } from "../../protocol/hello.ts";
import type { CommunicationLog } from "../communication-log.ts";

export class NetworkOrder {
  readonly #own: string;
  readonly #log: CommunicationLog;

  constructor({ networkPlaces, log }: { readonly networkPlaces: string; readonly log: CommunicationLog }) {
    this.#own = networkPlaces;
    this.#log = log;
  }

  /** What the list of machines says of it (M31). */
  shown(hello: Hello): { readonly networkPlacesDiffer?: true } {
    return this.#isAlike(hello) ? {} : { networkPlacesDiffer: true };
  }

  /** A machine comes in; `before`: its last hello, where its session has not ended since. */
  welcomed(hello: Hello, before: Hello | undefined): void {
    if (this.#isAlike(hello) || (before !== undefined && !this.#isAlike(before))) return;
    this.#log.write({ kind: "places-differ", machine: hello.device.deviceName });
  }

  #isAlike({ digests }: Hello): boolean {
    return digests.networkPlaces === this.#own;
  }
}
