/** Follows what happens on the desk, over server-sent events; finds a desk that was started again. */
import type { Drawing, Ntp, Travel } from "./drawing.ts";

export interface Followers {
  /** Everything as it is: at first, and whenever the set of machines changes. */
  readonly onDesk: (desk: { readonly machines: readonly Drawing[]; readonly ntp: Ntp }) => void;
  readonly onMachine: (machine: Drawing) => void;
  readonly onTravel: (travel: Travel) => void;
  readonly onNtp: (ntp: Ntp) => void;
  /** The desk does not answer; it is asked again until it does. */
  readonly onAway: () => void;
}

/** The desk says something at least every ten seconds; silence for longer means that it is gone. */
const SILENT_MS = 25_000;
const AGAIN_MS = 1_000;

export function follow(followers: Followers): void {
  const source = new EventSource("/api/events");
  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    source.close();
    followers.onAway();
    setTimeout(() => follow(followers), AGAIN_MS);
  };
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(again, SILENT_MS);
  };
  const on = <T>(name: string, act: (value: T) => void) =>
    source.addEventListener(name, (event) => {
      heard();
      act(JSON.parse(event.data));
    });
  on("desk", followers.onDesk);
  on("machine", followers.onMachine);
  on("travel", followers.onTravel);
  on("ntp", followers.onNtp);
  on("still-here", () => undefined);
  source.addEventListener("error", again);
  heard();
}
