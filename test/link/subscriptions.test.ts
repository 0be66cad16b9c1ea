/** What a broker grants of what a client asks to listen to: an older server machine knows fewer versions. */
import test from "ava";
import { generate, parser } from "mqtt-packet";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { openMqtt } from "../../src/link/mqtt-client.ts";
import { Lan } from "./lan.ts";

const AT_MOST_ONCE = 0;
const REFUSED = 0x80;

/** Opens a session with a broker that grants this of the machine's own topic, of version 1 and of version 2. */
async function opened(grants: readonly number[]): Promise<"opened" | "refused"> {
  const [near, far] = streamPair();
  far.on("error", () => far.destroy());
  const read = parser();
  read.on("packet", (packet) => {
    if (packet.cmd === "connect") far.write(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
    if (packet.cmd === "subscribe") far.write(generate({ cmd: "suback", messageId: packet.messageId ?? 0, granted: [...grants] }));
  });
  far.on("data", (bytes: Buffer) => void read.parse(bytes));
  const opening = openMqtt({
    clock: new Lan().clock,
    stream: near,
    clientId: "a",
    username: undefined,
    qos: 1,
    password: undefined,
    subscriptions: ["own"],
    eitherOf: ["all/1", "all/2"],
    onMessage: () => undefined,
    signal: new AbortController().signal,
  });
  try {
    (await opening).drop();
    return "opened";
  } catch {
    return "refused";
  } finally {
    far.destroy();
  }
}

test("M26 a machine comes in where the server machine knows one of its versions, and not without its own topic", async (t) => {
  const CASES: readonly (readonly [grants: number[], outcome: "opened" | "refused"])[] = [
    [[1, 1, 1], "opened"],
    [[1, 1, REFUSED], "opened"],
    [[1, REFUSED, 1], "opened"],
    [[1, REFUSED, REFUSED], "refused"],
    [[REFUSED, 1, 1], "refused"],
    [[AT_MOST_ONCE, 1, 1], "refused"],
    [[1, 1], "refused"],
  ];
  for (const [grants, outcome] of CASES) t.is(await opened(grants), outcome, grants.join());
});
