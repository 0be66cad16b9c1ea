/** What each end of a proof refuses: another connection, another nonce, too little work or too much, and what is written otherwise. */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import test from "ava";
import { clientExchange, fakeKeys, readClientFirst, serverExchange } from "../../../src/link/scram.ts";
import { must } from "../../../src/model/assert.ts";

const BINDING = Buffer.from("this connection");
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");
const candidate = { device: "d", serialNumber: "1", deviceName: "a" };
const nonce = Buffer.alloc(18, 1);

const SALT = Buffer.alloc(16, 2);
const ITERATIONS = 4_096;
const SALTED = pbkdf2Sync("right", SALT, ITERATIONS, 32, "sha256");
const hmac = (text: string): Buffer => createHmac("sha256", SALTED).update(text).digest();
const KEYS = {
  salt: SALT,
  iterations: ITERATIONS,
  storedKey: createHash("sha256").update(hmac("Client Key")).digest(),
  serverKey: hmac("Server Key"),
};

const starting = () => clientExchange({ account: "a,b=c", candidate, nonce, binding: BINDING });
const serving = (first: string, binding: Uint8Array = BINDING) =>
  serverExchange({ client: must(readClientFirst(first), "a first message"), keys: KEYS, nonce: Buffer.alloc(18, 3), binding });

test("who knows the password proves it, and hears a proof in return", async (t) => {
  const client = starting();
  t.like(readClientFirst(client.first), { account: "a,b=c", candidate });
  const server = serving(client.first);
  const answered = must(await client.answer(server.first, "right"), "an answer");
  const proof = must(server.verify(answered.final), "a proof");
  t.true(answered.accepts(proof));
  t.false(answered.accepts(proof.replace("v=", "v=A")));
  t.is(server.verify(must(await client.answer(server.first, "wrong"), "an answer").final), undefined);
});

test("a proof holds for its own connection and nonce, to the letter", async (t) => {
  const client = starting();
  const server = serving(client.first);
  const { final } = must(await client.answer(server.first, "right"), "an answer");
  t.is(serving(client.first, Buffer.from("another connection")).verify(final), undefined);
  const [bound = "", joint = "", proof = ""] = final.split(",");
  const changed = [
    [`c=${base64("p=tls-exporter,,another")}`, joint, proof],
    [bound, `${joint}x`, proof],
    [bound, joint, `${proof} `],
    [bound, joint, "p=AAAA"],
    [bound, joint],
    [bound, joint, proof, "x=1"],
  ];
  for (const parts of changed) t.is(server.verify(parts.join()), undefined, parts.join());
});

test("a client answers a server that adds to its nonce and asks for a bearable amount of work, and no other", async (t) => {
  const own = base64(nonce);
  const salt = base64(SALT);
  const firsts: readonly (readonly [first: string, isAnswered: boolean])[] = [
    [`r=${own}${"x".repeat(16)},s=${salt},i=4096`, true],
    [`r=${own}${"x".repeat(15)},s=${salt},i=4096`, false],
    [`r=${"x".repeat(own.length + 16)},s=${salt},i=4096`, false],
    [`r=${own}${"x".repeat(16)},s=${salt},i=4095`, false],
    [`r=${own}${"x".repeat(16)},s=${salt},i=1000001`, false],
    [`r=${own}${"x".repeat(16)},s=${salt},i=4096.5`, false],
    [`r=${own}${"x".repeat(16)},s=${salt.replace(/=+$/, "")},i=4096`, false],
    [`r=${own}${"x".repeat(16)},i=4096,s=${salt}`, false],
  ];
  for (const [first, isAnswered] of firsts) t.is((await starting().answer(first, "right")) !== undefined, isAnswered, first);
});

test("a first message that asks for another binding, or has another form, is none", (t) => {
  const { first } = starting();
  const bare = first.slice("p=tls-exporter,,".length);
  const none = [
    `p=tls-unique,,${bare}`,
    `p=tls-exportex,,${bare}`,
    `n,,${bare}`,
    `y,,${bare}`,
    `p=tls-exporter,,${bare},m=1`,
    `p=tls-exporter,,${bare.replace(base64(nonce), `${base64(nonce)}!`)}`,
    `p=tls-exporter,,${bare.replace("n=a=2Cb=3Dc", "n=")}`,
    `p=tls-exporter,,${bare.replace("n=a=2Cb=3Dc", `n=${"x".repeat(513)}`)}`,
  ];
  for (const text of none) t.is(readClientFirst(text), undefined, text.slice(0, 80));
});

test("a name that nobody has is answered like one that somebody has, the same each time", (t) => {
  const secret = Buffer.alloc(32, 7);
  t.deepEqual(fakeKeys(secret, "nobody"), fakeKeys(secret, "nobody"));
  t.notDeepEqual(fakeKeys(secret, "nobody").salt, fakeKeys(secret, "another").salt);
  t.is(fakeKeys(secret, "nobody").salt.length, SALT.length);
});
