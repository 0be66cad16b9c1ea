/**
 * Whether what the module tells of itself says anything new to whoever looks at a screen. The revision changes with each
 * edit of the fleet and is on no screen: a printer at which nobody stands draws nothing for it.
 */
import type { ModuleStatus, RegisteredMachine } from "../../hal/services.ts";

export class ScreenNews {
  #last = "";

  /** Whether it differs from what was asked about last. */
  isNews(status: ModuleStatus, machines: readonly RegisteredMachine[]): boolean {
    const text = JSON.stringify([uncounted(status), machines]);
    if (text === this.#last) return false;
    this.#last = text;
    return true;
  }
}

const uncounted = (status: ModuleStatus): unknown => ({
  ...status,
  server: status.server === undefined ? undefined : { ...status.server, revision: undefined },
  client: status.client === undefined ? undefined : { ...status.client, revision: undefined },
});
