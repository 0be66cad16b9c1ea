/** A client that runs over the machine's own stores, and a server for which the test speaks. */
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SimItemStores } from "../../../hal/sim/sim-item-stores.ts";
import { SimPower } from "../../../hal/sim/sim-power.ts";
import { SimRestrictions } from "../../../hal/sim/sim-restrictions.ts";
import type { AuthenticationAndGroups, LoggedIn } from "../../../hal/users.ts";
import { Listeners } from "../../../hal/parts/listeners.ts";
import type { ClientLink } from "../../../src/link/link.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import type { EntryName } from "../../../src/model/entry.ts";
import type { Down, DownBody } from "../../../src/protocol/down.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import type { Up, UpBody } from "../../../src/protocol/up.ts";
import type { Welcome } from "../../../src/protocol/welcome.ts";
import { SyncClient } from "../../../src/roles/client/client.ts";
import { MachineStores } from "../../../src/roles/client/machine-stores.ts";
import { Staying } from "../../../src/roles/client/staying.ts";
import { Travel } from "../../../src/roles/client/travel.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import type { StatusNews } from "../../../src/roles/status-news.ts";
import { MachineNames } from "../../../src/store/machine-names.ts";
import { NotAppliedList } from "../../../src/store/not-applied.ts";
import type { PendingEdit } from "../../../src/store/pending.ts";
import { Replica } from "../../../src/store/replica.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { Seal } from "../../../src/store/seal.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { seededRandom } from "../../link/lan.ts";
import { ALICE, at, DEVICE, replicaOf, RUN } from "./own-copy.ts";
import { ENVELOPE, welcomeTo } from "./own-exchange.ts";

export const POLICY: AuthenticationAndGroups = { loginService: "local", domains: [], departments: { on: false, ids: [] }, groups: [] };

/** What the machine's own pages take for one. */
export const BUTTON = { name: "x", function: "copy", settings: {} };

type LinkListener = Parameters<ClientLink["onState"]>[0];

interface Given {
  readonly head?: Partial<ReplicaHead>;
  readonly pending?: readonly PendingEdit[];
  /** The stores have never shown anything. */
  readonly isNewHere?: boolean;
  /** Before it runs. */
  readonly before?: (parts: { readonly stores: SimItemStores; readonly replica: Replica }) => Promise<void>;
  /** What the link says of itself. */
  readonly isUp?: boolean;
}

