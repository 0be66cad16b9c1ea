/**
 * A machine's process without the module: the real provider, and a stand-in of the module that numbers edits by their
 * marks, shows one screen that echoes keys, and answers connections with their first bytes.
 */
import { mkdirSync } from "node:fs";
import type { Acknowledged, Administration, ClientStatus, ModuleStatus, ServerStatus } from "../../hal/services.ts";
import type { HistoryRecord } from "../../hal/services/history.ts";
import type { Provenance } from "../../hal/services/provenance.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Scope } from "../../src/model/item.ts";
import type { LogRecord } from "../../src/model/log.ts";
import { COMMON, parseOwner } from "../../src/model/owner.ts";
import type { Screen } from "../../src/model/screen.ts";
import { openMachine } from "../../hal/sim/provider.ts";

const [dataDir = "", pairs = "{}"] = process.argv.slice(2).filter((each) => each !== "--data" && each !== "--start");
const providerArguments: Readonly<Record<string, string>> = JSON.parse(pairs);

process.on("SIGINT", () => undefined);
mkdirSync(dataDir, { recursive: true });
const machine = await openMachine({ dataDir, arguments: providerArguments });
const { hal } = machine;

let server: ServerStatus | undefined;
let client: ClientStatus | undefined;
let statusChanged: (status: ModuleStatus) => void = () => undefined;
let keys: readonly string[] = [];
let typed = "";
let timeline: Scope = "shared";

const status = (): ModuleStatus => ({ deviceId: "00112233445566778899aabbccddeeff", server, client });
const show = (): void =>
  hal.panel.show({
    kind: "form",
    title: "Stand-in",
    rows: [{ text: keys.join(" "), enabled: true }],
    selected: 0,
    field: { label: "Password", value: typed, secret: true },
    softKeys: ["A", "", "", ""],
    status: "fine",
  } satisfies Screen);

const record: LogRecord = { at: "2026-06-01T12:00:00.000Z", level: "Information", code: "started", text: "the stand-in was started" };
const acknowledged: Acknowledged = { acknowledged: 7, pending: [] };

const ALICE = parseOwner("user:alice");
if (ALICE === undefined) throw new Error("not here");
const lost: HistoryRecord = {
  id: "0123456789abcdef",
  lostBy: "client",
  owner: ALICE,
  item: "display-language",
  key: "",
  value: "fr",
  because: "superseded",
  text: "a later change of another machine stands",
  lostAt: "2026-06-01T12:00:00.000Z",
};
const provenance = (name: EntryName): Provenance => ({
  ...name,
  state: "standing",
  deleted: false,
  by: "user:alice",
  deviceId: "00112233445566778899aabbccddeeff",
  certain: true,
  text: "set by user:alice",
  replaced: [lost],
});
const FOUND = ["127.0.9.11", "127.0.9.12"].map((address) => ({ address, deviceName: "Stand-in", server: "00".repeat(16) }));

