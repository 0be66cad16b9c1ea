/** What every link keeps, whatever carries it. `open` gives a client and the server it is on its way to. */
import type { ExecutionContext } from "ava";
import { SyncError } from "../../src/model/errors.ts";
import { type DeviceId, deviceId } from "../../src/model/ids.ts";
import type { ClientLink, ServerLink } from "../../src/link/link.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";

export interface LinkFixture {
  readonly client: ClientLink;
  readonly server: ServerLink;
  /** The client's identity. */
  readonly device: DeviceId;
  /** Lets what is under way go on a little. */
  step(): Promise<void>;
  /** Lets the longest back-off pass. */
  passBackoff(): Promise<void>;
  /** What these links do not promise, because others have a hand in them: connections between a machine and a broker of others. */
  readonly without?: readonly "cut"[];
}

const STRANGER = deviceId("f".repeat(32));
const STEPS_MAX = 5_000;

export const up = (from: DeviceId, counter: number): Up => ({
  envelope: { version: 1, fleet: undefined, epoch: undefined, from, session: undefined, counter },
  body: { kind: "client-beat", loggedIn: [], waiting: 0 },
});

export const down = (counter: number): Down => ({
  envelope: { version: 1, fleet: undefined, epoch: undefined, from: STRANGER, session: undefined, counter },
  body: { kind: "server-end", reason: "off" },
});

const largeDown = (counter: number, bytes: number): Down => ({
  ...down(counter),
  body: { kind: "part", after: "", last: "z", end: true, revision: 1, bytes: new Uint8Array(bytes).fill(7) },
});

/** Steps until it is so; fails the test when it never is. */
export async function until(t: ExecutionContext, step: () => Promise<void>, what: string, isSo: () => boolean): Promise<void> {
  for (let steps = 0; !isSo(); steps += 1) {
    if (steps === STEPS_MAX) return t.fail(`never: ${what}`);
    await step();
  }
  t.pass();
}

const count = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** AVA's `test`, or what skips it. */
export type Register = (title: string, body: (t: ExecutionContext) => Promise<void>) => void;

