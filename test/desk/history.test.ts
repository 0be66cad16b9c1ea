import test from "ava";
import { startStandInDesk } from "./stand-in-desk.ts";

test("B02 B04 the desk says where an entry comes from and what lost, and puts it back", async (t) => {
  const { call } = await startStandInDesk(t);
  const why = await call("GET", "/machines/1/why?owner=user:alice&item=display-language&key=");
  t.is(why.status, 200);
  t.like(why.body, { owner: "user:alice", item: "display-language", key: "", state: "standing", by: "user:alice" });
  t.like((await call("GET", "/machines/1/history?owner=user:alice")).body, [{ id: "0123456789abcdef", because: "superseded" }]);
  t.like((await call("GET", "/machines/1/history")).body, [{ value: "fr" }]);
  t.deepEqual((await call("GET", "/machines/1/attention")).body, [{ kind: "lost", records: 1 }]);
  t.is((await call("POST", "/machines/1/history/seen")).status, 200);
  t.is((await call("POST", "/machines/1/storage-loss/seen")).status, 200);
  const put = await call("POST", "/machines/1/history/put-back", { owner: "user:alice", ids: ["0123456789abcdef"] });
  t.deepEqual([put.status, put.body], [200, { putBack: 1 }]);
});

test("B02 B04 what the desk cannot say is refused with its reason", async (t) => {
  const { call } = await startStandInDesk(t);
  const asked = [
    ["GET", "/machines/1/why?owner=user:nobody&item=display-language", undefined, 404, "nothing-kept"],
    ["GET", "/machines/1/why?owner=user:alice", undefined, 400, "malformed"],
    ["GET", "/machines/1/why?owner=alice&item=x", undefined, 400, "malformed"],
    ["GET", "/machines/1/history?owner=alice", undefined, 400, "malformed"],
    ["POST", "/machines/1/history/put-back", { owner: "user:nobody" }, 404, "nothing-kept"],
    ["POST", "/machines/1/history/put-back", { owner: "user:alice", id: "x" }, 400, "malformed"],
    ["POST", "/machines/1/history/put-back", { owner: "user:alice", ids: "x" }, 400, "malformed"],
  ] as const;
  for (const [method, path, body, status, code] of asked) {
    const reply = await call(method, path, body);
    t.is(reply.status, status, path);
    t.like(reply.body, { code }, path);
  }
});

test("B01 the desk shows the preview of a machine whose client function is set, and says when an earlier one is stale", async (t) => {
  const { call } = await startStandInDesk(t);
  const before = await call("GET", "/machines/1/preview");
  t.is(before.status, 409);
  t.like(before.body, { code: "not-paired" });
  await call("PUT", "/machines/1/synchronize", { client: { destination: "127.0.0.9", account: "a", password: "b" }, preview: "x" });
  const preview = await call("GET", "/machines/1/preview");
  t.like(preview.body, { joined: false, counts: { supplied: 1 } });
  t.like((await call("GET", "/machines/1/preview?owner=user:alice&id=other")).body, { stale: true, entries: [{ here: "fr" }] });
  const { id } = preview.body as { id: string };
  t.like((await call("GET", `/machines/1/preview?id=${id}`)).body, { stale: false });
});

test("M31 M32 the desk lists users, groups and machines of a server machine, and gives the communication log as a file", async (t) => {
  const { call, url } = await startStandInDesk(t);
  t.like((await call("GET", "/machines/1/server/owners")).body, { code: "server-not-running" });
  await call("PUT", "/machines/1/synchronize", { server: true });
  t.like((await call("GET", "/machines/1/server/owners?search=al")).body, [{ owner: "user:alice", kind: "user" }]);
  t.deepEqual((await call("GET", "/machines/1/server/owners?search=none")).body, []);
  t.deepEqual((await call("GET", "/machines/1/server/machines")).body, []);
  const file = await fetch(`${url}/api/machines/1/log?format=text`);
  t.regex(file.headers.get("content-disposition") ?? "", /communication-log-1\.txt/);
  t.regex(await file.text(), /^2026-06-01T12:00:00\.000Z\tInformation\tstarted\tthe stand-in was started\n$/);
});
