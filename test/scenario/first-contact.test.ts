import test, { type ExecutionContext } from "ava";
import type { Trust } from "../../hal/services.ts";
import type { Key } from "../../src/model/screen.ts";
import { must } from "../../src/model/assert.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { Tap } from "../fleet/virtual-network.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, LANGUAGE } from "./entries.ts";
import { Finger } from "./finger.ts";

const ANOTHER = "f".repeat(32);

const start = (fleet: Fleet, trust: Trust, password = "desk") =>
  fleet.until(
    fleet.at("a").administration.synchronize({ client: { destination: fleet.at("s").address, account: "Administrator", password, trust } }),
  );

/** How often an account of this machine was about to be proven: the joining machine has told it who it wants to be. */
function provenTo(machine: VirtualMachine): () => number {
  const { users } = machine.hal;
  const prove = users.prove.bind(users);
  let times = 0;
  users.prove = (name) => {
    times += 1;
    return prove(name);
  };
  return () => times;
}

test("a contact tells the server's identity, as its own status has it, and leaves nothing behind", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { a, s } = { a: fleet.at("a"), s: fleet.at("s") };
  const proven = provenTo(s);
  const contact = await fleet.until(a.administration.contact(s.address));
  t.deepEqual(contact, { kind: "found", server: must(s.status, "it runs").deviceId });
  t.is(a.status?.client, undefined);
  t.is(proven(), 0);
  await fleet.advance(60_000);
  t.deepEqual(s.administration.machines(), []);
});

test("M09 M36 a contact says what is wrong with the destination, and that nobody is there", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "c"], clientOnly: ["c"] });
  const contact = (name: string, destination: string) => fleet.until(fleet.at(name).administration.contact(destination));
  t.deepEqual(await contact("a", "s:80"), { kind: "refused", refusal: { word: "destination-malformed", text: "s:80" } });
  t.deepEqual(await contact("c", "localhost"), { kind: "refused", refusal: { word: "not-a-server-model" } });
  t.deepEqual(await contact("a", "localhost"), { kind: "refused", refusal: { word: "server-not-running" } });
  t.deepEqual(await contact("a", fleet.at("a").address), { kind: "refused", refusal: { word: "server-not-running" } }, "its own address");
  t.deepEqual(await contact("s", "localhost"), { kind: "found", server: fleet.at("s").identity });
  t.like(await contact("a", fleet.at("c").address), { kind: "away", code: "server-unreachable" });
  fleet.at("s").powerOff();
  t.like(await contact("a", fleet.at("s").address), { kind: "away", code: "server-unreachable" });
});

test("a machine with another identity than the confirmed one is refused, learns nothing, and changes nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const proven = provenTo(fleet.at("s"));
  t.deepEqual(await start(fleet, { server: ANOTHER }), { word: "another-server" });
  t.deepEqual(await start(fleet, { server: "no identity" }), { word: "another-server" });
  t.is(fleet.at("a").status?.client, undefined);
  t.is(proven(), 0);
});

test("a client function that was started stays as it was when another start is refused", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  t.deepEqual(await start(fleet, { server: ANOTHER }), { word: "another-server" });
  t.deepEqual(await start(fleet, "first-answer", "guess"), { word: "account-refused" });
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("this very machine is no other: localhost is refused where another identity is expected", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const local = (trust: Trust) =>
    fleet.until(fleet.at("s").administration.synchronize({ client: { destination: "localhost", account: "", password: "", trust } }));
  t.deepEqual(await local({ server: ANOTHER }), { word: "another-server" });
  t.is(await local({ server: fleet.at("s").identity }), "done");
});

test("the confirmed server that was away is paired with when it is back, over restarts of the client machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const server = fleet.at("s").identity;
  fleet.at("s").powerOff();
  t.is(await start(fleet, { server }), "done");
  await fleet.at("a").restart();
  await fleet.advance(60_000);
  t.is(fleet.at("a").status?.client?.state, "offline");
  t.true(fleet.at("a").log.filter(({ code }) => code === "server-unreachable").length <= 2, "not at every try");
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("while the confirmed server is away, another machine at its address is refused and learns nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { a, s } = { a: fleet.at("a"), s: fleet.at("s") };
  const server = s.identity;
  s.powerOff();
  t.is(await start(fleet, { server }), "done");
  // Another machine takes the address: all that made the first one who it was is gone.
  s.breakDown();
  await s.switchOn();
  const proven = provenTo(s);
  await fleet.serve("s");
  await fleet.when(() => a.status?.client?.state === "refused", 30_000, "the refusal");
  t.is(a.status?.client?.reason, "another-server");
  await a.restart();
  await fleet.when(() => a.status?.client?.state === "refused", 30_000, "the refusal after a restart");
  await fleet.advance(120_000);
  t.is(a.status?.client?.reason, "another-server");
  t.is(proven(), 0);
  t.is(a.log.filter(({ code }) => code === "another-server").length, 1, "not at every try");
  t.deepEqual(s.administration.machines(), []);
});

test("started on the first answer while the server was away, the first machine that answers becomes the server", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { a, s } = { a: fleet.at("a"), s: fleet.at("s") };
  s.powerOff();
  t.is(await start(fleet, "first-answer"), "done");
  s.breakDown();
  await s.switchOn();
  await fleet.serve("s");
  await a.restart();
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
});

