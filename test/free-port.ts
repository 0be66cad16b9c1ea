/** A port that is free: the system gives one out, and it is given back at once. */
import { once } from "node:events";
import { createServer } from "node:net";
import { must } from "../src/model/assert.ts";

/** Somebody else may take it before it is used; on a loopback address of a test's own nobody does. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = must(server.address() ?? undefined, "it listens");
  server.close();
  await once(server, "close");
  return typeof address === "object" ? address.port : 0;
}
