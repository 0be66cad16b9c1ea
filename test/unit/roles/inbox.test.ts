import test from "ava";
import { deviceId, epochId, fleetId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { ClientEvent } from "../../../src/roles/client/client-event.ts";
import { Inbox } from "../../../src/roles/client/inbox.ts";

const PIECE = new Uint8Array(LIMITS.pieceBytesMax);
const ROOM = Math.floor(LIMITS.heardBytesMax / PIECE.length);

/** A piece of changes, to all or in the session of this machine. */
const piece = (session?: string): ClientEvent => ({
  kind: "message",
  message: {
    envelope: {
      version: 2,
      fleet: fleetId("f".repeat(32)),
      epoch: { number: 1, id: epochId("e".repeat(16)) },
      from: deviceId("d".repeat(32)),
      session: session === undefined ? undefined : sessionId(session),
      counter: 1,
    },
    body: { kind: "changes", first: 1, last: 1, part: 0, of: 1, deflated: false, bytes: PIECE },
  },
  also: [],
});

test("P15 of the changes to all machines so many wait; what is more is let go, which is said once", async (t) => {
  const inbox = new Inbox();
  for (let n = 0; n < 3 * ROOM; n += 1) inbox.put(piece());
  inbox.put({ kind: "tick" });
  const { signal } = new AbortController();
  const kinds = (await inbox.take(signal)).map(({ kind }) => kind);
  t.deepEqual(kinds, [...Array.from({ length: ROOM }, () => "message"), "overrun", "tick"]);
  inbox.put(piece());
  t.deepEqual(
    (await inbox.take(signal)).map(({ kind }) => kind),
    ["message"],
    "what was taken waits no longer",
  );
  for (let n = 0; n <= ROOM; n += 1) inbox.put(piece());
  t.is((await inbox.take(signal)).at(-1)?.kind, "overrun", "it is said again when it happens again");
});

test("P15 what a machine has asked for is never let go", async (t) => {
  const inbox = new Inbox();
  for (let n = 0; n < 3 * ROOM; n += 1) inbox.put(piece("a".repeat(16)));
  t.is((await inbox.take(new AbortController().signal)).length, 3 * ROOM);
});
