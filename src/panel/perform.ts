/** The rim: does what screens want done, and says how it went. */
import type { Clock } from "../../hal/clock.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import type { NetworkSettings } from "../../hal/network-settings.ts";
import type { Restrictions } from "../../hal/restrictions.ts";
import type { Power } from "../../hal/power.ts";
import type { Administration, ClientSettings } from "../../hal/services.ts";
import type { Users } from "../../hal/users.ts";
import { unreachable } from "../model/assert.ts";
import type { Config } from "../model/config.ts";
import type { EntryName } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import { itemOf } from "../model/item.ts";
import type { Owner } from "../model/owner.ts";
import type { Fields } from "../model/value.ts";
import { carryOut } from "./carry-out.ts";
import type { Course, Entered, Intent, Outcome } from "./intent.ts";
import { type OwnPerformers, performOwn } from "./own-perform.ts";
import { changedValue, newKey } from "./new-entry.ts";
import { addAddress, changeAddress, copyDestination } from "./perform-address.ts";
import { isAddressItem } from "./personal-data.ts";
import { storedEntry } from "./stored-entry.ts";
import { refusedOr } from "./synchronized.ts";

export interface Performers extends OwnPerformers {
  readonly users: Users;
  readonly power: Power;
  readonly clock: Clock;
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
  readonly administration: Administration;
  readonly restrictions: Restrictions;
  readonly networkSettings: NetworkSettings;
  /** How much there may be of what an owner has. */
  readonly config: Pick<Config, "capacities" | "historyDays">;
}

/** Who wants it, and how many entry keys were made before. */
export interface Asker {
  readonly by: string;
  readonly made: number;
}

const DONE: Outcome = { kind: "done" };

/** Never rejects for what the world does (a SyncError becomes a "no"); rejects for our own bugs. */
export async function perform(parts: Performers, intent: Intent, asker: Asker, course: Course): Promise<Outcome> {
  try {
    return await performed(parts, intent, asker, course);
  } catch (error) {
    if (error instanceof SyncError) return { kind: "no", notice: { kind: "error", code: error.code } };
    throw error;
  }
}

async function performed(parts: Performers, intent: Intent, asker: Asker, course: Course): Promise<Outcome> {
  const { users, power, administration } = parts;
  switch (intent.kind) {
    case "offer-accounts":
      return { kind: "done", accounts: await users.accounts() };
    case "log-in":
      return logIn(users, intent.owner, intent.password);
    case "log-out":
      await users.logOut();
      return DONE;
    case "add-entry":
    case "change-entry":
    case "delete-entry":
    case "copy-destination":
    case "set-language":
      return edit(parts, intent, asker);
    case "run-job":
    case "stop-job":
    case "apply-during-operation":
    case "set-fields":
      return performOwn(parts, intent, asker.by);
    case "start-server":
      return refusedOr(await administration.synchronize({ server: true }));
    case "stop-server":
      return refusedOr(await administration.synchronize({ server: false }));
    case "contact":
      return meet(administration, intent.entered);
    case "test-way":
      return { kind: "tested", report: await administration.testWay(intent.entered) };
    case "start-client":
      return startClient(administration, intent.settings, intent.preview);
    case "stop-client":
      return refusedOr(await administration.synchronize({ client: null }));
    case "remove-machine":
      return refusedOr(await administration.removeMachine(intent.deviceId));
    case "administer":
      return await carryOut(parts, intent.order, course);
    case "learn-origin":
      return await originOf(administration, intent.name);
    case "restart":
      await power.restart();
      return DONE;
    default:
      return unreachable(intent);
  }
}

async function logIn(users: Users, owner: Owner, password: string): Promise<Outcome> {
  const answer = await users.logIn(owner, password);
  return answer === "logged-in" ? DONE : { kind: "no", notice: { kind: answer } };
}

/** Who answers is a question for the person, except when it is this machine. */
async function meet(administration: Administration, entered: Entered): Promise<Outcome> {
  const contact = await administration.contact(entered.destination, entered.searchDepth);
  switch (contact.kind) {
    case "refused":
      // Nothing has been asked of another machine yet: the one whose server function does not run is this one.
      if (contact.refusal.word === "server-not-running") return { kind: "no", notice: { kind: "this-machine" } };
      return { kind: "no", notice: { kind: "not-started", because: contact.refusal } };
    case "away":
      return { kind: "met", settings: { ...entered, trust: "first-answer" }, away: contact.code };
    case "found": {
      const settings: ClientSettings = { ...entered, ...contact.searched, trust: { server: contact.server } };
      if (contact.server === administration.status().deviceId) return startClient(administration, settings);
      if (entered.account === "") return { kind: "no", notice: { kind: "why", why: "account-missing" } };
      return { kind: "met", settings, away: undefined };
    }
    default:
      return unreachable(contact);
  }
}

async function startClient(administration: Administration, settings: ClientSettings, preview?: string): Promise<Outcome> {
  try {
    const answer = await administration.synchronize({ client: settings, ...(preview === undefined ? {} : { preview }) });
    return typeof answer === "object" && "word" in answer
      ? { kind: "no", notice: { kind: "not-started", because: answer } }
      : refusedOr(answer);
  } catch (error) {
    if (error instanceof SyncError) return { kind: "no", notice: { kind: "not-started", because: error.code } };
    throw error;
  }
}

/** What nobody has ever set comes from nowhere, which is an answer. */
async function originOf(administration: Administration, { owner, item, key }: EntryName): Promise<Outcome> {
  const answer = await administration.why(owner, item, key);
  return { kind: "done", facts: { origin: "word" in answer ? undefined : answer } };
}

type EditIntent = Extract<Intent, { kind: "add-entry" | "change-entry" | "delete-entry" | "copy-destination" | "set-language" }>;

/** Adds, changes or deletes an entry, upon what the store holds by now. */
async function edit(parts: Performers, intent: EditIntent, { by, made }: Asker): Promise<Outcome> {
  const { owner } = intent;
  switch (intent.kind) {
    case "add-entry": {
      const { item, fields } = intent;
      const key = freshKey(parts, made);
      if (isAddressItem(item)) return addAddress(parts, { ...intent, item }, key, by);
      await parts.settings.edit([{ owner, item, key, value: fields }], by);
      return { kind: "done", key };
    }
    case "change-entry":
      if (isAddressItem(intent.item)) return changeAddress(parts.addressBook, intent, by);
      return change(parts.settings, intent, intent.fields, by);
    case "copy-destination":
      return copyDestination(parts, intent, freshKey(parts, made), by);
    case "delete-entry":
      await storeOf(parts, intent.item).edit([{ owner, item: intent.item, key: intent.key, value: undefined }], by);
      return DONE;
    case "set-language":
      await parts.settings.edit([{ owner, item: "display-language", key: "", value: intent.language }], by);
      return DONE;
    default:
      return unreachable(intent);
  }
}

const freshKey = ({ administration, clock, settings }: Performers, made: number): string =>
  newKey({ deviceId: administration.status().deviceId, boot: clock.boot, mark: settings.mark(), made });

async function change(store: ItemStore, { owner, item, key }: EntryName, fields: Fields, by: string): Promise<Outcome> {
  const current = await storedEntry(store, { owner, item, key });
  if (current === undefined) return { kind: "no", notice: { kind: "gone" } };
  await store.edit([{ owner, item, key, value: changedValue(current.value, fields) }], by);
  return DONE;
}

const storeOf = ({ settings, addressBook }: Performers, item: string): ItemStore =>
  itemOf(item)?.heldIn === "address-book" ? addressBook : settings;
