/** Server to client: a hello is refused. The link stays; the client asks again later. */
import type { Refusal } from "../model/refusal.ts";

export interface Refuse {
  readonly kind: "refuse";
  readonly number: number;
  readonly refusal: Refusal;
}
