/** All that a server machine says. */
import type { Answers } from "./answers.ts";
import type { ServerBeat } from "./beat.ts";
import type { Brought } from "./bring.ts";
import type { Changes } from "./changes.ts";
import type { ServerEnd } from "./end.ts";
import type { Envelope } from "./envelope.ts";
import type { OfferAnswer } from "./offer.ts";
import type { Refuse } from "./refuse.ts";
import type { Part, Welcome } from "./welcome.ts";

export type DownBody = Welcome | Part | Refuse | Changes | Answers | OfferAnswer | Brought | ServerBeat | ServerEnd;

export interface Down<B extends DownBody = DownBody> {
  readonly envelope: Envelope;
  readonly body: B;
}
