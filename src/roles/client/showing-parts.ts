/** What brings a base to the machine's stores: after changes, at a switch, and at a start. */
import type { CatchUp } from "./catch-up.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Crossing } from "./crossing.ts";
import type { Joiner } from "./joiner.ts";
import type { Shower } from "./shower.ts";

export interface ShowingParts extends ClientParts {
  readonly catchUp: CatchUp;
  readonly crossing: Crossing;
  readonly joiner: Joiner;
  readonly shower: Shower;
}
