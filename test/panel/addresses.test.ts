/** Address books from the keys alone: every type of destination in every list, groups, numbers, passwords, copies and full lists. */
import test from "ava";
import type { EntryChange } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { isFields, type Fields } from "../../src/model/value.ts";
import { DESTINATIONS } from "../../src/panel/destinations.ts";
import { button, mail, owner, PanelMachine } from "./machine.ts";

const LISTS = [
  ["alice", "user:alice", "personal-address", "Personal Address List", undefined],
  ["alice", "group:1", "group-address", "User Group Address List 01: Sales", undefined],
  ["alice", "common", "common-address", "Address List 1 ", "1"],
  ["alice", "common", "common-address", "Address List 10", "10"],
  ["alice", "common", "common-address", "One-Touch", "11"],
  ["Administrator", "common", "common-address", "Address List for Administrators", "12"],
] as const;

/** What is typed, field by field, and the columns that come of it. */
const TYPED: readonly (readonly [type: string, texts: readonly string[], columns: Fields])[] = [
  ["E-mail", ["Zoe", "zoe@example.com"], { objectclass: "email", protocol: "smtp", cn: "Zoe", mailaddress: "zoe@example.com" }],
  ["Fax", ["Zoe", "030 123"], { objectclass: "g3fax", cn: "Zoe", dialdata: "030 123" }],
  ["IP fax", ["Zoe", "10.0.0.9"], { objectclass: "ipfax", cn: "Zoe", uri: "10.0.0.9" }],
  ["I-fax", ["Zoe", "fax@example.com"], { objectclass: "ifax", cn: "Zoe", mailaddress: "fax@example.com" }],
  [
    "Windows folder (SMB)",
    ["Zoe", "\\\\files\\in", "scans", "zoe", "fern-3381"],
    { objectclass: "remotefilesystem", protocol: "smb", url: "\\\\files\\in", path: "scans", username: "zoe", pwd: "fern-3381" },
  ],
  [
    "FTP server",
    ["Zoe", "ftp.example.com", "/in", "zoe", "fern-3381"],
    { objectclass: "remotefilesystem", protocol: "ftp", url: "ftp.example.com", path: "/in", username: "zoe", pwd: "fern-3381" },
  ],
  [
    "WebDAV server",
    ["Zoe", "https://dav.example.com", "in", "zoe", "fern-3381"],
    { objectclass: "remotefilesystem", protocol: "webdav", url: "https://dav.example.com", path: "in", username: "zoe", pwd: "fern-3381" },
  ],
];

const valuesOf = async (machine: PanelMachine, name: string, item: string): Promise<readonly Fields[]> =>
  (await machine.entries(name, item)).flatMap(({ value }) => (isFields(value) ? [value] : []));

for (const [user, name, item, title, number] of LISTS) {
  for (const [type, texts, columns] of TYPED) {
    test(`a destination is added, found and deleted: ${type} in ${title}`, async (t) => {
      const machine = await PanelMachine.start(t);
      await machine.logIn(user);
      await machine.choose("Address lists", title, "Add a destination", type);
      for (const text of texts) {
        await machine.type(text);
        await machine.press("ok");
      }
      await machine.press("soft1");
      t.true(machine.screen.title.startsWith(title.trim()), machine.screen.title);
      t.regex(machine.selected ?? "", /Zoe: /);
      const [value] = await valuesOf(machine, name, item);
      t.like(value, { ...columns, cnread: "Zoe", cnshort: "Zoe", accesscode: "0", indxid: number === "11" ? "1" : "201" });
      t.is(value?.subdbid, number);
      await machine.type("zoe");
      await machine.press("ok", "ok");
      t.is(machine.screen.title, "Zoe");
      await machine.choose("Delete", "Yes");
      t.deepEqual(await valuesOf(machine, name, item), []);
      for (const screen of machine.shown) t.false(JSON.stringify(screen).includes("fern-3381"));
    });
  }
}

