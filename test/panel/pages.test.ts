/** Rows of pages that depend on who looks, and on what is the matter: who may register, open, take over; and what a form makes of values that do not fit. */
import test from "ava";
import type { ClientStatus, ModuleStatus, ServerStatus } from "../../hal/services.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { destinationValues } from "../../src/panel/chosen-destinations.ts";
import { destinationOf } from "../../src/panel/destinations.ts";
import { settingValues, startFault } from "../../src/panel/job-settings.ts";
import type { Place } from "../../src/panel/place.ts";
import { pageOf } from "../../src/panel/screens.ts";
import { byText } from "../../src/panel/shown-entry.ts";
import { registerRows } from "../../src/panel/screens/register.ts";
import type { PanelState } from "../../src/panel/state.ts";
import { ADMINISTRATOR, ALICE, at, data } from "./state.ts";

const rowsOf = (place: Place, change: Partial<PanelState>) => pageOf(at(place, change)).rows.map(({ key }) => key);
const status = (client: Partial<ClientStatus> | undefined, server?: Partial<ServerStatus>): Pick<PanelState, "status"> => ({
  status: {
    deviceId: "0".repeat(32),
    client: client && { state: "synchronized", pending: 0, ...client },
    server: server && { machines: 1, users: 0, usersMax: 9, revision: 1, ...server },
  } as ModuleStatus,
});

test("settings become a button where there is room for one, where they fit, and everybody's by administrators alone", (t) => {
  const whys = (user: PanelState["user"], copies = "1", buttons = 0) => {
    const many = Array.from({ length: buttons }, (_, index) => ({ key: `${index}`, name: "", job: "copy", settings: {} }));
    const own = user === undefined ? [] : ([[user.owner, data({ buttons: many })]] as const);
    const state = at({ screen: "home" }, { user, data: new Map(own), config: { capacities: { "personal-button": 2 }, historyDays: 1 } });
    return registerRows(state, "copy", { copies }).map(({ why }) => why);
  };
  t.deepEqual(whys(undefined), ["log-in-first", "shared-by-administrators"]);
  t.deepEqual(whys(ALICE), [undefined, "shared-by-administrators"]);
  t.deepEqual(whys(ALICE, "1", 2), ["buttons-full", "shared-by-administrators"]);
  t.deepEqual(whys(ADMINISTRATOR), [undefined, undefined]);
  t.deepEqual(whys(ADMINISTRATOR, "0"), ["copies-unfit", "copies-unfit"]);
});

test("B05 what waits for somebody is opened by administrators; others are told whom to ask, where anything waits", (t) => {
  const page = (user: PanelState["user"], change: Partial<PanelState>) => rowsOf({ screen: "status" }, { user, ...change });
  const refused = status({ state: "refused", reason: "put-out", refusal: { word: "put-out" } });
  t.deepEqual([page(ADMINISTRATOR, refused).includes("attention"), page(ADMINISTRATOR, refused).includes("ask")], [true, false]);
  t.deepEqual([page(ALICE, refused).includes("attention"), page(ALICE, refused).includes("ask")], [false, true]);
  t.false(page(ALICE, status({})).includes("ask"));
  t.true(page(ALICE, status(undefined, { state: "running" })).includes("machines"));
  t.false(page(ALICE, status(undefined, { state: "waiting-for-clock" })).includes("machines"), "it does not know how many there are");
});

test("B06 a server's place is taken on a machine that can serve, does not, and takes part already", (t) => {
  const has = (client: Partial<ClientStatus>, server?: Partial<ServerStatus>, serverModel = true) =>
    rowsOf({ screen: "sync-client" }, { user: ADMINISTRATOR, serverModel, ...status(client, server) }).includes("take-over");
  t.deepEqual(
    [has({}), has({}, undefined, false), has({}, { state: "running" }), has({ state: "restart-needed" })],
    [true, false, false, false],
  );
});

test("what does not fit a form is what stands there until somebody chooses", (t) => {
  t.is(settingValues("copy", { copies: LIMITS.jobCopiesMax + 1 }).copies, "1");
  t.is(settingValues("copy", { copies: LIMITS.jobCopiesMax }).copies, String(LIMITS.jobCopiesMax));
  t.is(settingValues("scan-and-store", { box: -1 }).box, "0");
  t.is(startFault("copy", { copies: String(LIMITS.jobCopiesMax + 1) }), "copies-unfit");
  t.is(startFault("fax", {}), "destination-missing");
  const many = Array.from({ length: LIMITS.jobDestinationsMax + 1 }, (_, index) => ({ cn: `${index}` }));
  t.is(destinationValues([...many.slice(1), 7]).length, LIMITS.jobDestinationsMax);
  t.is(destinationValues(many).length, LIMITS.jobDestinationsMax);
  t.deepEqual(
    [
      destinationOf("remotefilesystem", " SMB ").id,
      destinationOf("remotefilesystem", "x").id,
      destinationOf("email", "x").id,
      destinationOf("x", "").id,
    ],
    ["smb", "file", "email", "other"],
  );
  const state = at({ screen: "home" });
  t.is(new Set(["import", "put-back", "", "user:alice"].map((by) => byText(state, by))).size, 4);
});
