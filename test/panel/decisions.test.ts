/** Small decisions of the panel, each by itself: what its line says, what differs on a screen, what may stand in a form and in a list, and who may change it. */
import test from "ava";
import type { ClientStatus, ModuleStatus, ServerStatus } from "../../hal/services.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import type { Screen } from "../../src/model/screen.ts";
import { cellsOf, changedFields, formFault, formValues, membersFault, newFields } from "../../src/panel/address-fields.ts";
import { freeOneTouch, oneTouchTaken } from "../../src/panel/address-room.ts";
import { destinationById } from "../../src/panel/destinations.ts";
import { addressesOf, personalData } from "../../src/panel/personal-data.ts";
import { sameScreen } from "../../src/panel/same-screen.ts";
import { ScreenNews } from "../../src/panel/screen-news.ts";
import { askAdmin } from "../../src/panel/screens/admin-question.ts";
import { found, mayEdit } from "../../src/panel/screens/address-list.ts";
import { listTitle } from "../../src/panel/screens/address-lists.ts";
import { statusLine, thingsToLookAt } from "../../src/panel/status-line.ts";
import { textsFor } from "../../src/panel/texts/texts.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { owner } from "./machine.ts";
import { ADMINISTRATOR, ALICE, at, data } from "./state.ts";

const TEXTS = textsFor(LANGUAGES, "en");
const DEVICE = "0".repeat(32);
const server = (change: Partial<ServerStatus> = {}) =>
  ({ state: "running", machines: 2, users: 0, usersMax: 9, revision: 1, ...change }) as ServerStatus;
const status = (client: Partial<ClientStatus> | undefined, own?: ServerStatus, more: Partial<ModuleStatus> = {}): ModuleStatus => ({
  deviceId: DEVICE,
  client: client && ({ state: "synchronized", pending: 0, ...client } as ClientStatus),
  server: own,
  ...more,
});

test("B05 each thing that waits for somebody is counted, and the line that says so says what is not sent as well", (t) => {
  const things: readonly (readonly [number, ModuleStatus])[] = [
    [0, status({}, server())],
    [1, status({ state: "refused" })],
    [1, status(undefined, server({ state: "waiting-for-clock" }))],
    [1, status(undefined, server({ state: "stood-down" }))],
    [1, status({}, server({ otherServer: "10.0.0.7" } as Partial<ServerStatus>))],
    [3, status({ keptHere: 3 })],
    [1, status({}, undefined, { lost: 7 })],
    [1, status({}, undefined, { storageLost: true })],
    [
      7,
      status({ state: "refused", keptHere: 2 }, server({ state: "stood-down", otherServer: "x" } as never), { lost: 1, storageLost: true }),
    ],
  ];
  for (const [count, one] of things) t.is(thingsToLookAt(one), count, JSON.stringify(one));
  t.is(statusLine(TEXTS, status({ state: "refused", pending: 4 })), TEXTS.status.things(1, 4));
  t.is(statusLine(TEXTS, status({})), TEXTS.status.upToDate);
  t.is(statusLine(TEXTS, status({ pending: 2 })), TEXTS.status.saved(2));
  t.is(statusLine(TEXTS, status({ state: "offline", pending: 2 })), TEXTS.status.saved(2));
  t.is(statusLine(TEXTS, status({ state: "offline", pending: 2, reason: "server-not-running" })), TEXTS.status.serverStopped(2));
  t.is(statusLine(TEXTS, status({ state: "offline", pending: 2, reason: "protocol-version" })), TEXTS.status.things(1, 2));
  t.is(statusLine(TEXTS, status(undefined, server())), TEXTS.status.server(2));
});

