/** A journal that keeps none of its changes any more, as after a long time: whoever comes back gets a snapshot. */
import { must } from "../../src/model/assert.ts";
import type { Fleet } from "./fleet.ts";

/** The server machine is killed for it, and runs again afterwards. */
export async function forgetChanges(fleet: Fleet): Promise<void> {
  const server = must(fleet.server, "somebody serves");
  server.kill();
  const storage = server.moduleDisk.peek();
  const keys: string[] = [];
  for await (const [key] of storage.range({ from: "s/c/", to: "s/c0" })) keys.push(key);
  await storage.write(keys.map((key) => ({ key, value: undefined })));
  await server.switchOn();
  await fleet.settle();
}
