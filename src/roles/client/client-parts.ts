/** What the client function is made of. */
import type { Clock } from "../../../hal/clock.ts";
import type { Device } from "../../../hal/device.ts";
import type { Power } from "../../../hal/power.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Users } from "../../../hal/users.ts";
import type { ClientLink } from "../../link/link.ts";
import type { Config } from "../../model/config.ts";
import type { EntryName } from "../../model/entry.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import type { Random } from "../../model/random.ts";
import type { MachineNames } from "../../store/machine-names.ts";
import type { Versions } from "../../protocol/version.ts";
import type { NotAppliedList } from "../../store/not-applied.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Staying } from "./staying.ts";
import type { Travel } from "./travel.ts";
import type { StatusNews } from "../status-news.ts";

export interface ClientParts {
  readonly link: ClientLink;
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly storage: Storage;
  readonly names: MachineNames;
  readonly notApplied: NotAppliedList;
  readonly staying: Staying;
  readonly clock: Clock;
  readonly power: Power;
  readonly users: Users;
  readonly restrictions: Restrictions;
  readonly config: Pick<Config, "historyDays">;
  readonly description: Device;
  readonly log: CommunicationLog;
  readonly random: Random;
  readonly device: DeviceId;
  readonly run: RunId;
  /** What this machine speaks. */
  readonly protocol: Versions;
  readonly onStatus: (news: StatusNews) => void;
  readonly onShown: (entries: readonly EntryName[]) => void;
  /** Whether somebody at this machine may have this entry before them. */
  readonly isSeen: (name: EntryName) => boolean;
  /** Whether a stop is the administrator's, and not only the end of this run. */
  readonly isStopped: () => boolean;
}
