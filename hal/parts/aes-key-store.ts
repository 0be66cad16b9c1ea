/** A key store for machines whose platform has none: AES-256-GCM with a key that the provider keeps out of the storage. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { assert } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Random } from "../../src/model/random.ts";
import type { Device } from "../device.ts";

const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES_MAX = 16 * 1024;

/** `key`: 32 bytes. Sealed form: the number 1, nonce, tag, ciphertext. */
export function aesKeyStore({ key, random }: { readonly key: Uint8Array; readonly random: Random }): Device["keyStore"] {
  assert(key.length === 32, "an AES-256 key has 32 bytes");
  return {
    async seal(secret) {
      if (secret.length > SECRET_BYTES_MAX) {
        throw new SyncError(
          "hal-refused",
          `secret of ${secret.length} bytes refused: at most ${SECRET_BYTES_MAX} can be sealed; nothing was sealed`,
        );
      }
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
      const text = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Uint8Array.from(Buffer.concat([Buffer.of(FORM), nonce, cipher.getAuthTag(), text]));
    },
    async open(sealed) {
      const text = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
      if (sealed[0] !== FORM || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) {
        throw new SyncError("hal-refused", `${sealed.length} bytes are not a secret that this machine sealed; set the secret again`);
      }
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES));
      try {
        return Uint8Array.from(Buffer.concat([decipher.update(text), decipher.final()]));
      } catch (cause) {
        throw new SyncError("hal-refused", "a sealed secret was changed, or sealed on another machine; set the secret again", { cause });
      }
    },
  };
}
