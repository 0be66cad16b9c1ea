/** Both ways, every `beatMs`: I am here. Any other message renews the lease as well. */
import type { JournalTime } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import type { Position } from "../model/position.ts";

export interface ClientBeat {
  readonly kind: "client-beat";
  /** Who is logged in at this machine now (M22). */
  readonly loggedIn: readonly Owner[];
}

export interface ServerBeat {
  readonly kind: "server-beat";
  readonly position: Position;
  readonly journalTime: JournalTime;
}
