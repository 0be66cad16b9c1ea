/**
 * M10  Whoever differs from the server machine in authentication or group management settings does not take part, and is told which
 *      of them differs.
 */
import type { AuthenticationAndGroups } from "../../../hal/users.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Faults } from "./faults.ts";
import { presence } from "./hold-checker.ts";

/** Whoever comes to differ is put out within this, though what is said to it may be lost once. */
const NOTICE_MS = 20_000;
/**
 * Whoever was refused asks again now and then: after some of those it is told what differs now, or let in. A server machine that went
 * elsewhere meanwhile is searched for only after it was not heard for a while (M09).
 */
const TOLD_MS = 3 * LIMITS.refusedRetryMs + LIMITS.searchAgainMs;

export class SettingsChecker {
  readonly #fleet: Fleet;
  readonly #faults: Faults;
  /** What is not right about a machine, since when, in one life of the server's module. */
  readonly #since = new Map<string, { readonly what: string; readonly life: unknown; readonly sinceMs: number }>();

  constructor({ fleet, faults }: { readonly fleet: Fleet; readonly faults: Faults }) {
    this.#fleet = fleet;
    this.#faults = faults;
  }

  look(): void {
    const { server } = this.#fleet;
    if (server?.status?.server?.state !== "running") return this.#since.clear();
    for (const machine of this.#fleet.machines) if (machine !== server) this.#lookAt(machine, server);
  }

  #lookAt(machine: VirtualMachine, server: VirtualMachine): void {
    const fault = machine.running ? this.#faultOf(machine, server) : undefined;
    const nowMs = this.#fleet.world.nowMs;
    const known = this.#since.get(machine.name);
    if (fault === undefined) return void this.#since.delete(machine.name);
    if (known?.what !== fault.what || known.life !== server.administration)
      return void this.#since.set(machine.name, { what: fault.what, life: server.administration, sinceMs: nowMs });
    if (nowMs > known.sinceMs + fault.withinMs) this.#faults.found("M10", fault.what);
  }

  #faultOf(machine: VirtualMachine, server: VirtualMachine): { readonly what: string; readonly withinMs: number } | undefined {
    const parts = differing(machine, server);
    const { operates, speaks } = presence(this.#fleet, machine, server);
    if (operates && parts.length > 0)
      return { what: `${machine.name} takes part, and differs from ${server.name} in ${parts.join(", ")}`, withinMs: NOTICE_MS };
    const { state, refusal } = machine.status?.client ?? {};
    // Who is offline says what it was told last; it may have an older image's address of the server, and be pointed to it in the end.
    if (!speaks || state === "offline" || refusal?.word !== "settings-differ") return undefined;
    if (this.#fleet.network.isCut(server.name, machine.name)) return undefined;
    if (isSame(refusal.parts, parts)) return undefined;
    return { what: `${machine.name} is told of ${refusal.parts.join(", ")}, and differs in ${parts.join(", ")}`, withinMs: TOLD_MS };
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((part) => b.includes(part));

/** What differs, by the words of the rule. */
function differing(a: VirtualMachine, b: VirtualMachine): string[] {
  const [left, right] = [textsOf(a.hal.users.policy()), textsOf(b.hal.users.policy())];
  return Object.keys(left).filter((part) => left[part] !== right[part]);
}

const textsOf = ({ loginService, domains, departments, groups }: AuthenticationAndGroups): Record<string, string> => ({
  "login-service": loginService,
  domains: JSON.stringify([...domains].sort()),
  departments: JSON.stringify(departments),
  groups: JSON.stringify(groups),
});
