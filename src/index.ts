/** What the runtime calls: the module's bundle begins here. */
import { randomBytes } from "node:crypto";
import type { Hal } from "../hal/hal.ts";
import type { ActiveModule } from "../hal/services.ts";
import { scryptStretcher } from "./import-export/stretching.ts";
import { mqttLinks } from "./link/mqtt-links.ts";
import { decodeConfig } from "./model/config.ts";
import { createModule, type Parts } from "./module.ts";
import { firstWord } from "./roles/first-word.ts";

const PARTS: Parts = {
  openPanel: async (given) => {
    await firstWord(given);
    return await (await import("./panel/open-panel.ts")).openPanel(given);
  },
  makeServer: async (given) => (await import("./roles/make-server.ts")).makeServer(given),
  takeOver: async (given) => await (await import("./roles/take-over.ts")).takeOver(given),
  mendReplica: async (storage, stores) => await (await import("./store/mend-replica.ts")).mendReplica(storage, stores),
  loadBackups: async () => (await import("./roles/server-backup.ts")).ServerBackup,
  loadAddressFiles: async () => (await import("./import-export/address-files.ts")).addressFiles,
};

/**
 * Starts the module on a machine. Rejects with a RangeError or a SyncError for a wrong configuration, with a SyncError when it
 * cannot start.
 */
export async function activate(hal: Hal, config: unknown): Promise<ActiveModule> {
  const settings = decodeConfig(config);
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  return await createModule(hal, settings, {
    links: mqttLinks({ hal, random, config: settings, broker: settings.broker }),
    random,
    stretcher: scryptStretcher,
    parts: PARTS,
  }).start();
}
