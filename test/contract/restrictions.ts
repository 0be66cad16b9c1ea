/** What every Restrictions keeps. */
import type { ExecutionContext, TestFn } from "ava";
import type { ExportedOwners, MaxUsersPolicy, Restrictions } from "../../hal/restrictions.ts";
import { ownerNamed } from "./item-store-samples.ts";

export interface RestrictionsFixture {
  readonly restrictions: Restrictions;
  /** Lets time pass, and what follows from it happen. */
  advance(ms: number): Promise<void>;
  /** The machine goes to sleep as deep as it may for now, and deeper as soon as it may. */
  fallAsleep(): Promise<void>;
  /** Partially or fully. */
  sleeps(): boolean;
  sleepsFully(): boolean;
  /** An administrator chooses at the machine. */
  chooseMaxUsersPolicy(policy: MaxUsersPolicy): "chosen" | "locked";
  /** The machine after a loss of power. Undefined where a test cannot take it away. */
  readonly restart: (() => Promise<Restrictions>) | undefined;
}

const [ALICE, BOB] = [ownerNamed("user:alice"), ownerNamed("user:bob")];

export function restrictionsContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<RestrictionsFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, restrictions: Restrictions, fixture: RestrictionsFixture) => unknown): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      await body(t, fixture.restrictions, fixture);
    });

  it("a function is locked while one hold is left, each for itself", (t, restrictions) => {
    t.false(restrictions.held("import-export"));
    const first = restrictions.hold("import-export");
    const second = restrictions.hold("import-export");
    t.true(restrictions.held("import-export"));
    t.false(restrictions.held("max-users-policy"));
    first.release();
    first.release();
    t.true(restrictions.held("import-export"), "a second release takes nobody else's");
    second.release();
    t.false(restrictions.held("import-export"));
  });

  it("over the limit of users the administrator's choice counts, and the oldest goes while the choice is held", (t, restrictions, fixture) => {
    const heard: MaxUsersPolicy[] = [];
    t.is(restrictions.maxUsersPolicy(), "delete-oldest", "nobody has chosen");
    const end = restrictions.onMaxUsersPolicy((policy) => heard.push(policy));
    t.is(fixture.chooseMaxUsersPolicy("discard-new"), "chosen");
    const first = restrictions.hold("max-users-policy");
    const second = restrictions.hold("max-users-policy");
    t.is(restrictions.maxUsersPolicy(), "delete-oldest");
    t.is(fixture.chooseMaxUsersPolicy("discard-new"), "locked");
    first.release();
    first.release();
    t.is(restrictions.maxUsersPolicy(), "delete-oldest", "a second release takes nobody else's");
    second.release();
    t.is(restrictions.maxUsersPolicy(), "discard-new", "what was chosen before");
    t.deepEqual(heard, ["discard-new", "delete-oldest", "discard-new"]);
    restrictions.hold("import-export").release();
    t.is(heard.length, 3, "no other hold has to do with it");
    end();
    fixture.chooseMaxUsersPolicy("delete-oldest");
    t.is(heard.length, 3);
  });

  it("the choice over the limit of users is made at the panel as well, and is locked alike", async (t, restrictions) => {
    const heard: MaxUsersPolicy[] = [];
    restrictions.onMaxUsersPolicy((policy) => heard.push(policy));
    t.is(await restrictions.setMaxUsersPolicy("discard-new"), "chosen");
    t.is(restrictions.maxUsersPolicy(), "discard-new");
    const hold = restrictions.hold("max-users-policy");
    t.is(await restrictions.setMaxUsersPolicy("delete-oldest"), "locked");
    hold.release();
    t.is(restrictions.maxUsersPolicy(), "discard-new", "what was refused changes nothing");
    t.deepEqual(heard, ["discard-new", "delete-oldest", "discard-new"]);
  });

  it("the choice made at the panel outlives the power; no hold does", async (t, restrictions, { restart }) => {
    if (restart === undefined) return t.pass();
    t.is(await restrictions.setMaxUsersPolicy("discard-new"), "chosen");
    restrictions.hold("max-users-policy");
    restrictions.hold("import-export");
    const again = await restart();
    t.is(again.maxUsersPolicy(), "discard-new");
    t.false(again.held("import-export"));
  });

  it("an import or export is told when the first begins and the last ends", (t, restrictions) => {
    const heard: boolean[] = [];
    const end = restrictions.onImportExport((running) => heard.push(running));
    t.deepEqual(heard, []);
    const first = restrictions.beginImportExport();
    const second = restrictions.beginImportExport("all");
    if (first === "locked" || second === "locked") return t.fail("locked");
    t.true(restrictions.importExportRunning());
    first.end();
    first.end();
    t.true(restrictions.importExportRunning(), "a second end takes nobody else's");
    second.end();
    t.false(restrictions.importExportRunning());
    end();
    end();
    const third = restrictions.beginImportExport();
    if (third !== "locked") third.end();
    t.deepEqual(heard, [true, false]);
  });

  it("no import or export begins while the module holds it; one that runs goes on", (t, restrictions) => {
    const running = restrictions.beginImportExport();
    const hold = restrictions.hold("import-export");
    t.is(restrictions.beginImportExport(), "locked");
    t.is(restrictions.beginImportExport([ALICE]), "locked");
    t.is(restrictions.beginImportExport("all"), "locked");
    t.true(restrictions.importExportRunning());
    if (running !== "locked") running.end();
    t.false(restrictions.importExportRunning());
    hold.release();
    const next = restrictions.beginImportExport();
    t.not(next, "locked");
    if (next !== "locked") next.end();
  });

  it("a permit opens the export of its owners and of nobody else, and no import", (t, restrictions) => {
    const begins = (exported?: ExportedOwners): boolean => {
      const run = restrictions.beginImportExport(exported);
      if (run !== "locked") run.end();
      return run !== "locked";
    };
    restrictions.hold("import-export");
    const forAlice = restrictions.allowExport([ALICE], 60_000);
    t.deepEqual([begins([ALICE]), begins([BOB]), begins([ALICE, BOB]), begins("all"), begins()], [true, false, false, false, false]);
    const forBob = restrictions.allowExport([BOB], 60_000);
    t.true(begins([ALICE, BOB]), "permits add up");
    t.false(begins("all"));
    forBob.release();
    forBob.release();
    t.deepEqual([begins([ALICE]), begins([BOB])], [true, false]);
    forAlice.release();
    t.false(begins([ALICE]));
    const forAll = restrictions.allowExport("all", 60_000);
    t.deepEqual([begins("all"), begins([BOB]), begins()], [true, true, false]);
    forAll.release();
    t.false(begins("all"));
  });

  it("a permit lapses by itself, whatever it was used for, and an export that has begun may finish", async (t, restrictions, f) => {
    restrictions.hold("import-export");
    restrictions.allowExport([ALICE], 60_000);
    await f.advance(59_000);
    const run = restrictions.beginImportExport([ALICE]);
    await f.advance(1_500);
    t.is(restrictions.beginImportExport([ALICE]), "locked", "using it does not extend it");
    t.true(restrictions.importExportRunning());
    if (run === "locked") return t.fail("locked");
    run.end();
    t.false(restrictions.importExportRunning());
  });

  it("M30 the machine does not go to sleep while an import or export runs, however long that takes", async (t, restrictions, f) => {
    const run = restrictions.beginImportExport();
    if (run === "locked") return t.fail("locked");
    await f.fallAsleep();
    await f.advance(3_600_000);
    t.false(f.sleeps());
    run.end();
    await f.advance(1);
    t.true(f.sleepsFully());
  });
}
