/** Routes: a method, a path with `:names`, and what answers. A path that is known under another method is a 405. */
import type { ServerResponse } from "node:http";
import { Problem } from "./problem.ts";
import type { ApiRequest } from "./request.ts";

export type Method = "GET" | "PUT" | "POST" | "DELETE";

export type Answer =
  | { readonly kind: "json"; readonly status?: number; readonly value: unknown }
  | {
      readonly kind: "bytes";
      readonly type: string;
      readonly bytes: Uint8Array | string;
      readonly fileName?: string;
      /** Entries that the file could not hold, said in the header `Left-Out`; nothing for none. */
      readonly leftOut?: number | undefined;
    }
  /** The route goes on answering by itself (server-sent events). */
  | { readonly kind: "taken" };

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly answer: (request: ApiRequest, response: ServerResponse) => Promise<Answer> | Answer;
}

export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export const json = (value: unknown, status = 200): Answer => ({ kind: "json", value, status });

/** Throws a Problem: 404 for a path nobody knows, 405 with the methods that would do, 400 for a path that cannot be decoded. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const asked = method === "HEAD" ? "GET" : method;
  const fitting = routes.flatMap((route) => {
    const params = paramsOf(route.path, path);
    return params === undefined ? [] : [{ route, params }];
  });
  const match = fitting.find(({ route }) => route.method === asked);
  if (match !== undefined) return match;
  if (fitting.length === 0) throw new Problem(404, "not-found", `there is no ${path} here; DESK.md lists what there is`);
  const methods = fitting.map(({ route }) => route.method);
  throw new Problem(405, "method-not-allowed", `${method} is not for ${path}; use ${methods.join(" or ")}`, undefined, methods);
}

function paramsOf(pattern: string, path: string): ReadonlyMap<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== text) return undefined;
      continue;
    }
    params.set(part.slice(1), decodedPart(text));
  }
  return params;
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw new Problem(400, "malformed", `${text} in the path is not percent-encoded UTF-8`);
  }
}
