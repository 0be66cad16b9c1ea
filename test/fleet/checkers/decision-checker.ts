/**
 * What may stand in a journal, change by change, written from the rules of who wins.
 *
 * P3   No stamp is later than the change that carries it.
 * P5   An edit stands because nothing stood there, because its author had seen what stood, because its machine had
 *      written what stood, or because it was made later.
 * P22  An edit whose author had not heard of the end of its owner loses, unless it was made after that end.
 * P26  `common` is never removed as a whole, nobody is removed who is not held, one eviction a change at most, never of
 *      an owner that the change touches; a deletion begins no owner.
 * I5   An edit is applied once.
 * I6   Edits of one run of a machine come in their order.
 * I10  A holding is adopted only while nobody holds it, whole, from one machine, and in one change of its own.
 * I11  An edit of an entry whose deletion is remembered no longer stands only if it is newer than all that was forgotten (P25).
 * I12  Items that are device-specific are in no change.
 * I26  A timeline has at most ten entries, and no two one-touch buttons have one number, after every change.
 * I16  The user limit holds after every change.
 * B06  Of two entries that came from a server that is lost, the one that was later there stands.
 * M22  Whoever makes room has the oldest last login day, the first by name of an equal day; who is logged in stays.
 */
import { type Accepted, type Edit, entryText, holdingOf, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { isUuid } from "../../../src/model/random.ts";
import { isFields } from "../../../src/model/value.ts";
import type { Change } from "../../../src/protocol/change.ts";
import { type End, type Fold, type StandingEntry, entryName } from "../model/fold.ts";

const TIMELINE_MAX = 10;

export interface DecisionFault {
  readonly rule: string;
  readonly what: string;
}

export interface DecisionParts {
  readonly usersMax: () => number;
  /** Somebody may have been logged in as this user when the server decided; nobody when it is left out. */
  readonly mayBeLoggedIn?: (user: string) => boolean;
}

type Standing = Pick<StandingEntry, "revision" | "edit">;

export class DecisionChecker {
  readonly #parts: DecisionParts;

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  /** What the change breaks; `fold`: the state before it. */
  fault(fold: Fold, change: Change): DecisionFault | undefined {
    return (
      removalFault(fold, change) ??
      this.#victimFault(fold, change) ??
      adoptionFault(fold, change) ??
      this.#editsFault(fold, change) ??
      this.#limitFault(fold, change)
    );
  }

  /** What is wrong in the state after a change. */
  faultAfter(fold: Fold, change: Change): DecisionFault | undefined {
    for (const owner of new Set(change.edits.filter(({ edit }) => edit.item === "timeline").map(({ edit }) => edit.owner))) {
      const count = [...fold.entriesOf(owner)].filter(({ edit }) => edit.item === "timeline" && edit.value !== undefined).length;
      if (count > TIMELINE_MAX) return { rule: "I26", what: `the timeline of ${owner} has ${count} entries` };
    }
    if (!change.edits.some(({ edit }) => edit.item === "common-address")) return undefined;
    const numbers = new Set<unknown>();
    for (const { edit } of fold.entriesOf("common")) {
      if (edit.item !== "common-address" || !isFields(edit.value) || edit.value.subdbid !== ONE_TOUCH_LIST) continue;
      if (numbers.has(edit.value.indxid))
        return { rule: "I26", what: `two one-touch buttons have the number ${String(edit.value.indxid)}` };
      numbers.add(edit.value.indxid);
    }
    return undefined;
  }

  #editsFault(fold: Fold, change: Change): DecisionFault | undefined {
    const inChange = new Map<string, Standing>();
    const removed = new Set<string>(change.removals.map(({ owner }) => owner));
    for (const { edit } of change.edits) {
      const name = entryName(edit);
      const endedAt = survivedEnd(edit, fold, change);
      if (endedAt !== undefined && edit.stamp > endedAt) continue;
      const standing = inChange.get(name) ?? (removed.has(edit.owner) ? undefined : fold.entries.get(name));
      const fault = editFault(edit, standing, fold, change);
      if (fault !== undefined) return { rule: fault.rule, what: `${describe(edit)}: ${fault.what}` };
      inChange.set(name, { revision: change.revision, edit });
    }
    return undefined;
  }

  #victimFault(fold: Fold, { removals, edits }: Change): DecisionFault | undefined {
    const victim = removals.find(({ kind, at }) => kind === "evicted" && at === undefined)?.owner;
    const touched = new Set<string>([...edits.map(({ edit }) => edit.owner), ...removals.map(({ owner }) => owner)]);
    if (victim === undefined) return undefined;
    const day = dayOf(fold, victim);
    for (const user of fold.owners.keys()) {
      if (!user.startsWith("user:") || !fold.isHeld(user) || touched.has(user)) continue;
      const isBefore = dayOf(fold, user) < day || (dayOf(fold, user) === day && user < victim);
      if (isBefore && this.#parts.mayBeLoggedIn?.(user) !== true)
        return { rule: "M22", what: `${victim} (day ${day}) makes room, and not ${user} (day ${dayOf(fold, user)})` };
    }
    return undefined;
  }

  #limitFault(fold: Fold, change: Change): DecisionFault | undefined {
    const leaving = change.removals.filter(({ owner }) => owner.startsWith("user:") && fold.isHeld(owner)).length;
    const coming = new Set(
      change.edits
        .filter(({ edit }) => edit.value !== undefined && edit.owner.startsWith("user:") && !isHeldBefore(fold, change, edit.owner))
        .map(({ edit }) => edit.owner),
    ).size;
    const max = this.#parts.usersMax();
    // A server whose limit was lowered under what it holds keeps them, but takes nobody new.
    if (coming === 0) return undefined;
    const users = fold.users() - leaving + coming;
    return users <= max ? undefined : { rule: "I16", what: `${users} users are held, at most ${max} may be` };
  }
}

