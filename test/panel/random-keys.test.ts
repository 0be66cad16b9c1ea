import test, { type ExecutionContext } from "ava";
import type { ClientStatus, ContactOutcome, ModuleStatus, ServerStatus } from "../../hal/services.ts";
import type { Preview } from "../../hal/services/preview.ts";
import { ITEMS } from "../../src/model/item.ts";
import { KEYS, type Key, type Screen } from "../../src/model/screen.ts";
import type { Value } from "../../src/model/value.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import type { Texts } from "../../src/panel/texts/texts.ts";
import { type Dice, seededDice } from "../fleet/random.ts";
import { type Known, SERVER as FINGERPRINT } from "./fake-administration.ts";
import { button, mail, owner, PanelMachine } from "./machine.ts";
import { SIZES, unreadable } from "./readable.ts";

/** One walk a language that the panel speaks while nobody is logged in; users choose theirs on the way. Fewer do not come to every corner. */
const PRESSES = 6_000;
const SECRET = "SECRET-5521";
const USERS = ["alice", "bob", "carol", "Administrator"];
/** Moving and choosing lead further into the menus than the hard keys. */
const MOSTLY: readonly Key[] = [
  "up",
  "down",
  "down",
  "down",
  "ok",
  "ok",
  "ok",
  "ok",
  "left",
  "right",
  "soft1",
  "soft2",
  "soft3",
  "back",
  "2",
  "*",
];
const CLIENT: readonly ClientStatus["state"][] = ["restart-needed", "offline", "joining", "synchronized", "paused", "refused"];
/** Far corners, so that it is known that chance comes there. */
const SEEN: readonly ((texts: Texts) => string)[] = [
  ({ client }) => client.formTitle,
  ({ client }) => client.compareQuestion,
  ({ client }) => client.awayTitle,
  ({ client }) => client.restartQuestion,
  ({ client }) => client.stopQuestion,
  ({ client }) => client.destination,
  ({ address }) => address.newOf(address.types.email),
  ({ address }) => address.newOf(address.types.group),
  ({ address }) => address.chooseType,
  ({ address }) => address.personalList,
  ({ login }) => login.password,
  ({ status }) => status.title,
  ({ button }) => button.job,
  ({ settings }) => settings.syncServer,
  ({ admin }) => admin.owners.title,
  ({ admin }) => admin.sharing.title,
  ({ admin }) => admin.history.title,
  ({ admin }) => admin.log.title,
  ({ admin }) => admin.preview.title,
  ({ admin }) => admin.attention.title,
  ({ own }) => own.jobs,
  ({ own }) => own.chooseDestination,
  ({ admin }) => admin.items.accessibility,
  ({ admin }) => admin.items.keychain,
  ({ own }) => own.keychain.add,
  ({ admin }) => admin.items["default-job-settings"],
  ({ own, button }) => own.defaultsOf(button.jobs.fax),
];
const ANSWERS: readonly ContactOutcome[] = [
  { kind: "found", server: FINGERPRINT },
  { kind: "away", code: "server-unreachable", message: SECRET },
  { kind: "refused", refusal: { word: "not-a-server-model" } },
];
/** Everything that is not for a screen is the canary. */
const folder = (key: string, cn: string) => ({
  key,
  value: {
    ...{ objectclass: "remotefilesystem", cn, cnread: cn, cnshort: cn, subdbid: "1", url: "\\\\files", path: "in", protocol: "smb" },
    ...{ username: "scanner", pwd: SECRET, loginusername: SECRET, personalid: SECRET, accesscode: SECRET, uuid: SECRET },
    ...{ "#pwd-crypto": SECRET, "#list-name": SECRET, "#later": SECRET, later: { pwd: SECRET } },
  },
});
const EVERYBODYS = [
  ...["alice", "bob"].flatMap((name) => [0, 1, 2].map((n) => button(`user:${name}`, `b${n}`, `of-${name} ${n}`))),
  ...["alice", "bob"].flatMap((name) => [
    { owner: owner(`user:${name}`), item: "keychain", key: "k", value: { user: SECRET, password: SECRET } },
    {
      ...{ owner: owner(`user:${name}`), item: "timeline", key: "t" },
      value: { function: "scan-and-send", settings: { destinations: [{ objectclass: "email", cn: `of-${name} friend`, pwd: SECRET }] } },
    },
  ]),
  { ...mail("1", "p1", "of-alice mail", { pwd: SECRET }), owner: owner("user:alice"), item: "personal-address" },
  { ...folder("p2", "of-alice folder"), owner: owner("user:alice"), item: "personal-address" },
  { ...folder("g1", "Group folder"), owner: owner("group:1"), item: "group-address" },
  { ...folder("c98", "Common folder"), owner: owner("common"), item: "common-address" },
  {
    ...folder("c99", "Later"),
    owner: owner("common"),
    item: "common-address",
    value: { ...folder("c99", "Later").value, objectclass: SECRET },
  },
  ...Array.from({ length: 30 }, (_, n) => mail(String(1 + (n % 11)), `c${n}`, `Common ${n}`, { pwd: SECRET, indxid: String(n + 1) })),
];
/** What administrators alone may see. */
const ADMINISTRATORS_ONLY = "Administrators-only";
const NOTED = `${ADMINISTRATORS_ONLY} ${"long ".repeat(30)}`;
const DORA = owner(`user:${ADMINISTRATORS_ONLY}`);
const LOST = {
  id: "1",
  lostBy: "client",
  owner: DORA,
  item: "keychain",
  key: "k",
  value: { set: true },
  because: "owner-removed",
} as const;
const ADMINISTRATORS: Known = {
  owners: [{ owner: DORA, kind: "user", domain: "", name: ADMINISTRATORS_ONLY }],
  sharing: ITEMS.map(({ id, scope, scopeSelectable }) => ({ item: id, scope, selectable: scopeSelectable })),
  history: [{ ...LOST, text: SECRET, lostAt: "2026-01-01T00:00:00.000Z" }],
  attention: [
    { kind: "other-server", address: "10.0.0.9" },
    { kind: "kept-here", holdings: [DORA] },
    { kind: "lost", records: 2 },
  ],
  notApplied: [{ owner: DORA, item: "of-later", key: "k", because: "machine", text: "" }],
  log: [{ at: "2026-01-01T00:00:00.000Z", level: "Error", code: "put-out", text: NOTED }],
  search: { kind: "found", found: { address: "10.0.0.9", deviceName: "", server: FINGERPRINT } },
};
const PREVIEW: Preview = {
  id: "p",
  joined: false,
  counts: { replaced: 1, supplied: 0, received: 0, unchanged: 0 },
  holdings: [{ owner: DORA, outcome: "replaced", here: 1, there: 1, lost: 1 }],
  entries: [{ item: "keychain", key: "k", outcome: "replaced", here: { set: true } }],
};
const SERVER: readonly ServerStatus["state"][] = ["running", "waiting-for-clock", "stopped-by-error"];

