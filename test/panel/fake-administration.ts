/** The module's services as the panel sees them, keeping their rules: a client waits for a restart, a model may have no server. */
import { Listeners } from "../../hal/parts/listeners.ts";
import type { Acknowledged, Administration, ClientSettings, ContactOutcome, ModuleStatus, RegisteredMachine } from "../../hal/services.ts";
import type { ItemSharing } from "../../hal/services/sharing.ts";
import type { Way, WayReport } from "../../hal/services/finding.ts";
import type { BackupOutcome } from "../../hal/services/backup.ts";
import type { SyncError } from "../../src/model/errors.ts";
import type { Refusal } from "../../src/model/refusal.ts";

/** The identity of the machine that answers at first contacts, and how people compare it. */
export const SERVER = "0123456789abcdef00112233445566ff";
export const SERVER_ROWS = ["0123 4567 89ab cdef", "0011 2233 4455 66ff"] as const;

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
  /** What the next start rejects with. */
  trouble: SyncError | undefined;
  readonly calls: string[] = [];

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

  async synchronize({ server, client }: { server?: boolean; client?: ClientSettings | null }): Promise<Refusal | "done"> {
    this.calls.push(server === undefined ? `client ${client === null ? "off" : "on"}` : `server ${server ? "on" : "off"}`);
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
    return "done";
  }

  async contact(destination: string, searchDepth = 1): Promise<ContactOutcome> {
    this.calls.push(`contact ${destination}${searchDepth === 1 ? "" : ` over ${searchDepth}`}`);
    await this.gate;
    return destination === "localhost" ? { kind: "found", server: this.#status.deviceId } : this.answers;
  }

  async search() {
    return { kind: "none" } as const;
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
    return [];
  }

  onLog() {
    return () => undefined;
  }

  sharing(): readonly ItemSharing[] {
    return [];
  }

  async setSharing(): Promise<Refusal | "done"> {
    return "done";
  }

  async deleteOwner(): Promise<Refusal | "done"> {
    return { word: "owner-unknown" };
  }

  notApplied() {
    return [];
  }

  async prepareExport(): Promise<Refusal | "done"> {
    return { word: "no-own-client" };
  }

  async why() {
    return { word: "nothing-kept" } as const;
  }

  async history() {
    return [];
  }

  async preview() {
    return { word: "not-paired" } as const;
  }

  async owners() {
    return [];
  }

  async attention() {
    return [];
  }

  async historySeen() {}

  async putBack() {
    return { word: "nothing-kept" } as const;
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
    return { word: "server-alive" };
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
