/**
 * The desk works without a login, so only programs of this computer may use it: a page of another site that is open in
 * the same browser may not, whether it asks under our name (DNS rebinding) or under its own (cross-site requests).
 */
import type { IncomingMessage } from "node:http";
import { Problem } from "./problem.ts";

const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** Throws a 403 for a request that does not come from here. */
export function checkOrigin({ headers }: Pick<IncomingMessage, "headers">): void {
  const { host, origin } = headers;
  if (host !== undefined && !LOCAL.test(host)) throw refused(`it asks for the host ${host.slice(0, 100)}`);
  if (origin === undefined) return;
  const name = origin.replace(/^http:\/\//, "");
  if (name.toLowerCase() !== (host ?? "").toLowerCase()) throw refused(`it comes from a page of ${origin.slice(0, 100)}`);
}

const refused = (why: string): Problem =>
  new Problem(403, "foreign-origin", `the desk takes requests of this computer's own pages and programs only; ${why}`);
