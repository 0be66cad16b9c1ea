/** Who is logged in at a machine's panel. */
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { Problem } from "../http/problem.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const loginRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/login",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const user = Fields.of(await request.json(), "", ["user"]).text("user", 256);
      const result = await machine.call("login", { user });
      if (result === "unknown-user")
        throw new Problem(404, "unknown-user", `machine ${machine.facts.number} knows no user ${JSON.stringify(user)}`);
      return json({ user: machine.knowledge.view?.user?.displayName ?? user });
    },
  },
  {
    method: "DELETE",
    path: "/api/machines/:number/login",
    answer: async (request) => {
      await machineOf(desk, request).call("logout", undefined);
      return json({ user: null });
    },
  },
];
