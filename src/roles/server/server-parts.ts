/** What the server function is made of. */
import type { Clock } from "../../../hal/clock.ts";
import type { Power } from "../../../hal/power.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { ServerLink } from "../../link/link.ts";
import type { Config } from "../../model/config.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import type { Random } from "../../model/random.ts";
import type { Versions } from "../../protocol/version.ts";
import type { Journal } from "../../store/journal.ts";
import type { MachineNames } from "../../store/machine-names.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { JournalTime } from "./journal-time.ts";
import type { Machines } from "./machines.ts";
import type { OwnerTable } from "./owner-table.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { SnapshotParts } from "./snapshot-parts.ts";
import type { Succession } from "./succession.ts";
import type { UserNotices } from "./user-notices.ts";
import type { StatusNews } from "../status-news.ts";

export interface ServerParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly machines: Machines;
  readonly owners: OwnerTable;
  readonly scopes: ScopeTable;
  readonly names: MachineNames;
  readonly succession: Succession;
  readonly snapshotParts: SnapshotParts;
  readonly link: ServerLink;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly power: Power;
  readonly users: Users;
  readonly restrictions: Restrictions;
  readonly config: Config;
  readonly log: CommunicationLog;
  readonly notices: UserNotices;
  readonly random: Random;
  readonly device: DeviceId;
  readonly run: RunId;
  /** The digest of the order of this machine's network places, which is the fleet's (M25). */
  readonly networkPlaces: string;
  /** What this server speaks. */
  readonly protocol: Versions;
  readonly ownClient: () => boolean;
  readonly onStatus: (news: StatusNews) => void;
  /** Whether a stop is the administrator's (M11) and not only the end of this run. */
  readonly isStopped: () => boolean;
}
