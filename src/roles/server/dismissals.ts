/** Machines that are put out of their session, and told why. */
import type { Users } from "../../../hal/users.ts";
import type { DeviceId } from "../../model/ids.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { digestsOf, differing } from "../digests.ts";
import type { Sessions } from "./sessions.ts";
import type { ServerVoice } from "./voice.ts";

export interface DismissalsParts {
  readonly sessions: Sessions;
  readonly voice: ServerVoice;
  readonly users: Users;
  readonly log: CommunicationLog;
}

export class Dismissals {
  readonly #parts: DismissalsParts;

  constructor(parts: DismissalsParts) {
    this.#parts = parts;
  }

  putOut(device: DeviceId, refusal: Refusal): void {
    const { sessions, voice } = this.#parts;
    voice.send(device, sessions.get(device)?.id, { kind: "server-end", reason: "put-out", refusal });
    sessions.close(device);
  }

  everybody(refusal: Refusal): void {
    for (const { device } of this.#parts.sessions.all()) this.putOut(device, refusal);
  }

  /** Settings have changed here: who differs from them now is put out (M10). */
  comparePolicies(): void {
    const { sessions, users, log } = this.#parts;
    const own = digestsOf(users.policy());
    for (const { device, hello } of sessions.all()) {
      const parts = differing(hello.digests, own);
      if (parts.length === 0) continue;
      log.refused({ of: "machine", machine: hello.device.deviceName }, { word: "settings-differ", parts });
      this.putOut(device, { word: "settings-differ", parts });
    }
  }
}
