import test from "ava";
import { startStandInDesk } from "./stand-in-desk.ts";

test("M33 the server's data is downloaded as a file and put back from one; the passphrase is in no address", async (t) => {
  const { call, url } = await startStandInDesk(t);
  const made = await call("POST", "/machines/1/server/backup", { passphrase: "right" });
  t.is(made.status, 200);
  t.regex(made.headers.get("content-disposition") ?? "", /printer-1-server\.backup/);
  t.is(made.body, "sealed with 5 letters");
  t.is((await call("POST", "/machines/1/server/backup", { passphrase: "" })).status, 400);
  t.is((await call("POST", "/machines/1/server/backup", { passphrase: 5 })).status, 400);
  const restore = async (headers: Record<string, string>, body = "file") => {
    const answer = await fetch(`${url}/api/machines/1/server/restore`, { method: "POST", body, headers });
    return [answer.status, await answer.json()];
  };
  t.deepEqual(await restore({ passphrase: "right" }), [200, { restored: true }]);
  t.like(await restore({ passphrase: "wrong%20%C3%BC" }), [422, { code: "backup-unusable" }]);
  t.like(await restore({ passphrase: "right" }, ""), [422, { code: "backup-unusable" }]);
  t.is((await restore({ passphrase: "%" }))[0], 400);
  t.is((await restore({}))[0], 400);
});

test("B06 a client machine is made the server; what it refuses is a 409", async (t) => {
  const { call } = await startStandInDesk(t);
  t.like(await call("POST", "/machines/1/server/take-over"), { status: 409, body: { code: "client-not-running" } });
  t.is((await call("PUT", "/machines/1/synchronize", { client: { destination: "localhost" } })).status, 200);
  t.is((await call("POST", "/machines/1/server/take-over")).status, 200);
});
