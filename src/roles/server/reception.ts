/** Hellos: who comes in, with what refusal or what welcome. */
import type { Storage, Write } from "../../../hal/storage.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { DeviceId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { sameEpoch } from "../../model/position.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Hello } from "../../protocol/hello.ts";
import { agreedVersion, type Versions } from "../../protocol/version.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import type { Journal } from "../../store/journal.ts";
import type { MachineNames } from "../../store/machine-names.ts";
import { type Digests, differing, digestOfNames } from "../digests.ts";
import type { JournalTime } from "./journal-time.ts";
import type { Machines } from "./machines.ts";
import { RunWatch } from "./run-watch.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { Session } from "./session.ts";
import type { SnapshotParts } from "./snapshot-parts.ts";
import type { Succession } from "./succession.ts";

export interface ReceptionParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly machines: Machines;
  readonly snapshotParts: SnapshotParts;
  readonly names: MachineNames;
  readonly scopes: ScopeTable;
  readonly succession: Succession;
  readonly storage: Storage;
  readonly clock: Clock;
  /** The server machine itself. */
  readonly device: DeviceId;
  /** Whether the server machine's own client function is started (M04). */
  readonly ownClient: () => boolean;
  readonly digests: () => Digests;
  /** What this server speaks. */
  readonly protocol: Versions;
  /** The digest of the order of the server machine's network places (M25). */
  readonly networkPlaces: string;
}

export class Reception {
  readonly #parts: ReceptionParts;
  readonly #runs = new RunWatch();
  /** Keys that two machines have. */
  readonly #doubles = new Set<DeviceId>();

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** Whether this hello was overtaken by a later one (P14). It counts as heard from now on. */
  isOvertaken(from: DeviceId, hello: Hello): boolean {
    const heard = this.#runs.hear(from, hello, this.#parts.clock.monotonicMs());
    if (heard === "double") this.#doubles.add(from);
    else if (heard === "current") this.#doubles.delete(from);
    return heard === "overtaken";
  }

  /** Why this machine may not come in, undefined when it may. */
  async refusal(from: DeviceId, hello: Hello): Promise<Refusal | undefined> {
    const { protocol, machines, device, ownClient, digests, succession } = this.#parts;
    if (agreedVersion(protocol, hello.protocol) === undefined) return { word: "protocol-version", served: [protocol.min, protocol.max] };
    if (from !== device && machines.get(from) === undefined) return { word: "not-paired" };
    if (this.#doubles.has(from)) return { word: "key-in-use-twice" };
    // A machine of the fleet is believed what it knows of other servers, also where it may not come in.
    if ((await succession.heed(hello)) === "stood-down") return succession.isHeir(hello) ? undefined : { word: "stood-down" };
    const parts = differing(hello.digests, digests());
    if (parts.length > 0) return { word: "settings-differ", parts };
    const doorOpen = !ownClient() || machines.get(device)?.placed === true;
    if (from !== device && !doorOpen) return { word: "own-client-first" };
    if (!machines.hasRoomFor(from, device)) return { word: "too-many-machines", machinesMax: LIMITS.machinesMax };
    return undefined;
  }

  /** Gives the machine its place, durably, unless it only looks, and says how it catches up. */
  async welcome(session: Session): Promise<Welcome> {
    const { journal, journalTime, names, networkPlaces } = this.#parts;
    const { hello, device } = session;
    if (!session.isLook) await this.#place(session);
    const way = await this.#way(session);
    const answers = (await journal.answersOf(device)).among(hello.pending, journal.position.revision);
    const all = names.all();
    const isBehind = way.kind === "changes" && hello.position !== undefined && hello.position.revision < journal.position.revision;
    return {
      kind: "welcome",
      number: hello.number,
      lineage: journal.lineage,
      position: journal.position,
      journalTime: journalTime.now(),
      beatMs: LIMITS.beatMs,
      leaseMs: LIMITS.leaseMs,
      way,
      answers,
      names: hello.names === digestOfNames(all) ? [] : all,
      networkPlaces,
      ...(isBehind && hello.follows === true && !session.isLook ? { follows: true } : {}),
    };
  }

  async #place({ device, hello }: Session): Promise<void> {
    const { journalTime, machines, names, storage, clock } = this.#parts;
    if (hello.journalTime !== undefined) journalTime.raise(hello.journalTime, device);
    const place = machines.place(device, hello, clock.wallMs());
    const writes: Write[] = [...place.writes];
    if (writes.length > 0 || journalTime.isDue) writes.push(journalTime.write());
    if (writes.length > 0) await storage.write(writes);
    place.take();
    await names.learn([[device, hello.device.deviceName]]);
  }

  async #way(session: Session): Promise<Welcome["way"]> {
    const { journal, snapshotParts, scopes } = this.#parts;
    const { position, partial } = session.hello;
    if (position !== undefined && (await journal.knows(position))) return { kind: "changes" };
    const isOfNow = partial !== undefined && partial.start.revision >= scopes.changed;
    const resume = isOfNow && partial.start.epoch.id === journal.position.epoch.id && (await journal.knows(partial.start));
    const inEpoch = position !== undefined && journal.lineage.some((entry) => sameEpoch(entry, position.epoch));
    const own = inEpoch ? Math.min(position.revision, journal.position.revision) : 0;
    const start = resume ? partial.start : snapshotParts.startFor(Math.max(own, scopes.changed));
    session.wants(start.revision);
    return { kind: "snapshot", start, resume };
  }
}
