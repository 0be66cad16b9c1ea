/**
 * Asks the tests about many changes at once: they are bundled with all of them, run once to see which test passes which change,
 * and then each change is switched on in turn and only those that pass it are asked, the quickest first. So a change takes
 * milliseconds where a process for each would take seconds. What acts while modules are loaded is not asked about: it would
 * need a process of its own, and most of it are texts, limits and patterns.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Coverage, Question } from "../../test/mutants/survey-runner.ts";
import { inScratchFolder } from "../testing/scratch-folder.ts";
import { type Change, instrumented } from "./instrumented.ts";
import { bundleSurvey } from "./plain-tests.ts";

/** What became of a change. */
export interface Finding {
  readonly change: Change;
  readonly fate: "noticed" | "not-noticed" | "not-passed" | "while-loading";
}

/** Processor time that the tests of one change may take together, as they are: whoever is asked last knows little of it. */
const ASKED_MS_MAX = 8_000;
/** The tests watch themselves; this is for a loop without end that nothing interrupts, on a computer that is busy with other things. */
const SILENCE_MS = 5 * 60_000;

/** `files` are sources, `tests` test files; each change is told of as soon as it was asked about. Tests that fail as they are, are named and not asked. */
export const survey = (files: readonly string[], tests: readonly string[], tell: (finding: Finding) => void): Promise<void> =>
  inScratchFolder("survey", async (folder) => {
    const { changes, plugin } = await instrumented(files);
    const program = join(folder, "survey.mjs");
    await bundleSurvey(tests, program, [plugin]);
    const covered = join(folder, "covered.json");
    await listen(program, ["cover", covered], () => undefined);
    const coverage: Coverage = JSON.parse(readFileSync(covered, "utf8"));
    for (const { title } of coverage.tests.filter(({ holds }) => !holds))
      console.log(`fails without any change, and is not asked: ${title}`);
    await new Asking(program, join(folder, "questions.json"), coverage, tell).ask(changes);
  });

class Asking {
  readonly #program: string;
  readonly #file: string;
  readonly #coverage: Coverage;
  readonly #tell: (finding: Finding) => void;
  /** The quickest first. */
  readonly #tests: readonly number[];

  constructor(program: string, file: string, coverage: Coverage, tell: (finding: Finding) => void) {
    this.#program = program;
    this.#file = file;
    this.#coverage = coverage;
    this.#tell = tell;
    this.#tests = coverage.tests.flatMap(({ holds }, at) => (holds ? [at] : [])).sort((a, b) => this.#ms(a) - this.#ms(b));
  }

  async ask(changes: readonly Change[]): Promise<void> {
    const asked: Asked[] = [];
    for (const change of changes) {
      const question = this.#question(change.id);
      if (change.id in this.#coverage.static) this.#tell({ change, fate: "while-loading" });
      else if (question.tests.length === 0) this.#tell({ change, fate: "not-passed" });
      else asked.push({ change, question });
    }
    await this.#askAll(asked);
  }

  #question(id: string): Question {
    let ms = 0;
    const tests = this.#tests.filter((at) => this.#passes(at, id) > 0 && (ms += this.#ms(at)) <= ASKED_MS_MAX);
    return { id, tests, passes: tests.reduce((sum, at) => sum + this.#passes(at, id), 0) };
  }

  async #askAll(asked: readonly Asked[]): Promise<void> {
    const ms = this.#coverage.tests.map((one) => one.ms);
    writeFileSync(this.#file, JSON.stringify({ questions: asked.map(({ question }) => question), ms }));
    for (let next = 0; next < asked.length; ) {
      const from = next;
      await listen(this.#program, ["ask", this.#file, String(from)], ({ by }) => {
        const one = asked[next];
        next += 1;
        if (one !== undefined) this.#found(one, by);
      });
      // Whoever says nothing of a change has died of it, or was busy for ever.
      const silent = asked[next];
      if (next > from || silent === undefined) continue;
      this.#found(silent, "nothing was said");
      next += 1;
    }
  }

  #found({ change }: Asked, by: string | undefined): void {
    this.#tell({ change, fate: by === undefined ? "not-noticed" : "noticed" });
  }

  #ms(at: number): number {
    return this.#coverage.tests[at]?.ms ?? 0;
  }

  #passes(at: number, id: string): number {
    return this.#coverage.perTest[`t${at}`]?.[id] ?? 0;
  }
}

interface Asked {
  readonly change: Change;
  readonly question: Question;
}

interface Said {
  readonly by?: string;
}

/** Runs the program to its end, or until it has been silent for too long. */
async function listen(program: string, args: readonly string[], heard: (said: Said) => void): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const overdue = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      overdue.refresh();
      if (line.startsWith("@")) heard(JSON.parse(line.slice(1)) as Said);
    }
    await ended;
  } finally {
    clearTimeout(overdue);
    child.kill("SIGKILL");
  }
}
