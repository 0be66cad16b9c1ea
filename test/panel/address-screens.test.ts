/** The screens of the address books as tables of examples, and what the table of types says of entries that exist. */
import test from "ava";
import { DEFAULT_CONFIG } from "../../src/model/config.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import { COMMON } from "../../src/model/owner.ts";
import { formValues } from "../../src/panel/address-fields.ts";
import { freeOneTouch, roomOf } from "../../src/panel/address-room.ts";
import { accessNumber, DESTINATIONS, destinationOf } from "../../src/panel/destinations.ts";
import { personalData } from "../../src/panel/personal-data.ts";
import type { Place } from "../../src/panel/place.ts";
import type { PanelState } from "../../src/panel/state.ts";
import { mail } from "./machine.ts";
import { ADMINISTRATOR, after, ALICE, at, data, sketch } from "./state.ts";

const address = (key: string, columns: { [column: string]: string }): EntryChange => ({ ...mail("1", key, "", {}), value: columns });
const BOOK = [
  mail("1", "k-a", "Anna"),
  mail("1", "k-b", "Berta", { accesscode: "7" }),
  address("k-f", { objectclass: "remotefilesystem", cn: "Archive", subdbid: "1", url: "files", protocol: "FTP", username: "u", pwd: "x" }),
  address("k-g", { objectclass: "groupfids", cn: "Team", subdbid: "1", memberobjectuuid: "k-a;k-lost" }),
  address("k-o", { objectclass: "of-later-version", cn: "Later", subdbid: "1" }),
  mail("11", "k-1", "Otto", { indxid: "17" }),
].map((change) => ({ ...change, value: change.value ?? "" }));
const common = personalData([], BOOK);
const LIST = { owner: COMMON, item: "common-address", list: "1" } as const;
const ONE_TOUCH = { ...LIST, list: "11" } as const;

const known = (user: PanelState["user"]): Partial<PanelState> => ({
  user,
  data: new Map([
    [COMMON, common],
    ...(user === undefined
      ? []
      : [
          [
            user.owner,
            data({
              buttons: [
                { key: "b", name: "Plan", job: "copy", settings: {} },
                { key: "c", name: "Out", job: "scan-and-send", settings: {} },
              ],
            }),
          ] as const,
        ]),
  ]),
});
const valuesOf = (key: string) => formValues(common.addresses.find((candidate) => candidate.key === key) ?? common.addresses[0]!);
const change = (key: string, type: "ftp" | "group" | "other"): Place => ({
  screen: "address-form",
  list: LIST,
  type,
  changes: { key, before: valuesOf(key) },
});

const VIEWS: readonly (readonly [
  name: string,
  place: Place,
  user: PanelState["user"],
  values: string | undefined,
  rows: readonly string[],
])[] = [
  [
    "a list with one that is hidden",
    { screen: "address-list", list: LIST },
    ALICE,
    undefined,
    [
      "Address List 1",
      "Search (name or number):",
      "Add a destination",
      "> Anna: anna@example.com",
      "Archive: files",
      "Later: Destination",
      "Team: Members: 1",
      "1 more shows when its access number is typed.",
      "Address Lists 1-10 and administrators: 5 of 1600",
    ],
  ],
  [
    "the kinds of destinations",
    { screen: "address-type", list: LIST },
    ALICE,
    undefined,
    ["What kind of destination?", "> E-mail", "Fax", "IP fax", "I-fax", "Windows folder (SMB)", "FTP server", "WebDAV server", "Group"],
  ],
  [
    "a new fax in a common list",
    { screen: "address-form", list: LIST, type: "g3fax", changes: undefined },
    ALICE,
    undefined,
    ["New: Fax", "> Name:", "Fax number:", "Access number (may be empty):", "(Save)"],
  ],
  [
    "a new one-touch button",
    { screen: "address-form", list: ONE_TOUCH, type: "ipfax", changes: undefined },
    ALICE,
    undefined,
    ["New: IP fax", "> Name:", "IP fax address:", "One-touch number:", "(Save)"],
  ],
  [
    "a new file server in my own list",
    { screen: "address-form", list: { owner: ALICE.owner, item: "personal-address", list: "" }, type: "webdav", changes: undefined },
    ALICE,
    undefined,
    ["New: WebDAV server", "> Name:", "Server:", "Folder:", "User name:", "Password:", "(Save)"],
  ],
  [
    "a file server",
    { screen: "address", list: LIST, key: "k-f" },
    ALICE,
    undefined,
    [
      "Archive",
      "Type: FTP server",
      "Server: files",
      "Folder: -",
      "User name: u",
      "Password: stored",
      "> Change",
      "Erase the stored password",
      "Copy to a personal button",
      "Delete",
      "Where it comes from",
    ],
  ],
  [
    "a file server, nobody",
    { screen: "address", list: LIST, key: "k-f" },
    undefined,
    undefined,
    [
      "Archive",
      "Type: FTP server",
      "Server: files",
      "Folder: -",
      "User name: u",
      "Password: stored",
      "> (Change)",
      "(Erase the stored password)",
      "(Copy to a personal button)",
      "(Delete)",
      "(Where it comes from)",
    ],
  ],
  [
    "a file server that is changed",
    change("k-f", "ftp"),
    ALICE,
    "k-f",
    [
      "Change the destination",
      "> Name: Archive",
      "Server: files",
      "Folder:",
      "User name: u",
      "Password:",
      "Access number (may be empty):",
      "The stored password is never shown. Leave the field empty to keep it.",
      "Save",
    ],
  ],
  [
    "a one-touch button",
    { screen: "address", list: ONE_TOUCH, key: "k-1" },
    ALICE,
    undefined,
    [
      "Otto",
      "Type: E-mail",
      "E-mail address: otto@example.com",
      "One-touch number: 17",
      "> Change",
      "Copy to a personal button",
      "Delete",
      "Where it comes from",
    ],
  ],
  [
    "a group that lost a member",
    { screen: "address", list: LIST, key: "k-g" },
    ALICE,
    undefined,
    [
      "Team",
      "Type: Group",
      "Members: 1",
      "- Anna: anna@example.com",
      "1 member has been deleted. The group goes on without it.",
      "> Change",
      "Copy to a personal button",
      "Delete",
      "Where it comes from",
    ],
  ],
  [
    "a group that is changed, administrator",
    change("k-g", "group"),
    ADMINISTRATOR,
    "k-g",
    [
      "Change the destination",
      "> Name: Team",
      "Access number (may be empty):",
      "Members: 1",
      "Save takes deleted members off the group.",
      "Search (name or number):",
      "[x] Anna: anna@example.com",
      "[ ] Archive: files",
      "[ ] Berta: berta@example.com",
      "[ ] Later: Destination",
      "Save",
    ],
  ],
  [
    "a destination of a later version, whose name alone is changed",
    change("k-o", "other"),
    ALICE,
    "k-o",
    ["Change the destination", "> Name: Later", "Access number (may be empty):", "Save"],
  ],
  [
    "which button a destination is copied to",
    { screen: "address-copy", list: LIST, key: "k-a" },
    ALICE,
    undefined,
    ["To which personal button?", "> To a new personal button", "(Plan (Copy))", "Out (Scan and Send)"],
  ],
  [
    "a destination that was deleted before it was copied",
    { screen: "address-copy", list: LIST, key: "gone" },
    ALICE,
    undefined,
    ["Please note", "This entry is no longer there.", "It was deleted meanwhile, here or on another machine.", "Press Back.", "> OK"],
  ],
];