test("a screen is shown again where anything on it differs, and a status is news where anything but its revision does", (t) => {
  const screen: Screen = {
    kind: "form",
    title: "t",
    rows: [{ text: "a", enabled: false, why: "w" }],
    selected: 0,
    field: { label: "l", value: "v", secret: false },
    softKeys: ["", "", "", ""],
    status: "s",
  };
  t.true(sameScreen(screen, structuredClone(screen)));
  const others: readonly Partial<Screen>[] = [
    { rows: [{ text: "a", enabled: false, why: "x" }] },
    { rows: [{ text: "a", enabled: true }] },
    { rows: [...screen.rows, ...screen.rows] },
    { rows: [] },
    { field: { label: "l", value: "v", secret: true } },
    { field: { label: "l", value: "w", secret: false } },
    { field: undefined },
    { softKeys: ["", "", "", "x"] },
    { inverted: true },
    { keyRepeat: "slow" },
    { selected: undefined },
  ];
  for (const other of others) {
    t.false(sameScreen(screen, { ...screen, ...other }), JSON.stringify(other));
    t.false(sameScreen({ ...screen, ...other }, screen), JSON.stringify(other));
  }
  const news = new ScreenNews();
  const first = status({ revision: 1 }, server());
  t.true(news.isNews(first, []));
  t.false(news.isNews(status({ revision: 2 }, server({ revision: 9 })), []));
  t.true(news.isNews(status({ pending: 1 }, server()), []));
  t.true(news.isNews(status({ pending: 1 }, server()), [{ deviceId: DEVICE } as never]));
});

const LIST = { owner: COMMON, item: "common-address", list: "2" } as const;
const BUTTONS = { ...LIST, list: "11" } as const;
const mail = destinationById("email");
const file = destinationById("smb");

test("a form says the first thing that is the matter with what was changed, and nothing of what stood there before", (t) => {
  const cells = cellsOf(mail, BUTTONS);
  const fault = (values: object, before?: object, taken: readonly number[] = []) =>
    formFault(cells, values as never, before as never, new Set(taken));
  const good = { cn: "a", mailaddress: "a@x", indxid: "7" };
  t.is(fault(good), undefined);
  t.is(fault({ ...good, cn: " " }), "name-missing");
  t.is(fault({ ...good, mailaddress: "a" }), "mail-address-malformed");
  t.is(fault({ ...good, mailaddress: "a", cn: "b" }, { ...good, mailaddress: "a" }), undefined, "an import wrote it");
  t.is(fault(good, undefined, [7]), "one-touch-taken");
  t.is(fault({ ...good, cn: "b" }, good, [7]), undefined, "it had it before");
  t.is(fault({ ...good, indxid: "8" }, good, [8]), "one-touch-taken");
  t.is(fault({ ...good, indxid: "0" }), "one-touch-malformed");
  t.is(fault({ ...good, indxid: "201" }), "one-touch-malformed");
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
  t.deepEqual(
    [membersFault([]), membersFault(keys(1)), membersFault(keys(LIMITS.groupMembersMax)), membersFault(keys(LIMITS.groupMembersMax + 1))],
    ["members-missing", undefined, undefined, "members-full"],
  );
});

test("B08 what is written of a form: what was entered, without blanks but in a password, and no password that was not", (t) => {
  const cells = cellsOf(file, LIST);
  const values = { cn: " a ", url: "host", path: "", username: "", pwd: " p ", accesscode: "007" };
  t.deepEqual(newFields(file, LIST, cells, values), {
    ...{ objectclass: "remotefilesystem", protocol: "smb", cn: "a", url: "host", path: "", username: "" },
    ...{ pwd: " p ", accesscode: "7", subdbid: "2" },
  });
  t.false("pwd" in newFields(file, { ...LIST, list: "" }, cells, { ...values, pwd: "" }));
  t.false("subdbid" in newFields(file, { ...LIST, list: "" }, cells, values));
  t.deepEqual(changedFields(cells, { ...values, cn: "b", pwd: "" }, { ...values, pwd: "" }), { cn: "b" });
  const [one] = addressesOf([
    {
      owner: COMMON,
      item: "common-address",
      key: "k",
      value: { cn: "a", objectclass: "email", mailaddress: "a@x", pwd: "", accesscode: "007", subdbid: 3 },
    },
  ]);
  t.like(one, { list: "3", access: "7", password: false });
  t.deepEqual(one && formValues(one), { cn: "a", mailaddress: "a@x", indxid: "", accesscode: "7" });
});