test("an account that turns out wrong is refused once, and its password is not offered again", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { a, s } = { a: fleet.at("a"), s: fleet.at("s") };
  s.powerOff();
  t.is(await start(fleet, "first-answer", "guess"), "done");
  await s.switchOn();
  const proven = provenTo(s);
  await fleet.when(() => a.status?.client?.reason === "account-refused", 120_000, "the refusal");
  await a.restart();
  await fleet.advance(120_000);
  t.is(a.status?.client?.reason, "account-refused");
  t.is(proven(), 1);
});

test("who stops the client function while its account is being proven has stopped it", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { a, s } = { a: fleet.at("a"), s: fleet.at("s") };
  s.powerOff();
  t.is(await start(fleet, "first-answer"), "done");
  await s.switchOn();
  const proven = provenTo(s);
  await fleet.when(() => proven() > 0, 120_000, "the first contact");
  t.is(await a.stopClient(), "done");
  await fleet.advance(60_000);
  t.is(a.status?.client, undefined);
  await a.restart();
  await fleet.advance(60_000);
  t.is(a.status?.client, undefined);
});

// ---- from the keys alone

const DIGITS: readonly Key[] = ["1", "0", "*", "0", "*", "0", "*", "1"];

async function served(t: ExecutionContext): Promise<{ readonly fleet: Fleet; readonly server: Finger; readonly client: Finger }> {
  const fleet = await Fleet.start({ others: ["s", "a"] });
  await fleet.advance(5_000);
  const server = new Finger(fleet, "s");
  const client = new Finger(fleet, "a");
  await server.toFunction("Server");
  await server.choose("Start the server function");
  t.is(server.screen.status, "Server running, 0 machines");
  return { fleet, server, client };
}

test("M07 M08 from the keys alone: the fingerprints are the same on both panels, and after the restart it is up to date", async (t) => {
  const { fleet, server, client } = await served(t);
  await server.choose("This machine's fingerprint");
  const fingerprint = server.lines.slice(0, 2);
  await client.toFunction("Client");
  await client.choose("Start the client function");
  await client.choose("Go on");
  await client.press(...DIGITS, "ok");
  await client.type("Administrator");
  await client.press("ok");
  await client.type("desk");
  await client.press("ok", "ok");
  t.is(client.screen.title, "Is this the server?");
  t.deepEqual(client.lines.slice(1, 3), fingerprint);
  t.regex(fingerprint.join(" "), /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
  await client.choose("Same: start");
  t.is(client.screen.title, "Restart the machine now?");
  t.is(client.screen.status, "Restart to begin synchronising");
  await client.press("ok");
  await fleet.settle();
  t.is(client.screen.status, "Up to date");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.users, 1);
});

test("M07 from the keys alone: a wrong password is said, put right on the form, and the start goes on", async (t) => {
  const { fleet, client } = await served(t);
  await client.toFunction("Client");
  await client.choose("Start the client function");
  await client.choose("Go on");
  await client.press(...DIGITS, "ok");
  await client.type("Administrator");
  await client.press("ok");
  await client.type("guess");
  await client.press("soft1");
  await client.choose("Same: start");
  t.regex(client.lines.join(" "), /did not accept the account\. Nothing was started/);
  t.is(fleet.at("a").status?.client, undefined);
  await client.press("back");
  await client.choose("Password");
  await client.press("clear", "clear", "clear", "clear", "clear");
  await client.type("desk");
  await client.press("soft1", "soft1");
  await client.choose("Same: start");
  t.is(client.screen.title, "Restart the machine now?");
});

test("M07 from the keys alone: a server that is away is said, and it is started without it only on purpose", async (t) => {
  const { fleet, client } = await served(t);
  fleet.at("s").powerOff();
  await client.toFunction("Client");
  await client.choose("Start the client function");
  await client.choose("Go on");
  await client.press(...DIGITS, "ok");
  await client.type("Administrator");
  await client.press("ok");
  await client.type("desk");
  await client.press("ok", "ok");
  t.is(client.screen.title, "Contacting ...");
  await fleet.advance(6_000);
  t.is(client.screen.title, "The server does not answer");
  await client.choose("Start anyway");
  await fleet.advance(6_000);
  t.is(client.screen.title, "Restart the machine now?");
  await client.press("ok");
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
});

test("P14 M02 a client function that is stopped and started at once has its place, though its goodbye comes after the new first contact", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const isGoodbye = ({ from, message: { body } }: Tap) => from === "a" && body.kind === "client-end";
  fleet.network.loses = isGoodbye;
  t.is(await a.stopClient(), "done");
  t.is(await a.startClient(s.address), "done");
  fleet.network.loses = undefined;
  const late = must(fleet.wiretap.messages.find(isGoodbye), "a said goodbye");
  if (late.way !== "up") return t.fail("a goodbye goes to the server machine");
  must(fleet.network.serverAt(s), "s serves").link.received(a.identity, late.message);
  await fleet.advance(1_000);
  await a.restart();
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
  t.is(s.administration.machines().length, 2);
});
