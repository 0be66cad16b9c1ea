/**
 * Secrets in their sealed form {v, nonce, bytes}: AES-256-GCM under the fleet secret, bound to the entry they belong to,
 * so that one cannot be put in another's place. The journal, the replicas and the wire see only this form.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { type EntryName, entryText } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { Random } from "../model/random.ts";
import { type Value, isFields } from "../model/value.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class Seal {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(fleetSecret: Uint8Array, random: Random) {
    this.#key = new Uint8Array(hkdfSync("sha256", fleetSecret, new Uint8Array(0), "custom-settings-sync keychain", 32));
    this.#random = random;
  }

  close(name: EntryName, value: Value): Value {
    const nonce = Uint8Array.from(this.#random(NONCE_BYTES));
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(entryText(name)));
    const bytes = Buffer.concat([cipher.update(encodeCbor(value)), cipher.final(), cipher.getAuthTag()]);
    return { v: VERSION, nonce, bytes: Uint8Array.from(bytes) };
  }

  /** Throws "message-malformed" for what was not sealed for this entry in this fleet; the value is in no message. */
  open(name: EntryName, sealed: Value): Value {
    const { v, nonce, bytes } = isFields(sealed) ? sealed : {};
    if (v !== VERSION || !(nonce instanceof Uint8Array) || !(bytes instanceof Uint8Array) || bytes.length < TAG_BYTES) {
      throw new SyncError("message-malformed", `${entryText(name)} is not in sealed form; it is not applied`);
    }
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(entryText(name)));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const plain = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
      // It has no bytes of its own in this mode, and throws for what was changed: nothing is read before.
      decipher.final();
      return decodeCbor(plain, LIMITS.entryBytesMax) as Value;
    } catch (cause) {
      throw new SyncError("message-malformed", `${entryText(name)} was sealed by another fleet or changed; it is not applied`, { cause });
    }
  }
}
