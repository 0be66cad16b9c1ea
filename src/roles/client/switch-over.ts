/** The moment in which a transferred snapshot becomes what this machine shows. */
import type { JournalTime } from "../../model/ids.ts";
import type { Owner } from "../../model/owner.ts";
import { eraseFromHistory } from "../../store/history.ts";
import type { CatchUp } from "./catch-up.ts";
import type { ClientParts } from "./client-parts.ts";
import { readScopes } from "./read-scopes.ts";
import type { Shower } from "./shower.ts";

interface SwitchParts extends ClientParts {
  readonly catchUp: CatchUp;
  readonly shower: Shower;
}

/** `record` is called between batches: what people edit does not wait for a long comparison. */
export async function switchOver(parts: SwitchParts, record: () => Promise<void>): Promise<void> {
  const { catchUp, replica, storage, shower, log } = parts;
  const kind = await catchUp.switchOver();
  await readScopes(parts);
  // Deletions that this machine was not there for reach its history with the snapshot (M15, P24).
  const deleted = [...(await replica.owners())].flatMap(([owner, record]): [Owner, JournalTime][] =>
    record.deleted === undefined ? [] : [[owner, record.deleted.at]],
  );
  await eraseFromHistory(storage, new Map(deleted));
  await shower.showAll(kind === "join" ? "replaced-at-join" : undefined, record);
  if (kind === "join") log.write("Information", "joined", "this machine has joined the fleet");
}
