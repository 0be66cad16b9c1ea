/**
 * The container of every file that leaves a machine with personal data in it: encrypted under a passphrase, and every
 * bit of it authenticated, so that a changed, cut or rearranged file is known as one before anything is done with it.
 *
 *     prelude   "CSSYNC" · version · kind · scrypt cost (3) · salt (16) · nonce prefix (7) · key check (16) · checksum (8)
 *     frames    length (4) · AES-256-GCM of one chunk: nonce = prefix · number (4) · 1 for the last
 *
 * The checksum tells a damaged prelude from a wrong passphrase; whoever forges both has gained nothing without the key.
 * A chunk is deflated where that helps. Versions keep the first eight bytes and the checksum's place.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto";
import { assert } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import type { BackupFault } from "../model/refusal.ts";
import { deflateBlock, inflateBlock } from "../protocol/block.ts";
import { COST_MAX, type Cost, KEY_BYTES, type Stretcher } from "./stretching.ts";

/** What a file holds: one kind is never taken for another. */
export type SealedKind = "backup" | "user-data";

export interface SealingTools {
  readonly random: Random;
  readonly stretcher: Stretcher;
}

export type Opened =
  /** All of it was checked. `chunks` gives the chunks as they were sealed, as often as it is called. */
  { readonly kind: "opened"; readonly chunks: () => Iterable<Uint8Array> } | { readonly kind: "unusable"; readonly fault: BackupFault };

const MAGIC = Buffer.from("CSSYNC");
const VERSION = 1;
const KINDS = { backup: 1, "user-data": 2 } as const satisfies Record<SealedKind, number>;
const SALT_BYTES = 16;
const PREFIX_BYTES = 7;
const CHECK_BYTES = 16;
const CHECKSUM_BYTES = 8;
const COST_AT = MAGIC.length + 2;
const SALT_AT = COST_AT + 3;
const PREFIX_AT = SALT_AT + SALT_BYTES;
const CHECK_AT = PREFIX_AT + PREFIX_BYTES;
const CHECKSUM_AT = CHECK_AT + CHECK_BYTES;
const PRELUDE_BYTES = CHECKSUM_AT + CHECKSUM_BYTES;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;

interface Keys {
  readonly frames: Uint8Array;
  readonly check: Uint8Array;
}

/**
 * The file, piece by piece; whoever wants it whole joins them. Each chunk (at most LIMITS.sealedChunkBytesMax) becomes a
 * frame of its own, and is asked for only when the one before is gone. Throws "limit-exceeded" when the file would pass
 * LIMITS.sealedFileBytesMax.
 */
export async function* sealFile(
  kind: SealedKind,
  passphrase: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { random, stretcher }: SealingTools,
): AsyncIterable<Uint8Array> {
  const { cost } = stretcher;
  const salt = Uint8Array.from(random(SALT_BYTES));
  const prefix = Uint8Array.from(random(PREFIX_BYTES));
  const keys = keysOf(await stretcher.key(passphrase, salt, cost));
  const head = Buffer.concat([MAGIC, Buffer.of(VERSION, KINDS[kind], cost.logN, cost.r, cost.p), salt, prefix, keys.check]);
  const prelude = Buffer.concat([head, checksum(head)]);
  yield Uint8Array.from(prelude);
  let written = prelude.length;
  let number = 0;
  let held: Uint8Array | undefined;
  const frame = (chunk: Uint8Array, isLast: boolean): Uint8Array => {
    const sealed = sealFrame(chunk, { key: keys.frames, nonce: nonceOf(prefix, number, isLast), prelude });
    number += 1;
    written += sealed.length;
    if (written <= LIMITS.sealedFileBytesMax) return sealed;
    throw new SyncError("limit-exceeded", `the file would have more than ${LIMITS.sealedFileBytesMax} bytes; it was not written`);
  };
  for await (const chunk of chunks) {
    assert(chunk.length <= LIMITS.sealedChunkBytesMax, `a chunk of ${chunk.length} bytes`);
    if (held !== undefined) yield frame(held, false);
    held = chunk;
  }
  // The last frame is known as such, so that a file that was cut between two frames is not taken for a whole one.
  yield frame(held ?? new Uint8Array(0), true);
}

