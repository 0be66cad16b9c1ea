import test from "ava";
import { DESTINATION_FIELDS } from "../../src/model/destination.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import type { Fields, Value } from "../../src/model/value.ts";
import { changedValue } from "../../src/panel/new-entry.ts";
import { columnsOf, personalData } from "../../src/panel/personal-data.ts";
import { owner, PanelMachine } from "./machine.ts";

const CANARY = "canary-9157";
const TYPES = ["email", "ifax", "g3fax", "ipfax", "remotefilesystem", "groupfids", "of-later-version"];
const LISTS = [
  ["user:alice", "personal-address", "Personal Address List"],
  ["group:1", "group-address", "User Group Address List 01: Sales"],
  ["common", "common-address", "Address List 2"],
] as const;

/** A destination of each type. What no screen has a right to is the canary: the password, the notes, whose entry it is. */
const destination = (type: string): Fields => ({
  ...{ objectclass: type, cn: `To ${type}`, cnread: "To", cnshort: "To", subdbid: "2", indxid: "201", protocol: "smb" },
  ...{ mailaddress: "a@example.com", dialdata: "555", uri: "a@fax", url: "files", path: "in" },
  ...{
    pwd: CANARY,
    username: "scanner",
    loginusername: CANARY,
    personalid: CANARY,
    accesscode: CANARY,
    "#pwd-crypto": CANARY,
    "#list-name": CANARY,
  },
  later: { pwd: CANARY },
});
const entries: readonly EntryChange[] = LISTS.flatMap(([name, item]) =>
  TYPES.map((type): EntryChange => ({ owner: owner(name), item, key: `${CANARY}/${type}`, value: destination(type) })),
);

for (const [name, , list] of LISTS) {
  test(`B08 a stored password and notes are on no screen that lists, searches, shows or edits destinations of ${name}`, async (t) => {
    const machine = await PanelMachine.start(t, { entries });
    await machine.logIn("alice");
    await machine.choose("Address lists", list);
    for (const type of TYPES) {
      await machine.choose(`To ${type}`, "Change");
      for (const row of machine.lines.keys()) {
        await machine.press(...Array<"up">(10).fill("up"), ...Array<"down">(row).fill("down"));
        // Into the field and out again, as somebody who looks what is there.
        if (machine.screen.field !== undefined) await machine.press("ok", "back");
      }
      await machine.press("back");
      await machine.choose("Delete", "No");
      await machine.press("back");
    }
    t.is(machine.screen.title, list);
    for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(CANARY), JSON.stringify(screen));
    // Neither can it be guessed by searching for it: what is typed is all that shows of it.
    await machine.type(CANARY);
    t.deepEqual(machine.lines.slice(2, -1), ["No name, address or number matches."]);
  });
}

test("B08 what the panel keeps of an address has no secret in it", (t) => {
  const kept = personalData(
    [],
    entries.map(({ owner: of, item, value = "" }, number) => ({ owner: of, item, key: String(number), value })),
  );
  t.is(kept.addresses.length, entries.length);
  t.false(JSON.stringify(kept).includes(CANARY));
});

for (const column of DESTINATION_FIELDS) {
  test(`B08 another ${column} is another destination: the stored password is erased, and the note about it`, (t) => {
    const { pwd: _, "#pwd-crypto": __, ...rest } = destination("remotefilesystem");
    t.deepEqual(changedValue(destination("remotefilesystem"), { [column]: "other" }), { ...rest, [column]: "other", pwd: "" });
    t.is(changedValue({ ...rest, pwd: 9157 }, { [column]: "other" }).pwd, "", "a password of digits alone, as an import may have left it");
    const without: Value = { objectclass: "remotefilesystem", cn: "A" };
    t.deepEqual(changedValue(without, { [column]: "other" }), { ...without, [column]: "other" });
  });
}

test("B08 another name leaves the stored password where it is", (t) => {
  const changed = changedValue(destination("remotefilesystem"), { cn: "Archive" });
  t.is(changed.pwd, CANARY);
  t.is(changed["#pwd-crypto"], CANARY);
});

for (const type of TYPES) {
  for (const column of columnsOf(type).filter((each) => each !== "cn" && each !== "protocol")) {
    for (const [name, item, list] of LISTS) {
      test(`B08 ${column} of a destination of ${name} changed on the panel erases its password (${type})`, async (t) => {
        const machine = await PanelMachine.start(t, { entries });
        await machine.logIn("alice");
        await machine.choose("Address lists", list, `To ${type}`, "Change");
        await machine.press(...Array<"down">(columnsOf(type).indexOf(column)).fill("down"));
        await machine.type("1");
        await machine.press("soft1");
        const changed = (await machine.entries(name, item)).find(({ key }) => key.endsWith(`/${type}`))?.value;
        t.like(changed, { pwd: "", [column]: `${String(destination(type)[column])}1` });
        t.is(
          (await machine.entries(name, item)).filter(({ value }) => JSON.stringify(value).includes(`"pwd":"${CANARY}","username`)).length,
          TYPES.length - 1,
        );
        for (const screen of machine.shown) t.false(JSON.stringify(screen).includes(CANARY));
      });
    }
  }
}
