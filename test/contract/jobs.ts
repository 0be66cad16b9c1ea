/** What every Jobs keeps. */
import type { ExecutionContext, TestFn } from "ava";
import type { Jobs, RunningJob } from "../../hal/jobs.ts";
import { JOBS } from "../../src/model/job.ts";

export interface JobsFixture {
  readonly jobs: Jobs;
  /** Lets the running job come to its end. */
  finish(): Promise<void>;
  /** The machine goes to sleep as deep as it may for now, and deeper as soon as it may. */
  fallAsleep(): Promise<void>;
  sleepsFully(): boolean;
}

const SETTINGS = { copies: 2, sides: "2-sided", later: { of: ["another", null] } };

export function jobsContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<JobsFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, jobs: Jobs, fixture: JobsFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      await body(t, fixture.jobs, fixture);
    });

  it("every function begins, is told with its settings, unknown ones included, and ends", async (t, jobs, f) => {
    const heard: (RunningJob | undefined)[] = [];
    const end = jobs.onJob((running) => heard.push(running));
    for (const job of JOBS) {
      heard.length = 0;
      t.is(jobs.running(), undefined);
      t.is(await jobs.run(job, SETTINGS), "begun");
      t.deepEqual(heard, [{ job, settings: SETTINGS }]);
      t.deepEqual(jobs.running(), { job, settings: SETTINGS });
      await f.finish();
      t.is(jobs.running(), undefined);
      t.deepEqual(heard, [{ job, settings: SETTINGS }, undefined]);
    }
    end();
    end();
    await jobs.run("copy", {});
    t.is(heard.length, 2, "nothing is told once the listener has ended");
    await f.finish();
  });

  it("a second job is not begun, and does not touch the first", async (t, jobs, f) => {
    await jobs.run("copy", SETTINGS);
    t.is(await jobs.run("fax", {}), "busy");
    t.deepEqual(jobs.running(), { job: "copy", settings: SETTINGS });
    await f.finish();
    t.is(await jobs.run("fax", {}), "begun");
    await f.finish();
  });

  it("a job that is stopped ends once; another one may begin at once, and runs its time", async (t, jobs, f) => {
    const heard: (string | undefined)[] = [];
    jobs.onJob((running) => heard.push(running?.job));
    await jobs.stop();
    t.deepEqual(heard, [], "there was none to stop");
    await jobs.run("copy", SETTINGS);
    await jobs.stop();
    await jobs.stop();
    t.is(jobs.running(), undefined);
    t.is(await jobs.run("scan-and-send", {}), "begun");
    t.is(jobs.running()?.job, "scan-and-send");
    await f.finish();
    t.deepEqual(heard, ["copy", undefined, "scan-and-send", undefined]);
  });

  it("the machine does not sleep fully while a job runs", async (t, jobs, f) => {
    await jobs.run("copy", SETTINGS);
    await f.fallAsleep();
    t.false(f.sleepsFully());
    await f.finish();
    t.true(f.sleepsFully());
  });
}
