/** The sessions of a server machine: one at most for each machine. */
import type { DeviceId, Revision } from "../../model/ids.ts";
import { naturalOrder } from "../../model/natural-order.ts";
import type { Owner } from "../../model/owner.ts";
import type { Session } from "./session.ts";

export class Sessions {
  readonly #sessions = new Map<DeviceId, Session>();
  /** Machines that were in session since this server's start: of them it knows whether they operate. */
  readonly #met = new Set<DeviceId>();
  /** Asked for with each change of data, and made anew when a session was opened or closed. */
  #keptAwakeBy: readonly string[] | undefined;

  get size(): number {
    return this.#sessions.size;
  }

  get(device: DeviceId): Session | undefined {
    return this.#sessions.get(device);
  }

  /** The session of a machine that operates: one that only looks does not. */
  operatingAs(device: DeviceId): Session | undefined {
    const session = this.#sessions.get(device);
    return session?.isLook === false ? session : undefined;
  }

  /** Whether it was in session since this server's start, and not only to look. */
  hasMet(device: DeviceId): boolean {
    return this.#met.has(device);
  }

  /** A copy: sessions may be closed while it is gone through. */
  all(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Takes the place of an older session of the machine. */
  open(session: Session): void {
    this.#sessions.set(session.device, session);
    if (!session.isLook) this.#met.add(session.device);
    this.#keptAwakeBy = undefined;
  }

  close(device: DeviceId): void {
    this.#sessions.delete(device);
    this.#keptAwakeBy = undefined;
  }

  /** When the next lease ends, if nothing more is heard. */
  nextEndMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { lapsesAtMs } of this.#sessions.values()) next = Math.min(next, lapsesAtMs);
    return next;
  }

  endLeases(nowMs: number): void {
    for (const { device, lapsesAtMs } of this.all()) if (lapsesAtMs <= nowMs) this.close(device);
  }

  /** Who is logged in at any machine in session, and `here`. */
  loggedIn(here: Owner | undefined): Set<Owner> {
    const owners = new Set<Owner>();
    for (const { loggedIn } of this.#sessions.values()) for (const owner of loggedIn) owners.add(owner);
    return here === undefined ? owners : owners.add(here);
  }

  /** How many of them keep the server machine awake: all that came by the network (M28, M29). */
  get operating(): number {
    return this.keptAwakeBy.length;
  }

  /** Their names, in the order of the list of machines. */
  get keptAwakeBy(): readonly string[] {
    this.#keptAwakeBy ??= this.all()
      .filter(({ by, isLook }) => by === "network" && !isLook)
      .map(({ hello }) => hello.device.deviceName)
      .sort(naturalOrder);
    return this.#keptAwakeBy;
  }

  /** The machines besides this one that operate. */
  othersThan(own: DeviceId): Session[] {
    return this.all().filter(({ device, isLook }) => device !== own && !isLook);
  }

  /** The first change that a transfer under way still wants: the journal keeps it, and those after it. */
  firstWantedChange(nowMs: number): Revision {
    let first = Number.POSITIVE_INFINITY;
    for (const session of this.#sessions.values()) first = Math.min(first, session.pinned(nowMs) ?? Number.POSITIVE_INFINITY);
    return first + 1;
  }
}
