/** What a broker grants of what a client asks to listen to: an older server machine knows fewer versions. */
import test from "ava";
import { generate, parser } from "mqtt-packet";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { openMachineMqtt } from "../../src/link/machine-mqtt.ts";
import { openMqtt } from "../../src/link/mqtt-client.ts";
import { Lan } from "./lan.ts";

const AT_MOST_ONCE = 0;
const REFUSED = 0x80;

const sessions: Readonly<Record<string, (parts: Parameters<typeof openMachineMqtt>[0]) => Promise<void>>> = {
  "a broker of others": async (parts) => (await openMqtt({ ...parts, username: undefined, password: undefined })).drop(),
  "a server machine": async (parts) => {
    const session = await openMachineMqtt(parts);
    if (!("code" in session)) session.drop();
  },
};

/** Opens a session with somebody who grants this of the machine's own topic, of version 1 and of version 2. */
async function opened(open: (typeof sessions)[string], grants: readonly number[]): Promise<"opened" | "refused"> {
  const [near, far] = streamPair();
  far.on("error", () => far.destroy());
  const read = parser();
  read.on("packet", (packet) => {
    if (packet.cmd === "connect") far.write(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
    if (packet.cmd === "subscribe") far.write(generate({ cmd: "suback", messageId: packet.messageId ?? 0, granted: [...grants] }));
  });
  far.on("data", (bytes: Buffer) => void read.parse(bytes));
  const opening = open({
    clock: new Lan().clock,
    stream: near,
    clientId: "a",
    subscriptions: ["own"],
    eitherOf: ["all/1", "all/2"],
    onMessage: () => undefined,
    signal: new AbortController().signal,
  });
  try {
    await opening;
    return "opened";
  } catch {
    return "refused";
  } finally {
    far.destroy();
  }
}

for (const [who, open] of Object.entries(sessions)) {
  test(`M26 a machine comes in at ${who} where that knows one of its versions, and not without its own topic`, async (t) => {
    const CASES: readonly (readonly [grants: number[], outcome: "opened" | "refused"])[] = [
      [[1, 1, 1], "opened"],
      [[1, 1, REFUSED], "opened"],
      [[1, REFUSED, 1], "opened"],
      [[1, REFUSED, REFUSED], "refused"],
      [[REFUSED, 1, 1], "refused"],
      [[AT_MOST_ONCE, 1, 1], "refused"],
      [[1, 1], "refused"],
    ];
    for (const [grants, outcome] of CASES) t.is(await opened(open, grants), outcome, grants.join());
  });
}
