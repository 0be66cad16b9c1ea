/** What goes back and forth in a first contact, as text: what is read of it, and what is no such message. */
import test from "ava";
import {
  decodeGreeting,
  decodeReply,
  decodeRequest,
  encodeGreeting,
  encodeReply,
  encodeRequest,
} from "../../../src/link/first-contact-message.ts";
import { deviceId } from "../../../src/model/ids.ts";

const DIGESTS = { "login-service": "0".repeat(16), domains: "1".repeat(16), departments: "2".repeat(16), groups: "f".repeat(16) };
const MALFORMED = { code: "message-malformed" };

test("M36 a request is a step of the proof or a password, with the digests of a check where it has them", (t) => {
  for (const request of [{ scram: "n=a" }, { password: "p" }, { scram: "c=b", digests: DIGESTS }, { password: "", digests: DIGESTS }])
    t.deepEqual(decodeRequest(encodeRequest(request)), request);
  const digits = (groups: string) => JSON.stringify({ scram: "c=b", digests: { ...DIGESTS, groups } });
  for (const text of [
    "",
    "[]",
    '["scram"]',
    "null",
    '"scram"',
    "{}",
    '{"scram":1}',
    digits("f".repeat(15)),
    digits("f".repeat(17)),
    digits("g".repeat(16)),
  ])
    t.throws(() => decodeRequest(text), MALFORMED, text);
});

test("M36 a reply is read as what it is; of the settings that differ only those that there are", (t) => {
  const secret = Uint8Array.of(1, 2, 3);
  const replies = [
    { scram: "r=x" },
    { ask: "password" },
    { refusal: { word: "account-refused" } },
    { differing: ["domains", "groups"], scram: "v=x" },
    { differing: [], scram: undefined },
    { fleetSecret: secret, scram: "v=x" },
    { fleetSecret: secret, scram: undefined },
  ] as const;
  for (const reply of replies) t.deepEqual(decodeReply(encodeReply(reply)), reply as never);
  t.deepEqual(decodeReply('{"differing":["groups","nothing we know",7,"domains"]}'), {
    differing: ["domains", "groups"],
    scram: undefined,
  });
  for (const text of ["{}", '{"fleetSecret":""}', '{"fleetSecret":7}', '{"ask":"pin"}', "[]", "7"])
    t.throws(() => decodeReply(text), MALFORMED, text);
});

test("M36 a greeting says who the server machine is and which date it has, or why nobody is let in; anything else is no server machine", (t) => {
  const server = deviceId("ab".repeat(16));
  t.deepEqual(decodeGreeting(encodeGreeting({ server, wallMs: 1_700_000_000_000.6 })), { closed: undefined, wallMs: 1_700_000_000_001 });
  t.deepEqual(decodeGreeting(encodeReply({ refusal: { word: "server-not-running" } })), {
    closed: { word: "server-not-running" },
    wallMs: undefined,
  });
  for (const wallMs of ["0.5", "1e300", '"now"', "null"])
    t.deepEqual(decodeGreeting(`{"server":"${server}","wallMs":${wallMs}}`), { closed: undefined, wallMs: undefined }, wallMs);
  for (const text of ["", "<html>", "{}", '{"server":7}', "[]", "null", '{"refusal":{}}']) t.is(decodeGreeting(text), undefined, text);
});