test("every type that can be added is tried here, and a group below", (t) => {
  t.is(TYPED.length, DESTINATIONS.length - 1);
});

test("the administrators' list is there for administrators alone", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [mail("12", "a1", "Archive")] });
  await machine.logIn("alice");
  await machine.choose("Address lists");
  t.false(machine.lines.some((line) => line.includes("Administrators")));
  await machine.logIn("Administrator");
  await machine.choose("Address lists", "Address List for Administrators (1)");
  t.is(machine.selected, "Archive: archive@example.com");
});

/** What does not fit, and what the panel says. */
const FAULTS: readonly (readonly [type: string, texts: readonly string[], why: RegExp, field: string])[] = [
  ["E-mail", [], /A name is missing/, "Name:"],
  ["E-mail", ["A", "anna"], /not complete/, "E-mail address: anna"],
  ["Fax", ["A"], /fax number is missing/, "Fax number:"],
  ["Fax", ["A", "12x"], /cannot be dialled/, "Fax number: 12x"],
  ["IP fax", ["A", "a b"], /blank in it/, "IP fax address: a b"],
  ["I-fax", ["A", "@"], /not complete/, "E-mail address: @"],
  ["Windows folder (SMB)", ["A"], /server is missing/, "Server:"],
  ["WebDAV server", ["A", "dav.example.com"], /http:\/\/ or https:\/\//, "Server: dav.example.com"],
  ["Group", ["A"], /needs a member/, "Save"],
];
for (const [type, texts, why, field] of FAULTS) {
  test(`[Save] is grey, says why, and leads to what has to be put right: ${type} with ${JSON.stringify(texts)}`, async (t) => {
    const machine = await PanelMachine.start(t);
    await machine.logIn("alice");
    await machine.choose("Address lists", "Address List 3", "Add", type);
    for (const text of texts) {
      await machine.type(text);
      await machine.press("ok");
    }
    await machine.press("soft1");
    t.regex(machine.lines[0] ?? "", why);
    await machine.press("ok");
    t.regex(machine.lines[0] ?? "", /^Name:/);
    t.is(machine.selected, field);
    t.deepEqual(await machine.entries("common", "common-address"), []);
  });
}

test("a one-touch number is chosen, refused when it is taken or none of the 200, and found by typing it", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [mail("11", "u1", "Anna", { indxid: "1" }), mail("11", "u7", "Berta7", { indxid: "8" })],
  });
  await machine.logIn("alice");
  await machine.choose("Address lists", "One-Touch", "Add", "E-mail");
  await machine.type("Carl");
  await machine.press("ok");
  await machine.type("carl@example.com");
  await machine.press("ok");
  t.is(machine.screen.field?.value, "2", "the lowest free one is there already");
  await machine.press("clear");
  await machine.type("8");
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /Another destination has this one-touch number/);
  await machine.press("ok");
  await machine.choose("One-touch number");
  await machine.type("01");
  await machine.press("ok", "soft1");
  t.regex(machine.lines[0] ?? "", /1 to 200/);
  await machine.press("ok");
  await machine.choose("One-touch number");
  await machine.press("clear", "clear", "clear");
  await machine.type("7");
  await machine.press("ok", "soft1");
  t.is(machine.selected, "7 Carl: carl@example.com");
  await machine.type("7");
  t.deepEqual(machine.lines.slice(2, -1), ["7 Carl: carl@example.com", "8 Berta7: berta7@example.com"], "the number itself comes first");
});

test("a one-touch number that another machine took meanwhile is refused, and what was typed stays", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Address lists", "One-Touch", "Add", "E-mail");
  await machine.type("Carl");
  await machine.press("ok");
  await machine.type("carl@example.com");
  await machine.arrives(mail("11", "u1", "Anna", { indxid: "1" }));
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /Another destination has this one-touch number/);
  await machine.press("ok");
  t.is(machine.lines[0], "Name: Carl");
});