/** The last day of a login that was heard of, or the day on which the fleet came to know the user. */
function dayOf(fold: Fold, user: string): number {
  const { lastLoginDay = 0, begunDay = 0 } = fold.owners.get(user) ?? {};
  return Math.max(lastLoginDay, begunDay);
}

const isHeldBefore = (fold: Fold, { removals }: Change, owner: string): boolean =>
  fold.isHeld(owner) && !removals.some((removal) => removal.owner === owner);

function removalFault(fold: Fold, { removals, edits }: Change): DecisionFault | undefined {
  const fault = (what: string): DecisionFault => ({ rule: "P26", what });
  if (removals.filter(({ kind }) => kind === "evicted").length > 1) return fault("evicts more than one owner");
  for (const { owner, kind, at } of removals) {
    if (owner === "common") return fault("removes common as a whole");
    // An end that was brought from a server that is lost is news also of somebody who was never held here, and what was set
    // after it stays (B06, P22).
    if (at !== undefined) continue;
    if (!fold.isHeld(owner)) return fault(`removes ${owner}, who is not held`);
    if (kind === "evicted" && edits.some(({ edit }) => edit.owner === owner)) return fault(`evicts ${owner}, whom it touches`);
  }
  return undefined;
}

function adoptionFault(fold: Fold, change: Change): DecisionFault | undefined {
  const { adoption, edits } = change;
  const adopted = edits.filter(({ edit }) => edit.why === "adopted" && survivedEnd(edit, fold, change) === undefined);
  const fault = (what: string): DecisionFault => ({ rule: "I10", what });
  if (adoption === undefined) return adopted.length === 0 ? undefined : fault("has adopted entries, and nobody supplied them");
  if (adopted.length === 0) return fault(`${adoption.holding} is adopted without an entry`);
  for (const { edit } of adopted) {
    if (adoption.item !== undefined && edit.item !== adoption.item) return fault(`${describe(edit)} comes with ${adoption.item}`);
    if (holdingOf(edit) !== adoption.holding) return fault(`${describe(edit)} comes with ${adoption.holding}`);
    if (edit.id.device !== adoption.device) return fault(`${describe(edit)} comes from another machine than the rest`);
  }
  const owner = adoption.holding.split("/")[0] ?? "";
  const list = adoption.item !== undefined ? `item/${adoption.item}` : owner === "common" ? adoption.holding.slice("common/".length) : "";
  if (fold.owners.get(owner)?.holdings.has(list) === true) return fault(`${adoption.holding} is adopted although it is held`);
  return undefined;
}