/** Looks at all of the file before it says that it is good. Nothing of it is kept; chunks are opened again as they are read. */
export async function openFile(
  kind: SealedKind,
  passphrase: string,
  bytes: Uint8Array,
  { stretcher }: Pick<SealingTools, "stretcher">,
): Promise<Opened> {
  const prelude = bytes.subarray(0, PRELUDE_BYTES);
  const fault = faultOfPrelude(kind, bytes.length, prelude);
  if (fault !== undefined) return { kind: "unusable", fault };
  const cost = costOf(prelude);
  const keys = keysOf(await stretcher.key(passphrase, prelude.subarray(SALT_AT, PREFIX_AT), cost));
  if (Buffer.compare(keys.check, prelude.subarray(CHECK_AT, CHECKSUM_AT)) !== 0) return { kind: "unusable", fault: "passphrase" };
  const chunks = () => openFrames(bytes, keys.frames);
  try {
    for (const chunk of chunks()) assert(chunk.length <= LIMITS.sealedChunkBytesMax, "a chunk is bounded when it is inflated");
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { kind: "unusable", fault: "damaged" };
  }
  return { kind: "opened", chunks };
}

function faultOfPrelude(kind: SealedKind, length: number, prelude: Uint8Array): BackupFault | undefined {
  if (prelude.length < PRELUDE_BYTES || length > LIMITS.sealedFileBytesMax) return "damaged";
  if (Buffer.compare(prelude.subarray(0, MAGIC.length), MAGIC) !== 0) return "damaged";
  if (Buffer.compare(checksum(prelude.subarray(0, CHECKSUM_AT)), prelude.subarray(CHECKSUM_AT)) !== 0) return "damaged";
  const [version = 0, found] = prelude.subarray(MAGIC.length);
  if (version > VERSION) return "newer";
  const { logN, r, p } = costOf(prelude);
  const isBearable = logN >= 1 && logN <= COST_MAX.logN && r >= 1 && r <= COST_MAX.r && p >= 1 && p <= COST_MAX.p;
  return version === VERSION && found === KINDS[kind] && isBearable ? undefined : "damaged";
}

function costOf(prelude: Uint8Array): Cost {
  const [logN = 0, r = 0, p = 0] = prelude.subarray(COST_AT);
  return { logN, r, p };
}

/** Two keys of one, so that what is told openly of the one says nothing of the other. */
function keysOf(stretched: Uint8Array): Keys {
  const derive = (purpose: string, bytes: number) =>
    new Uint8Array(hkdfSync("sha256", stretched, new Uint8Array(0), `custom-settings-sync file ${purpose}`, bytes));
  return { frames: derive("frames", KEY_BYTES), check: derive("check", CHECK_BYTES) };
}

const checksum = (head: Uint8Array): Uint8Array => createHash("sha256").update(head).digest().subarray(0, CHECKSUM_BYTES);

function nonceOf(prefix: Uint8Array, number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(PREFIX_BYTES + 5);
  nonce.set(prefix);
  nonce.writeUInt32BE(number, PREFIX_BYTES);
  nonce[PREFIX_BYTES + 4] = isLast ? 1 : 0;
  return nonce;
}

interface Frame {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** Bound to every frame. */
  readonly prelude: Uint8Array;
}

function sealFrame(chunk: Uint8Array, { key, nonce, prelude }: Frame): Uint8Array {
  const { deflated, bytes } = deflateBlock(chunk);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(prelude);
  const sealed = Buffer.concat([cipher.update(Buffer.of(deflated ? 1 : 0)), cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  const framed = new Uint8Array(LENGTH_BYTES + sealed.length);
  new DataView(framed.buffer).setUint32(0, sealed.length);
  framed.set(sealed, LENGTH_BYTES);
  return framed;
}

/** Throws a SyncError at the first frame that is not as it was sealed. */
function* openFrames(file: Uint8Array, key: Uint8Array): Iterable<Uint8Array> {
  const prelude = file.subarray(0, PRELUDE_BYTES);
  const prefix = prelude.subarray(PREFIX_AT, CHECK_AT);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = PRELUDE_BYTES;
  let number = 0;
  do {
    if (file.length - at < LENGTH_BYTES + TAG_BYTES + 1) throw damaged(number);
    const end = at + LENGTH_BYTES + view.getUint32(at);
    if (end > file.length || end < at + LENGTH_BYTES + TAG_BYTES + 1) throw damaged(number);
    const nonce = nonceOf(prefix, number, end === file.length);
    yield openFrame(file.subarray(at + LENGTH_BYTES, end), { key, nonce, prelude }, number);
    at = end;
    number += 1;
  } while (at < file.length);
}

function openFrame(sealed: Uint8Array, { key, nonce, prelude }: Frame, number: number): Uint8Array {
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(prelude).setAuthTag(sealed.subarray(tagAt));
  let plain: Buffer;
  try {
    plain = Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()]);
  } catch (cause) {
    throw damaged(number, cause);
  }
  return inflateBlock(Uint8Array.from(plain.subarray(1)), plain[0] === 1, LIMITS.sealedChunkBytesMax);
}

const damaged = (number: number, cause?: unknown): SyncError =>
  new SyncError("import-malformed", `frame ${number} of the file was changed or cut`, { cause });
