/** The desk's web server: one page, and the API that it and scripts work with. On 127.0.0.1 only. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { checkOrigin } from "./guard.ts";
import { sortedJson } from "./json.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./refusals.ts";
import { ApiRequest } from "./request.ts";
import { type Answer, type Route, findRoute } from "./router.ts";

export interface WebServerParts {
  readonly routes: readonly Route[];
  readonly port: number;
  /** Told of errors that nobody expected. */
  readonly onTrouble: (text: string) => void;
}

/**
 * How long a connection that nothing is asked on stays: longer than scripts think between two calls, for one that asks again in the
 * very moment in which it is closed gets a reset (Node's own 5 s met scripts on a busy computer).
 */
const IDLE_MS = 120_000;

export class WebServer {
  readonly #parts: WebServerParts;
  readonly #server: Server;

  constructor(parts: WebServerParts) {
    this.#parts = parts;
    this.#server = createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => void this.#serve(request, response));
  }

  /** Resolves with the port; rejects with the system's error when it is taken. */
  async start(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#parts.port, "127.0.0.1", () => resolve());
    });
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : this.#parts.port;
  }

  /** Streams of events are ended too. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("cache-control", "no-store");
    response.setHeader("x-content-type-options", "nosniff");
    try {
      checkOrigin(incoming);
      const url = new URL(incoming.url ?? "/", "http://desk");
      const { route, params } = findRoute(this.#parts.routes, incoming.method ?? "GET", url.pathname);
      send(response, await route.answer(new ApiRequest(incoming, url.searchParams, params), response), incoming);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status === 500) this.#parts.onTrouble(`${incoming.method} ${incoming.url}: ${problem.message}`);
      sendProblem(response, problem, incoming);
    }
  }
}

function send(response: ServerResponse, answer: Answer, incoming: IncomingMessage): void {
  if (answer.kind === "taken" || response.destroyed) return;
  const body = answer.kind === "json" ? `${sortedJson(answer.value)}\n` : answer.bytes;
  response.statusCode = answer.kind === "json" ? (answer.status ?? 200) : 200;
  response.setHeader("content-type", answer.kind === "json" ? "application/json; charset=utf-8" : answer.type);
  response.setHeader("content-length", Buffer.byteLength(body));
  if (answer.kind === "bytes" && answer.fileName !== undefined)
    response.setHeader("content-disposition", `attachment; filename="${answer.fileName}"`);
  if (answer.kind === "bytes" && answer.leftOut !== undefined) response.setHeader("left-out", answer.leftOut);
  response.end(incoming.method === "HEAD" ? undefined : body);
}

function sendProblem(response: ServerResponse, problem: Problem, incoming: IncomingMessage): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // What is left of a body is read away, so that the client comes to read the answer.
  incoming.resume();
  if (problem.allow.length > 0) response.setHeader("allow", problem.allow.join(", "));
  send(
    response,
    { kind: "json", status: problem.status, value: { error: problem.message, code: problem.code, ...problem.place } },
    incoming,
  );
}
