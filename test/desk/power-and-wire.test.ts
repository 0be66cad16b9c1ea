import { once } from "node:events";
import { connect } from "node:net";
import test from "ava";
import { type Row, type StandInDesk, rowOf, startStandInDesk } from "./stand-in-desk.ts";

/** The port of 127.0.0.1 that stands for a machine's 8443. */
function portOf({ desk }: StandInDesk, number: number): number {
  const port = desk.portOf(number);
  if (port === undefined) throw new Error(`no machine ${number}`);
  return port;
}

const ENTRY = { owner: "user:alice", item: "personal-button", key: "a", value: { name: "A", function: "copy" } };

test("full sleep: the process stands still, reading does not wake it, a key and a connection do", async (t) => {
  const desk = await startStandInDesk(t);
  const { call } = desk;
  await call("PUT", "/machines/1/items", [ENTRY]);
  const asleep = await call("POST", "/machines/1/power", { action: "energy-saver" });
  t.is((asleep.body as Row).power, "full-sleep");
  const items = await call("GET", "/machines/1/items?owner=user:alice");
  t.is((items.body as readonly unknown[]).length, 1);
  t.deepEqual((await call("GET", "/machines/1/acknowledged")).body, { acknowledged: 7, pending: [] });
  t.is(((await call("GET", "/machines/1/screen")).body as { title: string }).title, "Sleep");
  t.is((await rowOf(desk, 1)).power, "full-sleep");

  const pressed = await call("POST", "/machines/1/keys", { keys: ["ok", "up"] });
  t.deepEqual((pressed.body as { lines: readonly string[] }).lines[0], "up", "the key that wakes is not passed on");
  t.is((await rowOf(desk, 1)).power, "active");

  await call("POST", "/machines/1/power", { action: "energy-saver" });
  const visitor = connect(portOf(desk, 1), "127.0.0.1");
  t.teardown(() => visitor.destroy());
  visitor.write("hello");
  const [echo] = await once(visitor, "data");
  t.is(String(echo), "hello");
  t.is((await rowOf(desk, 1)).power, "partial-sleep");
});

test("the key that puts a machine to sleep is answered, although the machine says nothing more", async (t) => {
  const { call } = await startStandInDesk(t);
  const pressed = await call("POST", "/machines/1/keys", { keys: ["energy-saver"] });
  t.is((pressed.body as { title: string }).title, "Sleep");
  const woken = await call("POST", "/machines/1/keys", { keys: ["home"] });
  t.is((woken.body as { title: string }).title, "Stand-in");
});

test("a writer wakes a sleeping machine", async (t) => {
  const desk = await startStandInDesk(t);
  await desk.call("POST", "/machines/2/power", { action: "energy-saver" });
  t.is((await rowOf(desk, 2)).power, "full-sleep");
  t.is((await desk.call("PUT", "/machines/2/items", [ENTRY])).status, 200);
  t.is((await rowOf(desk, 2)).power, "partial-sleep");
});

test("power acts are idempotent in every state, and the data survive all of them", async (t) => {
  const desk = await startStandInDesk(t);
  const { call } = desk;
  await call("PUT", "/machines/1/items", [ENTRY]);
  const steps = [
    ["switch-on", "active"],
    ["switch-off", "off"],
    ["switch-off", "off"],
    ["pull-plug", "off"],
    ["energy-saver", "off"],
    ["restart", "active"],
    ["pull-plug", "off"],
    ["switch-on", "active"],
    ["energy-saver", "full-sleep"],
    ["energy-saver", "full-sleep"],
    ["pull-plug", "off"],
    ["switch-on", "active"],
    ["energy-saver", "full-sleep"],
    ["restart", "active"],
    ["energy-saver", "full-sleep"],
    ["switch-off", "off"],
    ["switch-on", "active"],
  ] as const;
  for (const [action, power] of steps) {
    const { status, body } = await call("POST", "/machines/1/power", { action });
    t.is(status, 200, action);
    t.is((body as Row).power, power, action);
  }
  t.is(((await call("GET", "/machines/1/items")).body as readonly unknown[]).length, 1);
  t.is((await call("POST", "/machines/1/power", { action: "explode" })).status, 400);
});

test("the plug waits for nobody: pulled in the middle of a restart, the machine ends off", async (t) => {
  const desk = await startStandInDesk(t);
  const restarted = desk.call("POST", "/machines/1/power", { action: "restart" });
  const pulled = desk.call("POST", "/machines/1/power", { action: "pull-plug" });
  await Promise.all([restarted, pulled]);
  t.is((await rowOf(desk, 1)).power, "off");
});

