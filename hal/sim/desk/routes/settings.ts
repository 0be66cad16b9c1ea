/**
 * What an administrator sets at the machine itself: its network, who may log in and in which groups, and what happens at the
 * limit of users.
 */
import { groupOwner } from "../../../../src/model/owner.ts";
import type { NetworkSettings, Policy, PolicyGroup } from "../../control.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { Problem } from "../http/problem.ts";
import { type Route, json } from "../http/router.ts";
import { hostAndPort } from "../options.ts";
import { machineOf } from "./context.ts";

export const settingsRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "PUT",
    path: "/api/machines/:number/network-settings",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      return json(await machine.call("networkSettings", networkSettings(await request.json())));
    },
  },
  {
    method: "PUT",
    path: "/api/machines/:number/policy",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      return json(await machine.call("policy", policy(await request.json())));
    },
  },
  {
    method: "PUT",
    path: "/api/machines/:number/max-users-policy",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const chosen = Fields.of(await request.json(), "", ["policy"]).oneOf("policy", ["delete-oldest", "discard-new"]);
      if ((await machine.call("maxUsersPolicy", chosen)) === "locked")
        throw new Problem(409, "locked", "while server and client function run, the oldest user makes room; stop one of them first");
      return json({ policy: chosen });
    },
  },
];

/** What is left out stays as it is. */
function networkSettings(body: unknown): Partial<NetworkSettings> {
  const fields = Fields.of(body, "", ["proxy", "proxyExcludesLocalhost", "sntp", "networkPlaces"]);
  return {
    ...(fields.has("proxy") ? { proxy: proxyOf(fields) } : {}),
    ...(fields.has("proxyExcludesLocalhost") ? { proxyExcludesLocalhost: fields.flag("proxyExcludesLocalhost") } : {}),
    ...(fields.has("sntp") ? { sntp: sntpOf(fields) } : {}),
    ...(fields.has("networkPlaces") ? { networkPlaces: fields.texts("networkPlaces") } : {}),
  };
}

function proxyOf(fields: Fields): string | null {
  const text = fields.textOrNull("proxy");
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" || url.hostname === "" || url.pathname !== "/")
    throw fields.fault("proxy", "must be http://[user:password@]host:port, or null");
  return text;
}

function sntpOf(fields: Fields): string | null {
  const text = fields.textOrNull("sntp");
  if (text === null) return null;
  try {
    hostAndPort(text, "sntp");
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw fields.fault("sntp", "must be host:port, or null");
  }
  return text;
}

function policy(body: unknown): Policy {
  const fields = Fields.of(body, "", ["loginService", "domains", "departments", "groups"]);
  const departments = Fields.of(fields.raw("departments"), "departments", ["on", "ids"]);
  return {
    loginService: fields.text("loginService", 100),
    domains: fields.texts("domains"),
    departments: { on: departments.flag("on"), ids: departments.texts("ids") },
    groups: fields.list("groups", 1_000).map((group, index) => policyGroup(group, `groups[${index}]`)),
  };
}

function policyGroup(raw: unknown, path: string): PolicyGroup {
  const fields = Fields.of(raw, path, ["id", "name", "members"]);
  const id = fields.text("id", 100);
  // A group's ID becomes part of an owner's name.
  if (groupOwner(id) === undefined) throw fields.fault("id", "must be a text without backslashes and control characters, and not empty");
  return { id, name: fields.text("name", 200), members: fields.has("members") ? fields.texts("members") : [] };
}
