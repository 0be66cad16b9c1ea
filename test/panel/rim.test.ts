/** What the rim writes for a person: addresses, copies of them, jobs and the timeline, upon what the stores hold by then. */
import test from "ava";
import { DEFAULT_CONFIG } from "../../src/model/config.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import type { Fields, Value } from "../../src/model/value.ts";
import { carryOut } from "../../src/panel/carry-out.ts";
import { copiesOf, fresh, jobFor, sendsTo } from "../../src/panel/destination-copy.ts";
import type { Outcome } from "../../src/panel/intent.ts";
import { newAddress, newKey } from "../../src/panel/new-entry.ts";
import { performOwn } from "../../src/panel/own-perform.ts";
import { perform } from "../../src/panel/perform.ts";
import { addAddress, changeAddress, copyDestination } from "../../src/panel/perform-address.ts";
import { addressesOf } from "../../src/panel/personal-data.ts";
import { afterUse } from "../../src/panel/timeline.ts";
import { owner } from "./machine.ts";

const ALICE = owner("user:alice");

/** A store of one owner's entries that keeps what is written to it. */
function store(...entries: readonly Entry[]) {
  const written: (readonly EntryChange[])[] = [];
  return {
    written,
    read: async () => entries,
    edit: async (changes: readonly EntryChange[]) => void written.push(changes),
  };
}

const address = (key: string, fields: Fields): Entry => ({ owner: COMMON, item: "common-address", key, value: { cn: key, ...fields } });
const word = (outcome: Outcome): string =>
  outcome.kind === "no" ? ("why" in outcome.notice ? outcome.notice.why : outcome.notice.kind) : outcome.kind;

test("a new address is looked at once more before it is written: the room of its list, and its one-touch number", async (t) => {
  const add = async (fields: Fields, ...book: readonly Entry[]) => {
    const addressBook = store(...book);
    const intent = { kind: "add-entry", owner: COMMON, item: "common-address", fields } as const;
    const outcome = await addAddress({ addressBook, config: DEFAULT_CONFIG } as never, intent, "k", "user:alice");
    return [word(outcome), addressBook.written.length];
  };
  const taken = address("a", { subdbid: "11", indxid: "7" });
  t.deepEqual(await add({ subdbid: "11", indxid: "7" }, taken), ["one-touch-taken", 0]);
  t.deepEqual(await add({ subdbid: "11", indxid: "8" }, taken), ["done", 1]);
  t.deepEqual(await add({ subdbid: "2", indxid: "7" }, taken), ["done", 1], "in another list a number is no button's");
  const full = Array.from({ length: LIMITS.oneTouchMax }, (_, index) => address(`a${index}`, { subdbid: "11", indxid: `${index + 1}` }));
  t.deepEqual(await add({ subdbid: "11", indxid: "1" }, ...full), ["one-touch-full", 0]);
});

test("B08 a changed address keeps its own number, and a password that was typed is written after what leads elsewhere", async (t) => {
  const change = async (fields: Fields, ...book: readonly Entry[]) => {
    const addressBook = store(...book);
    const intent = { kind: "change-entry", owner: COMMON, item: "common-address", key: "a", fields } as const;
    return {
      is: word(await changeAddress(addressBook as never, intent, "")),
      values: addressBook.written[0]?.map(({ value }) => value as Fields),
    };
  };
  const [own, other] = [address("a", { subdbid: "11", indxid: "7", url: "x", pwd: "p" }), address("b", { subdbid: "11", indxid: "8" })];
  t.is((await change({ indxid: "7" }, own, other)).is, "done");
  t.is((await change({ indxid: "8" }, own, other)).is, "one-touch-taken");
  t.is((await change({ indxid: "8" })).is, "gone");
  t.deepEqual(
    (await change({ url: "y", pwd: "p" }, own)).values?.map(({ url, pwd }) => [url, pwd]),
    [
      ["y", ""],
      ["y", "p"],
    ],
  );
  t.deepEqual(
    (await change({ pwd: "q" }, own)).values?.map(({ pwd }) => pwd),
    ["q"],
  );
  t.deepEqual(
    (await change({ url: "y" }, own)).values?.map(({ pwd }) => pwd),
    [""],
  );
});