test("keys pressed at random find no dead end, no empty title, no secret and nobody else's data", async (t) => {
  const titles = new Set<string>();
  const looked = new Set<string>();
  for (const [tag, texts] of Object.entries(LANGUAGES)) {
    const machine = await PanelMachine.start(t, { entries: EVERYBODYS, texts: { ...LANGUAGES, en: texts } });
    const dice = seededDice(tag.charCodeAt(0));
    machine.administration.known = ADMINISTRATORS;
    machine.administration.previews = { "": PREVIEW, [DORA]: PREVIEW };
    // Each screen is looked at in the moment it is shown: whose it may be changes with each login.
    const faults: string[] = [];
    machine.hal.panel.onShow((screen) => {
      titles.add(screen.title);
      faults.push(...faultsOf(machine, screen));
      const drawn = JSON.stringify(screen);
      if (!looked.has(drawn)) faults.push(...SIZES.flatMap((size) => unreadable(screen, size)));
      looked.add(drawn);
    });
    for (let press = 0; press < PRESSES; press += 1) {
      await something(machine, dice);
      if (faults.length > 0) return t.fail(`${tag}, after ${press} presses: ${faults.join("; ")}`);
      if (press % 250 === 0) await leadsHome(t, machine);
    }
    await leadsHome(t, machine);
  }
  for (const title of SEEN) {
    const inLanguages = Object.values(LANGUAGES).map(title);
    t.true(
      inLanguages.some((one) => titles.has(one)),
      `chance never came to "${inLanguages[0]}"`,
    );
  }
});

/** One thing happens; most of the time a key. Often nothing is waited for, as fingers do not wait. */
async function something(machine: PanelMachine, dice: Dice): Promise<void> {
  const chance = dice.between(0, 999);
  if (chance < 2) await toAdministration(machine);
  else if (chance < 3) await toFirstContact(machine, dice);
  else if (chance < 6) await toTheServer(machine, dice);
  else if (chance < 7) await toPersonalSettings(machine, dice);
  else if (chance < 8) await toNewDestination(machine, dice);
  else if (chance < 9) await machine.logIn(dice.pick(USERS));
  else if (chance < 10) await machine.hal.users.logOut();
  else if (chance < 15) machine.administration.setStatus(anyStatus(dice));
  else if (chance < 25)
    await machine.arrives({ owner: owner("user:alice"), item: "personal-button", key: `b${dice.between(0, 4)}`, value: anyButton(dice) });
  else if (chance < 30)
    await machine.arrives({
      ...mail("1", `c${dice.between(0, 29)}`, `Other ${dice.between(0, 8)}`),
      ...(dice.between(0, 2) === 0 ? { value: undefined } : {}),
    });
  else if (chance < 33) await machine.clock.advance(dice.between(0, 29999));
  else if (chance < 34) await machine.clock.advance(130_000);
  else if (chance < 35) machine.administration.answers = dice.pick(ANSWERS);
  else if (chance < 36) machine.administration.refusal = dice.between(0, 1) === 0 ? undefined : { word: "clock-not-right", sntp: "off" };
  else if (chance < 60)
    machine.hal.panel.type(machine.screen.field?.secret === true ? SECRET : dice.pick(["a", "ä\n", "\ud800x", "a@b.c", "😀", " "]));
  else machine.hal.panel.press(chance < 800 ? dice.pick(MOSTLY) : dice.pick(KEYS.filter((key) => key !== "energy-saver")));
  if (dice.between(0, 2) === 0) await machine.clock.advance(0);
}

