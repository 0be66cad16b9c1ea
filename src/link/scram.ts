/**
 * SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), bound to the TLS connection by "tls-exporter" (RFC 9266): both ends prove that
 * they know the password's keys, and that they sit at the two ends of one connection. What the joining machine says of
 * itself travels as extensions of its first message, so the proof covers it.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { LIMITS } from "../model/limits.ts";

/** What a machine says of itself while it proves an account. */
export interface Candidate {
  readonly device: string;
  readonly serialNumber: string;
  readonly deviceName: string;
}

const GS2_HEADER = "p=tls-exporter,,";
/** RFC 7677 asks for no less. */
const ITERATIONS_MIN = 4_096;

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const hmac = (key: Uint8Array, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");
const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)));
const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Attributes in their order, "n=alice" and so on; undefined where the text has another form. */
function attributes(text: string, names: readonly string[]): readonly string[] | undefined {
  const parts = text.split(",");
  const fits = parts.length === names.length && parts.every((part, at) => part.startsWith(`${names[at]}=`));
  return fits ? parts.map((part) => part.slice(2)) : undefined;
}

/** Exactly the base64 of some bytes, undefined for anything else. */
function bytesOf(text: string | undefined, max: number): Buffer | undefined {
  const bytes = Buffer.from(text ?? "", "base64");
  return text !== undefined && text !== "" && bytes.length <= max && bytes.toString("base64") === text ? bytes : undefined;
}

const escapedName = (name: string): string => name.normalize("NFC").replaceAll("=", "=3D").replaceAll(",", "=2C");
const unescapedName = (text: string): string => text.replaceAll("=2C", ",").replaceAll("=3D", "=");

// The client's side

export interface ClientExchange {
  readonly first: string;
  /** Reads the server's first message; undefined when it is not one that can be answered. */
  answer(serverFirst: string, password: string): Promise<{ readonly final: string; accepts(serverFinal: string): boolean } | undefined>;
}

interface ClientStart {
  readonly account: string;
  readonly candidate: Candidate;
  readonly nonce: Uint8Array;
  readonly binding: Uint8Array;
}

export function clientExchange({ account, candidate, nonce, binding }: ClientStart): ClientExchange {
  const own = base64(nonce);
  const { device, serialNumber, deviceName } = candidate;
  const bare = `n=${escapedName(account)},r=${own},d=${base64(device)},u=${base64(serialNumber)},w=${base64(deviceName)}`;
  return {
    first: `${GS2_HEADER}${bare}`,
    async answer(serverFirst, password) {
      const [joint = "", saltText, count] = attributes(serverFirst, ["r", "s", "i"]) ?? [];
      const salt = bytesOf(saltText, 64);
      const iterations = Number(count);
      if (!joint.startsWith(own) || joint.length < own.length + 16 || salt === undefined) return undefined;
      if (!Number.isInteger(iterations) || iterations < ITERATIONS_MIN || iterations > LIMITS.scramIterationsMax) return undefined;
      const salted = await promisify(pbkdf2)(password.normalize("NFKC"), salt, iterations, 32, "sha256");
      const withoutProof = `c=${base64(Buffer.concat([Buffer.from(GS2_HEADER), binding]))},r=${joint}`;
      const whole = `${bare},${serverFirst},${withoutProof}`;
      const clientKey = hmac(salted, "Client Key");
      const proof = xor(clientKey, hmac(sha256(clientKey), whole));
      const signature = hmac(hmac(salted, "Server Key"), whole);
      return {
        final: `${withoutProof},p=${base64(proof)}`,
        accepts: (serverFinal) => equal(Buffer.from(serverFinal), Buffer.from(`v=${base64(signature)}`)),
      };
    },
  };
}

// The server's side

export interface ClientFirst {
  readonly account: string;
  readonly candidate: Candidate;
  readonly nonce: string;
  readonly bare: string;
}

/** Reads a client's first message; undefined when it has another form, or asks for another binding. */
export function readClientFirst(text: string): ClientFirst | undefined {
  if (!text.startsWith(GS2_HEADER)) return undefined;
  const bare = text.slice(GS2_HEADER.length);
  const [name, nonce, ...about] = attributes(bare, ["n", "r", "d", "u", "w"]) ?? [];
  const [device, serialNumber, deviceName] = about.map((part) => bytesOf(part, LIMITS.scramTextBytesMax)?.toString("utf8"));
  if (name === undefined || name === "" || Buffer.byteLength(name) > LIMITS.scramTextBytesMax || nonce === undefined) return undefined;
  if (bytesOf(nonce, 64) === undefined || device === undefined || serialNumber === undefined) return undefined;
  return { account: unescapedName(name), nonce, bare, candidate: { device, serialNumber, deviceName: deviceName ?? "" } };
}

/** The keys of an account, as the machine's user directory keeps them. */
export interface AccountKeys {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

export interface ServerExchange {
  readonly first: string;
  /** The server's final message, undefined when the client has not proven the account over this connection. */
  verify(clientFinal: string): string | undefined;
}

interface ServerStart {
  readonly client: ClientFirst;
  readonly keys: AccountKeys;
  readonly nonce: Uint8Array;
  readonly binding: Uint8Array;
}

export function serverExchange({ client, keys, nonce, binding }: ServerStart): ServerExchange {
  const joint = `${client.nonce}${base64(nonce)}`;
  const first = `r=${joint},s=${base64(keys.salt)},i=${keys.iterations}`;
  const withoutProof = `c=${base64(Buffer.concat([Buffer.from(GS2_HEADER), binding]))},r=${joint}`;
  return {
    first,
    verify(clientFinal) {
      // Everything but the proof is known beforehand: another channel binding or nonce is another text.
      const [, , proofText] = attributes(clientFinal, ["c", "r", "p"]) ?? [];
      const proof = bytesOf(proofText, 32);
      if (proof?.length !== 32 || clientFinal !== `${withoutProof},p=${proofText}`) return undefined;
      const whole = `${client.bare},${first},${withoutProof}`;
      const clientKey = xor(proof, hmac(keys.storedKey, whole));
      return equal(sha256(clientKey), keys.storedKey) ? `v=${base64(hmac(keys.serverKey, whole))}` : undefined;
    },
  };
}

/** Keys for a name that nobody has: the same each time, so that asking twice tells no more than asking once. */
export const fakeKeys = (secret: Uint8Array, name: string): AccountKeys => ({
  salt: hmac(secret, `salt ${name}`).subarray(0, 16),
  iterations: ITERATIONS_MIN,
  storedKey: hmac(secret, `stored ${name}`),
  serverKey: hmac(secret, `server ${name}`),
});