/** Its copy stands at revision 10. */
export async function runningClient({ head = {}, pending = [], before, isUp = true, isNewHere = false }: Given = {}) {
  const [storage, machine] = [new MemoryStorage(), new MemoryStorage()];
  const clock = new ManualClock();
  const random = seededRandom("client");
  const replica = await replicaOf(storage, head, pending);
  const keyStore = { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes };
  const items = new SimItemStores({ storage: machine, clock, keyStore });
  await items.open();
  for (const store of isNewHere ? [] : [items.settings, items.addressBook]) await store.apply([], at(10), 0);
  await before?.({ stores: items, replica });
  const power = new SimPower({ clock });
  const restrictions = new SimRestrictions({ power, clock });
  const [logins, logouts, policies] = [new Listeners<LoggedIn>(), new Listeners<LoggedIn>(), new Listeners<AuthenticationAndGroups>()];
  const listening = { evicted: 0, edits: 0, power: 0, importExport: 0 };
  /** Registers as before, and counts who has not ended it. */
  const counted = (what: keyof typeof listening, end: () => void): (() => void) => {
    listening[what] += 1;
    return () => {
      listening[what] -= 1;
      end();
    };
  };
  const { onState: onPower, beforeSleep } = power;
  power.onState = (listener) => counted("power", onPower.call(power, listener));
  power.beforeSleep = (prepare, limitMs) => counted("power", beforeSleep.call(power, prepare, limitMs));
  const { onImportExport } = restrictions;
  restrictions.onImportExport = (listener) => counted("importExport", onImportExport.call(restrictions, listener));
  const { onEvicted, onEdit } = items.settings;
  items.settings.onEvicted = (listener) => counted("evicted", onEvicted.call(items.settings, listener));
  items.settings.onEdit = (listener) => counted("edits", onEdit.call(items.settings, listener));
  const people: { user: LoggedIn | undefined; policy: AuthenticationAndGroups } = { user: undefined, policy: POLICY };
  const log = new CommunicationLog({ storage, clock });
  let said: UpBody[] = [];
  let number = 0;
  const notes: string[] = [];
  const news: StatusNews[] = [];
  const shown: EntryName[] = [];
  const setup = { isStopped: false };
  let hear: (message: Down) => void = () => undefined;
  let onState: LinkListener = () => undefined;
  const link: { -readonly [name in keyof ClientLink]: ClientLink[name] } = {
    state: isUp ? "up" : "down",
    onState: (listener) => void (onState = listener),
    onMessage: (listener) => void (hear = listener),
    send: ({ body }: Up) => {
      said.push(body);
      if (body.kind === "hello") number = body.number;
    },
    restart: () => void notes.push("restart"),
    close: async () => void notes.push("close"),
  };
  const client = new SyncClient({
    ...{ link, replica, storage, clock, power, restrictions, random, log, device: DEVICE, run: RUN, config: DEFAULT_CONFIG },
    stores: new MachineStores([items.settings, items.addressBook]),
    travel: new Travel(new Seal(new Uint8Array(32), random)),
    names: await MachineNames.open(storage, clock),
    notApplied: await NotAppliedList.open(storage),
    staying: new Staying({ notApplied: await NotAppliedList.open(storage), log }),
    users: {
      policy: () => people.policy,
      loggedIn: () => people.user,
      onPolicy: policies.add.bind(policies),
      onLogin: logins.add.bind(logins),
      onLogout: logouts.add.bind(logouts),
    } as never,
    description: {
      ...{ serialNumber: "1", deviceName: "a", productName: "b", location: "" },
      capabilities: { server: true, networkPlaces: "" },
      keyStore,
    },
    protocol: { min: 1, max: 2 },
    onStatus: (one) => void news.push(one),
    onShown: (names) => void shown.push(...names),
    isSeen: () => false,
    isStopped: () => setup.isStopped,
  });
  const over = new AbortController();
  const ended = client.run(over.signal);
  const quiet = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) await settle();
  };
  /** The kinds of what it says from now on, until nothing is under way any more. */
  const kinds = async (act: () => unknown): Promise<UpBody["kind"][]> => {
    await quiet();
    said = [];
    await act();
    await quiet();
    return said.map(({ kind }) => kind);
  };
  let counter = 0;
  /** In a session with it, or to all where the envelope says so. */
  const tell = (body: DownBody, other: Partial<Envelope> = {}): void => {
    counter += 1;
    hear({ envelope: { ...ENVELOPE, counter, ...other }, body });
  };
  /** Answers the newest hello. */
  const welcome = (other: Partial<Welcome> = {}) => kinds(() => tell(welcomeTo(10, { number, ...other })));
  /** Somebody edits shortcuts of these keys, in one act. */
  const edit = (...keys: string[]) =>
    items.settings.edit(
      keys.map((key) => ({ owner: ALICE, item: "shortcut", key, value: BUTTON })),
      ALICE,
    );
  const locals = async () => (await items.settings.read(ALICE)).map(({ key }) => key);
  const end = async (isStopped = false): Promise<UpBody[]> => {
    said = [];
    setup.isStopped = isStopped;
    over.abort();
    await ended;
    return said;
  };
  await quiet();
  return {
    ...{ client, replica, storage, clock, power, restrictions, link, items, log, people, logins, logouts, policies, notes, news, shown },
    ...{ quiet, kinds, tell, welcome, edit, locals, end, ended },
    linkState: (state: "up" | "down", why?: Parameters<LinkListener>[1]) => {
      link.state = state;
      onState(state, why);
    },
    /** Who still listens to anything of this machine. */
    listeners: () => ({ ...listening, logins: logins.size, logouts: logouts.size, policies: policies.size }),
    said: () => said,
    logged: () => log.records().map(({ note }) => note?.kind),
    durable: () => Replica.open(storage, DEVICE),
  };
}
