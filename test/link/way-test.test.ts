/** The check of a first contact (M36), and what a machine says whose server function does not run, on real sockets. */
import test, { type ExecutionContext } from "ava";
import type { PolicyDigests } from "../../src/link/link.ts";
import { decodeGreeting, decodeReply, decodeRequest, encodeReply } from "../../src/link/first-contact-message.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { Lan, scramAccount, TestAdmission } from "./lan.ts";

const DIGESTS: PolicyDigests = {
  "login-service": "00".repeat(8),
  domains: "11".repeat(8),
  departments: "22".repeat(8),
  groups: "33".repeat(8),
};
const never = new AbortController().signal;

async function fixture(t: ExecutionContext) {
  const lan = new Lan();
  const told: string[] = [];
  const check = async (password: string) => {
    told.push(password);
    return "administrator" as const;
  };
  const accounts = { admin: scramAccount("right"), directory: { kind: "password", check } } as const;
  const [server, client] = [lan.machine("server", { accounts }), lan.machine("client")];
  const admission = new TestAdmission();
  const asked: PolicyDigests[] = [];
  const differing = (digests: PolicyDigests) => {
    asked.push(digests);
    return ["domains", "groups"] as const;
  };
  const link = await server.links.serve({
    isPinned: (device) => admission.isPinned(device),
    pin: (candidate) => admission.pin(candidate),
    differing,
  });
  t.teardown(() => link.close());
  const contact = async () => {
    const opened = await client.links.firstContact({ host: "server", port: 8443 }, never);
    t.teardown(() => opened.close());
    return opened;
  };
  return { lan, server, client, admission, asked, contact, told };
}

for (const account of ["admin", "directory"]) {
  test(`M36 an account that is ${account === "admin" ? "proven" : "given to the login service"} for a check pins nobody, and tells what differs`, async (t) => {
    const { admission, asked, contact } = await fixture(t);
    const first = await contact();
    t.deepEqual(await first.check(account, "right", DIGESTS, "confirmed"), ["domains", "groups"]);
    t.deepEqual(asked, [DIGESTS]);
    t.deepEqual(admission.candidates, []);
    t.true("fleetSecret" in (await (await contact()).prove(account, "right")), "and is good for the first contact afterwards");
  });
}

test("B08 M36 a password that is asked for itself is told to no machine whose identity nobody has confirmed", async (t) => {
  const { asked, contact, told } = await fixture(t);
  t.is(await (await contact()).check("directory", "right", DIGESTS, "unconfirmed"), "untold");
  t.deepEqual([told, asked], [[], []]);
  t.deepEqual(await (await contact()).check("admin", "right", DIGESTS, "unconfirmed"), ["domains", "groups"], "a proof tells none");
});

test("M36 a check counts as a try: passwords cannot be tried out by it", async (t) => {
  const { asked, contact } = await fixture(t);
  for (let tries = 0; tries < LIMITS.firstContactTries; tries += 1)
    t.deepEqual(await (await contact()).check("admin", "wrong", DIGESTS, "unconfirmed"), { word: "account-refused" });
  const late = await t.throwsAsync((await contact()).check("admin", "right", DIGESTS, "unconfirmed"), { instanceOf: SyncError });
  t.is(late?.code, "rate-exceeded");
  t.deepEqual(asked, [], "what differs is for administrators of the server alone");
});

test("M36 the server machine says its date to whoever asks, and what it waits for", async (t) => {
  const { lan, contact, client } = await fixture(t);
  const first = await contact();
  t.is(first.closed, undefined);
  t.is(first.wallMs, lan.clock.wallMs());
  const waiting = lan.machine("waiting");
  const closed = { word: "clock-not-right", sntp: "silent" } as const;
  const announced = await waiting.links.announce(closed);
  let reached = 0;
  const count = () => {
    reached += 1;
  };
  const told = await client.links.firstContact({ host: "waiting", port: 8443 }, never, count);
  t.deepEqual(told.closed, closed);
  t.deepEqual(await told.prove("admin", "right"), closed);
  told.close();
  t.is(reached, 1);
  await announced.close();
  await t.throwsAsync(client.links.firstContact({ host: "waiting", port: 8443 }, never, count), { instanceOf: SyncError });
  t.is(reached, 1, "nobody answers at the port any more");
});

test("M36 requests and answers that make no sense are refused with their fault", (t) => {
  const digests = { ...DIGESTS, groups: "g".repeat(16) };
  for (const text of [JSON.stringify({ scram: "x", digests }), JSON.stringify({ scram: "x", digests: [] }), '{"password":"x","digests":7}'])
    t.throws(() => decodeRequest(text), { instanceOf: SyncError, message: /digests\.[a-z-]+ must be 16 hex digits/ });
  t.deepEqual(decodeReply(encodeReply({ differing: ["groups"], scram: "v=" })), { differing: ["groups"], scram: "v=" });
  t.deepEqual(decodeReply('{"differing":["groups",7,"moods"]}'), { differing: ["groups"], scram: undefined });
  for (const text of ["", "[]", "{}", '{"server":7}', "<html>", '{"refusal":[7]}']) t.is(decodeGreeting(text), undefined, text);
  t.deepEqual(decodeGreeting('{"refusal":["a-word-of-later"]}'), {
    closed: { word: "unknown-word", text: "a-word-of-later" },
    wallMs: undefined,
  });
  t.deepEqual(decodeGreeting('{"server":"00","wallMs":"noon"}'), { closed: undefined, wallMs: undefined });
});
