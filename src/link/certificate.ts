/**
 * A self-signed X.509 certificate over a P-256 key, written in DER by hand: a machine needs exactly one form of it.
 * Its dates are fixed, because machines make it before their clocks are right; who trusts it pins it.
 */
import { createHash, type KeyObject, sign } from "node:crypto";
import { type DeviceId, deviceId } from "../model/ids.ts";

const COMMON_NAME = "custom-settings-sync";
const ID_BYTES = 16;

/** The identity that a certificate stands for. */
export const deviceIdOf = (certificate: Uint8Array): DeviceId =>
  deviceId(createHash("sha256").update(certificate).digest().subarray(0, ID_BYTES).toString("hex"));

const node = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const long = body.length < 0x100 ? Buffer.of(0x81, body.length) : Buffer.of(0x82, body.length >> 8, body.length & 0xff);
  return Buffer.concat([Buffer.of(tag), long, body]);
};
const sequence = (...content: readonly Uint8Array[]): Buffer => node(0x30, ...content);
const oid = (hex: string): Buffer => node(0x06, Buffer.from(hex, "hex"));
const octets = (content: Uint8Array): Buffer => node(0x04, content);
const bits = (unused: number, content: Uint8Array): Buffer => node(0x03, Buffer.of(unused), content);
const text = (tag: number, value: string): Buffer => node(tag, Buffer.from(value));
const TRUE = node(0x01, Buffer.of(0xff));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const NAME = sequence(node(0x31, sequence(oid("550403"), text(0x0c, COMMON_NAME))));
/** From 2020 on, and without a "well-defined expiration" (RFC 5280, 4.1.2.5). */
const VALIDITY = sequence(text(0x17, "200101000000Z"), text(0x18, "99991231235959Z"));

/** `keyIdentifier` names the key twice, as its subject and as its issuer: the strict check of OpenSSL asks for both. */
const extensions = (keyIdentifier: Uint8Array): Buffer =>
  node(
    0xa3,
    sequence(
      sequence(oid("551d13"), TRUE, octets(sequence())),
      sequence(oid("551d0f"), TRUE, octets(bits(7, Buffer.of(0x80)))),
      sequence(oid("551d25"), octets(sequence(oid("2b06010505070301"), oid("2b06010505070302")))),
      sequence(oid("551d0e"), octets(octets(keyIdentifier))),
      sequence(oid("551d23"), octets(sequence(node(0x80, keyIdentifier)))),
    ),
  );

/** The certificate in DER. The serial number follows from the key, so it is as unique as that. */
export function selfSignedCertificate(keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): Uint8Array {
  const keyInfo = keys.publicKey.export({ type: "spki", format: "der" });
  const digest = createHash("sha256").update(keyInfo).digest();
  // A leading byte between 0x40 and 0x7f keeps the number positive and of one length.
  const serial = Buffer.concat([Buffer.of(0x40 | ((digest[0] ?? 0) & 0x3f)), digest.subarray(1, 16)]);
  const content = sequence(
    node(0xa0, node(0x02, Buffer.of(2))),
    node(0x02, serial),
    ECDSA_WITH_SHA256,
    NAME,
    VALIDITY,
    NAME,
    keyInfo,
    extensions(digest.subarray(0, 20)),
  );
  return Uint8Array.from(sequence(content, ECDSA_WITH_SHA256, bits(0, sign("sha256", content, keys.privateKey))));
}