/** P25: what deleted the entry may be among what its owner's purge let be forgotten. A key that its author has just drawn was never deleted. */
export function isBeforeWhatIsForgotten({ owner, key, seen, stamp }: Edit, fold: Fold): boolean {
  const { purged } = fold.owners.get(owner) ?? {};
  return purged !== undefined && !isUuid(key) && seen < purged.revision && stamp <= purged.at;
}

function editFault(edit: Accepted, standing: Standing | undefined, fold: Fold, change: Change): DecisionFault | undefined {
  const { why, seen, stamp } = edit;
  if (fold.scopeOf(edit.item) === "device-specific") return { rule: "I12", what: "the item is device-specific" };
  if (stamp > change.at) return { rule: "P3", what: `its stamp ${stamp} is later than the change itself, ${change.at}` };
  if (why === "server" || why === "adopted") return undefined;
  if (why === "brought") return broughtFault(edit, standing);
  if (
    edit.value === undefined &&
    !fold.isHeld(edit.owner) &&
    !change.edits.some((other) => other.edit.owner === edit.owner && other.edit.value !== undefined)
  )
    return { rule: "P26", what: "deletes an entry of an owner that is not held" };
  for (const end of endsOf(fold, edit.owner))
    if (seen < end.revision && stamp <= end.at)
      return {
        rule: "P22",
        what: `its owner ended at revision ${end.revision}, which its author had not heard of when it was made before`,
      };
  if (standing === undefined && isBeforeWhatIsForgotten(edit, fold))
    return { rule: "I11", what: "was made before the revision up to which deletions of its owner are forgotten" };
  const fault = (what: string): DecisionFault => ({ rule: "P5", what });
  if (why === "first") return standing === undefined ? undefined : fault(`stands as the first, but revision ${standing.revision} stood`);
  if (standing === undefined) return fault(`stands as "${why}", but nothing stood`);
  const same = standing.edit.id.device === edit.id.device;
  if (why === "seen" && seen < standing.revision)
    return fault(`stands as "seen", but its author had seen ${seen} only, and revision ${standing.revision} stood`);
  if (why === "own" && !same) return fault(`stands as its machine's own, but another machine had set what stood`);
  if (why === "later" && stamp < standing.edit.stamp)
    return fault(`stands as the later, but was made at ${stamp}, and what stood at ${standing.edit.stamp}`);
  if (why !== "later" && stamp < Math.min(standing.edit.stamp, change.at))
    return { rule: "P3", what: `was made in knowledge of what stood and is stamped before it` };
  return undefined;
}

/** When its owner ended, as was brought in this change, beyond which the entry stays as it stood before (B06); undefined: no such thing. */
function survivedEnd(edit: Accepted, fold: Fold, { removals }: Change): number | undefined {
  const ends = removals.flatMap(({ owner, at }) => (owner === edit.owner && at !== undefined ? [at] : []));
  const stood = fold.entries.get(entryName(edit))?.edit.id;
  const isSame = stood?.run === edit.id.run && stood.sequence === edit.id.sequence;
  return isSame && ends.length > 0 ? Math.max(...ends) : undefined;
}

/** B06: what stood on the server that is lost; of two that were brought the one that was made later stands, then the one with the higher revision there. */
function broughtFault({ seen, stamp }: Accepted, standing: Standing | undefined): DecisionFault | undefined {
  if (standing?.edit.why !== "brought") return undefined;
  const { edit } = standing;
  if (stamp > edit.stamp || (stamp === edit.stamp && seen > edit.seen)) return undefined;
  const what = `was at revision ${seen}, made at ${stamp}; what stood was brought from revision ${edit.seen}, made at ${edit.stamp}`;
  return { rule: "B06", what };
}

/** The last deletion and the last eviction of an owner. */
export function endsOf(fold: Fold, owner: string): End[] {
  const { deleted, evicted } = fold.owners.get(owner) ?? {};
  return [deleted, evicted].filter((end) => end !== undefined);
}

/** The edit, in a few words. */
export const describe = (edit: Accepted): string =>
  `edit ${edit.id.sequence} of ${edit.id.device.slice(0, 6)} (${entryText(edit)}, ${edit.why})`;