const administration: Administration = {
  status,
  onStatus(listener) {
    statusChanged = listener;
    return () => undefined;
  },
  log: () => [record],
  onLog: () => () => undefined,
  async synchronize(change) {
    if (change.server === true && !hal.device.capabilities.server) return { word: "not-a-server-model" };
    if (change.server !== undefined)
      server = change.server ? { state: "running", machines: 1, users: 0, usersMax: 1_000, revision: 0 } : undefined;
    if (change.client === null) client = undefined;
    else if (change.client !== undefined) {
      if (change.client.destination === "nowhere:1") return { word: "destination-malformed", text: change.client.destination };
      client = { state: "restart-needed", pending: 0 };
    }
    statusChanged(status());
    return "done";
  },
  contact: async () => ({ kind: "found", server: "00112233445566778899aabbccddeeff" }),
  search: async (depth) =>
    depth > 8 ? { kind: "refused", refusal: { word: "search-depth", depthMax: 8 } } : { kind: "several", found: FOUND },
  testWay: async ({ destination }) => ({
    steps: [
      { part: "address", outcome: "passed" },
      { part: "port", outcome: "failed", code: "server-unreachable", message: "nobody answers" },
      { part: "service", outcome: "failed", refusal: { word: "server-not-running" } },
      { part: "clock", outcome: "not-reached" },
    ],
    destination,
    server: undefined,
    aheadMs: undefined,
  }),
  machines: () => [],
  removeMachine: async () => ({ word: "machine-unknown" }),
  deleteOwner: async (owner) => (owner === "user:nobody" ? { word: "owner-unknown" } : "done"),
  notApplied: () => [{ owner: COMMON, item: "weather", key: "1", because: "unknown-item", text: "unknown here" }],
  prepareExport: async (owners) => (owners.includes(COMMON) ? { word: "no-own-client" } : "done"),
  why: async (owner, item, key) => (owner === "user:nobody" ? { word: "nothing-kept" } : provenance({ owner, item, key })),
  history: async (owner) => (owner === "user:nobody" ? [] : [lost]),
  sharing: () => [{ item: "timeline", scope: timeline, selectable: true }],
  async setSharing({ timeline: chosen, ...others }) {
    const [fixed] = Object.keys(others);
    if (fixed !== undefined) return { word: "scope-fixed", item: fixed };
    if (client !== undefined) return { word: "machines-operating", machines: ["Printer 2"] };
    timeline = chosen ?? timeline;
    return "done";
  },
  preview: async ({ owner }) =>
    client === undefined
      ? { word: "not-paired" }
      : {
          id: "0123456789abcdef0123456789abcdef",
          joined: false,
          counts: { replaced: 0, supplied: 1, received: 0, unchanged: 0 },
          holdings: [{ owner: ALICE, outcome: "supplied", here: 1, there: 0, lost: 0 }],
          ...(owner === undefined ? {} : { entries: [{ item: "display-language", key: "", outcome: "supplied", here: "fr" }] }),
        },
  owners: async (search = "") =>
    server === undefined
      ? { word: "server-not-running" }
      : search === "none"
        ? []
        : [{ owner: ALICE, kind: "user", domain: "", name: "alice" }],
  attention: async () => [{ kind: "lost", records: 1 }],
  attentionSeen: async () => undefined,
  putBack: async ({ owner, ids }) => (owner === "user:nobody" ? { word: "nothing-kept" } : { entries: ids?.length ?? 1 }),
  exportUserData: async (passphrase, owners) => ({ kind: "exported", bytes: Buffer.from(`${passphrase} ${owners.join()}`) }),
  importUserData: async (file, passphrase) =>
    passphrase === "correct"
      ? { kind: "imported", entries: file.length, leftOut: 0 }
      : { kind: "refused", refusal: { word: "backup-unusable", fault: "passphrase" } },
  acknowledged: () => acknowledged,
  recorded: async (marks) => marks,
  async backup(passphrase) {
    return passphrase === ""
      ? { kind: "refused", refusal: { word: "server-not-running" } }
      : { kind: "backed-up", file: Buffer.from(`sealed with ${passphrase.length} letters`) };
  },
  async takeOver() {
    return client === undefined ? { word: "client-not-running" } : "done";
  },
  async restore(file, passphrase) {
    if (passphrase !== "right") return { word: "backup-unusable", fault: "passphrase" };
    return file.length > 0 ? "done" : { word: "backup-unusable", fault: "damaged" };
  },
  async importAddressBook(bytes) {
    const text = Buffer.from(bytes).toString();
    return text.startsWith("# Canon")
      ? { kind: "imported", entries: text.split("\n").length }
      : { kind: "malformed", message: "line 1: no header", line: 1, column: 3 };
  },
  async exportAddressBook() {
    return client === undefined
      ? { kind: "exported", bytes: Buffer.from("# Canon\r\n") }
      : { kind: "refused", refusal: { word: "locked-while-synchronising" } };
  },
};

hal.panel.onKey((key) => {
  keys = [...keys, key];
  show();
});
hal.panel.onText((text) => {
  typed += text;
  show();
});
show();
machine.onModule(administration);
if (hal.device.capabilities.server) {
  hal.power.wakeOn("connection");
  await hal.network.listen(8443, ({ stream }) => stream.pipe(stream));
}

const end = async (): Promise<void> => {
  machine.onModule(undefined);
  await machine.close();
  process.exit(0);
};
process.once("SIGTERM", end);
process.once("disconnect", end);
