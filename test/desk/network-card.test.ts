import { once } from "node:events";
import { connect, createServer } from "node:net";
import test from "ava";
import { Cable } from "../../hal/sim/cable.ts";
import { NetworkCard } from "../../hal/sim/desk/network-card.ts";
import { FakeTime } from "./fake-time.ts";
import { freePort } from "../free-port.ts";

/** An address of this file's own: a port that was free a moment ago on a common one may be somebody's by now. */
const HOST = "127.0.44.7";

const cardOn = (port: number): NetworkCard =>
  new NetworkCard({ cable: new Cable({ ...new FakeTime(), chance: () => 0.9 }), host: HOST, port, onTrouble: () => undefined });

/** What becomes of a connection attempt: its error's code, or "open". */
async function tried(port: number): Promise<unknown> {
  const socket = connect(port, HOST);
  const outcome = await new Promise((resolve) => {
    socket.once("connect", () => resolve("open"));
    socket.once("error", (error) => resolve("code" in error ? error.code : error));
  });
  socket.destroy();
  return outcome;
}

/**
 * Resolves when the port refuses. Not at the first attempt always: a process that another test starts in this moment has all that is
 * open here until its own program begins, and with it the port that was just given up.
 */
async function refuses(port: number): Promise<void> {
  while ((await tried(port)) !== "ECONNREFUSED");
}

test("a machine without a listening module refuses, and nobody else can take its address meanwhile", async (t) => {
  const port = await freePort(HOST);
  const card = cardOn(port);
  t.teardown(() => card.close());
  await card.open();
  t.is(await tried(port), "open");
  card.set({ kind: "refusing" });
  await card.settled();
  await refuses(port);
  const other = cardOn(port);
  t.teardown(() => other.close());
  await t.throwsAsync(other.open(), { code: "EADDRINUSE" });
  card.set({ kind: "silent" });
  await card.settled();
  t.is(await tried(port), "open");
});

test("a port that a process has, which is being started elsewhere, is waited for", async (t) => {
  const process = createServer().listen(0, HOST);
  await once(process, "listening");
  const address = process.address();
  const card = cardOn(typeof address === "object" && address !== null ? address.port : 0);
  t.teardown(() => card.close());
  const opening = card.open();
  await new Promise((resolve) => setImmediate(resolve));
  process.close();
  await t.notThrowsAsync(opening);
});

test("whoever cannot take a machine's address leaves its port alone", async (t) => {
  const port = await freePort(HOST);
  const [card, other] = [cardOn(port), cardOn(port)];
  t.teardown(() => Promise.all([card.close(), other.close()]));
  await card.open();
  card.set({ kind: "refusing" });
  await card.settled();
  await t.throwsAsync(other.open(), { code: "EADDRINUSE" });
  await t.notThrowsAsync(refuses(port));
});

test("a card that is closed twice is closed, and answers to nothing afterwards", async (t) => {
  const card = cardOn(0);
  await card.open();
  const { port } = card;
  await card.close();
  await card.close();
  card.set({ kind: "silent" });
  await card.settled();
  await t.notThrowsAsync(refuses(port));
});