test("the one-touch numbers that are taken, and the lowest that is not; they stand in the order of their numbers, and all else by name", (t) => {
  const entry = (key: string, value: object) => ({ owner: COMMON, item: "common-address", key, value: { cn: key, ...value } }) as never;
  const book = addressesOf([
    entry("c", { subdbid: "11", indxid: "10" }),
    entry("a", { subdbid: "11", indxid: "9" }),
    entry("z", { subdbid: "2", indxid: "1" }),
    entry("b", { subdbid: "2", indxid: "2" }),
  ]);
  const order = (list: string) => book.filter((address) => address.list === list).map(({ key }) => key);
  t.deepEqual(
    [order("11"), order("2")],
    [
      ["a", "c"],
      ["b", "z"],
    ],
  );
  t.deepEqual([...oneTouchTaken(book, undefined)].sort(), [10, 9]);
  t.deepEqual([...oneTouchTaken(book, "c")], [9]);
  const upTo = (last: number) => new Set(Array.from({ length: last }, (_, index) => index + 1));
  t.deepEqual([freeOneTouch(new Set([2])), freeOneTouch(upTo(2)), freeOneTouch(upTo(LIMITS.oneTouchMax))], [1, 3, LIMITS.oneTouchMax + 1]);
  const numbered = found(
    book.filter(({ list }) => list === "11"),
    "9",
  );
  t.deepEqual(
    numbered.map(({ key }) => key),
    ["a"],
  );
  const named = addressesOf([entry("7 seas", { subdbid: "11", indxid: "8" }), entry("x", { subdbid: "11", indxid: "7", cnread: "7" })]);
  const read = addressesOf([entry("anna", { cnread: "ANNA\u0007 B", subdbid: "2" }), entry("a\u0007b", { objectclass: "constructor" })]);
  t.deepEqual(
    found(read, "anna\u0007 b").map(({ key }) => key),
    ["anna"],
    "by how it is read as well",
  );
  t.deepEqual(read.map(({ label, cells }) => [label, cells]).sort(), [
    ["a b", { cn: "a\u0007b" }],
    ["anna", { cn: "anna" }],
  ]);
  t.deepEqual(
    found(named, "7").map(({ key }) => key),
    ["x", "7 seas"],
    "who has the number comes first, and once",
  );
});

test("who may change a list: who is logged in the common ones, administrators their own, a group's members the group's", (t) => {
  const may = (user: typeof ALICE | undefined, list: object) => mayEdit(at({ screen: "home" }, { user }), { ...LIST, ...list } as never);
  t.is(may(undefined, {}), "log-in-first");
  t.is(may(ALICE, {}), undefined);
  t.is(may(ALICE, { list: "12" }), "administrators-only");
  t.is(may(ADMINISTRATOR, { list: "12" }), undefined);
  t.is(may(ALICE, { item: "group-address", owner: owner("group:1") }), undefined);
  t.is(may(ALICE, { item: "group-address", owner: owner("group:2") }), "log-in-first");
  t.is(may(ALICE, { item: "personal-address", owner: ALICE.owner }), undefined);
  t.is(may(ADMINISTRATOR, { item: "personal-address", owner: ALICE.owner }), "log-in-first");
  const titles = ["group:50", "group:51"].map((group) =>
    listTitle(at({ screen: "home" }, { user: ALICE }), { owner: owner(group), item: "group-address", list: "" }),
  );
  t.deepEqual(titles, [TEXTS.address.groupList("50", "50"), TEXTS.address.groupList("51", undefined)]);
  const many = Array.from({ length: LIMITS.panelNamedMax + 2 }, (_, index) => owner(`user:u${index}`));
  const asked = askAdmin(at({ screen: "home" }, { user: ADMINISTRATOR }), { kind: "delete-owners", owners: many });
  t.like(asked.yes, { intent: { order: { owners: many } } }, "those that are not named as well");
  t.is(asked.means.length, LIMITS.panelNamedMax + 2);
});

test("of a user's own: the ten newest uses, keychains by their numbers, buttons with all that the panel knows of them", (t) => {
  const entry = (item: string, key: string, value: object) => ({ owner: ALICE.owner, item, key, value }) as never;
  const uses = Array.from({ length: LIMITS.timelineMax + 2 }, (_, turn) => entry("timeline", `${turn}`, { function: "copy", turn }));
  const { own } = personalData([...uses, entry("keychain", "10", {}), entry("keychain", "9", {})], []);
  t.is(own.timeline.length, LIMITS.timelineMax);
  t.is(own.timeline[0]?.key, `${LIMITS.timelineMax + 1}`);
  t.deepEqual(own.keychains, ["9", "10"]);
  t.deepEqual(data({}).buttons, []);
});
