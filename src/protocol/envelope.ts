/** What every message carries around its body. */
import { type DeviceId, deviceId, type FleetId, fleetId, type SessionId, sessionId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Epoch } from "../model/position.ts";
import { decodeEpoch, encodeEpoch } from "./position.ts";
import { bytes, hex, optional, tuple, whole } from "./reader.ts";
import { count, maybe, unhex } from "./writer.ts";

export interface Envelope {
  /** Version of the protocol that the message is written in. */
  readonly version: number;
  /** undefined in the hello of a machine that belongs to no fleet yet, and in what answers it before `welcome`. */
  readonly fleet: FleetId | undefined;
  readonly epoch: Epoch | undefined;
  readonly from: DeviceId;
  /** The session that the server drew with its welcome; undefined before it, and in broadcasts. */
  readonly session: SessionId | undefined;
  /** Rises with each message of one sender in one run; a copy has the same number. */
  readonly counter: number;
  /** Reserved for end-to-end encryption over brokers that are not ours; kept, not read. */
  readonly seal?: Uint8Array;
}

export const encodeEnvelope = ({ version, fleet, epoch, from, session, counter, seal }: Envelope): unknown[] => [
  count(version),
  maybe(fleet, unhex),
  maybe(epoch, encodeEpoch),
  unhex(from),
  maybe(session, unhex),
  count(counter),
  seal,
];

/** These seven positions mean the same in every version: else no machine could say that it does not speak another's. */
export function decodeEnvelope(raw: unknown): Envelope {
  const { 0: version, 1: fleet, 2: epoch, 3: from, 4: session, 5: counter, 6: sealRaw } = tuple(raw, "envelope", 7);
  const seal = optional(sealRaw, "envelope.seal", (given, path) => bytes(given, path, { max: LIMITS.sealBytesMax }));
  return {
    version: whole(version, "envelope.version", { min: 1 }),
    fleet: optional(fleet, "envelope.fleet", (given, path) => fleetId(hex(given, path, 16))),
    epoch: optional(epoch, "envelope.epoch", decodeEpoch),
    from: deviceId(hex(from, "envelope.from", 16)),
    session: optional(session, "envelope.session", (given, path) => sessionId(hex(given, path, 8))),
    counter: whole(counter, "envelope.counter"),
    ...(seal === undefined ? {} : { seal }),
  };
}
