/** What every Restrictions keeps. */
import type { ExecutionContext, TestFn } from "ava";
import type { Restrictions } from "../../hal/restrictions.ts";

export function restrictionsContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<Restrictions>): void {
  const it = (title: string, body: (t: ExecutionContext, restrictions: Restrictions) => void): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

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

  it("an import or export is told when the first begins and the last ends", (t, restrictions) => {
    const heard: boolean[] = [];
    const end = restrictions.onImportExport((running) => heard.push(running));
    t.deepEqual(heard, []);
    const first = restrictions.beginImportExport();
    const second = restrictions.beginImportExport();
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
    t.true(restrictions.importExportRunning());
    if (running !== "locked") running.end();
    t.false(restrictions.importExportRunning());
    hold.release();
    const next = restrictions.beginImportExport();
    t.not(next, "locked");
    if (next !== "locked") next.end();
  });
}
