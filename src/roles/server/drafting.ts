/** A change that is being decided: what it has standing by now, before anything of it is written. */
import type { Owner } from "../../model/owner.ts";
import type { AcceptedEdit } from "../../protocol/change.ts";
import type { Standing } from "../../store/records.ts";

/** The change that a push becomes, as far as it is decided. */
export interface Drafting {
  readonly accepted: AcceptedEdit[];
  /** What it has standing by now, by state key. */
  readonly standing: Map<string, Standing>;
  /** Owners it sets something of. */
  readonly begun: Set<Owner>;
}
