/** What counts as a try of a first contact, where several machines have one address: a wrong password, and what was begun and left. */
import test, { type ExecutionContext } from "ava";
import type { Network } from "../../hal/network.ts";
import type { AccountProof } from "../../hal/users.ts";
import { FIRST_CONTACT_PATH } from "../../src/link/first-contact-message.ts";
import type { FirstContact } from "../../src/link/link.ts";
import { clientExchange } from "../../src/link/scram.ts";
import { secureClient } from "../../src/link/secure.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { until } from "../contract/link.ts";
import { Lan, moment, scramAccount, TestAdmission } from "./lan.ts";

const NO_DIGESTS = { "login-service": "", domains: "", departments: "", groups: "" } as never;

/** A login service that is asked for each password, and answers when it is told to. */
class LoginService {
  asked = 0;
  answers: "at-once" | "not-now" | "never" = "at-once";
  readonly proof: AccountProof = {
    kind: "password",
    check: async (password) => {
      this.asked += 1;
      if (this.answers === "not-now") throw new SyncError("hal-unavailable", "no answer of the directory");
      if (this.answers === "never") await new Promise(() => undefined);
      await moment();
      return password === "right" ? "administrator" : "wrong";
    },
  };
}

async function fixture(t: ExecutionContext) {
  const lan = new Lan();
  const service = new LoginService();
  let closed = 0;
  const ports = lan.network("server");
  const network: Network = {
    ...ports,
    listen: (port, onConnection) =>
      ports.listen(port, (incoming) => {
        incoming.stream.once("close", () => {
          closed += 1;
        });
        onConnection(incoming);
      }),
  };
  const server = lan.machine("server", { network, accounts: { admin: scramAccount("right"), directory: service.proof } });
  const client = lan.machine("client");
  const admission = new TestAdmission();
  const link = await server.links.serve(admission);
  t.teardown(() => link.close());
  const contact = async (): Promise<FirstContact> => {
    const opened = await client.links.firstContact({ host: "server", port: 8443 }, new AbortController().signal);
    t.teardown(() => opened.close());
    return opened;
  };
  const prove = async (account: string, password: string): Promise<string> => {
    try {
      const outcome = await (await contact()).prove(account, password);
      return "word" in outcome ? outcome.word : "paired";
    } catch (error) {
      if (error instanceof SyncError) return error.code;
      throw error;
    }
  };
  /** Nine connections that are open before the first of them proves anything. */
  const proveTogether = async (account: string, password: string): Promise<readonly string[]> => {
    const contacts = await Promise.all(Array.from({ length: 9 }, contact));
    const outcomes = await Promise.allSettled(contacts.map((each) => each.prove(account, password)));
    return outcomes.map((each) => (each.status === "rejected" ? each.reason.code : "word" in each.value ? each.value.word : "paired"));
  };
  /** A connection on which anything can be said, and all that was answered. */
  const raw = async () => {
    const { signal } = new AbortController();
    const stream = await client.hal.network.connect({ host: "server", port: 8443 }, signal);
    const socket = await secureClient({ stream, signal, identity: undefined, protocols: ["http/1.1"], authorityName: undefined });
    t.teardown(() => socket.destroy());
    let heard = "";
    socket.on("data", (bytes: Buffer) => {
      heard += bytes.toString("latin1");
    });
    return { socket, heard: () => heard };
  };
  return { lan, service, server, admission, contact, prove, proveTogether, raw, closed: () => closed };
}

