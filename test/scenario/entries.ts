/** Entries that scenarios speak of. */
import type { Value } from "../../src/model/value.ts";

export const ALICE = "user:alice";
export const BOB = "user:bob";
export const SALES = "group:1";
export const COMMON = "common";
export const LANGUAGE = ["display-language", ""] as const;

export const button = (name: string): Value => ({ name, function: "copy", settings: { copies: 2 } });
/** An address of the common list `list` (1-10), or of a personal or group list. */
export const address = (name: string, list = "1"): Value => ({ subdbid: list, cn: name, mail: `${name}@example.org` });
