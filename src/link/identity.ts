/** This machine's identity: a key and a certificate of its own, made at its first start and kept. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject, X509Certificate } from "node:crypto";
import type { Device } from "../../hal/device.ts";
import type { Storage, Write } from "../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { deviceIdOf, selfSignedCertificate } from "./certificate.ts";

export interface Identity {
  readonly device: DeviceId;
  /** PEM, as node:tls takes them. The key never leaves this object: it is in no log and no error. */
  readonly certificate: string;
  readonly key: string;
  /** 32 bytes that only this machine knows, made from its key; a label gives each use its own. */
  secret(label: string): Uint8Array;
}

/** All else hangs on these two records, so they stand in two places. */
const PLACES = [
  { certificate: "link/certificate", key: "link/key" },
  { certificate: "link/again/certificate", key: "link/again/key" },
] as const;

interface Parts {
  readonly storage: Storage;
  readonly keyStore: Device["keyStore"];
  readonly log: (text: string) => void;
}

/**
 * Reads the identity, or makes one where there is none. A key that the key store cannot open any more is lost for good:
 * the machine becomes a new one, and takes over its old place at its next first contact. Rejects with a hal code when
 * the storage or the key store does not answer.
 */
export async function openIdentity(parts: Parts): Promise<Identity> {
  const { storage, log } = parts;
  const found = await Promise.all(PLACES.map(async (place) => await readPlace(storage, place)));
  for (const { certificate, sealed } of found) {
    const kept = certificate === undefined || sealed === undefined ? undefined : await reopen(parts, certificate, sealed);
    if (kept === undefined || certificate === undefined || sealed === undefined) continue;
    const isEverywhere = found.every((place) => isSame(place.certificate, certificate) && isSame(place.sealed, sealed));
    if (!isEverywhere) await storage.write(recordsOf(certificate, sealed)).catch(unlessOfTheMedium);
    return kept;
  }
  if (found.some(({ isThere }) => isThere))
    log("The key of this machine cannot be opened any more; it gets a new one and has to be paired again.");
  return await make(parts);
}

/** A medium that is full is no reason not to start: the next start writes it. */
function unlessOfTheMedium(error: unknown): void {
  if (!(error instanceof SyncError)) throw error;
}

interface Found {
  readonly certificate: Uint8Array | undefined;
  readonly sealed: Uint8Array | undefined;
  /** Both are there, or one of them was and is damaged. */
  readonly isThere: boolean;
}

async function readPlace(storage: Storage, place: (typeof PLACES)[number]): Promise<Found> {
  let isDamaged = false;
  const read = async (key: string) =>
    await storage.get(key).catch((error: unknown) => {
      isDamaged = true;
      return unlessDamaged(error);
    });
  const [certificate, sealed] = [await read(place.certificate), await read(place.key)];
  return { certificate, sealed, isThere: isDamaged || (certificate !== undefined && sealed !== undefined) };
}

const isSame = (one: Uint8Array | undefined, other: Uint8Array): boolean => one !== undefined && Buffer.compare(one, other) === 0;

const recordsOf = (certificate: Uint8Array | undefined, sealed: Uint8Array | undefined): Write[] =>
  PLACES.flatMap((place) => [
    { key: place.certificate, value: certificate },
    { key: place.key, value: sealed },
  ]);

async function reopen({ keyStore }: Parts, certificate: Uint8Array, sealed: Uint8Array): Promise<Identity | undefined> {
  try {
    const key = createPrivateKey({ key: Buffer.from(await keyStore.open(sealed)), format: "der", type: "pkcs8" });
    return new X509Certificate(certificate).checkPrivateKey(key) ? identity(certificate, key) : undefined;
  } catch (error) {
    if (error instanceof SyncError && error.code !== "hal-refused") throw error;
    return undefined;
  }
}

/** From the next start on the machine is a new one. */
export async function forgetIdentity(storage: Storage): Promise<void> {
  await storage.write(recordsOf(undefined, undefined));
}

async function make({ storage, keyStore }: Parts): Promise<Identity> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = selfSignedCertificate({ privateKey, publicKey: createPublicKey(privateKey) });
  const sealed = await keyStore.seal(privateKey.export({ type: "pkcs8", format: "der" }));
  await storage.write(recordsOf(certificate, sealed));
  return identity(certificate, privateKey);
}

function identity(certificate: Uint8Array, key: KeyObject): Identity {
  const material = key.export({ type: "pkcs8", format: "der" });
  return {
    device: deviceIdOf(certificate),
    certificate: new X509Certificate(certificate).toString(),
    key: key.export({ type: "pkcs8", format: "pem" }).toString(),
    secret: (label) => new Uint8Array(hkdfSync("sha256", material, "", label, 32)),
  };
}
