/** Digests of the settings that must be the same on all machines (M10); equal settings, equal digests, in any order. */
import { createHash } from "node:crypto";
import type { AuthenticationAndGroups } from "../../hal/users.ts";
import type { PolicyPart } from "../model/refusal.ts";
import type { MachineName } from "../store/machine-names.ts";

export type Digests = { readonly [part in PolicyPart]: string };

export function digestsOf(policy: AuthenticationAndGroups): Digests {
  return {
    "login-service": digest(policy.loginService),
    domains: digest([...policy.domains].sort()),
    departments: digest([policy.departments.on, [...policy.departments.ids].sort()]),
    groups: digest(policy.groups.map(({ id, name }) => [id, name]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))),
  };
}

/** Of the names of machines, whatever their order. */
export const digestOfNames = (names: readonly MachineName[]): string => digest([...names].sort(([a], [b]) => (a < b ? -1 : 1)));

const PARTS: readonly PolicyPart[] = ["login-service", "domains", "departments", "groups"];

export const differing = (a: Digests, b: Digests): PolicyPart[] => PARTS.filter((part) => a[part] !== b[part]);

export const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
