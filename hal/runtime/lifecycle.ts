/**
 * The states of a module, after MEAP's, and what takes it from one to the next. Pure; the supervisor acts on it.
 *
 *     installed --resolved--> resolved --start--> starting --activated--> active
 *         ^                      ^  ^                |                      |
 *         |                      |  +----failed------+                 stop | crashed
 *         +------unresolved------+  ^                                       v
 *                                   +---------------stopped------------ stopping
 */
export type ModuleState =
  /** Its files are right. It has not been started since the machine was switched on. */
  | "installed"
  /** All it asks for is there; it is at rest. */
  | "resolved"
  | "starting"
  /** In use. */
  | "active"
  | "stopping";

export type ModuleEvent =
  /** The budget and the capabilities suffice. */
  | "resolved"
  /** They no longer do. */
  | "unresolved"
  | "start"
  | "activated"
  /** `activate` rejected; nothing of it runs. */
  | "failed"
  | "stop"
  /** It cannot go on; what is left of it is stopped. */
  | "crashed"
  | "stopped";

const TRANSITIONS: Readonly<Record<ModuleState, Readonly<Partial<Record<ModuleEvent, ModuleState>>>>> = {
  installed: { resolved: "resolved" },
  resolved: { start: "starting", unresolved: "installed" },
  starting: { activated: "active", failed: "resolved" },
  active: { stop: "stopping", crashed: "stopping" },
  stopping: { stopped: "resolved" },
};

/** The next state, or undefined when the event cannot happen in this one: a bug of the caller. */
export const nextState = (state: ModuleState, event: ModuleEvent): ModuleState | undefined => TRANSITIONS[state][event];