test("a destination with an access number shows to who types it, and to administrators; the number is on no screen", async (t) => {
  const entries = [mail("2", "h", "Hidden", { accesscode: "0004711" }), mail("2", "v", "Visible")];
  const machine = await PanelMachine.start(t, { entries });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 2 (2)");
  t.deepEqual(machine.lines.slice(2, -1), ["Visible: visible@example.com", "1 more shows when its access number is typed."]);
  await machine.type("hidden");
  t.deepEqual(machine.lines.slice(2, -1), ["No name, address or number matches.", "1 more shows when its access number is typed."]);
  await machine.press(...Array<"clear">(6).fill("clear"));
  await machine.type("4711");
  t.deepEqual(machine.lines.slice(2, -1), ["Hidden: hidden@example.com"]);
  await machine.press("ok", "ok");
  t.is(machine.screen.title, "Hidden");
  for (const screen of machine.shown) t.false(JSON.stringify([screen.title, screen.rows.slice(1)]).includes("4711"));
  await machine.logIn("Administrator");
  await machine.choose("Address lists", "Address List 2");
  t.deepEqual(machine.lines.slice(2, -1), ["Hidden: hidden@example.com", "Visible: visible@example.com"]);
});

test("an access number is set from the panel, and one of zeros alone is refused", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [mail("2", "v", "Vera", { accesscode: "0" })] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 2", "Vera", "Change", "Access number");
  await machine.type("00");
  await machine.press("ok", "soft1");
  t.regex(machine.lines[0] ?? "", /not only zeros/);
  await machine.press("ok");
  await machine.choose("Access number");
  await machine.type("12");
  await machine.press("ok", "soft1");
  t.like((await valuesOf(machine, "common", "common-address"))[0], { accesscode: "12", cn: "Vera" });
});

const SMB: EntryChange = {
  owner: owner("common"),
  item: "common-address",
  key: "f1",
  value: {
    objectclass: "remotefilesystem",
    cn: "Archive",
    subdbid: "1",
    url: "\\\\old",
    path: "in",
    protocol: "smb",
    username: "u",
    pwd: "moss-2207",
  },
};

test("B08 a password is masked, never shown again, kept when the field stays empty, and its erasing is announced", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [SMB] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 1", "Archive");
  t.true(machine.lines.includes("Password: stored"));
  await machine.choose("Change");
  t.true(machine.lines.includes("Password:"));
  t.true(machine.lines.some((line) => line.startsWith("The stored password is never shown.")));
  await machine.choose("Server");
  await machine.type("2");
  t.false(machine.lines.some((line) => line.includes("never shown")));
  await machine.press("ok");
  t.true(machine.lines.some((line) => line.endsWith("Save erases it. Type the password again.")));
  await machine.press("soft1");
  t.like((await valuesOf(machine, "common", "common-address"))[0], { url: "\\\\old2", pwd: "" });
  t.true(machine.lines.includes("Password: none"));
  await machine.choose("Change", "Password");
  await machine.type("reed-4410");
  t.is(machine.screen.field?.value, "*********");
  await machine.press("ok", "soft1");
  t.like((await valuesOf(machine, "common", "common-address"))[0], { pwd: "reed-4410" });
  await machine.choose("Erase the stored password");
  t.like((await valuesOf(machine, "common", "common-address"))[0], { pwd: "", url: "\\\\old2" });
  for (const screen of machine.shown) t.notRegex(JSON.stringify(screen), /moss-2207|reed-4410/);
});

test("B08 the same password typed again for another server stays: it was given anew, not handed on", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [SMB] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 1", "Archive", "Change", "Server");
  await machine.type("2");
  await machine.press("ok");
  await machine.choose("Password");
  await machine.type("moss-2207");
  const marks = machine.hal.addressBook.mark();
  await machine.press("ok", "soft1");
  t.like((await valuesOf(machine, "common", "common-address"))[0], { url: "\\\\old2", pwd: "moss-2207" });
  const edits = (await machine.hal.addressBook.editsSince(marks)).map(({ value }) => (isFields(value) ? value.pwd : undefined));
  t.deepEqual(edits, ["", "moss-2207"], "whoever follows the edits sees it erased first");
});