test("a destination is copied to a button that sends to it, once, as long as there is room; a new button is named after it", async (t) => {
  const mail = address("m", { objectclass: "email", mailaddress: "m@x" });
  const fax = address("f", { objectclass: "g3fax", dialdata: "123", cn: "" });
  const copy = async (from: string, button: Fields | undefined) => {
    const buttons = button === undefined ? [] : [{ owner: ALICE, item: "personal-button", key: "b", value: button } as Entry];
    const settings = store(...buttons);
    const intent = {
      kind: "copy-destination",
      owner: ALICE,
      button: button && "b",
      from: { owner: COMMON, item: "common-address", key: from },
    } as const;
    const outcome = await copyDestination({ settings, addressBook: store(mail, fax) } as never, intent, "new", "");
    return { is: word(outcome), value: settings.written[0]?.[0]?.value as Fields | undefined };
  };
  const sending = (...destinations: readonly Value[]): Fields => ({
    name: "n",
    function: "scan-and-send",
    settings: { colour: "auto", destinations },
  });
  const standing = { objectclass: "email", cn: "m", mailaddress: "m@x" };
  t.deepEqual((await copy("m", sending())).value?.settings, { colour: "auto", destinations: [standing] });
  t.deepEqual((await copy("m", sending(standing))).value?.settings, { colour: "auto", destinations: [standing] }, "it is there already");
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ objectclass: "email", cn: `${index}` }));
  t.is((await copy("m", sending(...many(LIMITS.jobDestinationsMax - 1)))).is, "done");
  t.is((await copy("m", sending(...many(LIMITS.jobDestinationsMax)))).is, "button-destinations-full");
  t.is((await copy("m", { name: "n", function: "fax" })).is, "button-does-not-send");
  t.is((await copy("f", { name: "n", function: "fax" })).is, "done");
  t.is((await copy("f", { name: "n", function: "copy" })).is, "button-does-not-send");
  t.is((await copy("nobody", undefined)).is, "gone");
  t.like((await copy("f", undefined)).value, { name: "123", function: "fax" });
  const copies = (...classes: readonly string[]) => classes.map((objectclass) => ({ objectclass }));
  t.deepEqual([jobFor([]), jobFor(copies("ipfax", "g3fax")), jobFor(copies("g3fax", "email"))], ["scan-and-send", "fax", "scan-and-send"]);
  t.deepEqual(
    [sendsTo("scan-and-send", copies("g3fax")), sendsTo("fax", copies("ipfax")), sendsTo("fax", copies("email"))],
    [true, true, false],
  );
  t.deepEqual(fresh(copies("email"), [{ objectclass: "email" }]), []);
  const group = addressesOf([mail, address("g", { objectclass: "groupfids", memberobjectuuid: "" })]);
  t.deepEqual(
    group.filter(({ key }) => key === "g").flatMap((one) => copiesOf(one, group)),
    [],
    "a group of nobody",
  );
});

test("a new entry has a key that nobody has, and an index unlike the others of its kind of list", (t) => {
  const from = { deviceId: "d", boot: "b", mark: 1, made: 1 };
  const keys = [from, { ...from, made: 2 }, { ...from, mark: 2 }, { ...from, boot: "c" }, { ...from, deviceId: "e" }].map(newKey);
  t.is(new Set(keys).size, keys.length);
  const others = [address("a", { subdbid: "11", indxid: "1" }), address("b", { subdbid: "2", indxid: "201" }), address("c", { indxid: 3 })];
  t.is(newAddress({ subdbid: "11" }, "k", others).indxid, "2");
  t.is(newAddress({ subdbid: "2" }, "k", others).indxid, "202");
  t.is(newAddress({}, "k", [...others, address("d", { subdbid: 11, indxid: "202" })]).indxid, "202", "a button's number is none of theirs");
  t.like(newAddress({ cnreadlang: "ja", accesscode: "5", cn: "Long long long name" }, "k", []), {
    cnreadlang: "ja",
    accesscode: "5",
    cnshort: "Long long lon",
  });
});

