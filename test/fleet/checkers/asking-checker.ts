/**
 * I32, P15, P16: a machine asks because something is new to it, and what it asks leads on. So it does not ask the same thing over and
 * over, however bad the weather is; and where everything is up to date and nobody does anything, nobody asks anything, but where it stands
 * when a connection breaks that was lost before.
 */
import type { Up } from "../../../src/protocol/up.ts";
import type { Faults } from "./faults.ts";

/** Within this time one question is asked so often at the most: it is repeated every five seconds, and with each new connection. */
const WINDOW_MS = 10_000;
const SAME_MAX = 6;
/** An edit begins with its name, and most of that is in these. */
const NAME_BYTES = 64;
/** Questions of a machine that are remembered: more than it asks in that time. */
const REMEMBERED_MAX = 500;

interface Asked {
  readonly question: string;
  readonly atMs: number;
}

export class AskingChecker {
  readonly #faults: Faults;
  readonly #asked = new Map<string, Asked[]>();
  #isAtRest = false;
  /** What machines have said at rest because their connection broke. */
  readonly #saidAtRest = new Set<string>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** From now on all is up to date, and nobody does anything; until `false` is said. */
  set atRest(isAtRest: boolean) {
    this.#isAtRest = isAtRest;
  }

  asks(machine: string, body: Up["body"], atMs: number): void {
    const question = questionOf(body);
    if (question === undefined) return;
    if (this.#isAtRest) return this.#asksAtRest(machine, body.kind, question);
    const recent = (this.#asked.get(machine) ?? []).filter((asked) => asked.atMs > atMs - WINDOW_MS).slice(-REMEMBERED_MAX);
    recent.push({ question, atMs });
    this.#asked.set(machine, recent);
    const times = recent.filter((asked) => asked.question === question).length;
    if (times > SAME_MAX) this.#faults.found("I32", `${machine} asks ${question} ${times} times within ${WINDOW_MS / 1000} seconds`);
  }

  #asksAtRest(machine: string, kind: string, question: string): void {
    const said = `${machine} ${kind}`;
    const isFirst = !this.#saidAtRest.has(said);
    this.#saidAtRest.add(said);
    if (isFirst && (kind === "hello" || kind === "pull-changes")) return;
    this.#faults.found("I32", `${machine} asks ${question} although all is up to date and nobody does anything`);
  }
}

/** What is the same question when it is asked again; undefined: nothing is asked. Whoever only looks (B01, B06) may look as often as people do. */
function questionOf(body: Up["body"]): string | undefined {
  switch (body.kind) {
    case "hello": {
      if (body.purpose === "preview") return undefined;
      const { position, pending, run } = body;
      return `hello of ${run} at ${position?.epoch.number ?? "no"}.${position?.revision ?? "position"} with ${JSON.stringify(pending)}`;
    }
    case "pull-changes":
      return `for the changes after ${body.after}`;
    case "pull-part":
      return `for the part after ${JSON.stringify(body.after)}`;
    case "push":
      return `to decide ${body.edits.length} edits from ${Buffer.from(body.edits[0] ?? [])
        .subarray(0, NAME_BYTES)
        .toString("hex")} on`;
    case "offer":
      return `offer ${body.holding} ${body.item ?? ""} ${body.part}`;
    case "bring":
      return `bring ${body.number}`;
    case "client-beat":
    case "client-end":
      return undefined;
  }
}
