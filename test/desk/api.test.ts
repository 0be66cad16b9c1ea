import test from "ava";
import { type Row, rowOf, startStandInDesk } from "./stand-in-desk.ts";

const NO_CLIENT = { client: null, server: null };

test("the machines are listed with exactly the fields of the API", async (t) => {
  const { call } = await startStandInDesk(t, ["--client-only", "2"]);
  const { status, body, headers } = await call("GET", "/machines");
  t.is(status, 200);
  t.is(headers.get("cache-control"), "no-store");
  const [one, two] = body as readonly Record<string, unknown>[];
  t.deepEqual(one, {
    number: 1,
    deviceId: "00112233445566778899aabbccddeeff",
    deviceName: "printer-1",
    productName: "Simulated Printer 700",
    location: "Reception",
    address: "127.0.0.11",
    power: "active",
    holds: [],
    ...NO_CLIENT,
  });
  t.is(two?.productName, "Simulated Printer 300 (client only)");
});

test("keys, text and screen: a secret field is shown as dots, a key that does not exist is named", async (t) => {
  const { call } = await startStandInDesk(t);
  const pressed = await call("POST", "/machines/1/keys", { keys: ["settings", "ok", "soft1", "#"] });
  t.deepEqual(pressed.body, {
    title: "Stand-in",
    lines: ["settings ok soft1 #", "Password "],
    selected: 0,
    softKeys: ["A", "", "", ""],
    status: "fine",
  });
  const typed = await call("POST", "/machines/1/text", { text: "desk\u00fc" });
  t.deepEqual((typed.body as { lines: unknown }).lines, ["settings ok soft1 #", "Password \u2022\u2022\u2022\u2022\u2022"]);
  t.deepEqual((await call("GET", "/machines/1/screen")).body, typed.body);
  const wrong = await call("POST", "/machines/1/keys", { keys: ["ok", "fire", 5] });
  t.is(wrong.status, 400);
  t.regex((wrong.body as { error: string }).error, /"fire", 5/);
});

test("a display of character cells: pages of exactly its size, and a size that no display has is refused", async (t) => {
  const { call } = await startStandInDesk(t);
  await call("POST", "/machines/1/keys", { keys: ["settings", "ok"] });
  const { body } = await call("GET", "/machines/1/display?columns=20&rows=4");
  const { pages, inverted } = body as { pages: readonly (readonly string[])[]; inverted: boolean };
  t.false(inverted, "nobody wants other colours");
  t.deepEqual(pages, [
    ["Stand-in            ", ">settings ok        ", "_                   ", "F1:A                "],
    ["Stand-in            ", ">settings ok        ", "_                   ", "fine                "],
  ]);
  t.is((await call("GET", "/machines/1/display?columns=2")).status, 400);
});

test("items: written, read back sorted, a secret only says that it is set, null deletes", async (t) => {
  const { call } = await startStandInDesk(t);
  const button = (name: string) => ({ name, function: "copy", more: { kept: [1, null] } });
  const put = await call("PUT", "/machines/1/items", [
    { owner: "user:bob", item: "personal-button", key: "z", value: button("Z") },
    { owner: "user:bob", item: "personal-address", key: "a", value: { cn: "J\u00f6rg", subdbid: "1" } },
    { owner: "user:alice", item: "display-language", key: "", value: "de" },
    { owner: "user:bob", item: "keychain", key: "1", value: { user: "bob", password: "secret" } },
    { owner: "user:bob", item: "personal-button", key: "a", value: button("A") },
  ]);
  t.is(put.status, 200);
  const numbers = (put.body as { edits: readonly { number: number }[] }).edits.map(({ number }) => number);
  t.is(new Set(numbers).size, 5);
  const all = (await call("GET", "/machines/1/items")).body as readonly { owner: string; item: string; key: string; value: unknown }[];
  t.deepEqual(
    all.map(({ owner, item, key }) => `${owner} ${item} ${key}`),
    [
      "user:alice display-language ",
      "user:bob keychain 1",
      "user:bob personal-address a",
      "user:bob personal-button a",
      "user:bob personal-button z",
    ],
  );
  t.deepEqual(all[1]?.value, { set: true });
  t.deepEqual(all[3]?.value, button("A"));
  await call("PUT", "/machines/1/items", [{ owner: "user:bob", item: "personal-button", key: "a", value: null }]);
  const bob = (await call("GET", "/machines/1/items?owner=user:bob")).body as readonly unknown[];
  t.is(bob.length, 3);
  t.deepEqual((await call("GET", "/machines/2/items")).body, []);
});

