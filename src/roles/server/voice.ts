/** How the server machine speaks: every message in its envelope, counted. */
import type { ServerLink } from "../../link/link.ts";
import type { DeviceId, SessionId } from "../../model/ids.ts";
import type { DownBody } from "../../protocol/down.ts";
import { asVersion } from "../../protocol/as-version.ts";
import type { Versions } from "../../protocol/version.ts";
import type { Journal } from "../../store/journal.ts";

interface Parts {
  readonly link: ServerLink;
  readonly journal: Journal;
  readonly device: DeviceId;
  /** What this server speaks. */
  readonly protocol: Versions;
}

export class ServerVoice {
  readonly #link: ServerLink;
  readonly #journal: Journal;
  readonly #device: DeviceId;
  readonly #protocol: Versions;
  /** What the machines speak that were heard in this run. */
  readonly #spoken = new Map<DeviceId, number>();
  #counter = 0;

  constructor(parts: Parts) {
    this.#link = parts.link;
    this.#journal = parts.journal;
    this.#device = parts.device;
    this.#protocol = parts.protocol;
  }

  /** From now on the machine is spoken to in this version, or in the nearest that this one speaks. */
  agree(device: DeviceId, version: number): void {
    this.#spoken.set(device, Math.max(this.#protocol.min, Math.min(this.#protocol.max, version)));
  }

  /** A machine that said no hello in this run speaks as it did in the one before. */
  hear(device: DeviceId, version: number): void {
    if (!this.#spoken.has(device)) this.agree(device, version);
  }

  send(to: DeviceId, session: SessionId | undefined, body: DownBody): void {
    const version = this.#spoken.get(to) ?? this.#protocol.max;
    this.#link.send(to, { envelope: this.#envelope(session, version), body: asVersion(body, version) });
  }

  /** Once in each version that somebody speaks. */
  broadcast(body: DownBody): void {
    for (const version of new Set(this.#spoken.values()))
      this.#link.broadcast({ envelope: this.#envelope(undefined, version), body: asVersion(body, version) });
  }

  #envelope(session: SessionId | undefined, version: number) {
    const { fleet, epoch } = this.#journal.position;
    this.#counter += 1;
    return { version, fleet, epoch, from: this.#device, session, counter: this.#counter };
  }
}
