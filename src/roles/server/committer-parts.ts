/** What the committer works on. */
import type { Clock } from "../../../hal/clock.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { Config } from "../../model/config.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import type { Journal } from "../../store/journal.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { JournalTime } from "./journal-time.ts";
import type { OwnerTable } from "./owner-table.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { Sessions } from "./sessions.ts";
import type { SnapshotParts } from "./snapshot-parts.ts";
import type { UserNotices } from "./user-notices.ts";
import type { ServerVoice } from "./voice.ts";

export interface CommitterParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly owners: OwnerTable;
  readonly scopes: ScopeTable;
  readonly voice: ServerVoice;
  readonly log: CommunicationLog;
  readonly notices: UserNotices;
  readonly sessions: Sessions;
  readonly snapshotParts: Pick<SnapshotParts, "erased" | "tidy">;
  readonly config: Pick<Config, "usersMax" | "capacities" | "historyDays">;
  readonly restrictions: Pick<Restrictions, "maxUsersPolicy">;
  /** Of the server machine. */
  readonly users: Pick<Users, "loggedIn">;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly device: DeviceId;
  readonly run: RunId;
}
