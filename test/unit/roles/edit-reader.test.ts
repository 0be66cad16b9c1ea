/** What a server takes for an edit of a machine, an offer, or a record that is brought; and how often it complains. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeAccepted, encodeEdit } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { EditReader } from "../../../src/roles/server/edit-reader.ts";
import { Session } from "../../../src/roles/server/session.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { DEVICE, editOf, RUN } from "./own-copy.ts";
import { HELLO, SESSION } from "./own-exchange.ts";

const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER - LIMITS.pendingMax;
const numbered = (sequence: number, device = DEVICE) => encodeEdit(editOf(1, { id: { device, run: RUN, sequence } }));
const OTHER = deviceId("b".repeat(32));

function reading() {
  const log = new CommunicationLog({ storage: new MemoryStorage(), clock: new ManualClock() });
  const session = new Session({ id: SESSION, device: DEVICE, hello: { ...HELLO, number: 1 }, by: "network", heardMs: 0 });
  const logged = () => log.records().map(({ note }) => (note?.kind === "not-understood" ? note.sent : note?.kind));
  return { reader: new EditReader({ log }), session, logged };
}

test("P6 an edit is a machine's own, and has a number after which there is room for as many as may wait", (t) => {
  const { reader, session } = reading();
  for (const sequence of [1, SEQUENCE_MAX]) t.is(reader.pushed(session, numbered(sequence))?.came?.edit.id.sequence, sequence);
  for (const bytes of [numbered(SEQUENCE_MAX + 1), numbered(1, OTHER), Uint8Array.of(255)]) t.is(reader.pushed(session, bytes), undefined);
});

test("P18 an offer is of the machine that makes it, with numbers of edits, or nothing of it is taken", (t) => {
  const { reader, session } = reading();
  t.is(reader.offered(session, () => [numbered(0), numbered(SEQUENCE_MAX)]).length, 2);
  for (const bytes of [numbered(SEQUENCE_MAX + 1), numbered(1, OTHER), Uint8Array.of(255)])
    t.is(
      reader.offered(session, () => [numbered(1), bytes]),
      "not-understood",
    );
});

test("B06 of what is brought nothing is taken that is no record, and one that is none spoils those with it", (t) => {
  const { reader, session, logged } = reading();
  const edit = { ...editOf(1), why: "first" } as const;
  const good: [string, Uint8Array] = [entryKey(edit), packEntry(3, encodeAccepted(edit))];
  t.is(reader.brought(session, packPart([good])).length, 1);
  t.deepEqual(reader.brought(session, packPart([good, ["x/unknown", Uint8Array.of(1)]])), []);
  t.deepEqual(reader.brought(session, Uint8Array.of(255)), []);
  t.deepEqual(logged(), ["record"]);
});

test("M32 a machine that says again and again what nobody understands is in the log once for each kind and session", (t) => {
  const { reader, session, logged } = reading();
  for (let times = 0; times < 3; times += 1) {
    reader.pushed(session, numbered(1, OTHER));
    reader.offered(session, () => [Uint8Array.of(255)]);
  }
  t.is(logged().length, 1, "both are malformed");
});