const ENTRY = { owner: "user:alice", item: "personal-button", key: "a", value: { name: "A", function: "copy" } };
const BAD_BODIES: readonly (readonly [what: string, body: unknown, says: RegExp])[] = [
  ["no list", { ...ENTRY }, /the body: must be a list/],
  ["no JSON", "[{", /not JSON/],
  ["nothing", "", /empty/],
  ["an unknown item", [{ ...ENTRY, item: "horoscope" }], /no item "horoscope"/],
  ["an unknown field", [{ ...ENTRY, colour: "red" }], /\[0\]\.colour: unknown field/],
  ["no owner", [ENTRY, { ...ENTRY, owner: "alice" }], /\[1\]\.owner: "alice" is no owner/],
  ["an owner of another kind", [{ ...ENTRY, owner: "common" }], /belongs to a user/],
  ["a key too long", [{ ...ENTRY, key: "k".repeat(65) }], /at most 64/],
  ["no key", [{ ...ENTRY, key: "" }], /1 to 64/],
  ["a key for a single value", [{ ...ENTRY, item: "display-language", value: "de" }], /one value/],
  ["no value", [{ owner: "user:alice", item: "personal-button", key: "a" }], /value: is missing/],
  ["a value that does not fit", [{ ...ENTRY, value: { name: "A", function: "fly" } }], /function: must be one of/],
  ["a value too large", [{ ...ENTRY, value: { ...ENTRY.value, settings: { x: "y".repeat(20_000) } } }], /at most 16384/],
];

test("a value that could not travel is refused with what is wrong with it, however deep it is nested", async (t) => {
  const { call } = await startStandInDesk(t);
  const put = (value: unknown) => call("PUT", "/machines/1/items", [{ owner: "user:alice", item: "accessibility", value }]);
  const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  t.is((await put(nested(6))).status, 200);
  for (const value of [nested(7), nested(3_000), "\ud800", JSON.parse('{"__proto__": 1}')]) {
    const { status, body } = await put(value);
    t.is(status, 400);
    t.like(body, { code: "malformed" });
  }
  t.is((await call("GET", "/machines")).status, 200, "and the desk is still there");
});

test("items that do not fit are refused with a 400 that says where, and nothing is saved", async (t) => {
  const { call } = await startStandInDesk(t);
  for (const [what, body, says] of BAD_BODIES) {
    const { status, body: answer } = await call("PUT", "/machines/1/items", body);
    t.is(status, 400, what);
    t.regex((answer as { error: string }).error, says, what);
  }
  t.deepEqual((await call("GET", "/machines/1/items")).body, []);
});

test("synchronize: what the module says comes back, its refusals as words with a status", async (t) => {
  const desk = await startStandInDesk(t, ["--client-only", "2"]);
  const { call } = desk;
  const started = await call("PUT", "/machines/1/synchronize", {
    server: true,
    client: { destination: "127.0.0.11", account: "Administrator", password: "desk" },
  });
  t.is(started.status, 200);
  t.like((started.body as Row).server, { state: "running", machines: 1, users: 0, usersMax: 1_000, revision: 0 });
  t.deepEqual((started.body as Row).client, { state: "restart-needed", pending: 0 });
  const locked = await call("GET", "/machines/1/address-book?format=csv");
  t.is(locked.status, 409);
  t.is((locked.body as { code: string }).code, "locked-while-synchronising");
  const model = await call("PUT", "/machines/2/synchronize", { server: true });
  t.deepEqual([model.status, (model.body as { code: string }).code], [409, "not-a-server-model"]);
  const nowhere = await call("PUT", "/machines/2/synchronize", { client: { destination: "nowhere:1" } });
  t.deepEqual([nowhere.status, (nowhere.body as { code: string }).code], [400, "destination-malformed"]);
  t.is((await call("PUT", "/machines/2/synchronize", {})).status, 400);
  t.is((await call("PUT", "/machines/2/synchronize", { client: "x" })).status, 400);
  await call("PUT", "/machines/1/synchronize", { server: false, client: null });
  t.like(await rowOf(desk, 1), NO_CLIENT);
});