test("what was used becomes the newest of the timeline once, in whichever order its settings were written; Copy, Fax and Send are remembered", (t) => {
  const before: Entry[] = [
    { owner: ALICE, item: "timeline", key: "old", value: { function: "copy", settings: { a: 1, b: { c: 2, d: 3 } }, turn: 4, note: "n" } },
    { owner: ALICE, item: "timeline", key: "other", value: { function: "copy", settings: { a: 2 }, turn: 9 } },
    { owner: ALICE, item: "shortcut", key: "x", value: { turn: 50 } },
  ];
  const [again, previous] = afterUse(before, ALICE, "copy", { b: { d: 3, c: 2 }, a: 1 });
  t.deepEqual([again?.key, again?.value], ["old", { function: "copy", settings: { b: { d: 3, c: 2 }, a: 1 }, turn: 10, note: "n" }]);
  t.like(previous, { item: "previous-settings", key: "copy" });
  const changed = afterUse(before, ALICE, "copy", { a: 3 })[0];
  t.false(["old", "other"].includes(changed?.key ?? ""));
  for (const [job, count] of [
    ["fax", 2],
    ["scan-and-send", 2],
    ["scan-and-store", 1],
  ] as const)
    t.is(afterUse([], ALICE, job, {}).length, count, job);
});

test("a job that cannot be begun leaves nothing; one that is begun takes what its button says, and what was entered upon it", async (t) => {
  const button: Entry = { owner: ALICE, item: "personal-button", key: "b", value: { settings: { copies: 2, later: 7 } } };
  const run = async (answer: "begun" | "busy", of: typeof ALICE | undefined, from: string) => {
    const settings = store(button);
    const begun: unknown[] = [];
    const jobs = {
      run: async (_: string, given: Fields) => {
        begun.push(given);
        return answer;
      },
    };
    const intent = {
      kind: "run-job",
      owner: of,
      job: "copy",
      settings: { copies: 3 },
      from: { owner: ALICE, item: "personal-button", key: from },
    } as const;
    const outcome = await performOwn({ settings, jobs } as never, intent, "");
    return [word(outcome), begun, settings.written.length];
  };
  t.deepEqual(await run("begun", ALICE, "b"), ["done", [{ copies: 3, later: 7 }], 1]);
  t.deepEqual(await run("busy", ALICE, "b"), ["job-running", [{ copies: 3, later: 7 }], 0]);
  t.deepEqual(await run("begun", undefined, "b"), ["done", [{ copies: 3, later: 7 }], 0], "nobody has a timeline");
  t.deepEqual(await run("begun", ALICE, "gone"), ["gone", [], 0]);
});

test("B08 a secret that is typed for another network is written after what led there without it; one that is not typed goes", async (t) => {
  const set = async (fields: Fields, value: Value | undefined) => {
    const settings = store(...(value === undefined ? [] : [{ owner: ALICE, item: "direct-connection", key: "", value } as Entry]));
    const intent = { kind: "set-fields", owner: ALICE, item: "direct-connection", key: "", fields } as const;
    await performOwn({ settings } as never, intent, "");
    return settings.written[0]?.map((change) => change.value);
  };
  const stood = { ssid: "a", networkKey: "k", atLogin: "on" };
  t.deepEqual(await set({ ssid: "b", networkKey: "k" }, stood), [
    { ssid: "b", networkKey: "", atLogin: "on" },
    { ssid: "b", networkKey: "k", atLogin: "on" },
  ]);
  t.deepEqual(await set({ ssid: "b" }, stood), [{ ssid: "b", networkKey: "", atLogin: "on" }]);
  t.deepEqual(await set({ networkKey: "l" }, stood), [{ ssid: "a", networkKey: "l", atLogin: "on" }]);
  t.deepEqual(await set({ ssid: "b", networkKey: "l" }, undefined), [{ ssid: "b", networkKey: "l" }]);
});

test("M15 who was deleted elsewhere meanwhile is deleted; the first other refusal ends it, and an entry that is gone is not made anew", async (t) => {
  const answers = ["done", { word: "owner-unknown" }, { word: "machines-operating", machines: [] }, "done"] as const;
  let asked = 0;
  const administration = { deleteOwner: async () => answers[(asked += 1) - 1], owners: async () => [] };
  const course = { at: () => undefined, stopped: new AbortController().signal };
  const owners = ["user:a", "user:b", "user:c", "user:d"].map((text) => owner(text));
  const outcome = await carryOut({ administration } as never, { kind: "delete-owners", owners }, course);
  t.deepEqual([word(outcome), asked], ["refusal", 3]);
  const settings = store();
  const change = { kind: "change-entry", owner: ALICE, item: "personal-button", key: "b", fields: { name: "x" } } as const;
  t.is(word(await perform({ settings } as never, change, { by: "", made: 0 }, course)), "gone");
  t.is(settings.written.length, 0);
});
