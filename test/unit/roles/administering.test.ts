/** What administrators ask for is done one after the other, in the order in which it was asked for, whatever became of what came before. */
import test from "ava";
import { ModuleAdministration } from "../../../src/roles/module-administration.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { ALICE } from "./own-copy.ts";

test("M11 M33 no two acts of administrators are done at the same time, and one that fails holds up none", async (t) => {
  const said: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const act = (what: string) => (): Promise<string> => {
    said.push(`${what} begins`);
    return new Promise((resolve, reject) => {
      ends.push((error) => {
        said.push(`${what} ends`);
        if (error === undefined) resolve(what);
        else reject(error);
      });
    });
  };
  const administration = new ModuleAdministration({
    hal: { clock: new ManualClock() },
    signal: new AbortController().signal,
    backups: { backup: act("backup"), restore: act("restore") },
    preview: { preview: act("preview") },
    putBack: { perform: act("put back") },
  } as never);
  const asked = [
    administration.restore(new Uint8Array(), "passphrase"),
    administration.preview({}),
    administration.putBack({ owner: ALICE }),
    administration.backup("passphrase"),
  ];
  const outcomes = Promise.allSettled(asked);
  for (let number = 0; number < asked.length; number += 1) {
    await settle();
    t.is(ends.length, number + 1);
    ends[number]?.(number === 1 ? new Error("the server is away") : undefined);
  }
  t.deepEqual(
    (await outcomes).map((outcome) => (outcome.status === "fulfilled" ? outcome.value : outcome.reason.message)),
    ["restore", "the server is away", "put back", "backup"] as never,
  );
  t.deepEqual(
    said,
    ["restore", "preview", "put back", "backup"].flatMap((what) => [`${what} begins`, `${what} ends`]),
  );
});