/** Chance alone rarely gets this deep. */
async function toAdministration(machine: PanelMachine): Promise<void> {
  await machine.logIn("Administrator");
  await machine.press("settings", "down", "down", "ok", "ok", "down", "ok");
}

async function toTheServer(machine: PanelMachine, dice: Dice): Promise<void> {
  machine.administration.setStatus({ server: { state: "running", machines: 0, users: 1, usersMax: 1_000, revision: 1 } });
  await toAdministration(machine);
  await machine.press("back", "up", "ok", ...Array.from({ length: dice.between(1, 9) }, (): Key => "down"), "ok");
}

async function toPersonalSettings(machine: PanelMachine, dice: Dice): Promise<void> {
  await machine.logIn(dice.pick(USERS));
  await machine.press("settings", "down", "ok", ...Array.from({ length: dice.between(0, 7) }, (): Key => "down"), "ok");
}

async function toNewDestination(machine: PanelMachine, dice: Dice): Promise<void> {
  await machine.logIn(dice.pick(USERS));
  await machine.press("home");
  await chooseRow(machine, ({ home }) => home.addresses);
  await machine.press("ok");
  await chooseRow(machine, ({ address }) => address.add);
  await machine.press(...Array.from({ length: dice.between(0, 9) }, (): Key => "down"), "ok");
}

/** The row that is called so in some language, where there is one. */
async function chooseRow(machine: PanelMachine, name: (texts: Texts) => string): Promise<void> {
  const names = Object.values(LANGUAGES).map(name);
  const steps = machine.lines.findIndex((line) => names.includes(line)) - (machine.screen.selected ?? 0);
  await machine.press(...Array.from({ length: Math.abs(steps) }, (): Key => (steps < 0 ? "up" : "down")), "ok");
}

async function toFirstContact(machine: PanelMachine, dice: Dice): Promise<void> {
  machine.administration.setStatus({ client: undefined });
  machine.administration.answers = dice.pick(ANSWERS);
  await toAdministration(machine);
  await machine.press("ok", "ok");
  await machine.type("10.0.0.7");
  await machine.press("ok");
  await machine.type("Administrator");
  await machine.press("soft1");
  await machine.press(...dice.pick<readonly Key[]>([["soft3"], ["down", "down", "down", "down", "ok"], []]));
}

function anyButton(dice: Dice): Value | undefined {
  if (dice.chance(0.3)) return undefined;
  return dice.pick([
    { name: `of-alice ${dice.between(0, 98)}`, function: "fax" },
    { name: " ", function: "of-later-version" },
  ]);
}

function anyStatus(dice: Dice): Partial<ModuleStatus> {
  const client = { state: dice.pick(CLIENT), pending: dice.between(0, 2) };
  const server = { state: dice.pick(SERVER), machines: dice.between(0, 9), users: dice.between(0, 1000), usersMax: 1_000, revision: 1 };
  return {
    client: dice.chance(0.3) ? undefined : dice.pick([client, { ...client, reason: "put-out" } as const]),
    server: dice.chance(0.5) ? undefined : server,
  };
}

function faultsOf(machine: PanelMachine, screen: Screen): string[] {
  const text = JSON.stringify(screen);
  const faults = [
    screen.title.trim() === "" && "an empty title",
    screen.rows.some((row) => row.text.trim() === "") && "an empty row",
    screen.rows.some((row) => !row.enabled && (row.why ?? "") === "") && "a greyed row without a reason",
    screen.selected !== undefined && screen.rows[screen.selected] === undefined && "a selection outside of the rows",
    screen.rows.length > 0 && screen.selected === undefined && screen.kind !== "progress" && "rows and nothing selected",
    text.includes(SECRET) && "a secret",
    text.includes("undefined") && "an undefined in a text",
    !JSON.stringify(screen.rows).isWellFormed() && "half a character",
  ].filter((fault) => fault !== false);
  const name = machine.hal.users.loggedIn()?.displayName;
  if (name !== "Administrator" && text.includes(ADMINISTRATORS_ONLY))
    faults.push(`an administrator's knowledge while ${name ?? "nobody"} is logged in`);
  for (const other of ["alice", "bob"]) {
    if (other !== name && text.includes(`of-${other}`)) faults.push(`data of ${other} while ${name ?? "nobody"} is logged in`);
  }
  return faults.map((fault) => `${fault}: ${text}`);
}

/** Keys that were pressed before come first, one after the other as their answers do. */
async function leadsHome(t: ExecutionContext, machine: PanelMachine): Promise<void> {
  // An answer that is still under way is told wherever somebody is.
  await machine.quiet();
  await machine.press("home");
  for (let wait = 0; wait < 50 && machine.screen.kind !== "home"; wait += 1) await machine.quiet();
  t.is(machine.screen.kind, "home", JSON.stringify(machine.screen));
}