test("a machine that is off: its screen says so, acts on it are a 409, what it held can be read if it was switched off", async (t) => {
  const desk = await startStandInDesk(t);
  const { call } = desk;
  await call("PUT", "/machines/1/items", [ENTRY]);
  await call("POST", "/machines/1/power", { action: "switch-off" });
  t.deepEqual({ ...(await rowOf(desk, 1)) }.server, null);
  t.is(((await call("GET", "/machines/1/screen")).body as { title: string }).title, "Off");
  t.is(((await call("GET", "/machines/1/items")).body as readonly unknown[]).length, 1);
  const refused = await call("POST", "/machines/1/keys", { keys: ["ok"] });
  t.is(refused.status, 409);
  t.is((refused.body as { code: string }).code, "machine-off");
  await call("POST", "/machines/1/power", { action: "switch-on" });
  await call("POST", "/machines/1/power", { action: "pull-plug" });
  t.is((await call("GET", "/machines/1/items")).status, 409);
});

test("a machine finds its cable and its date as they are when it gets power", async (t) => {
  const { call } = await startStandInDesk(t);
  await call("PUT", "/machines/1/network-settings", { sntp: null });
  await call("POST", "/machines/1/power", { action: "switch-off" });
  await call("POST", "/machines/1/clock", { offsetMs: 3_600_000 });
  await call("POST", "/machines/1/network", { connected: false });
  await call("POST", "/machines/1/power", { action: "switch-on" });
  for (const restart of [false, true]) {
    if (restart) await call("POST", "/machines/1/power", { action: "restart" });
    const { clock, cable } = (await call("GET", "/machines/1")).body as { clock: { aheadMs: number }; cable: { connected: boolean } };
    t.is(Math.round(clock.aheadMs / 60_000), 60);
    t.false(cable.connected);
  }
});

test("a machine that is starting has the client function it had before", async (t) => {
  const desk = await startStandInDesk(t);
  await desk.call("PUT", "/machines/1/synchronize", { client: { destination: "127.0.0.11" } });
  await desk.call("POST", "/machines/1/power", { action: "pull-plug" });
  t.is((await rowOf(desk, 1)).client, null);
  const on = desk.desk.machines[0]?.power("switch-on");
  // The act has begun by now; the process has not said anything yet.
  await Promise.resolve();
  await Promise.resolve();
  t.deepEqual((await rowOf(desk, 1)).client, { state: "offline", pending: 0 });
  await on;
});

test("the wire: a pulled cable is silence, a connection waits for it, and one to a machine without power hears nothing", async (t) => {
  const desk = await startStandInDesk(t);
  const { call } = desk;
  const talk = connect(portOf(desk, 1), "127.0.0.1");
  t.teardown(() => talk.destroy());
  talk.write("one");
  t.is(String((await once(talk, "data"))[0]), "one");

  await call("POST", "/machines/1/network", { connected: false });
  const late = connect(portOf(desk, 1), "127.0.0.1");
  t.teardown(() => late.destroy());
  late.on("error", () => undefined);
  const heard: string[] = [];
  talk.on("data", (bytes) => heard.push(String(bytes)));
  talk.on("close", () => heard.push("closed"));
  talk.write("two");
  late.write("three");
  await rowOf(desk, 1);
  t.deepEqual(heard, []);
  await call("POST", "/machines/1/network", { connected: true });
  t.is(String((await once(late, "data"))[0]), "three");
  t.deepEqual(heard, ["two"]);

  await call("POST", "/machines/1/power", { action: "pull-plug" });
  talk.write("four");
  await rowOf(desk, 1);
  t.deepEqual(heard, ["two"], "no goodbye of a machine whose plug was pulled");
  talk.on("error", () => undefined);
  const gone = new Promise((resolve) => talk.once("close", resolve));
  await call("POST", "/machines/1/power", { action: "switch-on" });
  await gone;
});

test("a clock that is set while the machine sleeps or is off shows at once; looking does not wake it", async (t) => {
  const { call } = await startStandInDesk(t);
  const aheadHours = async (number: number): Promise<number> => {
    const { body } = await call("GET", `/machines/${number}`);
    return Math.round((body as { clock: { aheadMs: number } }).clock.aheadMs / 3_600_000);
  };
  await call("POST", "/machines/1/power", { action: "energy-saver" });
  await call("POST", "/machines/2/power", { action: "switch-off" });
  for (const number of [1, 2]) {
    await call("POST", `/machines/${number}/clock`, { offsetMs: 7_200_000 });
    t.is(await aheadHours(number), 2);
  }
  const rows = (await call("GET", "/machines")).body as readonly Row[];
  t.deepEqual(
    rows.map(({ power }) => power),
    ["full-sleep", "off"],
  );
});
