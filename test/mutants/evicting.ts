/** Mutants of the limit of users: M22, P26. */
import type { Mutant } from "./mutant.ts";

const NEWCOMERS = "src/roles/server/newcomers.ts";
const VICTIM = "src/roles/server/victim.ts";
const GUARD = "scenario/user-limit";

export const EVICTING: readonly Mutant[] = [
  {
    name: "no-limit-of-users",
    rules: ["M05", "M22"],
    file: NEWCOMERS,
    find: "+ this.#begun.user.size < usersMax) return FITS;",
    replace: "+ this.#begun.user.size < 2 * usersMax) return FITS;",
    why: "the server takes more users than it manages",
    guard: GUARD,
  },
  {
    name: "the-newest-user-goes",
    rules: ["M22"],
    file: VICTIM,
    find: "day < victim.day ||",
    replace: "day > victim.day ||",
    why: "who logged in last makes room",
    guard: "unit/roles/",
  },
  {
    name: "the-last-by-name-goes",
    rules: ["P26"],
    file: VICTIM,
    find: "user < victim.user",
    replace: "user > victim.user",
    why: "of users who logged in on the same day another one goes than the rule says",
    guard: "unit/roles/",
  },
  {
    name: "who-is-logged-in-goes",
    rules: ["M22", "P26"],
    file: NEWCOMERS,
    find: "loggedIn.has(user) || this.#touched.has(user)",
    replace: "this.#touched.has(user)",
    why: "a user who stands at a machine makes room for another",
    guard: GUARD,
  },
  {
    name: "who-is-touched-goes",
    rules: ["P26"],
    file: NEWCOMERS,
    find: "loggedIn.has(user) || this.#touched.has(user)",
    replace: "loggedIn.has(user)",
    why: "a change evicts an owner of whom it sets something",
    guard: GUARD,
  },
  {
    name: "several-victims-a-change",
    rules: ["P26"],
    file: NEWCOMERS,
    find: `if (this.#isOver) return { kind: "wait" };`,
    replace: "",
    why: "a change evicts several owners, and forgets all but one of them",
    guard: GUARD,
  },
  {
    name: "the-evicted-vanish",
    rules: ["M22", "B02"],
    file: "src/roles/server/server-history.ts",
    find: "transaction.put(keepLost(SERVER_HISTORY, lost, transaction.revision + 1));",
    replace: "void lost;",
    why: "the data of whoever made room are in no history",
    guard: GUARD,
  },
];
