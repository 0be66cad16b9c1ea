/** The module's services as the panel sees them, keeping their rules: a client waits for a restart, a model may have no server. */
import { Listeners } from "../../hal/parts/listeners.ts";
import type {
  Acknowledged,
  Administration,
  ClientSettings,
  ContactOutcome,
  ModuleStatus,
  RegisteredMachine,
  SynchronizeChange,
  Synchronized,
} from "../../hal/services.ts";
import type { ItemSharing } from "../../hal/services/sharing.ts";
import type { Seen, ThingToLookAt } from "../../hal/services/attention.ts";
import type { HistoryRecord, PutBackOutcome } from "../../hal/services/history.ts";
import type { RegisteredOwner } from "../../hal/services/listing.ts";
import type { NotAppliedEntry } from "../../hal/services/not-applied.ts";
import type { Preview } from "../../hal/services/preview.ts";
import type { Provenance } from "../../hal/services/provenance.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Scope } from "../../src/model/item.ts";
import type { LogRecord } from "../../src/model/log.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { SearchOutcome, Way, WayReport } from "../../hal/services/finding.ts";
import type { BackupOutcome } from "../../hal/services/backup.ts";
import type { SyncError } from "../../src/model/errors.ts";
import type { Refusal } from "../../src/model/refusal.ts";

/** The identity of the machine that answers at first contacts, and how people compare it. */
export const SERVER = "0123456789abcdef00112233445566ff";
export const SERVER_ROWS = ["0123 4567 89ab cdef", "0011 2233 4455 66ff"] as const;

export interface Known {
  readonly owners: readonly RegisteredOwner[];
  readonly sharing: readonly ItemSharing[];
  readonly history: readonly HistoryRecord[];
  readonly attention: readonly ThingToLookAt[];
  readonly notApplied: readonly NotAppliedEntry[];
  readonly log: readonly LogRecord[];
  readonly search: SearchOutcome;
}

export class FakeAdministration implements Administration {
  readonly #statuses = new Listeners<ModuleStatus>();
  #status: ModuleStatus = { deviceId: "0".repeat(32), server: undefined, client: undefined };
  registered: RegisteredMachine[] = [];
  /** What the next start answers. */
  refusal: Refusal | undefined;
  /** While there is a gate, an answer waits for it. */
  gate: Promise<void> | undefined;
  readonly started: ClientSettings[] = [];
  /** Who answers at a destination, except at localhost, which is this machine. */
  answers: ContactOutcome = { kind: "found", server: SERVER };
  /** How the way to the server is. */
  way: WayReport["steps"] = [];
  /** So many edits are not sent any more when the client function is stopped. */
  discarded = 0;
  /** What the next start rejects with. */
  trouble: SyncError | undefined;
  readonly calls: string[] = [];
  /** What there is to know; nothing of it changes by itself. */
  known: Known = { owners: [], sharing: [], history: [], attention: [], notApplied: [], log: [], search: { kind: "none" } };
  /** What would happen, by owner; "" for all of them. */
  previews: Readonly<Record<string, Preview>> = {};

  /** Where entries come from, by owner, item and key with a blank between them. */
  origins: Readonly<Record<string, Omit<Provenance, keyof EntryName>>> = {};

  status(): ModuleStatus {
    return this.#status;
  }

  setStatus(change: Partial<ModuleStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#statuses.tell(this.#status);
  }

  onStatus(listener: (status: ModuleStatus) => void) {
    return this.#statuses.add(listener);
  }

  async synchronize({ server, client, preview, duringOperation }: SynchronizeChange): Promise<Refusal | Synchronized> {
    if (duringOperation !== undefined) {
      const { duringOperation: _, ...status } = this.#status;
      this.#status = { ...status, ...(duringOperation ? { duringOperation } : {}) };
      this.setStatus({});
      return "done";
    }
    const as = preview === undefined ? "" : ` as in ${preview}`;
    this.calls.push(server === undefined ? `client ${client === null ? "off" : "on"}${as}` : `server ${server ? "on" : "off"}`);
    await this.gate;
    if (this.refusal !== undefined) return this.refusal;
    if (this.trouble !== undefined) throw this.trouble;
    if (server === true) this.setStatus({ server: { state: "running", machines: 0, users: 0, usersMax: 1_000, revision: 0 } });
    if (server === false) this.setStatus({ server: undefined });
    if (client === null) this.setStatus({ client: undefined });
    else if (client !== undefined) {
      this.started.push(client);
      this.setStatus({ client: { state: "restart-needed", pending: 0 } });
    }
    if (client === null && this.discarded > 0) return { discarded: this.discarded };
    return "done";
  }

