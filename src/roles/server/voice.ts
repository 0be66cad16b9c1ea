/** How the server machine speaks: every message in its envelope, counted. */
import type { ServerLink } from "../../link/link.ts";
import type { DeviceId, SessionId } from "../../model/ids.ts";
import type { DownBody } from "../../protocol/down.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Journal } from "../../store/journal.ts";

export class ServerVoice {
  readonly #link: ServerLink;
  readonly #journal: Journal;
  readonly #device: DeviceId;
  #counter = 0;

  constructor(parts: { readonly link: ServerLink; readonly journal: Journal; readonly device: DeviceId }) {
    this.#link = parts.link;
    this.#journal = parts.journal;
    this.#device = parts.device;
  }

  send(to: DeviceId, session: SessionId | undefined, body: DownBody): void {
    this.#link.send(to, { envelope: this.#envelope(session), body });
  }

  broadcast(body: DownBody): void {
    this.#link.broadcast({ envelope: this.#envelope(undefined), body });
  }

  #envelope(session: SessionId | undefined) {
    const { fleet, epoch } = this.#journal.position;
    this.#counter += 1;
    return { version: PROTOCOL_VERSION, fleet, epoch, from: this.#device, session, counter: this.#counter };
  }
}
