/** How a server introduces itself to the machine whose place it has taken (B06). */
import type { Hal } from "../../hal/hal.ts";
import { runId } from "../model/ids.ts";
import { type Random, randomHex } from "../model/random.ts";
import type { Hello } from "../protocol/hello.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../protocol/version.ts";
import type { Journal } from "../store/journal.ts";
import { digest, digestsOf } from "./digests.ts";

export interface HeirParts {
  readonly hal: Pick<Hal, "device" | "users">;
  readonly random: Random;
  readonly journal: Journal;
}

/** Without a position: it tells of the lineage, and has to be given the whole state. It wants no place there. */
export function heirHello({ hal, random, journal }: HeirParts): Omit<Hello, "number"> {
  const { serialNumber, deviceName, productName, location, capabilities } = hal.device;
  return {
    kind: "hello",
    purpose: "preview",
    run: runId(randomHex(random, 8)),
    protocol: { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION },
    position: undefined,
    partial: undefined,
    pending: [],
    journalTime: undefined,
    device: { serialNumber, deviceName, productName, location },
    digests: { ...digestsOf(hal.users.policy()), networkPlaces: digest(capabilities.networkPlaces) },
    loggedIn: [],
    lineage: journal.lineage,
  };
}
