/**
 * Snapshot parts, made once and shared by all machines that join within a while. Each part is a key range at the
 * revision it was read at; all of them are at or after `start`, so that the changes after `start` complete any mix.
 *
 * While a part is put together, the one after it is being read; and where a machine is expected, all of them are made before it
 * comes. What is made ahead is no more than there is room to keep. What was made outlives a restart (`KeptParts`).
 */
import type { Write } from "../../../hal/storage.ts";
import { must } from "../../model/assert.ts";
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Position } from "../../model/position.ts";
import type { Change } from "../../protocol/change.ts";
import { packFitting, type PartForm } from "../../protocol/part.ts";
import type { Part } from "../../protocol/welcome.ts";
import type { Journal } from "../../store/journal.ts";
import type { KeptParts, KeptStart } from "../../store/kept-parts.ts";

/** The part after a key, in a form. */
interface Place {
  readonly after: string;
  readonly form: PartForm;
}

export class SnapshotParts {
  readonly #journal: Journal;
  readonly #kept: KeptParts | undefined;
  /** Those made and those being made, by form and the key after which they begin. */
  readonly #parts = new Map<string, Promise<Part>>();
  #start: { readonly position: Position; readonly written: number } | undefined;
  #bytes = 0;
  /** What may be made next without being asked for. */
  #next: Place | undefined;
  /** Names of those that were made so, and were not asked for yet. */
  readonly #unasked = new Set<string>();
  #isExpecting = false;
  /** The last part had fewer records than were read for it: where the next one begins was known only when it was packed. */
  #isCut = false;
  #isOver = false;

  /** Goes on from what was kept of another run, if anything was. */
  constructor(journal: Journal, kept?: { readonly kept: KeptParts; readonly start: KeptStart | undefined }) {
    this.#journal = journal;
    this.#kept = kept?.kept;
    const start = kept?.start;
    this.#start = start && { position: start.position, written: journal.written - start.bytesSince };
  }

  /**
   * Where a snapshot that begins now starts: not before `atLeast`, the client's own position in this epoch, the newest change
   * of a scope (P29).
   */
  startFor(atLeast: Revision): Position {
    const start = this.#start?.position;
    if (start !== undefined && start.revision >= atLeast && this.#isNear) return start;
    const now = this.#journal.position;
    this.#parts.clear();
    this.#bytes = 0;
    this.#next = undefined;
    this.#unasked.clear();
    this.#isExpecting = false;
    this.#start = { position: now, written: this.#journal.written };
    this.#kept?.begin(now);
    return now;
  }

  /** Whether whoever joined now could begin where the last one did, and take what came since as changes. */
  get #isNear(): boolean {
    const { position: now, written } = this.#journal;
    if (this.#start === undefined) return false;
    const { position: start, written: before } = this.#start;
    const isRecent = now.revision - start.revision <= LIMITS.partAgeRevisionsMax && written - before <= LIMITS.partAgeBytesMax;
    return isRecent && start.epoch.id === now.epoch.id && this.#journal.keepsAfter(start.revision);
  }

  /** Called with each beat: what nobody would be given any more is not kept. */
  tidy(): void {
    if (!this.#isNear) this.#kept?.drop();
  }

  /** What is to be written with changes (`KeptParts.erased`). */
  erased(changes: readonly Change[]): Write[] {
    return this.#kept?.erased(changes) ?? [];
  }

  /** A machine is about to join: all parts that it will ask for are made, one after the other. `atLeast` as in `startFor`. */
  expectJoin(atLeast: Revision): void {
    this.startFor(atLeast);
    this.#isExpecting = true;
    this.#goOnWith({ after: "", form: "columns" });
  }

  /** The part after a key, for a transfer that began at `start`. */
  async part(after: string, start: Revision, form: PartForm): Promise<Part> {
    const place = { after, form };
    const name = nameOf(place);
    this.#unasked.delete(name);
    this.#goOn();
    const cached = await this.#parts.get(name);
    if (cached !== undefined && cached.revision >= start) return cached;
    if (cached !== undefined && this.#parts.delete(name)) this.#bytes -= bytesOf(cached);
    return await this.#make(place, start);
  }

  /** Nothing more is made unasked, nor kept. */
  end(): void {
    this.#isOver = true;
    this.#kept?.end();
  }

  #goOnWith(place: Place): void {
    this.#next = place;
    this.#goOn();
  }

  #goOn(): void {
    const place = this.#next;
    const isFarAhead = !this.#isExpecting && this.#unasked.size >= LIMITS.partsMadeAheadMax;
    const hasRoom = this.#bytes + LIMITS.partBytesMax <= LIMITS.partsCachedBytesMax;
    if (place === undefined || this.#isOver || isFarAhead || !hasRoom) return;
    this.#next = undefined;
    if (this.#parts.has(nameOf(place))) return;
    this.#unasked.add(nameOf(place));
    // Where it fails, whoever asks for it has it tried again, and hears of it.
    this.#make(place).catch(() => undefined);
  }

  /** A part whose revision is `atLeast` this one. */
  async #make(place: Place, atLeast: Revision = 0): Promise<Part> {
    const name = nameOf(place);
    const start = this.#start?.position;
    const making = this.#keptOrMade(place, start, atLeast);
    this.#parts.set(name, making);
    const isHeld = () => this.#parts.get(name) === making;
    try {
      const part = await making;
      const bytes = this.#bytes + bytesOf(part);
      const hasRoom = bytes <= LIMITS.partsCachedBytesMax;
      if (!isHeld()) return part;
      if (hasRoom) this.#bytes = bytes;
      else this.#parts.delete(name);
      if (hasRoom && start !== undefined && place.form === "columns") this.#kept?.keep(part, start);
      return part;
    } catch (error) {
      if (isHeld()) this.#parts.delete(name);
      throw error;
    }
  }

  async #keptOrMade(place: Place, start: Position | undefined, atLeast: Revision): Promise<Part> {
    const kept = start !== undefined && place.form === "columns" ? await this.#kept?.read(place.after, start) : undefined;
    if (kept === undefined || kept.revision < atLeast) return await this.#made(place);
    if (!kept.end) this.#goOnWith({ after: kept.last, form: place.form });
    return kept;
  }

  async #made({ after, form }: Place): Promise<Part> {
    const { records, end } = await this.#journal.part(after, LIMITS.snapshotPartBytesTarget);
    let packed = records;
    // Nothing that was read is newer: a commit may have ended meanwhile.
    const { revision } = this.#journal.position;
    const isSure = !this.#isCut;
    if (!end && isSure) this.#goOnWith({ after: records.at(-1)?.[0] ?? after, form });
    let bytes = packFitting(packed, form);
    // Secrets and pictures do not compress: then there are fewer of them in a part.
    while (bytes === undefined && packed.length > 1) {
      packed = packed.slice(0, Math.floor(packed.length / 2));
      bytes = packFitting(packed, form);
    }
    const last = packed.at(-1)?.[0] ?? after;
    this.#isCut = packed.length < records.length;
    if (this.#isCut || (!end && !isSure)) this.#goOnWith({ after: last, form });
    return { kind: "part", after, last, end: end && !this.#isCut, revision, bytes: must(bytes, "a record fits a message") };
  }
}

const nameOf = ({ after, form }: Place): string => `${form} ${after}`;

/** What it takes to keep one. Its keys count as well: whoever asks after keys that are none gets parts of hardly any bytes. */
const bytesOf = ({ bytes, after, last }: Part): number => bytes.length + 2 * (after.length + last.length);