test("the address book: bytes in, bytes out, errors with line and column", async (t) => {
  const { call } = await startStandInDesk(t);
  t.deepEqual((await call("POST", "/machines/1/address-book?format=csv", "# Canon\r\n\r\n")).body, { imported: 3 });
  const wrong = await call("POST", "/machines/1/address-book?format=abk", "garbage");
  t.is(wrong.status, 422);
  t.deepEqual(wrong.body, { code: "import-malformed", error: "line 1: no header", line: 1, column: 3 });
  const book = await call("GET", "/machines/1/address-book?format=csv");
  t.is(book.body, "# Canon\r\n");
  t.is(book.headers.get("content-type"), "text/csv");
  t.is((await call("GET", "/machines/1/address-book?format=vcf")).status, 400);
  t.is((await call("POST", "/machines/1/address-book?format=csv", "x".repeat(17 * 1024 * 1024))).status, 413);
});

test("knobs and settings: what is left out stays, what makes no sense is a 400, settings survive a power cut", async (t) => {
  const { call } = await startStandInDesk(t);
  t.deepEqual((await call("POST", "/machines/1/network", { delayMs: 20 })).body, { connected: true, delayMs: 20, lossPercent: 0 });
  t.deepEqual((await call("POST", "/machines/1/network", { connected: false })).body, { connected: false, delayMs: 20, lossPercent: 0 });
  t.is((await call("POST", "/machines/1/network", { lossPercent: 101 })).status, 400);
  t.deepEqual((await call("POST", "/machines/1/clock", { offsetMs: -5000 })).body, { offsetMs: -5000, driftPpm: 0 });
  t.deepEqual((await call("POST", "/ntp", { mode: "lying", offsetMs: 60_000 })).body, { mode: "lying", offsetMs: 60_000 });
  t.is((await call("POST", "/ntp", { mode: "drunk" })).status, 400);
  const settings = await call("PUT", "/machines/1/network-settings", { proxy: "http://a:CANARY@127.0.0.1:3128", sntp: null });
  t.false(
    JSON.stringify([settings.body, (await call("GET", "/machines/1")).body]).includes("CANARY"),
    "the password of a proxy is shown nowhere",
  );
  t.deepEqual(settings.body, { proxy: "http://a:***@127.0.0.1:3128", proxyExcludesLocalhost: true, sntp: null, networkPlaces: [] });
  const places = await call("PUT", "/machines/1/network-settings", { networkPlaces: ["scan", "archive"] });
  t.deepEqual(places.body, { ...Object(settings.body), networkPlaces: ["scan", "archive"] });
  for (const bad of [{ proxy: "socks://x" }, { proxy: 5 }, { sntp: "x" }, { dns: "1.1.1.1" }, { networkPlaces: [5] }])
    t.is((await call("PUT", "/machines/1/network-settings", bad)).status, 400);
  const policy = {
    loginService: "ldap",
    domains: ["SALES"],
    departments: { on: true, ids: ["0000321"] },
    groups: [{ id: "7", name: "Seven", members: ["alice"] }],
  };
  t.deepEqual((await call("PUT", "/machines/1/policy", policy)).body, policy);
  t.is((await call("PUT", "/machines/1/policy", { ...policy, groups: [{ id: "" }] })).status, 400);
  t.deepEqual((await call("PUT", "/machines/1/max-users-policy", { policy: "discard-new" })).body, { policy: "discard-new" });
  t.is((await call("PUT", "/machines/1/max-users-policy", { policy: "draw-lots" })).status, 400);
  await call("POST", "/machines/1/power", { action: "pull-plug" });
  await call("POST", "/machines/1/power", { action: "switch-on" });
  const kept = (await call("GET", "/machines/1")).body as {
    settings: { network: { sntp: unknown }; policy: unknown; maxUsersPolicy: unknown };
  };
  t.is(kept.settings.maxUsersPolicy, "discard-new");
  t.is(kept.settings.network.sntp, null);
  t.deepEqual(kept.settings.policy, policy);
});

test("people: one at a time, in any letter case, and only those the machine knows", async (t) => {
  const { call } = await startStandInDesk(t);
  const user = async () => ((await call("GET", "/machines/1")).body as { user: { owner: string } | null }).user?.owner;
  t.is((await call("POST", "/machines/1/login", { user: "alice" })).status, 200);
  t.deepEqual((await call("POST", "/machines/1/login", { user: "ADMINISTRATOR" })).body, { user: "Administrator" });
  t.is(await user(), "user:Administrator");
  const stranger = await call("POST", "/machines/1/login", { user: "mallory" });
  t.deepEqual([stranger.status, (stranger.body as { code: string }).code], [404, "unknown-user"]);
  t.deepEqual((await call("DELETE", "/machines/1/login")).body, { user: null });
  t.is(await user(), undefined);
});

