/** All that a client machine says. */
import type { ClientBeat } from "./beat.ts";
import type { Bring } from "./bring.ts";
import type { ClientEnd } from "./end.ts";
import type { Envelope } from "./envelope.ts";
import type { Hello, PullChanges, PullPart } from "./hello.ts";
import type { Offer } from "./offer.ts";
import type { Push } from "./push.ts";

export type UpBody = Hello | PullChanges | PullPart | Offer | Push | Bring | ClientBeat | ClientEnd;

export interface Up<B extends UpBody = UpBody> {
  readonly envelope: Envelope;
  readonly body: B;
}