function begun(account: string): string {
  const candidate = { device: "ab".repeat(32), serialNumber: "SN", deviceName: "printer" };
  const { first } = clientExchange({ account, candidate, nonce: new Uint8Array(18), binding: new Uint8Array(32) });
  const body = JSON.stringify({ scram: first });
  return `POST ${FIRST_CONTACT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

for (const account of ["admin", "directory"]) {
  test(`E3 nine machines of one address that know the password of ${account} are let in at the same time`, async (t) => {
    const { proveTogether } = await fixture(t);
    t.deepEqual(await proveTogether(account, "right"), new Array(9).fill("paired"));
  });

  test(`E3 nine wrong passwords of ${account} at the same time are judged as often as nine in a row`, async (t) => {
    const { service, admission, prove, proveTogether } = await fixture(t);
    const judged = new Array(LIMITS.firstContactTries).fill("account-refused");
    t.deepEqual([...(await proveTogether(account, "wrong"))].sort(), [
      ...judged,
      ...new Array(9 - LIMITS.firstContactTries).fill("rate-exceeded"),
    ]);
    t.is(service.asked, account === "admin" ? 0 : LIMITS.firstContactTries);
    t.is(admission.unprovenFrom.length, LIMITS.firstContactTries);
    t.is(await prove(account, "right"), "rate-exceeded");
  });
}

test("E3 a login service that cannot tell has been asked in vain by nobody", async (t) => {
  const { service, prove } = await fixture(t);
  service.answers = "not-now";
  for (let tries = 0; tries <= LIMITS.firstContactTries; tries += 1) t.is(await prove("directory", "right"), "server-unreachable");
  service.answers = "at-once";
  t.is(await prove("directory", "right"), "paired");
});

test("E3 a login service that never answers holds up the others of an address for so long", async (t) => {
  const { lan, service, contact } = await fixture(t);
  service.answers = "never";
  const [first, second] = [await contact(), await contact()];
  const hung = t.throwsAsync(first.prove("directory", "right"), { instanceOf: SyncError });
  await until(t, moment, "asked", () => service.asked === 1);
  const next = second.prove("admin", "right");
  await moment();
  await lan.clock.advance(2 * LIMITS.connectMs);
  t.is((await hung)?.code, "server-unreachable");
  t.true("fleetSecret" in (await next));
});

test("E3 what is begun and left counts, so that names are not tried out by it", async (t) => {
  const { prove, raw, server } = await fixture(t);
  for (let tries = 1; tries <= LIMITS.firstContactTries; tries += 1) {
    t.is(server.log.length, tries - 1);
    const { socket, heard } = await raw();
    socket.write(begun(`name ${tries}`));
    await until(t, moment, "answered", () => heard().includes("scram"));
    socket.write(`POST ${FIRST_CONTACT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`);
    await until(t, moment, "nonsense in the place of a proof", () => heard().includes(" 400 "));
  }
  t.is(await prove("admin", "right"), "rate-exceeded");
  t.true(server.log.some((line) => line.includes("too many tries; the next one is possible in 10 min")));
});

test("E3 a connection that ends before the proof counts", async (t) => {
  const { closed, prove, raw } = await fixture(t);
  for (let tries = 1; tries <= LIMITS.firstContactTries; tries += 1) {
    const { socket, heard } = await raw();
    socket.write(begun(`name ${tries}`));
    await until(t, moment, "answered", () => heard().includes("scram"));
    socket.destroy();
    await until(t, moment, "heard by the server", () => closed() === tries);
  }
  await moment();
  t.is(await prove("admin", "right"), "rate-exceeded");
});

test("E3 M36 who asks about one account again and again without proving anything has tried once: a test of the way before the fingerprint is compared", async (t) => {
  const { closed, contact, prove } = await fixture(t);
  for (let tests = 1; tests <= 2 * LIMITS.firstContactTries; tests += 1) {
    const tested = await contact();
    t.is(await tested.check("directory", "right", NO_DIGESTS, "unconfirmed"), "untold");
    tested.close();
    await until(t, moment, "heard by the server", () => closed() === tests);
  }
  await moment();
  t.is(await prove("directory", "wrong"), "account-refused");
  t.is(await prove("directory", "wrong"), "account-refused");
  t.is(await prove("directory", "right"), "rate-exceeded", "the question, and two passwords");
});

test("E3 a connection on which a second account is asked about before the first one was answered is ended", async (t) => {
  const { prove, raw } = await fixture(t);
  const { socket, heard } = await raw();
  socket.write(begun("admin") + begun("directory"));
  await until(t, moment, "ended", () => socket.destroyed);
  t.is(heard(), "");
  t.is(await prove("admin", "right"), "paired");
});

test("E3 on one connection each proof is begun anew, also after nonsense; a name that no machine has is paired by no password", async (t) => {
  const { admission, raw } = await fixture(t);
  const { socket, heard } = await raw();
  const say = async (text: string, what: RegExp): Promise<void> => {
    const before = heard().length;
    socket.write(text);
    await until(t, moment, `${what}`, () => what.test(heard().slice(before)));
  };
  const post = (body: object): string => {
    const text = JSON.stringify(body);
    return `POST ${FIRST_CONTACT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
  await say(`PUT ${FIRST_CONTACT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`, / 405 /);
  await say(begun("directory"), /"ask":"password"/);
  await say(post({ password: "right" }), /account-refused/);
  t.deepEqual([...admission.pinned], [], "its identity has the wrong length");
  await say(post({ password: "right" }), / 400 /);
  await say(begun("admin"), /"scram":"r=/);
  await say(post({}), / 400 /);
  await say(begun("admin"), /"scram":"r=/);
  await say(post({ scram: "c=x" }), /account-refused/);
});

test("M36 E3 a check that says nothing of the settings pairs nobody; who has to wait is not asked to prove anything", async (t) => {
  const { admission, contact, prove, raw } = await fixture(t);
  for (const account of ["admin", "directory"])
    await t.throwsAsync((await contact()).check(account, "right", undefined as never, "confirmed"), { code: "message-malformed" });
  t.deepEqual([...admission.pinned], []);
  while ((await prove("admin", "wrong")) !== "rate-exceeded");
  const { socket, heard } = await raw();
  socket.write(begun("admin"));
  await until(t, moment, "answered", () => heard().includes("HTTP/1.1"));
  t.regex(heard(), / 429 /);
});
