/** What the communication log says of the limit of users: who had to go (M22), and that it is near (M05). */
import { type Config, usersWarningOf } from "../../model/config.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { Eviction } from "./evicting.ts";

export class UserNotices {
  readonly #log: CommunicationLog;
  readonly #config: Pick<Config, "usersMax">;
  #isNear = false;

  constructor({ log, config }: { readonly log: CommunicationLog; readonly config: Pick<Config, "usersMax"> }) {
    this.#log = log;
    this.#config = config;
  }

  evicted(evictions: readonly Eviction[]): void {
    for (const { owner, entries } of evictions) this.#log.write({ kind: "owner-evicted", owner, entries });
  }

  /**
   * More users than there may be, which no change leads to: the limit was lowered, or the state is a larger model's. Nobody
   * goes for that.
   */
  open(users: number): void {
    const { usersMax } = this.#config;
    if (users <= usersMax) return;
    this.#isNear = true;
    this.#log.write({ kind: "users-over-limit", users, usersMax });
  }

  /** Warns once each time it comes to nine tenths. */
  count(users: number): void {
    const wasNear = this.#isNear;
    this.#isNear = users >= usersWarningOf(this.#config);
    if (wasNear || !this.#isNear) return;
    this.#log.write({ kind: "users-near-limit", users: usersWarningOf(this.#config), usersMax: this.#config.usersMax });
  }
}
