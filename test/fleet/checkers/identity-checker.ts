/**
 * I21  P6, P14: whoever proves one key is one machine, also where an image of it runs in a second one. A server speaks to it in
 *      the session that it welcomed last, and in no other; the name of an edit (machine, run, sequence) is that of one edit.
 */
import type { DeviceId } from "../../../src/model/ids.ts";
import { decodeEdit } from "../../../src/protocol/edit.ts";
import { SyncError } from "../../../src/model/errors.ts";
import type { Faults } from "./faults.ts";

/** What a server says to one machine. */
export interface Said {
  readonly server: string;
  readonly to: DeviceId;
  readonly session: string | undefined;
  readonly kind: string;
  /** The machine's own client, which goes from the way inside the machine to that through a proxy and back: its welcomes inside are on no cable. */
  readonly isOwn?: boolean;
}

export class IdentityChecker {
  readonly #faults: Faults;
  /** By server and machine, the session of the last welcome. */
  readonly #sessions = new Map<string, string | undefined>();
  /** Sessions that were welcomed before the last one, with server and machine. */
  readonly #replaced = new Set<string>();
  readonly #edits = new Map<string, string>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  said({ server, to, session, kind, isOwn = false }: Said): void {
    const pair = `${server} ${to}`;
    const last = this.#sessions.get(pair);
    if (kind === "welcome") {
      if (last !== session) this.#replaced.add(`${pair} ${last}`);
      this.#sessions.set(pair, session);
    }
    // These are of no session, or say that one is over.
    if (kind === "welcome" || kind === "refuse" || kind === "server-end") return;
    if (isOwn ? this.#replaced.has(`${pair} ${session}`) : last !== session)
      this.#faults.found("I21", `${server} sends ${kind} in a session with ${to} that it has replaced by another one`);
  }

  pushed(edits: readonly Uint8Array[]): void {
    for (const bytes of edits) {
      try {
        const { id, owner, item, key, value, stamp } = decodeEdit(bytes);
        const name = `${id.device} ${id.run} ${id.sequence}`;
        // What it had seen is lowered where epochs part (P12).
        const edit = JSON.stringify([owner, item, key, value, stamp]);
        const before = this.#edits.get(name);
        this.#edits.set(name, edit);
        if (before !== undefined && before !== edit) this.#faults.found("I21", `two edits are named ${name}: ${before} and ${edit}`);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
      }
    }
  }
}
