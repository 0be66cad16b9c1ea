/** What every message carries around its body. */
import type { DeviceId, FleetId, SessionId } from "../model/ids.ts";
import type { Epoch } from "../model/position.ts";

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
