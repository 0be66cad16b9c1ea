/**
 * The languages as a machine loads them: English is part of the panel, each other one is a file of its own, which a maker
 * who does not sell there leaves out. test/panel/texts.test.ts holds them to languages.ts, where all are together.
 */
import { en } from "./en.ts";
import type { Languages, Texts } from "./texts.ts";

/** Those whose files are there, in the order in which they are offered. */
export async function loadLanguages(): Promise<Languages> {
  const [de, fr, ja] = await Promise.all([
    orNone(import("./de.ts").then((file) => file.de)),
    orNone(import("./fr.ts").then((file) => file.fr)),
    orNone(import("./ja.ts").then((file) => file.ja)),
  ]);
  return { en, ...(de && { de }), ...(fr && { fr }), ...(ja && { ja }) };
}

/** A file that is there and cannot be loaded is a fault like any other. */
async function orNone(loading: Promise<Texts>): Promise<Texts | undefined> {
  try {
    return await loading;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw cause;
  }
}
