/** Machines that have a key of the fleet and say what they should not: sequences, each message a consequence of those before it. */
import { hostileClient } from "./hostile-client.ts";
import { hostileServer } from "./hostile-server.ts";

export interface StoryOutcome {
  readonly said: number;
  /** Messages that the other side said to the hostile machine. */
  readonly answered: number;
  /** What broke, undefined: nothing. */
  readonly failure: string | undefined;
}

export interface HostileStory {
  readonly name: string;
  run(messages: number, seed: number): Promise<StoryOutcome>;
}

export const hostileStories: readonly HostileStory[] = [
  { name: "hostile-client", run: hostileClient },
  { name: "hostile-server", run: hostileServer },
];