/** A group in list 4 with these members, by uuid. */
const group = (members: string): EntryChange => ({
  owner: owner("common"),
  item: "common-address",
  key: "g",
  value: { objectclass: "groupfids", cn: "Team", subdbid: "4", indxid: "300", uuid: "g", memberobjectuuid: members },
});
const PEOPLE = [mail("4", "k-a", "Anna"), mail("4", "k-b", "Berta"), mail("4", "k-c", "Carl"), mail("5", "k-d", "Dora")];

test("a group is made of destinations that are ticked in its list", async (t) => {
  const machine = await PanelMachine.start(t, { entries: PEOPLE });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 4", "Add", "Group");
  await machine.type("Team");
  await machine.press("ok");
  t.false(
    machine.lines.some((line) => line.includes("Dora")),
    "members come from the list",
  );
  await machine.choose("[ ] Anna");
  t.is(machine.selected, "[x] Anna: anna@example.com", "OK ticks, and the row stays under the finger");
  await machine.choose("[ ] Berta", "[x] Berta");
  await machine.type("carl");
  await machine.press("ok", "ok");
  t.is(machine.selected, "[x] Carl: carl@example.com");
  t.true(machine.lines.includes("Members: 2"));
  await machine.press("soft1");
  t.is(machine.selected, "Team: Members: 2");
  const made = (await valuesOf(machine, "common", "common-address")).find(({ objectclass }) => objectclass === "groupfids");
  t.like(made, { cn: "Team", subdbid: "4", memberobjectuuid: "k-a;k-c", member: "" });
  await machine.press("ok");
  t.true(machine.lines.includes("- Anna: anna@example.com"));
});

test("a group says that it lost a member, and saving it takes the lost one off", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [...PEOPLE, group("k-a;k-b")] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 4", "Anna", "Delete");
  t.true(machine.lines.includes("1 group loses it as a member."));
  await machine.choose("Yes", "Team");
  t.deepEqual(machine.lines.slice(0, 4), [
    "Type: Group",
    "Members: 1",
    "- Berta: berta@example.com",
    "1 member has been deleted. The group goes on without it.",
  ]);
  await machine.choose("Change");
  t.true(machine.lines.includes("Save takes deleted members off the group."));
  await machine.press("soft1");
  t.false(machine.lines.some((line) => line.includes("has been deleted")));
  const team = (await valuesOf(machine, "common", "common-address")).find(({ cn }) => cn === "Team");
  t.is(team?.memberobjectuuid, "k-b");
});

test("members that somebody else adds while I change the group stay in it", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [...PEOPLE, group("k-a;k-b")] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 4", "Team", "Change", "[x] Anna");
  await machine.arrives(group("k-a;k-b;k-c"));
  await machine.press("soft1");
  const team = (await valuesOf(machine, "common", "common-address")).find(({ cn }) => cn === "Team");
  t.is(team?.memberobjectuuid, "k-b;k-c");
});

for (const [cells, members] of [
  [{ memberobjectuuid: "K-B, K-A" }, ["Anna", "Berta"]],
  [{ member: "401 402" }, ["Anna", "Berta"]],
  [{ member: "Anna;berta@example.com" }, ["Anna", "Berta"]],
  [{ memberobjectuuid: "k-a", member: "402" }, ["Anna"]],
  [{ memberobjectuuid: "g;k-a;k-a" }, ["Anna"]],
] as const) {
  test(`a group of a file has its members, however they are named: ${JSON.stringify(cells)}`, async (t) => {
    const machine = await PanelMachine.start(t, {
      entries: [
        mail("4", "k-a", "Anna", { indxid: "401" }),
        mail("4", "k-b", "Berta", { indxid: "402" }),
        { ...group(""), value: { objectclass: "groupfids", cn: "Team", subdbid: "4", indxid: "403", ...cells } },
      ],
    });
    await machine.logIn("alice");
    await machine.choose("Address lists", "Address List 4", "Team");
    t.deepEqual(
      machine.lines.filter((line) => line.startsWith("- ")).map((line) => line.slice(2).split(":")[0]),
      [...members],
    );
    t.false(machine.lines.some((line) => line.includes("deleted")));
  });
}

