/** The moment in which a transferred snapshot becomes what this machine shows. */
import type { CatchUp } from "./catch-up.ts";
import type { ClientParts } from "./client-parts.ts";
import { eraseDeleted } from "./erase-deleted.ts";
import type { Joiner } from "./joiner.ts";
import { readScopes } from "./read-scopes.ts";
import type { Shower } from "./shower.ts";

interface SwitchParts extends ClientParts {
  readonly catchUp: CatchUp;
  readonly joiner: Joiner;
  readonly shower: Shower;
}

/** `record` is called between batches: what people edit does not wait for a long comparison. */
export async function switchOver(parts: SwitchParts, record: () => Promise<void>): Promise<void> {
  const { catchUp, joiner, shower, log } = parts;
  const kind = await catchUp.switchOver();
  await readScopes(parts);
  await eraseDeleted(parts);
  await shower.showAll(kind === "join" ? "replaced-at-join" : undefined, record);
  await joiner.noticeHeld();
  if (kind === "join") log.write("Information", "joined", "this machine has joined the fleet");
}
