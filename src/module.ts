/** The composition root: the only place that makes what lives as long as the module does. */
import type { Hal } from "../hal/hal.ts";
import type { ActiveModule } from "../hal/services.ts";
import { AddressBookExchange, type LoadAddressFiles } from "./import-export/address-book-exchange.ts";
import type { Stretcher } from "./import-export/stretching.ts";
import { ExchangeTurns } from "./import-export/exchange-turns.ts";
import { UserDataExchange } from "./import-export/user-data-exchange.ts";
import type { Links } from "./link/link.ts";
import type { Config } from "./model/config.ts";
import { assertLimits } from "./model/assert-limits.ts";
import { SyncError } from "./model/errors.ts";
import type { DeviceId } from "./model/ids.ts";
import type { Random } from "./model/random.ts";
import type { OpenPanel } from "./panel/open-panel.ts";
import { SPOKEN, type Versions } from "./protocol/version.ts";
import { AttentionDesk } from "./roles/attention-desk.ts";
import { Audience } from "./roles/audience.ts";
import { ClientFunction } from "./roles/client-function.ts";
import { MachineStores } from "./roles/client/machine-stores.ts";
import { CommunicationLog } from "./roles/communication-log.ts";
import { ExportWindow } from "./roles/export-window.ts";
import { HistoryDesk } from "./roles/history-desk.ts";
import type { MakeServer } from "./roles/make-server.ts";
import { ModuleAdministration } from "./roles/module-administration.ts";
import { noteStorageLost } from "./roles/noting-damage.ts";
import { PreviewDesk } from "./roles/preview-desk.ts";
import { ProvenanceDesk } from "./roles/provenance-desk.ts";
import { PutBack } from "./roles/put-back.ts";
import { type LoadBackups, ServerBackups } from "./roles/server-backups.ts";
import { ServerFunction } from "./roles/server-function.ts";
import { Setup } from "./roles/setup.ts";
import type { StatusNews } from "./roles/status-news.ts";
import type { TakeOver } from "./roles/take-over.ts";
import { UnseenLosses } from "./roles/unseen-losses.ts";
import { UsersPolicyLock } from "./roles/users-policy-lock.ts";
import { WholeActs } from "./roles/whole-act.ts";
import { openFormat } from "./store/format.ts";
import { CLIENT_HISTORY, SERVER_HISTORY, trimHistory } from "./store/history.ts";
import { MachineNames } from "./store/machine-names.ts";
import type { MendReplica } from "./store/mend-replica.ts";

export interface Given {
  readonly links: Links;
  readonly random: Random;
  /** Makes keys of passphrases, for the files that leave the machine sealed. */
  readonly stretcher: Stretcher;
  /** What this machine speaks with others; left out: all that this module knows. */
  readonly protocol?: Versions;
  readonly parts: Parts;
}

/**
 * What lies in files of its own (src/decisions/module-size.md): a start does not wait for it, and who has no use for it does
 * not load it.
 */
export interface Parts {
  readonly openPanel: OpenPanel;
  readonly makeServer: MakeServer;
  readonly loadAddressFiles: LoadAddressFiles;
  readonly takeOver: TakeOver;
  readonly mendReplica: MendReplica;
  readonly loadBackups: LoadBackups;
}

export interface Module {
  /** Opens what is stored and starts what an administrator has set. Rejects with a SyncError when it cannot. */
  start(): Promise<ActiveModule>;
}

