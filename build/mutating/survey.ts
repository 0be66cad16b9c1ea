/**
 * Asks the tests about many changes at once: they are bundled with all of them, run once to see which test passes which change,
 * and then each change is switched on in turn and only those that pass it are asked, the quickest first. So a change takes
 * milliseconds where a process for each would take seconds. What acts only while modules are loaded is not asked about: it would
 * need a process of its own, and most of it are texts, limits and patterns.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Plugin } from "esbuild";
import type { Coverage, Question } from "../../test/mutants/survey-runner.ts";
import { inScratchFolder } from "../testing/scratch-folder.ts";
import { bundleSurvey } from "./plain-tests.ts";

/** A change that stands behind a switch of its own name. */
export interface Switched {
  readonly id: string;
}

/** What became of a change. */
export interface Finding<C extends Switched> {
  readonly change: C;
  readonly fate: "noticed" | "not-noticed" | "not-passed" | "while-loading";
  /** The title of the test that noticed. */
  readonly by?: string;
  /** How many tests were asked, at most. */
  readonly asked: number;
}

export interface Survey<C extends Switched> {
  readonly changes: readonly C[];
  /** Puts all changes into the product. */
  readonly plugin: Plugin;
  readonly tests: readonly string[];
  /** Processor time that the tests of one change may take together, as they are: whoever is asked last knows little of it. */
  readonly askedMsMax: number;
}

/** The tests watch themselves; this is for a loop without end that nothing interrupts, on a computer that is busy with other things. */
const SILENCE_MS = 5 * 60_000;

/** Each change is told of as soon as it was asked about. Tests that fail as they are, are named and not asked. */
export const survey = <C extends Switched>(asked: Survey<C>, tell: (finding: Finding<C>) => void): Promise<void> =>
  inScratchFolder("survey", async (folder) => {
    const program = join(folder, "survey.mjs");
    await bundleSurvey(asked.tests, program, [asked.plugin]);
    const covered = join(folder, "covered.json");
    let last = "";
    const isCovered = await listen(program, ["cover", covered], (said) => (last = said.covered ?? last));
    if (!isCovered) throw new Error(`the tests did not come to their end as they are; the last that did was: ${last}`);
    const coverage: Coverage = JSON.parse(readFileSync(covered, "utf8"));
    for (const { title } of coverage.tests.filter(({ holds }) => !holds))
      console.log(`fails without any change, and is not asked: ${title}`);
    await new Asking({ program, file: join(folder, "questions.json"), coverage, askedMsMax: asked.askedMsMax, tell }).ask(asked.changes);
  });

interface Parts<C extends Switched> {
  readonly program: string;
  /** Where the questions are written. */
  readonly file: string;
  readonly coverage: Coverage;
  readonly askedMsMax: number;
  readonly tell: (finding: Finding<C>) => void;
}

class Asking<C extends Switched> {
  readonly #parts: Parts<C>;
  /** The quickest first. */
  readonly #tests: readonly number[];

  constructor(parts: Parts<C>) {
    this.#parts = parts;
    const { tests } = parts.coverage;
    this.#tests = tests.flatMap(({ holds }, at) => (holds ? [at] : [])).sort((a, b) => this.#ms(a) - this.#ms(b));
  }

  async ask(changes: readonly C[]): Promise<void> {
    const { coverage, tell } = this.#parts;
    // What acted while modules were loaded as well may act again in a test: only who is noticed by none is left to others.
    const asked: Asked<C>[] = [];
    for (const change of changes) {
      const question = this.#question(change.id);
      if (question.tests.length === 0) tell({ change, fate: change.id in coverage.static ? "while-loading" : "not-passed", asked: 0 });
      else asked.push({ change, question });
    }
    await this.#askAll(asked);
  }

  #question(id: string): Question {
    let ms = 0;
    const tests = this.#tests.filter((at) => this.#passes(at, id) > 0 && (ms += this.#ms(at)) <= this.#parts.askedMsMax);
    return { id, tests, passes: tests.reduce((sum, at) => sum + this.#passes(at, id), 0) };
  }

  async #askAll(asked: readonly Asked<C>[]): Promise<void> {
    const ms = this.#parts.coverage.tests.map((one) => one.ms);
    writeFileSync(this.#parts.file, JSON.stringify({ questions: asked.map(({ question }) => question), ms }));
    for (let next = 0; next < asked.length; ) {
      const from = next;
      const isToldOf = await listen(this.#parts.program, ["ask", this.#parts.file, String(from)], ({ by }) => {
        const one = asked[next];
        next += 1;
        if (one !== undefined) this.#found(one, by);
      });
      // A change of which nothing was said ended the program, or kept it busy for ever.
      const silent = asked[next];
      if (isToldOf || silent === undefined) continue;
      this.#found(silent, `nothing was said any more: it ended the program, or kept it silent for ${SILENCE_MS / 60_000} minutes`);
      next += 1;
    }
  }

  #found({ change, question }: Asked<C>, by: string | undefined): void {
    const asked = question.tests.length;
    if (by !== undefined) return this.#parts.tell({ change, fate: "noticed", by, asked });
    this.#parts.tell({ change, fate: change.id in this.#parts.coverage.static ? "while-loading" : "not-noticed", asked });
  }

  #ms(at: number): number {
    return this.#parts.coverage.tests[at]?.ms ?? 0;
  }

  #passes(at: number, id: string): number {
    return this.#parts.coverage.perTest[`t${at}`]?.[id] ?? 0;
  }
}

interface Asked<C extends Switched> {
  readonly change: C;
  readonly question: Question;
}

interface Said {
  readonly by?: string;
  /** A test that was run as it is. */
  readonly covered?: string;
}

/** Runs the program to its end, or until it has been silent for too long. False where it did not end by itself, or without a word. */
async function listen(program: string, args: readonly string[], heard: (said: Said) => void): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<boolean>((resolve) => child.on("close", (status) => resolve(status === 0)));
  let hasSpoken = false;
  const overdue = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      overdue.refresh();
      if (!line.startsWith("@")) continue;
      hasSpoken = true;
      heard(JSON.parse(line.slice(1)) as Said);
    }
    return (await ended) && hasSpoken;
  } finally {
    clearTimeout(overdue);
    child.kill("SIGKILL");
  }
}
