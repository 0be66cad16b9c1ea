/** What happens to a client machine, as its one loop hears of it. */
import type { Clock } from "../../../hal/clock.ts";
import type { Unsubscribe } from "../../../hal/hal.ts";
import type { LocalEdit } from "../../../hal/item-store.ts";
import type { EntryName } from "../../model/entry.ts";
import type { SyncError } from "../../model/errors.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Changes } from "../../protocol/changes.ts";
import type { Down } from "../../protocol/down.ts";
import { onWaking } from "../waking.ts";
import type { ClientParts } from "./client-parts.ts";

export type Changed = "policy" | "people" | "power" | "import-export" | "preparation";

export type ClientEvent =
  | { readonly kind: "link"; readonly state: "up" | "down"; readonly why: SyncError | Refusal | undefined }
  /** `also`: changes to all machines that came right after it, and go on where it ends. */
  | { readonly kind: "message"; readonly message: Down; readonly also: readonly Changes[] }
  /** What waits to be shown is due. */
  | { readonly kind: "show" }
  /** Changes to all machines were let go: more waited than there is room for. */
  | { readonly kind: "overrun" }
  | { readonly kind: "edits" }
  | { readonly kind: "evicted"; readonly entries: readonly EntryName[] }
  | { readonly kind: "tick" }
  | { readonly kind: "changed"; readonly what: Changed }
  | { readonly kind: "request"; readonly perform: () => Promise<void> };

const STAYS_UNSHOWN: ReadonlySet<Down["body"]["kind"]> = new Set(["changes", "answers", "server-beat"]);

/**
 * Whether what waits to be shown may go on waiting: anything but further changes, beats and edits may act upon what the stores
 * show. Answers see for themselves: most say nothing that the change before them did not say.
 */
export const staysUnshown = (event: ClientEvent): boolean =>
  event.kind === "edits" || (event.kind === "message" && STAYS_UNSHOWN.has(event.message.body.kind));

/** Whether what waits is shown with it, and nothing waits for the end of that. */
export const goesOnBeside = ({ kind }: ClientEvent): boolean => kind === "show" || kind === "tick";

/** Whether it is what comes with each edit: as a rule only what a status counts is another after it. */
export const onlyCounts = (event: ClientEvent): boolean => event.kind === "show" || staysUnshown(event);

type Put = (event: ClientEvent) => void;

/**
 * Registers for everything but sleep; the functions given back end it. A link cannot be left, only closed. `hear` is given
 * edits as they are made.
 */
export function listen(
  { link, users, power, restrictions, stores }: ClientParts,
  put: Put,
  hear: (edits: readonly LocalEdit[]) => void,
): Unsubscribe[] {
  const changed = (what: Changed) => () => put({ kind: "changed", what });
  link.onState((state, why) => put({ kind: "link", state, why }));
  link.onMessage((message) => put({ kind: "message", message, also: [] }));
  return [
    stores.onEdit((edits) => {
      hear(edits);
      put({ kind: "edits" });
    }),
    users.onPolicy(changed("policy")),
    users.onLogin(changed("people")),
    users.onLogout(changed("people")),
    onWaking(power, changed("power")),
    restrictions.onImportExport(changed("import-export")),
  ];
}

/** A tick with each beat. */
export async function tick(clock: Clock, signal: AbortSignal, put: Put): Promise<void> {
  while ((await clock.sleep(LIMITS.beatMs, signal)) === "elapsed") put({ kind: "tick" });
}
