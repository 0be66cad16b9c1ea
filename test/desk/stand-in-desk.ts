/** A desk on free ports whose machines are stand-ins: the API, the hardware and the processes are the real ones. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ExecutionContext } from "ava";
import { build } from "esbuild";
import { Desk } from "../../hal/sim/desk/desk.ts";
import { WebServer } from "../../hal/sim/desk/http/server.ts";
import { readOptions } from "../../hal/sim/desk/options.ts";
import { deskRoutes } from "../../hal/sim/desk/routes/routes.ts";
import { NODE_PROGRAM } from "../../build/bundling/node-program.ts";
import { freshFolder } from "../fresh-folder.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface StandInDesk {
  readonly desk: Desk;
  readonly url: string;
  call(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** Compiles the stand-in into a folder from which Node finds the packages. */
async function compileStandIn(t: ExecutionContext): Promise<string> {
  mkdirSync(".build", { recursive: true });
  const folder = freshFolder(t, resolve(".build"));
  const outfile = join(folder, "stand-in.mjs");
  await build({
    entryPoints: ["test/desk/stand-in.ts"],
    outfile,
    ...NODE_PROGRAM,
  });
  return outfile;
}

export async function startStandInDesk(t: ExecutionContext, argv: readonly string[] = []): Promise<StandInDesk> {
  const standIn = await compileStandIn(t);
  const folder = freshFolder(t);
  const options = readOptions(["--machines", "2", "--map-ports", "--port", "0", "--data", join(folder, "data"), ...argv]);
  if (options === "help") throw new Error("not here");
  const troubles: string[] = [];
  const tell = (text: string) => void troubles.push(text);
  const desk = new Desk({
    options,
    tell,
    commandFor: (dataDir, args) => ({ dataDir, environment: {}, argv: [standIn, "--data", dataDir, "--start", JSON.stringify(args)] }),
  });
  await desk.open();
  const web = new WebServer({ routes: deskRoutes(desk, { html: "<title>desk</title>", css: "", script: "" }), port: 0, onTrouble: tell });
  const url = `http://127.0.0.1:${await web.start()}`;
  t.teardown(async () => {
    web.close();
    await desk.close();
    if (troubles.length > 0) t.log(troubles.join("\n"));
  });
  await desk.switchOn();
  return { desk, url, call: (method, path, body) => call(`${url}/api${path}`, method, body) };
}

async function call(url: string, method: string, body: unknown): Promise<Reply> {
  const payload = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const { status, headers, ...answer } = await fetch(url, { method, ...payload }).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  }));
  const isJson = headers.get("content-type")?.startsWith("application/json") === true;
  return { status, headers, body: isJson ? JSON.parse(answer.text) : answer.text };
}

/** What the tests look at of a machine in the list. */
export interface Row {
  readonly power: string;
  readonly holds: readonly string[];
  readonly server: unknown;
  readonly client: unknown;
}

export async function rowOf({ call }: StandInDesk, number: number): Promise<Row> {
  const { body } = await call("GET", "/machines");
  const found = (body as readonly (Row & { readonly number: number })[]).find((each) => each.number === number);
  if (found === undefined) throw new Error(`no machine ${number}`);
  return found;
}
