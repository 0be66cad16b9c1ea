/** Passphrases of files: never in an address, for those are kept in histories and logs. */
import type { Fields } from "./fields.ts";
import { malformed } from "./problem.ts";
import type { ApiRequest } from "./request.ts";

const CHARACTERS_MAX = 256;

/** Of a body's fields. */
export function passphraseIn(fields: Fields): string {
  const passphrase = fields.text("passphrase", CHARACTERS_MAX);
  return passphrase === "" ? missing() : passphrase;
}

/** Where the body is the file: in the header `Passphrase`, percent-encoded, for headers have no letters but ASCII's. */
export function passphraseOf({ incoming }: ApiRequest): string {
  const header = incoming.headers.passphrase;
  if (typeof header !== "string" || header === "" || header.length > 9 * CHARACTERS_MAX) return missing();
  try {
    return decodeURIComponent(header);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw malformed("the header Passphrase is not percent-encoded UTF-8");
  }
}

function missing(): never {
  throw malformed(
    `passphrase: must be a text of 1 to ${CHARACTERS_MAX} characters; for a file in the body, percent-encoded in the header Passphrase`,
  );
}
