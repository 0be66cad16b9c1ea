/** Manage Personal Settings: what happens to the user over the limit (M22). Where both functions run nobody can choose. */
import type { MaxUsersPolicy } from "../../../hal/restrictions.ts";
import { order } from "../order.ts";
import { go, greyed, type Page, says } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

const POLICIES: readonly MaxUsersPolicy[] = ["delete-oldest", "discard-new"];

export function personalManagementPage(state: PanelState): Page {
  const { users } = textsOf(state).admin;
  const { policy, locked } = state.facts.usersPolicy;
  const choose = greyed(
    { key: "policy", text: users.action, act: go({ screen: "admin", page: { kind: "users-policy" } }) },
    locked ? "users-policy-locked" : undefined,
  );
  return { kind: "menu", title: users.title, rows: [choose, says("now", users.policies[policy])], softKeys: [] };
}

export function usersPolicyPage(state: PanelState): Page {
  const { users } = textsOf(state).admin;
  return {
    kind: "choice",
    title: users.actionShort,
    rows: POLICIES.map((policy) => ({
      key: policy,
      text: users.policies[policy],
      act: order({ kind: "set-users-policy", policy }, { do: "back", levels: 1 }),
    })),
    first: state.facts.usersPolicy.policy,
    softKeys: [],
  };
}
