/** A key store for machines whose platform has none: AES-256-GCM with a key that the provider keeps out of the storage. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { assert } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Random } from "../../src/model/random.ts";
import type { Device } from "../device.ts";

const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Drawn together: to draw one takes as long as to seal with it. Each is used once. */
const NONCES = 32;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const SECRET_BYTES_MAX = 16 * 1024;

/** `key`: 32 bytes. Sealed form: the number 1, nonce, tag, ciphertext. */
export function aesKeyStore({ key, random }: { readonly key: Uint8Array; readonly random: Random }): Device["keyStore"] {
  assert(key.length === 32, "an AES-256 key has 32 bytes");
  let nonces: Uint8Array = new Uint8Array(0);
  return {
    async seal(secret) {
      if (secret.length > SECRET_BYTES_MAX) {
        throw new SyncError(
          "hal-refused",
          `secret of ${secret.length} bytes refused: at most ${SECRET_BYTES_MAX} can be sealed; nothing was sealed`,
        );
      }
      if (nonces.length === 0) nonces = random(NONCES * NONCE_BYTES);
      const nonce = nonces.subarray(0, NONCE_BYTES);
      nonces = nonces.subarray(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
      const sealed = new Uint8Array(HEAD_BYTES + secret.length);
      sealed[0] = FORM;
      sealed.set(nonce, 1);
      // All of it: this mode holds nothing back for its end, which makes the tag.
      sealed.set(cipher.update(secret), HEAD_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), 1 + NONCE_BYTES);
      return sealed;
    },
    async open(sealed) {
      const text = sealed.subarray(HEAD_BYTES);
      if (sealed[0] !== FORM || sealed.length < HEAD_BYTES) {
        throw new SyncError("hal-refused", `${sealed.length} bytes are not a secret that this machine sealed; set the secret again`);
      }
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
      try {
        return Uint8Array.from(Buffer.concat([decipher.update(text), decipher.final()]));
      } catch (cause) {
        throw new SyncError("hal-refused", "a sealed secret was changed, or sealed on another machine; set the secret again", { cause });
      }
    },
  };
}
