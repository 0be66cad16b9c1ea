/** Opens what a server keeps and makes the server that works on it. */
import type { Hal } from "../../hal/hal.ts";
import type { Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import { type DeviceId, epochId, fleetId, runId } from "../model/ids.ts";
import type { Scope } from "../model/item.ts";
import type { LineageEntry, Position } from "../model/position.ts";
import { type Random, randomHex } from "../model/random.ts";
import type { Versions } from "../protocol/version.ts";
import { draftOf } from "../store/draft.ts";
import { Journal } from "../store/journal.ts";
import { KeptParts } from "../store/kept-parts.ts";
import type { MachineNames } from "../store/machine-names.ts";
import { readStoodDown } from "../store/stood-down.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { DateAhead } from "./date-ahead.ts";
import { differing, digest, digestsOf } from "./digests.ts";
import { JournalTime } from "./server/journal-time.ts";
import { carryOut, Machines } from "./server/machines.ts";
import { mendServer } from "./server/mend-server.ts";
import { OwnerTable } from "./server/owner-table.ts";
import { ScopeTable } from "./server/scope-table.ts";
import { SnapshotParts } from "./server/snapshot-parts.ts";
import { SyncServer } from "./server/server.ts";
import { Succession } from "./server/succession.ts";
import { UserNotices } from "./server/user-notices.ts";
import type { Setup } from "./setup.ts";
import type { StatusNews } from "./status-news.ts";

export interface ServerFunctionParts {
  readonly hal: Hal;
  readonly config: Config;
  readonly links: Links;
  readonly random: Random;
  readonly setup: Setup;
  readonly log: CommunicationLog;
  readonly names: MachineNames;
  readonly device: DeviceId;
  readonly protocol: Versions;
  /** Whether this machine's own client function is started, and goes to this machine (M04). */
  readonly ownClient: () => boolean;
  /** The copy that this machine's own client has of what another machine serves (B06); undefined: it has none. */
  readonly elsewhere: () => { readonly position: Position; readonly lineage: readonly LineageEntry[] } | undefined;
  /** Where that is, while it is heard; undefined: nowhere, or this machine itself. */
  readonly servedAt: () => string | undefined;
  readonly onStatus: (news: StatusNews) => void;
}

/**
 * `metDamage`: the server before it ended by a damaged record, which is mended where it can be. Rejects with a SyncError when
 * what it keeps cannot be opened, or the port cannot.
 */
export type MakeServer = (given: ServerFunctionParts & { readonly metDamage: boolean }) => Promise<MadeServer>;

export interface MadeServer {
  readonly server: SyncServer;
  readonly journal: Journal;
  readonly owners: OwnerTable;
  readonly date: DateAhead;
}

export const makeServer: MakeServer = async (given) => {
  const { hal, config, links, random, setup, device, protocol, ownClient, log, names, onStatus } = given;
  const { storage, clock, power, users, restrictions } = hal;
  if (given.metDamage) await mendServer(given);
  const first = () => ({ fleet: fleetId(randomHex(random, 16)), epoch: { number: 1, id: epochId(randomHex(random, 8)), first: 1 } });
  const journal = await Journal.open(storage, first, config.changesKept);
  const journalTime = await JournalTime.open(storage, clock);
  await setFirstScopes(journal, journalTime, config);
  const machines = await Machines.open(storage);
  const owners = await OwnerTable.open(journal.view());
  const scopes = await ScopeTable.open(journal.view());
  const succession = new Succession({ journal, journalTime, storage, random, log, stoodDown: await readStoodDown(storage) });
  const fleetSecret = await setup.fleetSecret();
  const snapshotParts = new SnapshotParts(journal, await KeptParts.open(storage, journal));
  const expectJoin = () => {
    if (!succession.hasStoodDown) snapshotParts.expectJoin(scopes.changed);
  };
  const link = await links.serve({
    differing: (digests) => differing(digests, digestsOf(users.policy())),
    isSearchable: () => !succession.hasStoodDown,
    isPinned: (candidate) => machines.get(candidate) !== undefined,
    unproven: (address) => log.refused({ of: "visitor", address }, { word: "account-refused" }),
    pin: async (candidate) => {
      await carryOut(machines.pin(candidate, clock.wallMs()), storage);
      expectJoin();
      return { fleetSecret };
    },
  });
  const notices = new UserNotices({ log, config });
  notices.open(owners.users.size);
  // What it numbers itself is numbered anew each time it is made.
  const run = runId(randomHex(random, 8));
  const networkPlaces = digest(hal.device.capabilities.networkPlaces);
  const kept = { journal, journalTime, machines, names, owners, scopes, succession, snapshotParts, networkPlaces };
  const parts = { ...kept, link, storage, clock, power, users, restrictions, config, log, notices, random, device, run, protocol };
  const isStopped = () => !setup.state.server;
  if (machines.awaitsOne(clock.wallMs())) expectJoin();
  const date = new DateAhead({ journalTime, clock, log, onStatus });
  return { server: new SyncServer({ ...parts, ownClient, onStatus, isStopped }), journal, owners, date };
};

/** The scopes that the integrator chose are the journal's first change. */
async function setFirstScopes(journal: Journal, journalTime: JournalTime, config: Config): Promise<void> {
  const scopes = Object.entries(config.scopes).map(([item, scope]: [string, Scope]) => ({ item, scope }));
  if (journal.position.revision > 0 || scopes.length === 0) return;
  await journal.commit(
    journalTime.now(),
    async (transaction) => void (await transaction.append({ ...draftOf([]), scopes })),
    Number.POSITIVE_INFINITY,
  );
}
