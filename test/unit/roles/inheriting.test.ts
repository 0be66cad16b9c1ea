/** B06: what a server takes of the one before it, which has stepped aside: what that had made since both parted, and nothing else. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import type { LineageEntry, Position } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import type { DownBody } from "../../../src/protocol/down.ts";
import { packPart, unpackPart } from "../../../src/protocol/part.ts";
import type { Bring } from "../../../src/protocol/bring.ts";
import type { Up } from "../../../src/protocol/up.ts";
import { inherit } from "../../../src/roles/inheritance.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { partOf } from "./own-blocks.ts";
import { at, DEVICE, editOf } from "./own-copy.ts";
import { ENVELOPE, welcomeTo } from "./own-exchange.ts";

const SERVER = deviceId("5e".repeat(16));
const FIRST: LineageEntry = { ...at(0).epoch, first: 1 };
const HEIR: LineageEntry = { number: FIRST.number + 1, id: epochId("d".repeat(16)), first: 11, born: "promotion" };
const standing = (revision: number): readonly [string, Uint8Array] => {
  const edit = { ...editOf(revision), why: "first" } as const;
  return [entryKey(edit), packEntry(revision, encodeAccepted(edit))];
};

const NOTHING = { kind: "changes", part: 0, of: 1, deflated: false, bytes: new Uint8Array() } as const;

interface World {
  /** The epochs of the heir. */
  readonly lineage?: readonly LineageEntry[];
  /** Where the server before it stands. */
  readonly position?: Position;
  readonly refuses?: boolean;
  readonly destination?: string;
  /** What the heir's own server says of what is brought to it. */
  readonly takes?: "done" | "stood-down";
}

/** An heir that parted from its server at revision 10; that one has entries of revisions 9, 11 and 12. */
async function inherited({ lineage = [FIRST, HEIR], position = at(12), refuses = false, destination = "10.0.0.1", takes = "done" }: World) {
  const storage = new MemoryStorage();
  let hear: (message: { readonly envelope: unknown; readonly body: DownBody }) => void = () => undefined;
  const records = [9, 11, 12].map(standing).sort(([a], [b]) => (a < b ? -1 : 1));
  const part = partOf("", [], { end: true, revision: position.revision, last: records.at(-1)?.[0] ?? "", bytes: packPart(records) });
  const answer = (body: DownBody): void => void settle().then(() => hear({ envelope: { ...ENVELOPE, fleet: position.fleet }, body }));
  const send = ({ body }: Up): void => {
    if (body.kind === "hello" && refuses) answer({ kind: "refuse", number: body.number, refusal: { word: "server-not-running" } });
    else if (body.kind === "hello") answer(welcomeTo(0, { position, way: { kind: "snapshot", start: position, resume: false } }));
    else if (body.kind === "pull-part") answer(part);
    else if (body.kind === "pull-changes") answer({ ...NOTHING, first: body.after + 1, last: body.after });
  };
  const link = {
    state: "up",
    onState: () => undefined,
    onMessage: (listener: typeof hear) => (hear = listener),
    send,
    close: async () => undefined,
  };
  const brought: string[] = [];
  const parts = {
    hal: {
      storage,
      clock: new ManualClock(),
      device: { capabilities: { networkPlaces: "" } },
      users: { policy: () => ({ loginService: "off", domains: [], departments: { ids: [] }, groups: [] }) },
    },
    config: DEFAULT_CONFIG,
    links: { connect: () => link },
    device: DEVICE,
    random: (bytes: number) => new Uint8Array(bytes),
    journal: { lineage, position: { ...at(15), epoch: HEIR } },
    other: {
      inherit: async ({ bytes }: Bring) => {
        brought.push(...unpackPart(bytes).map(([key]) => key));
        return takes;
      },
    },
  };
  const outcome = await inherit(parts as never, { server: SERVER, destination, isTold: false }, new AbortController().signal);
  const left: string[] = [];
  for await (const [name] of storage.range({ from: "", to: "~" })) left.push(name);
  return { outcome, brought, left };
}

const key = (revision: number): string => standing(revision)[0];

test("B06 what the former server had made after the heir had parted from it is taken, once, and nothing that the heir has", async (t) => {
  t.deepEqual(await inherited({}), { outcome: "taken", brought: [key(11), key(12)], left: [] });
});

test("B06 of a server of another fleet, of one that is behind, or whose address says nothing, nothing is taken", async (t) => {
  const nothing = { outcome: "nothing", brought: [], left: [] } as const;
  t.deepEqual(await inherited({ position: { ...at(12), fleet: fleetId("1".repeat(32)) } }), nothing);
  t.deepEqual(await inherited({ lineage: [FIRST, { ...HEIR, first: 13 }] }), nothing, "the heir had all of it");
  t.deepEqual(await inherited({ lineage: [FIRST, { ...HEIR, born: "restore" }] }), nothing, "a restore undid it");
  t.deepEqual(await inherited({ destination: "not an address" }), nothing);
});

test("B06 a server that does not let its heir look keeps what it has, until another time", async (t) => {
  t.deepEqual(await inherited({ refuses: true }), { outcome: "kept", brought: [], left: [] });
});

test("B06 P16 an heir that has to step aside itself while it takes does not go on with it", async (t) => {
  t.like(await inherited({ takes: "stood-down" }), { outcome: "ended", left: [] });
});
