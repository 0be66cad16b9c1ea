/** How long a connection may take to be let in, and who keeps the port open: on a network of streams, so that time is the test's. */
import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { until } from "../contract/link.ts";
import { settle } from "../contract/manual-clock.ts";
import { Lan, moment, TestAdmission } from "./lan.ts";

const isOpen = async (lan: Lan): Promise<boolean> => {
  try {
    (await lan.network("asker").connect({ host: "server", port: 8443 }, new AbortController().signal)).destroy();
    return true;
  } catch {
    return false;
  }
};

test("B08 who has not been let in when the time is up is ended, and who has stays", async (t) => {
  const lan = new Lan("streams");
  const [server, client] = [lan.machine("server"), lan.machine("client")];
  const admission = new TestAdmission();
  admission.pinned.add(await client.links.identity());
  const link = await server.links.serve(admission);
  const own = client.links.connect({ host: "server", port: 8443 }, await server.links.identity());
  await until(t, moment, "up", () => own.state === "up");
  const silent = await lan.network("asker").connect({ host: "server", port: 8443 }, new AbortController().signal);
  await settle();
  const ends: string[] = [];
  own.onState((state) => void ends.push(state));
  await lan.clock.advance(LIMITS.connectMs);
  await until(t, moment, "ended", () => silent.destroyed);
  t.deepEqual([own.state, ends], ["up", []]);
  await own.close();
  await link.close();
});

test("M11 B05 the port is open as long as somebody wants it: what an earlier one of them ends is not the later one's", async (t) => {
  const lan = new Lan("streams");
  const { links } = lan.machine("server");
  const closed = (): Refusal => ({ word: "server-not-running" });
  for (const open of [() => links.announce(closed()), () => links.servePages((_, response) => void response.end())]) {
    t.false(await isOpen(lan));
    const [first, second] = [await open(), await open()];
    await first.close();
    t.true(await isOpen(lan));
    await second.close();
    t.false(await isOpen(lan));
  }
});
