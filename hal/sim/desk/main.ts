/**
 * The desk as a program. It needs what `npm run build` puts beside it: the runtime, the module and the provider.
 * Ctrl-C or SIGTERM ends it with all its machines; a second one ends it hard.
 */
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { DeskTrouble } from "./cards.ts";
import { BadFolder } from "./data-directory.ts";
import { Desk } from "./desk.ts";
import { WebServer } from "./http/server.ts";
import { runtimeCommand } from "./machine-command.ts";
import { BadOption, type DeskOptions, USAGE, addressOf, readOptions } from "./options.ts";
import css from "./page/page.css?page";
import html from "./page/page.html";
import script from "./page/page.ts?page";
import { deskRoutes } from "./routes/routes.ts";
import { tryFirst } from "./try-first.ts";

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const say = (text: string): void => {
  process.stdout.write(`desk: ${text}\n`);
};

/** Runs a desk until it is told to end. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      process.stdout.write(`${USAGE}\n`);
      return EXIT.done;
    }
    return await runDesk(options);
  } catch (cause) {
    if (cause instanceof BadOption) {
      say(`${cause.message} (--help lists the options)`);
      return EXIT.usage;
    }
    if (cause instanceof BadFolder || cause instanceof DeskTrouble) {
      say(cause.message);
      return EXIT.failed;
    }
    throw cause;
  }
}

async function runDesk(options: DeskOptions): Promise<number> {
  // The reader of the output may be gone first; the desk goes on.
  process.stdout.on("error", () => undefined);
  const told = untilTold();
  const desk = new Desk({ options, commandFor: runtimeCommand(dirname(fileURLToPath(import.meta.url))), tell: say });
  const web = new WebServer({ routes: deskRoutes(desk, { html, css, script }), port: options.port, onTrouble: say });
  await desk.open();
  try {
    const port = await listening(web, options.port);
    const up = desk.switchOn();
    await Promise.race([up, told]);
    if (!told.over) {
      say(`http://127.0.0.1:${port} (${options.machines} machines)`);
      process.stdout.write(tryFirst({ port, server: addressOf(options, 1) }));
    }
    await told;
    say("ending; the machines keep their data");
  } finally {
    web.close();
    await desk.close();
  }
  return EXIT.done;
}

async function listening(web: WebServer, port: number): Promise<number> {
  try {
    return await web.start();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const why = code === "EADDRINUSE" ? "is taken; stop what uses it, or choose another with --port" : `cannot be used (${String(code)})`;
    throw new DeskTrouble(`127.0.0.1:${port} ${why}`, { cause });
  }
}

/** Resolves at the first signal to end; the second one does not wait for anything. */
function untilTold(): Promise<void> & { over: boolean } {
  let tell: () => void = () => undefined;
  const told = Object.assign(new Promise<void>((resolve) => (tell = resolve)), { over: false });
  const hear = () => {
    if (told.over) process.exit(EXIT.failed);
    told.over = true;
    tell();
  };
  process.on("SIGINT", hear);
  process.on("SIGTERM", hear);
  // The terminal's window is closed.
  process.on("SIGHUP", hear);
  return told;
}

/** Started by itself: `node dist/desk.mjs`. */
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await run(process.argv.slice(2));
}
