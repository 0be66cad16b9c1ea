/** What somebody has asked about: read when it is asked for, kept as long as the person stays, never longer. */
import type { ThingToLookAt } from "../../hal/services/attention.ts";
import type { FoundServer } from "../../hal/services/finding.ts";
import type { HistoryRecord } from "../../hal/services/history.ts";
import type { RegisteredOwner } from "../../hal/services/listing.ts";
import type { NotAppliedEntry } from "../../hal/services/not-applied.ts";
import type { Provenance } from "../../hal/services/provenance.ts";
import type { Preview } from "../../hal/services/preview.ts";
import type { NetworkChoices } from "../../hal/network-settings.ts";
import type { MaxUsersPolicy } from "../../hal/restrictions.ts";
import type { ItemSharing } from "../../hal/services/sharing.ts";
import type { LogRecord } from "../model/log.ts";

export interface Facts {
  readonly owners: readonly RegisteredOwner[];
  readonly sharing: readonly ItemSharing[];
  /** The newest first. */
  readonly history: readonly HistoryRecord[];
  /** The newest last. */
  readonly log: readonly LogRecord[];
  readonly attention: readonly ThingToLookAt[];
  readonly notApplied: readonly NotAppliedEntry[];
  /** Of all owners, without entries. */
  readonly preview: Preview | undefined;
  /** Of the owner that was looked at last, with entries. */
  readonly previewed: Preview | undefined;
  readonly found: readonly FoundServer[];
  /** `locked`: nobody can choose, as both functions run (M22). */
  readonly usersPolicy: { readonly policy: MaxUsersPolicy; readonly locked: boolean };
  readonly network: NetworkChoices;
  /** Of the entry that was asked about last; undefined: nobody has ever set it. */
  readonly origin: Provenance | undefined;
}

export const NO_FACTS: Facts = {
  owners: [],
  sharing: [],
  history: [],
  log: [],
  attention: [],
  notApplied: [],
  preview: undefined,
  previewed: undefined,
  found: [],
  usersPolicy: { policy: "delete-oldest", locked: true },
  network: { timeServer: "", proxy: undefined, proxyExcludesLocalhost: true },
  origin: undefined,
};
