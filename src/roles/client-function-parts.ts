/** What the client function of a machine is made of. */
import type { Hal } from "../../hal/hal.ts";
import type { Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Random } from "../model/random.ts";
import type { Versions } from "../protocol/version.ts";
import type { MachineNames } from "../store/machine-names.ts";
import type { MendReplica } from "../store/mend-replica.ts";
import type { Audience } from "./audience.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { ExportWindow } from "./export-window.ts";
import type { Setup } from "./setup.ts";
import type { StatusNews } from "./status-news.ts";

export interface ClientFunctionParts {
  readonly hal: Hal;
  readonly config: Config;
  readonly links: Links;
  readonly random: Random;
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly names: MachineNames;
  readonly stores: MachineStores;
  readonly device: DeviceId;
  readonly protocol: Versions;
  /** The export that is open for now in spite of the lock. */
  readonly window: ExportWindow;
  /** Mends a copy that cannot be opened for a damaged record. */
  readonly mendReplica: MendReplica;
  /** Who looks at what it shows. */
  readonly audience: Audience;
  /** Resolves when the server function of this very machine, where it is set, serves or has said why it does not. */
  readonly ownServer: () => Promise<void>;
  readonly onStatus: (news: StatusNews) => void;
}
