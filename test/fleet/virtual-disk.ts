/**
 * A disk that survives kills, and the `Storage` that one life of a process sees of it. Writes take a seeded time and
 * become durable in the order of the calls; a kill lets the first few of those under way become durable and loses the
 * rest, and tells nobody which. It keeps the rules of hal/storage.ts.
 */
import { KeyBlocks } from "../../hal/sim/key-blocks.ts";
import { MemoryMedium, MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { checkBatch, checkKey, checkRange, storageClosed } from "../../hal/parts/storage-rules.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { RangeOptions, Storage, Write } from "../../hal/storage.ts";
import type { Dice } from "./random.ts";
import type { Life } from "./virtual-time.ts";

export interface DiskSpeed {
  readonly writeMsMin: number;
  readonly writeMsMax: number;
  /** How often a read takes a turn of its own instead of answering at once. */
  readonly lateReads: number;
}

export const FAST_DISK: DiskSpeed = { writeMsMin: 1, writeMsMax: 4, lateReads: 0.2 };
export const SLOW_DISK: DiskSpeed = { writeMsMin: 40, writeMsMax: 900, lateReads: 0.6 };

/** Somebody who looks at the disk itself: what is told is durable, and no time passes. */
export interface DiskWatch {
  committed(batch: readonly Write[]): void;
  /** The whole content is another now. */
  replaced(content: KeyBlocks): void;
}

/** Records of a client's own that others hang on (mend-replica.ts). */
const HANGS_ON = /^c\/(meta|base|own|p\/|o\/|x\/|r\/)/;

export class VirtualDisk {
  readonly dice: Dice;
  readonly medium = new MemoryMedium();
  readonly #mounts = new Set<Mount>();
  readonly #watches: DiskWatch[] = [];
  speed: DiskSpeed = FAST_DISK;
  /** So many of the next writes fail, as a full medium or a broken one does. */
  failingWrites = 0;
  failsAs: "hal-full" | "hal-broken" = "hal-full";
  /** Batches that became durable: "crash after the n-th write" counts them. */
  writes = 0;
  /** The key of a record of which a bit has flipped. */
  #rotten: string | undefined;
  /** Called when its checksum told somebody who read it: they were given nothing of it. */
  onRotFound: (() => void) | undefined;
  /** Called when a batch is about to become durable: a kill at this moment finds it still under way. */
  onWriting: (() => void) | undefined;
  /** Called with the key of each record that is read by its key. */
  onRead: ((key: string) => void) | undefined;
  /** Called after a batch became durable and before anybody hears of it. */
  onDurable: (() => void) | undefined;
  /** Of the batches under way at a kill, so many became durable; chance decides where this is undefined. */
  survivors: ((underWay: number) => number) | undefined;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  mount(life: Life): Storage {
    const mount = new Mount(this, life);
    this.#mounts.add(mount);
    return mount;
  }

  /** The process is gone: of what was being written, a beginning may have become durable. */
  kill(life: Life): void {
    for (const mount of [...this.#mounts]) {
      if (mount.life !== life) continue;
      const underWay = mount.abandon();
      const survive = underWay.length === 0 ? 0 : (this.survivors?.(underWay.length) ?? this.dice.between(0, underWay.length));
      for (const batch of underWay.slice(0, survive)) this.#keep(batch);
      this.#mounts.delete(mount);
    }
  }

  /** A bit of one of its records flips. Until the record is written anew, whoever comes to it is told, and given nothing. */
  rot(dice: Dice): void {
    const keys = [...this.medium.content.ascending("", "\uffff")].map(([key]) => key);
    if (keys.length > 0) this.#rotten = dice.pick(keys);
  }

  /** The same of the first record under a prefix; false where there is none. */
  rotUnder(prefix: string): boolean {
    const [first] = this.medium.content.ascending(prefix, `${prefix}\uffff`);
    this.#rotten = first?.[0];
    return first !== undefined;
  }

  /** The bit was read right after all. */
  endRot(): void {
    this.#rotten = undefined;
  }

  /** Throws for the record that has a wrong checksum. */
  check(key: string): void {
    if (key !== this.#rotten) return;
    this.onRotFound?.();
    throw new SyncError("storage-damaged", `the checksum of ${JSON.stringify(key)} is wrong`);
  }

  /** Nothing of it is slow or fails: the writes that were called for while it was slow are over too. */
  get isQuick(): boolean {
    return this.speed === FAST_DISK && this.failingWrites === 0 && [...this.#mounts].every(({ isSlow }) => !isSlow);
  }

  /** Something under the prefix is being written: whoever writes it may know of it already. */
  isWriting(prefix: string): boolean {
    return [...this.#mounts].some((mount) => mount.isWriting(prefix));
  }

  /** The storage is lost, as in a breakdown (M20). */
  wipe(): void {
    this.replace(new KeyBlocks());
  }

  /** The medium is exchanged for another, or for an older image of itself. Nobody may have it open. */
  replace(content: KeyBlocks): void {
    this.endRot();
    this.medium.content = content;
    for (const watch of this.#watches) watch.replaced(content);
  }

  watch(watch: DiskWatch): void {
    this.#watches.push(watch);
  }

  commit(batch: readonly Write[]): void {
    this.#keep(batch);
    this.writes += 1;
    this.onDurable?.();
  }

  #keep(batch: readonly Write[]): void {
    const isMended = batch.some(({ key }) => key === this.#rotten);
    // What stood in such a record nobody knows any more: to whoever watches, the machine goes on from another disk.
    const isAnother = isMended && HANGS_ON.test(this.#rotten ?? "");
    if (isMended) this.endRot();
    this.medium.content = this.medium.content.with(batch);
    for (const watch of this.#watches) {
      if (isAnother) watch.replaced(this.medium.content);
      else watch.committed(batch);
    }
  }

  /** An instant view for checkers: no time passes. */
  peek(): Storage {
    return new MemoryStorage(this.medium);
  }
}

class Mount implements Storage {
  readonly life: Life;
  readonly #disk: VirtualDisk;
  #underWay: (readonly Write[])[] = [];
  #idleAtMs = 0;
  /** The last write that takes as long as on a slow disk is over then. */
  #slowUntilMs = 0;
  #open = true;

  constructor(disk: VirtualDisk, life: Life) {
    this.#disk = disk;
    this.life = life;
  }

  /** Ends it; gives back the batches that were called for and are not durable. */
  abandon(): (readonly Write[])[] {
    return this.#underWay.splice(0);
  }

  get isSlow(): boolean {
    return this.life.nowMs < this.#slowUntilMs;
  }

  isWriting(prefix: string): boolean {
    return this.#underWay.some((batch) => batch.some(({ key }) => key.startsWith(prefix)));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    await this.#mustBeOpen("read");
    keys.forEach(checkKey);
    const content = this.#disk.medium.content;
    await this.#turn();
    for (const key of keys) {
      this.#disk.check(key);
      this.#disk.onRead?.(key);
    }
    return keys.map((key) => copyOf(content.get(key)));
  }

  async *range(options: RangeOptions): AsyncGenerator<readonly [string, Uint8Array]> {
    await this.#mustBeOpen("range");
    checkRange(options);
    const { from, to, limit = Number.MAX_SAFE_INTEGER, reverse = false, keysOnly = false } = options;
    const content = this.#disk.medium.content;
    let left = limit;
    await this.#turn();
    for (const [key, value] of reverse ? content.descending(from, to) : content.ascending(from, to)) {
      if (left <= 0) return;
      await this.#mustBeOpen("range");
      if (!keysOnly) this.#disk.check(key);
      left -= 1;
      yield [key, keysOnly ? new Uint8Array(0) : Uint8Array.from(value)];
    }
  }

  async write(batch: readonly Write[]): Promise<void> {
    checkBatch(batch);
    // Not awaited where it is open: batches take their turns in the order of the calls.
    if (this.life.over || !this.#open) await this.#mustBeOpen("write");
    const copy = batch.map(({ key, value }) => ({ key, value: copyOf(value) }));
    this.#underWay.push(copy);
    await new Promise<void>((resolve, reject) => {
      this.life.after(this.#delay(), "write", () => {
        this.#disk.onWriting?.();
        const at = this.#underWay.indexOf(copy);
        if (at < 0) return;
        this.#underWay.splice(at, 1);
        if (this.#disk.failingWrites > 0) {
          this.#disk.failingWrites -= 1;
          const why = this.#disk.failsAs === "hal-full" ? "no space" : "the medium failed";
          reject(new SyncError(this.#disk.failsAs, `${why} for a batch of ${copy.length} keys; nothing of it was written`));
          return;
        }
        this.#disk.commit(copy);
        if (!this.life.over) resolve();
      });
    });
  }

  async close(): Promise<void> {
    while (this.#underWay.length > 0) await this.#pause(1);
    this.#open = false;
  }

  /** A closed one says so; one whose process is gone never says anything again. */
  async #mustBeOpen(what: string): Promise<void> {
    if (this.life.over) await new Promise<never>(() => undefined);
    if (!this.#open) throw storageClosed(what);
  }

  /** Each write waits for the one before it: they become durable in the order of the calls. */
  #delay(): number {
    const { writeMsMin, writeMsMax } = this.#disk.speed;
    const nowMs = this.life.nowMs;
    this.#idleAtMs = Math.max(nowMs, this.#idleAtMs) + this.#disk.dice.between(writeMsMin, writeMsMax);
    if (this.#disk.speed !== FAST_DISK) this.#slowUntilMs = this.#idleAtMs;
    return this.#idleAtMs - nowMs;
  }

  async #turn(): Promise<void> {
    if (this.#disk.dice.chance(this.#disk.speed.lateReads)) await this.#pause(this.#disk.dice.between(0, 2));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.life.after(ms, "read", resolve));
  }
}

const copyOf = (bytes: Uint8Array | undefined): Uint8Array | undefined => (bytes === undefined ? undefined : Uint8Array.from(bytes));
