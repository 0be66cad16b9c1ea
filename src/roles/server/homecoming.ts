/**
 * Takes what a machine has beyond the parting from the journal that is lost (B06): owners' ends, scopes and last logins
 * first, then entries. Whatever is brought twice, by one machine or by several, is there once.
 */
import type { Config } from "../../model/config.ts";
import { dayOf } from "../../model/day.ts";
import type { Accepted } from "../../model/entry.ts";
import type { DeviceId, JournalTime, Revision, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import { notedEntry } from "../../model/log-note.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { AcceptedEdit, Login, Removal, ScopeChange } from "../../protocol/change.ts";
import { encodeAccepted } from "../../protocol/edit.ts";
import { draftOf } from "../../store/draft.ts";
import type { Transaction } from "../../store/journal.ts";
import { entriesOfOwner, entryKey, isEntryKey, isOwnerKey, itemOfScopeKey, ownerKey, ownerOfKey } from "../../store/keys.ts";
import {
  isHeld,
  NEW_OWNER,
  type OwnerEnd,
  type OwnerRecord,
  type Standing,
  unpackEntry,
  unpackOwner,
  unpackScope,
} from "../../store/records.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { BroughtRecord } from "./brought-record.ts";
import { decideBrought } from "./decide-brought.ts";
import { appendEvicting, type Eviction } from "./evicting.ts";
import { Newcomers, type NewcomersParts } from "./newcomers.ts";
import { tellRefused } from "../noted-together.ts";
import { type Admitted, Room, type RoomParts, serverDeletion } from "./room.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { ServerHistory } from "./server-history.ts";

export interface HomecomingParts extends RoomParts, Omit<NewcomersParts, "today" | "usersMax"> {
  readonly config: Pick<Config, "capacities" | "usersMax">;
  readonly scopes: ScopeTable;
  readonly history: ServerHistory;
  readonly log: CommunicationLog;
  /** What the server itself writes is in the name of its machine. */
  readonly device: DeviceId;
  readonly run: RunId;
  readonly nextSequence: () => number;
  /** Journal time at which this machine was made the server. */
  readonly servesSince: JournalTime;
}

export class Homecoming {
  readonly #transaction: Transaction;
  readonly #parts: HomecomingParts;
  readonly #room: Room;
  readonly #newcomers: Newcomers;
  /** Who had to go for it. */
  readonly evictions: Eviction[] = [];

  /** The transaction has nothing else in it: who is held counts from what was durable before. */
  constructor(transaction: Transaction, parts: HomecomingParts) {
    const { usersMax } = parts.config;
    this.#transaction = transaction;
    this.#parts = parts;
    this.#room = new Room(transaction.view, parts);
    this.#newcomers = new Newcomers({ ...parts, usersMax, today: dayOf(transaction.at) });
  }

  /** The records were looked at. */
  async take(records: readonly BroughtRecord[], common: Revision): Promise<void> {
    const owners: [Owner, OwnerRecord][] = [];
    const scopes: ScopeChange[] = [];
    const entries: Standing[] = [];
    for (const [key, record] of records) {
      if (isEntryKey(key)) entries.push(this.#datedEntry(unpackEntry(record)));
      else if (isOwnerKey(key)) owners.push([ownerOfKey(key), this.#datedOwner(unpackOwner(record))]);
      else scopes.push({ item: itemOfScopeKey(key), scope: unpackScope(record).scope });
    }
    for (const [owner, record] of owners) await this.#end(owner, record, common);
    await this.#setScopes(scopes, common);
    await this.#enter(entries, common);
    await this.#logins(owners);
  }

  /**
   * A time that is still to come tells of a server whose clock was wrong. What has it counts as made when this server began: the
   * same whenever it is brought, and before whatever somebody made here who may have seen it.
   */
  #dated(at: JournalTime): JournalTime {
    const { servesSince } = this.#parts;
    return at <= this.#transaction.at ? at : Math.min(servesSince, this.#transaction.at);
  }

  #datedEntry({ revision, edit }: Standing): Standing {
    return { revision, edit: { ...edit, stamp: this.#dated(edit.stamp) } };
  }

  #datedOwner({ deleted, evicted, ...record }: OwnerRecord): OwnerRecord {
    const dated = (end: OwnerEnd | undefined) => (end === undefined ? undefined : { ...end, at: this.#dated(end.at) });
    return { ...record, deleted: dated(deleted), evicted: dated(evicted) };
  }

  /** An owner that ended there ends here as well, as of then; what was made here after it stays. */
  async #end(owner: Owner, lost: OwnerRecord, common: Revision): Promise<void> {
    const { view } = this.#transaction;
    await view.load([ownerKey(owner)]);
    const own = this.#owner(owner);
    const removals = (["deleted", "evicted"] as const).flatMap((kind): Removal[] => {
      const end = lost[kind];
      return end === undefined || end.revision <= common || end.at <= (own[kind]?.at ?? 0) ? [] : [{ owner, kind, at: end.at }];
    });
    if (removals.length === 0) return;
    const at = Math.max(...removals.map((removal) => removal.at ?? 0));
    const survivors: AcceptedEdit[] = [];
    for (const key of await view.loadRange(entriesOfOwner(owner))) {
      const record = view.get(key);
      const standing = record === undefined ? undefined : unpackEntry(record);
      if (standing === undefined || standing.revision <= common || standing.edit.stamp <= at) continue;
      survivors.push({ edit: standing.edit, bytes: encodeAccepted(standing.edit) });
    }
    if (removals.some(({ kind }) => kind === "deleted")) await this.#parts.history.eraseDeleted(owner, this.#transaction);
    else await this.#parts.history.keepEvicted(owner, this.#transaction);
    await this.#transaction.append({ ...draftOf(survivors), removals });
    if (!isHeld(this.#owner(owner))) this.#newcomers.ended(owner);
  }

  /** A scope that was set there stands here, unless it was set here since. */
  async #setScopes(brought: readonly ScopeChange[], common: Revision): Promise<void> {
    const { scopes } = this.#parts;
    const news = brought.filter(({ item, scope }) => scopes.of(item).since <= common && scopes.of(item).scope !== scope);
    if (news.length > 0) await this.#transaction.append({ ...draftOf([]), scopes: news });
    scopes.follow(news, this.#transaction.revision);
  }

  async #enter(brought: readonly Standing[], common: Revision): Promise<void> {
    await this.#transaction.view.load(brought.flatMap(({ edit }) => [entryKey(edit), ownerKey(edit.owner)]));
    for (let rest = brought; rest.length > 0; ) rest = await this.#enterSome(rest, common);
  }

  /** As many as one change takes, which makes room for one user at most (P26). Gives those whose turn comes with the next one. */
  async #enterSome(brought: readonly Standing[], common: Revision): Promise<readonly Standing[]> {
    const accepted: AcceptedEdit[] = [];
    const refused: { readonly edit: Accepted; readonly refusal: Refusal }[] = [];
    let rest: readonly Standing[] = [];
    this.#newcomers.startChange();
    for (const [index, lost] of brought.entries()) {
      if (!this.#wins(lost, common)) continue;
      const edit: Accepted = { ...lost.edit, seen: lost.revision, why: "brought" };
      const admitted = await this.#admit(edit, accepted.length > 0);
      if (admitted.kind === "wait") {
        rest = brought.slice(index);
        break;
      }
      if (admitted.kind === "refused") refused.push({ edit, refusal: admitted.refusal });
      else for (const made of this.#madeOf(admitted)) accepted.push({ edit: made, bytes: encodeAccepted(made) });
    }
    tellRefused(this.#parts.log, refused);
    if (accepted.length > 0) await this.#append(accepted);
    return rest;
  }

  /** The entry, and the deletion of those for which it leaves no room. */
  #madeOf({ edit, dropped, moved }: Extract<Admitted, { kind: "admitted" }>): Accepted[] {
    const { device, run, nextSequence, log } = this.#parts;
    const { at, revision } = this.#transaction;
    if (moved !== undefined) log.write({ kind: "number-moved", entry: notedEntry(edit, edit.value), ...moved });
    return [edit, ...dropped.map((name) => serverDeletion(name, { device, run, sequence: nextSequence() }, at, revision))];
  }

  #wins(lost: Standing, common: Revision): boolean {
    const { edit } = lost;
    const record = this.#transaction.view.get(entryKey(edit));
    const standing = record === undefined ? undefined : unpackEntry(record);
    const owner = this.#owner(edit.owner);
    const isNothing = edit.value === undefined && standing === undefined && !isHeld(owner);
    return !isNothing && this.#parts.scopes.isShared(edit.item) && decideBrought(lost, { standing, owner, common }) === "wins";
  }

  async #admit(edit: Accepted, isLater: boolean): Promise<Admitted | { readonly kind: "wait" }> {
    const admitted = await this.#room.look(edit);
    if (admitted.kind === "refused") return admitted;
    // A deletion holds nobody.
    const isOfHeld = edit.value !== undefined || isHeld(this.#owner(edit.owner));
    const place = isOfHeld ? this.#newcomers.look(edit.owner, isLater) : undefined;
    if (place !== undefined && place.kind !== "fits") return place;
    if (place !== undefined) this.#newcomers.take(edit.owner, place);
    this.#room.take(admitted);
    return admitted;
  }

  async #append(accepted: readonly AcceptedEdit[]): Promise<void> {
    const victim = this.#newcomers.settle();
    const { evictions } = await appendEvicting(draftOf(accepted), victim, this.#transaction, this.#parts.history);
    this.evictions.push(...evictions);
  }

  async #logins(owners: readonly (readonly [Owner, OwnerRecord])[]): Promise<void> {
    const logins = owners.flatMap(([owner, { lastLoginDay }]): Login[] => {
      const own = this.#owner(owner);
      return isHeld(own) && own.lastLoginDay < lastLoginDay ? [{ owner, day: lastLoginDay }] : [];
    });
    for (let from = 0; from < logins.length; from += LIMITS.changeLoginsMax)
      await this.#transaction.append({ ...draftOf([]), logins: logins.slice(from, from + LIMITS.changeLoginsMax) });
  }

  #owner(owner: Owner): OwnerRecord {
    const record = this.#transaction.view.get(ownerKey(owner));
    return record === undefined ? NEW_OWNER : unpackOwner(record);
  }
}