test("a group tells nobody of members that are hidden or belong to administrators", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [mail("12", "k-x", "Boss"), mail("4", "k-y", "Secretive", { accesscode: "99" }), group("k-x;k-y")],
  });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 4", "Team");
  t.deepEqual(machine.lines.slice(1, 4), ["Members: 2", "- (not shown to you)", "- (not shown to you)"]);
  await machine.choose("Change");
  await machine.press("down", "down", "down");
  await machine.type("secret");
  t.false(
    machine.lines.some((line) => line.startsWith("[")),
    "a search does not find them either",
  );
  for (const screen of machine.shown) t.notRegex(JSON.stringify(screen), /Boss|Secretive/);
});

test("a destination is copied to a new button and to one that sends; the copy is the button's own, without the password", async (t) => {
  const machine = await PanelMachine.start(t, {
    entries: [
      SMB,
      button("user:alice", "b1", "Copies"),
      { ...button("user:alice", "b2", ""), value: { name: "Mail", function: "scan-and-send", settings: { colour: "auto" }, later: 1 } },
    ],
  });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 1", "Archive", "Copy to a personal button", "Copies");
  t.regex(machine.lines[0] ?? "", /does not send/);
  await machine.press("ok");
  await machine.choose("Mail");
  t.is(machine.lines[0], "The destination was copied to the button.");
  await machine.press("ok");
  t.is(machine.screen.title, "Archive");
  const copy = { objectclass: "remotefilesystem", cn: "Archive", url: "\\\\old", path: "in", username: "u", protocol: "smb" };
  const mailButton = async () => (await machine.entries("user:alice", "personal-button")).find(({ key }) => key === "b2")?.value;
  t.deepEqual(await mailButton(), {
    name: "Mail",
    function: "scan-and-send",
    settings: { colour: "auto", destinations: [copy] },
    later: 1,
  });
  await machine.choose("Copy to", "Mail");
  t.like(await mailButton(), { settings: { destinations: [copy] } }, "twice copied, once there");
  await machine.press("ok");
  await machine.choose("Copy to", "To a new");
  const made = (await valuesOf(machine, "user:alice", "personal-button")).find(({ name }) => name === "Archive");
  t.deepEqual(made, { name: "Archive", function: "scan-and-send", settings: { destinations: [copy] } });
});

test("a group is copied as its members, and faxes alone become a button for Fax", async (t) => {
  const fax = (key: string, cn: string): EntryChange => ({
    ...group(""),
    key,
    value: { objectclass: "g3fax", cn, subdbid: "4", dialdata: "030", uuid: key },
  });
  const machine = await PanelMachine.start(t, { entries: [fax("k-a", "Anna"), fax("k-b", "Berta"), group("k-a;k-b")] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 4", "Team", "Copy to", "To a new");
  const [made] = await valuesOf(machine, "user:alice", "personal-button");
  const destinations = ["Anna", "Berta"].map((cn) => ({ objectclass: "g3fax", cn, dialdata: "030" }));
  t.deepEqual(made, { name: "Team", function: "fax", settings: { destinations } });
});

test("capacity: one-touch takes 200, the other common lists 1,600 together, and the panel says so", async (t) => {
  const oneTouch = Array.from({ length: LIMITS.oneTouchMax }, (_, n) => mail("11", `o${n}`, `O${n}`, { indxid: String(n + 1) }));
  const listed = Array.from({ length: LIMITS.commonAddressesMax - 1 }, (_, n) => mail(String(1 + (n % 10)), `l${n}`, `L${n}`));
  const machine = await PanelMachine.start(t);
  await machine.hal.addressBook.apply([...oneTouch, ...listed], undefined, 0);
  await machine.arrives(mail("12", "last", "Last"));
  await machine.logIn("alice");
  await machine.choose("Address lists", "One-Touch (200)");
  t.is(machine.lines.at(-1), "Registered: 200 of 200");
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /All one-touch numbers are taken/);
  await machine.press("ok", "back");
  await machine.choose("Address List 7");
  t.is(machine.lines.at(-1), "Address Lists 1-10 and administrators: 1600 of 1600");
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /are full together/);
  await machine.press("ok", "back");
  await machine.choose("Personal Address List", "Add");
  t.is(machine.screen.title, "What kind of destination?");
});