  async contact(destination: string, searchDepth = 1): Promise<ContactOutcome> {
    this.calls.push(`contact ${destination}${searchDepth === 1 ? "" : ` over ${searchDepth}`}`);
    await this.gate;
    return destination === "localhost" ? { kind: "found", server: this.#status.deviceId } : this.answers;
  }

  async search(depth: number): Promise<SearchOutcome> {
    this.calls.push(`search over ${depth}`);
    await this.gate;
    return this.known.search;
  }

  async testWay({ destination }: Way): Promise<WayReport> {
    this.calls.push(`test-way ${destination}`);
    return { steps: this.way, destination, server: undefined, aheadMs: undefined };
  }

  machines(): readonly RegisteredMachine[] {
    return this.registered;
  }

  async removeMachine(deviceId: string): Promise<Refusal | "done"> {
    this.calls.push(`remove ${deviceId}`);
    if (!this.registered.some((machine) => machine.deviceId === deviceId)) return { word: "machine-unknown" };
    this.registered = this.registered.filter((machine) => machine.deviceId !== deviceId);
    this.setStatus({});
    return "done";
  }

  log() {
    return this.known.log;
  }

  onLog() {
    return () => undefined;
  }

  sharing(): readonly ItemSharing[] {
    return this.known.sharing;
  }

  async setSharing(scopes: Readonly<Record<string, Scope>>): Promise<Refusal | "done"> {
    this.calls.push(`scopes ${JSON.stringify(scopes)}`);
    if (this.refusal !== undefined) return this.refusal;
    this.known = { ...this.known, sharing: this.known.sharing.map((row) => ({ ...row, scope: scopes[row.item] ?? row.scope })) };
    return "done";
  }

  async deleteOwner(owner: Owner): Promise<Refusal | "done"> {
    this.calls.push(`delete ${owner}`);
    await this.gate;
    if (this.refusal !== undefined) return this.refusal;
    const owners = this.known.owners.filter((registered) => registered.owner !== owner);
    const outcome = owners.length < this.known.owners.length ? "done" : ({ word: "owner-unknown" } as const);
    this.known = { ...this.known, owners };
    return outcome;
  }

  notApplied() {
    return this.known.notApplied;
  }

  async prepareExport(owners: readonly Owner[]): Promise<Refusal | "done"> {
    this.calls.push(`prepare ${owners.join()}`);
    return this.refusal ?? "done";
  }

  async why(owner: Owner, item: string, key: string): Promise<Refusal | Provenance> {
    const name = `${owner} ${item} ${key}`;
    this.calls.push(`why ${name}`);
    const origin = this.origins[name];
    return origin === undefined ? { word: "nothing-kept" } : { owner, item, key, ...origin };
  }

  async history() {
    return this.known.history;
  }

  async preview({ owner }: { readonly owner?: Owner }): Promise<Refusal | Preview> {
    this.calls.push(`preview ${owner ?? ""}`);
    return this.refusal ?? this.previews[owner ?? ""] ?? { word: "not-paired" };
  }

  async owners() {
    return this.known.owners;
  }

  async attention() {
    return this.known.attention;
  }

  async attentionSeen(what: Seen) {
    this.calls.push(what === "lost" ? "history seen" : "storage loss seen");
    this.known = { ...this.known, attention: this.known.attention.filter(({ kind }) => kind !== what) };
  }

  async putBack({ owner, ids }: { readonly owner: Owner; readonly ids?: readonly string[] }): Promise<Refusal | PutBackOutcome> {
    this.calls.push(`put back ${owner} ${ids?.join() ?? "all"}`);
    if (this.refusal !== undefined) return this.refusal;
    const chosen = this.known.history.filter((record) => record.owner === owner && (ids?.includes(record.id) ?? true));
    const history = this.known.history.map((record) => (chosen.includes(record) ? { ...record, putBackAt: record.lostAt } : record));
    this.known = { ...this.known, history };
    return chosen.length === 0 ? { word: "nothing-kept" } : { entries: chosen.length };
  }

  async exportUserData() {
    return { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;
  }

  async importUserData() {
    return { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;
  }

  acknowledged(): Acknowledged {
    return { acknowledged: 0, pending: [] };
  }

  async recorded(): Promise<readonly number[]> {
    return [];
  }

  async backup(): Promise<BackupOutcome> {
    return { kind: "refused", refusal: { word: "server-not-running" } };
  }

  async takeOver(): Promise<Refusal | "done"> {
    this.calls.push("take over");
    return this.refusal ?? "done";
  }

  async restore(): Promise<Refusal | "done"> {
    return { word: "backup-unusable", fault: "damaged" };
  }

  async importAddressBook() {
    return { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;
  }

  async exportAddressBook() {
    return { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;
  }
}