export function linkContract(test: Register, name: string, open: (t: ExecutionContext) => Promise<LinkFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: Watched) => Promise<void>): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await open(t);
      t.teardown(async () => {
        await fixture.client.close();
        await fixture.server.close();
      });
      await body(t, watched(t, fixture));
    });

  it("starts down, comes up by itself and says so once", async (t, { client, states, isUp }) => {
    t.is(client.state, "down");
    await isUp();
    t.deepEqual(states, ["up"]);
  });

  it("carries messages both ways, with the sender's identity", async (t, { client, server, device, gotUp, gotDown, isUp, eventually }) => {
    await isUp();
    client.send(up(device, 1));
    await eventually("heard", () => gotUp.length === 1);
    server.send(device, down(2));
    await eventually("answered", () => gotDown.length === 1);
    t.deepEqual(gotUp, [[device, 1]]);
    t.deepEqual(gotDown, [2]);
  });

  it("gives a message as it was sent, also a large one", async (t, { client, server, device, gotUp, isUp, eventually }) => {
    const got: Down[] = [];
    client.onMessage((message) => got.push(message));
    await isUp();
    client.send(up(device, 1));
    await eventually("heard", () => gotUp.length === 1);
    server.send(device, largeDown(2, 120_000));
    await eventually("arrived", () => got.length === 1);
    t.deepEqual(got[0], largeDown(2, 120_000));
  });

  it("keeps the order of each path", async (t, { client, server, device, gotUp, gotDown, isUp, eventually }) => {
    await isUp();
    for (const number of count(1, 100)) client.send(up(device, number));
    await eventually("all heard", () => gotUp.length === 100);
    for (const number of count(1, 100)) server.send(device, number % 10 === 0 ? largeDown(number, 20_000) : down(number));
    await eventually("all answered", () => gotDown.length === 100);
    t.deepEqual(
      gotUp.map(([, number]) => number),
      count(1, 100),
    );
    t.deepEqual(gotDown, count(1, 100));
  });

  it("broadcasts reach the machine, messages to another do not", async (t, {
    client,
    server,
    device,
    gotUp,
    gotDown,
    isUp,
    eventually,
  }) => {
    await isUp();
    client.send(up(device, 1));
    await eventually("heard", () => gotUp.length === 1);
    server.send(STRANGER, down(1));
    server.broadcast(down(2));
    server.send(device, down(3));
    await eventually("both arrived", () => gotDown.length === 2);
    t.deepEqual([...gotDown].sort(), [2, 3]);
  });

  it("a cut connection is told at both ends, and another takes its place", async (t, fixture) => {
    const { client, server, device, states, gone, gotUp, gotDown, isUp, eventually, passBackoff } = fixture;
    await isUp();
    if (fixture.without?.includes("cut") === true) return;
    client.send(up(device, 1));
    await eventually("heard", () => gotUp.length === 1);
    server.send(device, down(1));
    server.cut(device);
    await eventually("told", () => client.state === "down" && gone.length === 1);
    t.deepEqual(gone, [device]);
    t.deepEqual(gotDown, [1], "what was sent before the cut arrives");
    client.send(up(device, 2));
    server.send(device, down(2));
    await passBackoff();
    await isUp();
    client.send(up(device, 3));
    await eventually("heard again", () => gotUp.length === 2);
    server.send(device, down(3));
    await eventually("answered again", () => gotDown.length === 2);
    t.deepEqual(states, ["up", "down", "up"]);
    t.deepEqual(
      gotUp.map(([, number]) => number),
      [1, 3],
      "what was sent while down is dropped",
    );
    t.deepEqual(gotDown, [1, 3]);
  });

  it("a restart ends the connection that is up and makes another", async (t, {
    client,
    device,
    states,
    gotUp,
    isUp,
    eventually,
    passBackoff,
  }) => {
    client.restart();
    await isUp();
    client.restart();
    client.send(up(device, 1));
    await eventually("down", () => client.state === "down");
    await passBackoff();
    await isUp();
    client.send(up(device, 2));
    await eventually("heard", () => gotUp.length === 1);
    t.deepEqual(states, ["up", "down", "up"]);
    t.deepEqual(gotUp, [[device, 2]]);
  });

  it("closing the client lets out what was sent, and ends it for good", async (t, fixture) => {
    const { client, device, gone, states, gotUp, isUp, eventually, passBackoff } = fixture;
    await isUp();
    for (const number of count(1, 20)) client.send(up(device, number));
    await client.close();
    await eventually("heard", () => gotUp.length === 20);
    if (fixture.without?.includes("cut") !== true) await eventually("gone", () => gone.length === 1);
    client.send(up(device, 21));
    await passBackoff();
    t.is(client.state, "down");
    t.deepEqual(states, ["up"], "nothing is told after close");
    t.is(gotUp.length, 20);
    await client.close();
  });

  it("closing the server lets out what was sent", async (t, fixture) => {
    const { client, server, device, gotUp, gotDown, isUp, eventually } = fixture;
    await isUp();
    client.send(up(device, 1));
    await eventually("heard", () => gotUp.length === 1);
    for (const number of count(1, 20)) server.send(device, down(number));
    await server.close();
    await eventually("arrived", () => gotDown.length === 20);
    if (fixture.without?.includes("cut") !== true) await eventually("down", () => client.state === "down");
    server.send(device, down(21));
    server.broadcast(down(22));
    t.deepEqual(gotDown, count(1, 20));
  });
}

interface Watched extends LinkFixture {
  readonly states: readonly ("down" | "up")[];
  readonly gotUp: readonly (readonly [DeviceId, number])[];
  readonly gotDown: readonly number[];
  readonly gone: readonly DeviceId[];
  isUp(): Promise<void>;
  eventually(what: string, isSo: () => boolean): Promise<void>;
}

function watched(t: ExecutionContext, fixture: LinkFixture): Watched {
  const { client, server } = fixture;
  const states: ("down" | "up")[] = [];
  const gotUp: (readonly [DeviceId, number])[] = [];
  const gotDown: number[] = [];
  const gone: DeviceId[] = [];
  client.onState((state, why) => {
    t.true(why === undefined || why instanceof SyncError || "word" in why);
    states.push(state);
  });
  client.onMessage((message) => gotDown.push(message.envelope.counter));
  server.onMessage((from, message) => gotUp.push([from, message.envelope.counter]));
  server.onGone((device) => gone.push(device));
  const eventually = (what: string, isSo: () => boolean): Promise<void> => until(t, () => fixture.step(), what, isSo);
  return { ...fixture, states, gotUp, gotDown, gone, eventually, isUp: () => eventually("up", () => client.state === "up") };
}
