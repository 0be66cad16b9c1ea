/**
 * What an administrator orders on a running server machine. Each order is decided and done in a turn of the server's loop
 * of its own: who operates and who is held does not change in the midst of it.
 */
import type { PutBackOutcome } from "../../../hal/services/history.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import type { EntryChange } from "../../model/entry.ts";
import type { DeviceId } from "../../model/ids.ts";
import { itemOf, type Scope } from "../../model/item.ts";
import type { Owner } from "../../model/owner.ts";
import { naturalOrder } from "../../model/natural-order.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Value } from "../../model/value.ts";
import type { ScopeChange } from "../../protocol/change.ts";
import { SERVER_HISTORY } from "../../store/history.ts";
import { chosenIn } from "../chosen.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { Committer } from "./committer.ts";
import { carryOut, type Machines } from "./machines.ts";
import type { Requests } from "../requests.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { Sessions } from "./sessions.ts";

export interface OrdersParts {
  readonly requests: Requests;
  readonly committer: Committer;
  readonly sessions: Sessions;
  readonly scopes: ScopeTable;
  readonly machines: Machines;
  readonly storage: Storage;
  readonly log: CommunicationLog;
  /** The server machine itself. */
  readonly device: DeviceId;
  readonly putOut: (device: DeviceId, refusal: Refusal) => void;
  /** false for one lease after a start: whoever operates may not have been heard yet. */
  readonly knowsWhoOperates: () => boolean;
}

export interface PutBackOrder {
  /** A value as the fleet of today seals it. */
  readonly sealed: (lost: EntryChange) => Value | undefined;
  /** What belongs into the write that does it; not written when it is refused. */
  readonly also: readonly Write[];
}

export class Orders {
  readonly #parts: OrdersParts;

  constructor(parts: OrdersParts) {
    this.#parts = parts;
  }

  /** M15: takes an owner off every machine. */
  deleteOwner(owner: Owner): Promise<Refusal | "done"> {
    return this.#parts.requests.run(() => this.#parts.committer.delete(owner));
  }

  /** M02: takes a machine's place away. The own client needs no account and would be back at once: it is stopped on this machine. */
  removeMachine(device: DeviceId): Promise<Refusal | "done"> {
    return this.#parts.requests.run(async () => {
      const known = this.#parts.machines.get(device);
      if (known === undefined) return { word: "machine-unknown" };
      if (device === this.#parts.device) return { word: "own-machine", machine: known.deviceName };
      await carryOut(this.#parts.machines.remove(device), this.#parts.storage);
      this.#parts.putOut(device, { word: "put-out" });
      this.#parts.log.write({ kind: "machine-removed", machine: known.deviceName });
      return "done";
    });
  }

  /** B02: puts back these records of the server's history. */
  putBack(owner: Owner, ids: readonly string[], { sealed, also }: PutBackOrder): Promise<Refusal | PutBackOutcome> {
    return this.#parts.requests.run(async () => {
      const { storage, committer } = this.#parts;
      const records = await chosenIn(storage, [SERVER_HISTORY], owner, ids);
      if (records === undefined) return { word: "nothing-kept" };
      const today = records.map(({ storageKey, lost }) => ({ storageKey, lost: { ...lost, value: sealed(lost) } }));
      return await committer.putBack(owner, today, also);
    });
  }

  /** The scope of each item, those that cannot be chosen included (M31). */
  sharing(): ReturnType<ScopeTable["all"]> {
    return this.#parts.scopes.all();
  }

  /**
   * M18: sets the scopes that differ from what is in force, in one change; nothing when none does. The server machine's
   * own client need not be away: what it sends afterwards of an item that is device-specific by then is refused (P27).
   */
  setSharing(scopes: ReadonlyMap<string, Scope>): Promise<Refusal | "done"> {
    return this.#parts.requests.run(async () => {
      const { committer, log } = this.#parts;
      const fixed = [...scopes.keys()].find((item) => itemOf(item)?.scopeSelectable !== true);
      if (fixed !== undefined) return { word: "scope-fixed", item: fixed };
      const changes = this.#changesTo(scopes);
      if (changes.length === 0) return "done";
      const machines = this.#operating();
      if (machines.length > 0) return { word: "machines-operating", machines: machines.sort(naturalOrder) };
      await committer.setScopes(changes);
      for (const { item, scope } of changes) log.write({ kind: "scope-changed", item, scope });
      return "done";
    });
  }

  /** Who is in session; before that tells of everybody also whoever has a place and was not heard yet: each of them may be operating. */
  #operating(): string[] {
    const { sessions, machines, device, knowsWhoOperates } = this.#parts;
    const inSession = sessions.othersThan(device).map(({ hello }) => hello.device.deviceName);
    if (knowsWhoOperates()) return inSession;
    const unheard = machines.placed().filter((machine) => machine.device !== device && !sessions.hasMet(machine.device));
    return [...inSession, ...unheard.map(({ deviceName }) => deviceName)];
  }

  #changesTo(scopes: ReadonlyMap<string, Scope>): ScopeChange[] {
    return [...scopes].flatMap(([item, scope]) => (this.#parts.scopes.of(item).scope === scope ? [] : [{ item, scope }]));
  }
}
