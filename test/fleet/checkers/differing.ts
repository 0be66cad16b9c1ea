/** M10: in which of the settings that must be the same on all machines two of them differ, by the words of the rule. */
import type { AuthenticationAndGroups } from "../../../hal/users.ts";
import type { VirtualMachine } from "../machine.ts";

export function differing(a: VirtualMachine, b: VirtualMachine): string[] {
  const [left, right] = [textsOf(a.hal.users.policy()), textsOf(b.hal.users.policy())];
  return Object.keys(left).filter((part) => left[part] !== right[part]);
}

const textsOf = ({ loginService, domains, departments, groups }: AuthenticationAndGroups): Record<string, string> => ({
  "login-service": loginService,
  domains: JSON.stringify([...domains].sort()),
  departments: JSON.stringify(departments),
  groups: JSON.stringify(groups),
});