export function createModule(hal: Hal, config: Config, { links, random, stretcher, protocol = SPOKEN, parts }: Given): Module {
  return {
    async start() {
      assertLimits();
      const { storage, clock, settings, addressBook, restrictions } = hal;
      const { device, setup, log, names, stores } = await openStored(hal, { links, random });

      // The two functions. Each asks for the other when it is at work, not while it is made.
      const ending = new AbortController();
      const { signal } = ending;
      const onStatus = (news: StatusNews) => {
        usersPolicy.evaluate();
        administration.statusMayHaveChanged(news);
      };
      const window = new ExportWindow(hal);
      const shared = { hal, config, links, random, setup, log, names, device, protocol, window, onStatus };
      const servedAt = () =>
        client.elsewhere !== undefined && client.status()?.state === "synchronized" ? setup.state.client?.destination : undefined;
      const server = new ServerFunction({
        ...shared,
        ...parts,
        ownClient: () => client.isOwn,
        elsewhere: () => client.elsewhere,
        servedAt,
      });
      const audience = new Audience({ ...hal, showWaiting: async () => await client.copy?.showWaiting() });
      const client: ClientFunction = new ClientFunction({ ...shared, ...parts, stores, audience, ownServer: () => server.settled() });

      // What an administrator asks for, over both of them.
      const usersPolicy = new UsersPolicyLock({ restrictions, bothRun: () => server.isStarted && client.isInForce });
      const turns = new ExchangeTurns(restrictions);
      const exchange = new AddressBookExchange({ ...parts, addressBook, turns, random });
      const isDeviceSpecific = (item: string) => client.copy?.travel.isDeviceSpecific(item) === true;
      const sealing = { random, stretcher };
      const acts = new WholeActs({ ...shared, ...hal, stores });
      const userData = new UserDataExchange({ ...hal, stores: [settings, addressBook], acts, turns, sealing, isDeviceSpecific });
      const history = new HistoryDesk({ storage, client, server, names });
      const putBack = new PutBack({ ...shared, storage, stores, acts, client, server, clock });
      const preview = new PreviewDesk({ ...shared, stores, client, signal });
      const losses = new UnseenLosses({ storage, clock, onChange: () => onStatus("words") });
      log.onRecord(({ note }) => losses.noted(note));
      const attention = new AttentionDesk({ losses, client, server, setup, onChange: () => onStatus("words") });
      const provenance = new ProvenanceDesk({ client, server, stores, names, device, history });
      const backups = new ServerBackups({ ...shared, ...sealing, server, client }, parts.loadBackups);
      const administration = new ModuleAdministration({
        ...shared,
        ...parts,
        server,
        client,
        addressBook: exchange,
        userData,
        history,
        provenance,
        putBack,
        attention,
        losses,
        preview,
        backups,
        signal,
      });

      // What a power loss has cut off is ended before anything begins; the panel comes last.
      await preview.open();
      await acts.recover();
      if (setup.state.server) server.start();
      if (setup.state.client === undefined) await stores.forgetEdits(stores.mark());
      else client.start();
      await client.opened();
      const panelRunning = parts.openPanel({ ...hal, config, administration, applied: audience }).then((panel) => panel.run(signal));

      return {
        administration,
        // Rejects when the panel fails, and never resolves.
        crashed: panelRunning.then(() => new Promise<never>(() => undefined)),
        async deactivate() {
          ending.abort();
          await Promise.all([client.stop(), panelRunning]);
          await server.stop();
          usersPolicy.release();
          await Promise.all([log.close(), losses.close()]);
        },
      };
    },
  };
}

interface Stored {
  readonly device: DeviceId;
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly names: MachineNames;
  readonly stores: MachineStores;
}

/** Reads what this machine keeps, whatever its functions are; what is damaged is mended or done without, and the log says so. */
async function openStored(hal: Hal, { links, random }: Pick<Given, "links" | "random">): Promise<Stored> {
  const { storage, clock, settings, addressBook } = hal;
  const format = await openFormat(storage);
  const device = await links.identity();
  const setup = new Setup({ storage, device: hal.device, random });
  const log = new CommunicationLog({ storage, clock });
  const names = await MachineNames.open(storage, clock);
  await names.learn([[device, hal.device.deviceName]]);
  const trimmed = [CLIENT_HISTORY, SERVER_HISTORY].map((place) => trimHistory(storage, place, undefined));
  const [isSetUp] = await Promise.all([setup.open(), log.open(), ...trimmed]);
  if (format === "mended")
    log.failed(new SyncError("storage-damaged", "the format mark of the storage could not be read; it was made anew"));
  const stores = new MachineStores([settings, addressBook]);
  if (!isSetUp && stores.oldestShown() !== undefined) await noteStorageLost({ storage, setup, log });
  return { device, setup, log, names, stores };
}
