/**
 * Who made an installation: an Ed25519 signature over the bytes of its manifest, in `device-manifest.sig` beside it. The
 * manifest names every file by its SHA-256, so the signature covers them all. The private key stays with the maker.
 */
import { type KeyObject, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isMissing } from "./missing.ts";
import { Refused } from "./refused.ts";

export const SIGNATURE_FILE = "device-manifest.sig";

const ED25519 = "ed25519";

/** The content of the signature file. Throws when the PEM text holds no Ed25519 private key. */
export function signManifest(manifest: Uint8Array, privateKeyPem: string): string {
  return `${sign(null, manifest, ed25519(createPrivateKey(privateKeyPem))).toString("base64")}\n`;
}

/** Why the manifest is not to be trusted, or undefined. Throws when the PEM text holds no Ed25519 public key. */
function distrust(manifest: Uint8Array, signature: string, publicKeyPem: string): string | undefined {
  const bytes = Buffer.from(signature.trim(), "base64");
  return verify(null, manifest, ed25519(createPublicKey(publicKeyPem)), bytes)
    ? undefined
    : "the signature is not of the maker this machine trusts, or the manifest was changed";
}

/** Reads both files and throws unless the signature is good. */
export async function checkSignature(manifest: Uint8Array, signatureFile: string, publicKeyFile: string): Promise<void> {
  const publicKeyPem = await readFile(publicKeyFile, "utf8");
  const signature = await readFile(signatureFile, "utf8").catch((cause: unknown) => {
    if (isMissing(cause)) throw new Refused(`${signatureFile} is missing: this machine runs signed modules only`, { cause });
    throw cause;
  });
  const fault = distrust(manifest, signature, publicKeyPem);
  if (fault !== undefined) throw new Refused(`${signatureFile}: ${fault}`);
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== ED25519) throw new Refused(`the key is ${key.asymmetricKeyType ?? "of another kind"}, not ${ED25519}`);
  return key;
}