test("the last place that another machine took while I typed is refused at the rim", async (t) => {
  const machine = await PanelMachine.start(t);
  const listed = Array.from({ length: LIMITS.commonAddressesMax - 1 }, (_, n) => mail(String(1 + (n % 10)), `l${n}`, `L${n}`));
  await machine.hal.addressBook.apply(listed, undefined, 0);
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 7", "Add", "E-mail");
  await machine.type("Carl");
  await machine.press("ok");
  await machine.type("carl@example.com");
  await machine.arrives(mail("1", "last", "Last"));
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /are full together/);
});

test("a one-touch number that was taken a moment before [Save] is refused at the rim, for a new button and for a changed one", async (t) => {
  const machine = await PanelMachine.start(t, { entries: [mail("11", "u5", "Fiona", { indxid: "5" })] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "One-Touch", "Add", "E-mail");
  await machine.type("Carl");
  await machine.press("ok");
  await machine.type("carl@example.com");
  // It is in the store, and the panel has not read it yet.
  await machine.hal.addressBook.apply([mail("11", "u1", "Anna", { indxid: "1" })], undefined, 0);
  await machine.press("soft1");
  t.regex(machine.lines[0] ?? "", /Another destination has this one-touch number/);
  await machine.press("home");
  await machine.choose("Address lists", "One-Touch", "5 Fiona", "Change", "One-touch number");
  await machine.press("clear");
  await machine.type("2");
  await machine.hal.addressBook.apply([mail("11", "u2", "Bea", { indxid: "2" })], undefined, 0);
  await machine.press("ok", "soft1");
  t.regex(machine.lines[0] ?? "", /Another destination has this one-touch number/);
  t.is((await machine.entries("common", "common-address")).length, 3);
});

test("a button with as many destinations as it takes is left as it is", async (t) => {
  const destinations = Array.from({ length: LIMITS.jobDestinationsMax }, (_, n) => ({
    objectclass: "email",
    cn: `${n}`,
    mailaddress: "a@b",
  }));
  const full = { name: "Out", function: "scan-and-send", settings: { destinations } };
  const machine = await PanelMachine.start(t, { entries: [SMB, { ...button("user:alice", "b", ""), value: full }] });
  await machine.logIn("alice");
  await machine.choose("Address lists", "Address List 1", "Archive", "Copy to", "Out");
  t.regex(machine.lines[0] ?? "", /no room for more destinations/);
  t.deepEqual((await machine.entries("user:alice", "personal-button"))[0]?.value, full);
});

test("a password keeps the blanks that were typed, everything else loses those around it", async (t) => {
  const machine = await PanelMachine.start(t);
  await machine.logIn("alice");
  await machine.choose("Address lists", "Personal", "Add", "FTP server");
  for (const text of [" Zoe ", " ftp.example.com", "in ", " zoe", " a b "]) {
    await machine.type(text);
    await machine.press("ok");
  }
  await machine.press("soft1");
  const [value] = await valuesOf(machine, "user:alice", "personal-address");
  t.like(value, { cn: "Zoe", url: "ftp.example.com", path: "in", username: "zoe", pwd: " a b " });
});
