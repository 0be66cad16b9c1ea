/** What the communication log says of the limit of users: who had to go (M22), and that it is near (M05). */
import { counted } from "../../model/counted.ts";
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
    for (const { owner, entries } of evictions) {
      const text = `${owner} was not logged in for the longest time and made room for a new user on every machine; the history has its ${counted(entries, "entry", "entries")}`;
      this.#log.write("Information", "owner-evicted", text);
    }
  }

  /** Warns once each time it comes to nine tenths. */
  count(users: number): void {
    const wasNear = this.#isNear;
    this.#isNear = users >= usersWarningOf(this.#config);
    if (wasNear || !this.#isNear) return;
    const text = `the server keeps ${usersWarningOf(this.#config)} users or more, of at most ${this.#config.usersMax}`;
    this.#log.write("Warning", "users-near-limit", text);
  }
}
