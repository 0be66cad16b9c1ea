/** What a TLS handshake between machines costs in bytes, and nothing else: made by the bench itself, and ended. */
import { X509Certificate, generateKeyPairSync } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";
import { selfSignedCertificate } from "../../../src/link/certificate.ts";
import { MACHINE_PROTOCOLS } from "../../../src/link/secure.ts";
import type { TcpBytes } from "../orders.ts";
import type { Address } from "../subject.ts";

const ANSWER_MS_MAX = 2_000;
/** What the server sends of itself after the handshake belongs to it. */
const AFTERWARDS_MS = 100;

/** undefined: nobody speaks TLS there. */
export function handshakeBytes(address: Address): Promise<TcpBytes | undefined> {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const raw = connectTcp({ host: address.host, port: address.port });
  const socket = connect({
    socket: raw,
    cert: new X509Certificate(selfSignedCertificate(keys)).toString(),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
    ALPNProtocols: [...MACHINE_PROTOCOLS],
    // Whom it speaks to does not matter: it says nothing.
    rejectUnauthorized: false,
  });
  return new Promise((resolve) => {
    const late = setTimeout(() => end(undefined), ANSWER_MS_MAX);
    const end = (bytes: TcpBytes | undefined): void => {
      clearTimeout(late);
      raw.destroy();
      resolve(bytes);
    };
    for (const each of [raw, socket]) each.on("error", () => end(undefined));
    socket.once("secureConnect", () => {
      setTimeout(() => end({ received: raw.bytesRead, sent: raw.bytesWritten }), AFTERWARDS_MS);
    });
  });
}
