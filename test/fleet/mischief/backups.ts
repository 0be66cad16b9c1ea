/** Backups of the server that are taken, and put back later (M33). */
import type { Deed, Scene } from "./deed.ts";

export function backupDeeds({ acts, traits }: Scene): Deed[] {
  return [
    { name: "backup taken", weight: traits.has("backups") ? 6 : 0, happens: () => acts.backUpSoon() },
    { name: "backup restored", weight: traits.has("backups") ? 5 : 0, happens: (_, dice) => acts.restoreSoon(dice) },
  ];
}
