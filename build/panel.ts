/**
 * `npm run panel -- --machine 1`: the panel of a printer of the desk in a terminal, also over ssh. The desk runs already
 * (`npm start`). Where the output is no terminal, the screen is written once, all its pages one below the other.
 */
import { renderText, type TextSize } from "../hal/parts/render-text.ts";
import type { Screen } from "../src/model/screen.ts";
import { DeskLine } from "./panel/desk-line.ts";
import { Terminal } from "./panel/terminal.ts";
import { tellUsage } from "./usage.ts";

const USAGE = "npm run panel -- [--machine 1] [--size 40x12] [--desk http://127.0.0.1:8080]";
const COLUMNS_MIN = 16;
const ROWS_MIN = 3;

interface Options {
  readonly machine: number;
  readonly size: TextSize;
  readonly desk: string;
}

export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === "string") {
    return tellUsage(args, USAGE, options);
  }
  return process.stdin.isTTY === true && process.stdout.isTTY === true ? await follow(options) : await once(options);
}

async function follow({ machine, size, desk }: Options): Promise<number> {
  const end = new AbortController();
  const quit = (): void => end.abort();
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, quit);
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    size,
    onFinger: (finger) => line.send(finger),
    onQuit: quit,
  });
  const line = new DeskLine({
    url: desk,
    machine,
    signal: end.signal,
    onScreen: (screen) => terminal.show(screen),
    onTrouble: (text) => terminal.say(text),
  });
  terminal.open();
  try {
    await line.follow();
  } finally {
    terminal.close();
  }
  return 0;
}

async function once({ machine, size, desk }: Options): Promise<number> {
  const end = new AbortController();
  const seen: Screen[] = [];
  const troubles: string[] = [];
  const line = new DeskLine({
    url: desk,
    machine,
    signal: end.signal,
    onScreen: (screen) => {
      seen.push(screen);
      end.abort();
    },
    onTrouble: (text) => {
      troubles.push(text);
      end.abort();
    },
  });
  await line.follow();
  for (const trouble of troubles) console.error(trouble);
  for (const screen of seen.slice(0, 1)) for (const page of renderText(screen, size)) console.log(page.map(({ text }) => text).join("\n"));
  return seen.length > 0 ? 0 : 1;
}

/** What is wrong with them, as a sentence, where something is. */
function readOptions(args: readonly string[]): Options | string {
  let [machine, size, desk] = [1, { columns: 40, rows: 12 }, "http://127.0.0.1:8080"];
  for (let at = 0; at < args.length; at += 2) {
    const [name, value = ""] = [args[at], args[at + 1]];
    if (name === "--machine" && /^\d{1,2}$/.test(value)) machine = Number(value);
    else if (name === "--size" && /^\d{1,3}x\d{1,3}$/.test(value)) size = sizeOf(value);
    else if (name === "--desk" && URL.canParse(value)) desk = new URL(value).origin;
    else return name === "--help" ? "The panel of a printer of the desk, in this terminal." : `not understood: ${name} ${value}`;
  }
  if (size.columns < COLUMNS_MIN || size.rows < ROWS_MIN) return `a display has at least ${COLUMNS_MIN}x${ROWS_MIN} characters`;
  return { machine, size, desk };
}

function sizeOf(text: string): TextSize {
  const [columns = 0, rows = 0] = text.split("x").map(Number);
  return { columns, rows };
}