test("the server machine's acts, files of users' data, the log and the resources", async (t) => {
  const { call, url } = await startStandInDesk(t);
  t.deepEqual((await call("DELETE", "/machines/1/server/owners/user%3Aalice")).body, { deleted: "user:alice" });
  t.is((await call("DELETE", "/machines/1/server/owners/user:nobody")).status, 404);
  t.is((await call("DELETE", "/machines/1/server/owners/alice")).status, 400);
  t.is((await call("DELETE", "/machines/1/server/machines/123")).status, 404);
  t.like((await call("GET", "/machines/1/not-applied")).body, [{ item: "weather", because: "unknown-item" }]);
  t.is((await call("POST", "/machines/1/server/prepare-export", {})).status, 200);
  t.is((await call("POST", "/machines/1/server/prepare-export", { owners: ["user:alice"] })).status, 200);
  t.is((await call("POST", "/machines/1/server/prepare-export", { owners: ["alice"] })).status, 400);
  t.is((await call("POST", "/machines/1/server/prepare-export", { owners: [] })).status, 400, "nobody chosen is not everybody");
  t.is((await call("POST", "/machines/1/server/prepare-export", { owners: ["common"] })).status, 409);
  const scopes = "/machines/1/server/scopes";
  t.deepEqual((await call("GET", scopes)).body, { timeline: "shared" });
  t.deepEqual((await call("PUT", scopes, { timeline: "device-specific" })).body, { timeline: "device-specific" });
  t.like((await call("PUT", scopes, { keychain: "device-specific" })).body, { code: "scope-fixed" });
  t.is((await call("PUT", scopes, { timeline: "sometimes" })).status, 400);
  t.is((await call("PUT", scopes, { weather: "shared" })).status, 400);
  const exported = await call("POST", "/machines/1/user-data/export", { passphrase: "correct", owners: ["user:alice"] });
  t.is(exported.status, 200);
  for (const bad of [{}, { passphrase: "" }, { passphrase: 5 }, { passphrase: "x", owners: ["x"] }])
    t.is((await call("POST", "/machines/1/user-data/export", bad)).status, 400);
  const imports = async (headers: Record<string, string>) => {
    const answer = await fetch(`${url}/api/machines/1/user-data/import`, { method: "POST", body: "file", headers });
    return [answer.status, await answer.json()];
  };
  t.deepEqual(await imports({ passphrase: "correct" }), [200, { imported: 4, leftOut: 0 }]);
  t.like((await imports({ passphrase: "wrong%20%C3%BC" }))[1], { code: "backup-unusable" });
  t.is((await imports({ passphrase: "%" }))[0], 400);
  t.is((await imports({}))[0], 400);
  t.like((await call("GET", "/machines/1/log")).body, [{ level: "Information", code: "started" }]);
  t.is((await call("GET", "/machines/1/resources")).status, 200);
});

test("what is not there is a 404, another method a 405, a foreign page a 403", async (t) => {
  const { call, url } = await startStandInDesk(t);
  t.is((await call("GET", "/machines/3/screen")).status, 404);
  t.is((await call("GET", "/machines/one/screen")).status, 404);
  t.is((await call("GET", "/nothing")).status, 404);
  t.is((await call("PATCH", "/machines/1/items")).status, 405);
  t.is((await fetch(`${url}/api/ntp`, { method: "POST", body: "{}", headers: { origin: "http://evil.example" } })).status, 403);
  t.regex(await (await fetch(url)).text(), /desk/);
});

test("events: first everything, then what changes", async (t) => {
  const { call, url } = await startStandInDesk(t);
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  const { body } = await fetch(`${url}/api/events`, { signal: ending.signal });
  if (body === null) return t.fail("no body");
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const until = async (what: RegExp): Promise<void> => {
    while (!what.test(heard)) heard += (await reader.read()).value ?? "";
  };
  await until(/event: desk\ndata: .*\n\n/);
  await call("POST", "/machines/2/network", { connected: false });
  await until(/event: machine\ndata: .*"connected":false.*\n\n/);
  await call("POST", "/ntp", { mode: "silent" });
  await until(/event: ntp\ndata: .*silent.*\n\n/);
  t.pass();
});
