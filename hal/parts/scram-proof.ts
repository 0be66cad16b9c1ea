/** The proof of a local account's password after RFC 5802 and RFC 7677: what a server of SCRAM-SHA-256 keeps of it. */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { AccountProof } from "../users.ts";

/** RFC 7677 asks for at least this many. */
export const SCRAM_ITERATIONS = 4_096;

interface Secret {
  readonly password: string;
  readonly administrator: boolean;
  /** 16 random bytes, kept with the account. */
  readonly salt: Uint8Array;
  /** Fewer than RFC 7677 asks for only where nobody could guess: between the machines of a test. */
  readonly iterations?: number;
}

/** Takes some milliseconds of work; whoever is asked often keeps the result. */
export function scramProof({ password, administrator, salt, iterations = SCRAM_ITERATIONS }: Secret): AccountProof {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const serverKey = createHmac("sha256", salted).update("Server Key").digest();
  return {
    kind: "scram-sha-256",
    administrator,
    salt: Uint8Array.from(salt),
    iterations,
    storedKey: Uint8Array.from(createHash("sha256").update(clientKey).digest()),
    serverKey: Uint8Array.from(serverKey),
  };
}
