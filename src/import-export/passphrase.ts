/** What a passphrase must be for a file that is made; one that is opened takes whatever it was made with. */
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";

/** Why no file is sealed under it, undefined when it may be. Characters are counted as people see them, not as they are stored. */
export function passphraseFault(passphrase: string): Refusal | undefined {
  const charactersMin = LIMITS.passphraseCharactersMin;
  return [...passphrase.normalize("NFC")].length < charactersMin ? { word: "passphrase-short", charactersMin } : undefined;
}
