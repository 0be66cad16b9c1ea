/** The way of a machine's own client to its own server, without a wire: which of two lines is heard, and when nobody is there any more. */
import test from "ava";
import { JoinedServerLink } from "../../../src/link/joined-server-link.ts";
import { LocalServerLink } from "../../../src/link/local-pair.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { down, up } from "../../contract/link.ts";
import { settle } from "../../contract/manual-clock.ts";

const OWN = deviceId("a".repeat(32));

function served() {
  const link = new LocalServerLink(OWN);
  const heard: number[] = [];
  const gone: string[] = [];
  link.onMessage((_, { envelope }) => heard.push(envelope.counter));
  link.onGone((device) => gone.push(device));
  const dial = async () => {
    const said: number[] = [];
    const onMessage = ({ envelope }: { readonly envelope: { readonly counter: number } }) => void said.push(envelope.counter);
    const line = await link.dial({ onMessage, signal: new AbortController().signal });
    if ("word" in line) throw new Error("nobody is refused here");
    return { line, said };
  };
  return { link, heard, gone, dial };
}

test("M04 of two lines of a machine's own client the newer one is heard: the older is told why it ended, and nobody that the machine is gone", async (t) => {
  const { link, heard, gone, dial } = served();
  const older = await dial();
  const newer = await dial();
  t.like(await older.line.ended, { code: "link-lost" });
  older.line.send(up(OWN, 1));
  newer.line.send(up(OWN, 2));
  link.send(OWN, down(3));
  await settle();
  t.deepEqual([heard, older.said, newer.said, gone], [[2], [], [3], []]);
  newer.line.drop();
  await settle();
  t.deepEqual(gone, [OWN]);
});

test("M04 M11 nobody gets to a server function that was stopped, and who was there is told", async (t) => {
  const { link, dial } = served();
  const { line } = await dial();
  await link.close();
  t.like(await line.ended, { code: "link-lost" });
  await t.throwsAsync(dial(), { code: "server-unreachable" });
});

test("M11 a server machine's ways are closed one and all before its port is: what they say at the end still leaves", async (t) => {
  const order: string[] = [];
  let end: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    end = resolve;
  });
  const slow = { close: () => left.then(() => order.push("way")) } as never;
  const joined = new JoinedServerLink({ ways: [slow, new LocalServerLink(OWN)], closed: async () => void order.push("port") });
  const closing = joined.close();
  await settle();
  t.deepEqual(order, []);
  end();
  await closing;
  t.deepEqual(order, ["way", "port"]);
});

test("M04 who is cut, or drops its line, is not heard any more, and what was under way to it does not arrive", async (t) => {
  const { link, heard, gone, dial } = served();
  const { line, said } = await dial();
  line.send(up(OWN, 1));
  link.cut(deviceId("b".repeat(32)));
  await settle();
  t.deepEqual([heard, gone], [[1], []]);
  line.send(up(OWN, 2));
  link.send(OWN, down(3));
  link.cut(OWN);
  link.send(OWN, down(4));
  link.broadcast(down(5));
  t.like(await line.ended, { code: "link-lost" });
  line.send(up(OWN, 6));
  await settle();
  t.deepEqual([heard, said, gone], [[1], [3], [OWN]]);
  const next = await dial();
  link.send(OWN, down(7));
  next.line.drop();
  link.send(deviceId("b".repeat(32)), down(8));
  await settle();
  t.deepEqual([next.said, gone], [[], [OWN, OWN]]);
  t.is(await next.line.ended, undefined);
  await t.throwsAsync(link.dial({ onMessage: () => undefined, signal: AbortSignal.abort() }), { code: "server-unreachable" });
});
