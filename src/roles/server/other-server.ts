/** Another server machine of the fleet, as this machine has found it (B06): whoever of the two has the later mandate serves (P16). */
import type { ErrorCode } from "../../model/errors.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Bring } from "../../protocol/bring.ts";
import type { Requests } from "../requests.ts";
import type { Committer } from "./committer.ts";
import type { OtherJournal, Succession } from "./succession.ts";

export interface OtherServerParts {
  readonly committer: Committer;
  readonly requests: Requests;
  readonly succession: Succession;
  readonly standDown: (refusal: Refusal) => void;
}

export class OtherServer {
  readonly #parts: OtherServerParts;
  readonly #complaints = new Set<ErrorCode>();

  constructor(parts: OtherServerParts) {
    this.#parts = parts;
  }

  /** "stood-down": the other one serves, and this one does not any more. */
  async hear(journal: OtherJournal): Promise<"served" | "stood-down"> {
    const { requests, succession, standDown } = this.#parts;
    await requests.run(async () => {
      await succession.hear(journal);
      if (succession.hasStoodDown) standDown({ word: "stood-down" });
      return "done";
    });
    return succession.hasStoodDown ? "stood-down" : "served";
  }

  /** The other one has stepped aside, and this is of what it has: taken, durably. A refusal when this server ends meanwhile. */
  inherit(bring: Bring): Promise<Refusal | "done"> {
    const { requests, committer } = this.#parts;
    return requests.run<"done">(async () => {
      await committer.inherit({ complaints: this.#complaints, hello: { device: { deviceName: "the former server machine" } } }, bring);
      return "done";
    });
  }
}