for (const [name, place, user, values, rows] of VIEWS) {
  test(`screen: ${name}`, (t) => {
    const state = at(place, known(user), values === undefined ? {} : valuesOf(values));
    t.deepEqual(sketch(after(state, { kind: "status", status: state.status, machines: [] }).screen), rows);
  });
}

test("keys: a copy asks once for the button under the finger", (t) => {
  const state = at({ screen: "address-copy", list: LIST, key: "k-a" }, known(ALICE));
  const { intents } = after(state, "down", "down", "ok", "ok");
  const from = { owner: COMMON, item: "common-address", key: "k-a" } as const;
  t.deepEqual(intents, [{ kind: "copy-destination", owner: ALICE.owner, button: "c", from }]);
});

test("keys: [Save] writes only the columns that were changed", (t) => {
  const state = at(change("k-f", "ftp"), known(ALICE), { ...valuesOf("k-f"), path: " in ", accesscode: "0042" });
  const { intents } = after(state, "soft1");
  const fields = { path: "in", accesscode: "42" };
  t.deepEqual(intents, [{ kind: "change-entry", owner: COMMON, item: "common-address", key: "k-f", fields }]);
});

test("keys: [Save] of what is as it was asks for nothing", (t) => {
  const { intents, screen } = after(at(change("k-f", "ftp"), known(ALICE), valuesOf("k-f")), "soft1");
  t.deepEqual(intents, []);
  t.is(screen.title, "Home: alice");
});

test("the type of an entry: by its class, of a file server by its protocol; what nobody knows stays what it is", (t) => {
  for (const { id, objectclass, protocol } of DESTINATIONS) t.is(destinationOf(objectclass, protocol).id, id);
  t.is(destinationOf("email", "").id, "email");
  t.is(destinationOf("remotefilesystem", " SMB ").id, "smb");
  t.is(destinationOf("remotefilesystem", "sftp").id, "file");
  t.is(destinationOf("remotefilesystem", undefined).id, "file");
  t.is(destinationOf("constructor", "").id, "other");
  t.is(destinationOf("", "").id, "other");
});

test("access numbers are compared without leading zeros; zero and what is no number are none", (t) => {
  const table = [
    ["321", "321"],
    ["0000321", "321"],
    ["0", ""],
    ["0000000", ""],
    ["", ""],
    ["12345678", ""],
    ["12a", ""],
  ] as const;
  for (const [text, number] of table) t.is(accessNumber(text), number, text);
});

test("the room of a list: one-touch for itself, the other common lists together, a person's list for itself", (t) => {
  const listed = Array.from({ length: 1_599 }, () => ({ list: "3" }));
  const oneTouch = Array.from({ length: 200 }, () => ({ list: "11" }));
  const room = (list: string, of: readonly { list: string }[]) => roomOf({ item: "common-address", list }, of, DEFAULT_CONFIG);
  t.is(room("1", [...listed, ...oneTouch]).why, undefined);
  t.is(room("1", [...listed, { list: "12" }]).why, "lists-full");
  t.is(room("12", [...listed, { list: "1" }]).why, "lists-full");
  t.is(room("11", oneTouch.slice(1)).why, undefined);
  t.is(room("11", oneTouch).why, "one-touch-full");
  t.is(roomOf({ item: "personal-address", list: "" }, listed.slice(0, 999), DEFAULT_CONFIG).why, undefined);
  t.is(roomOf({ item: "group-address", list: "" }, listed.slice(0, 1_000), DEFAULT_CONFIG).why, "list-full");
  t.is(freeOneTouch(new Set()), 1);
  t.is(freeOneTouch(new Set([1, 2, 4])), 3);
});
