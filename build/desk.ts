/** `npm start`: builds dist/ and runs the desk from it. Options that make no sense are said before anything is built. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BadOption, USAGE, readOptions } from "../hal/sim/desk/options.ts";
import { bundle } from "./bundle.ts";

const DIST = "dist";

interface DeskBundle {
  run(args: readonly string[]): Promise<number>;
}

export async function run(args: readonly string[]): Promise<number> {
  try {
    if (readOptions(args) === "help") {
      console.log(USAGE);
      return 0;
    }
  } catch (cause) {
    if (!(cause instanceof BadOption)) throw cause;
    console.error(`desk: ${cause.message} (--help lists the options)`);
    return 2;
  }
  console.log("desk: building ...");
  await bundle(DIST);
  const desk: DeskBundle = await import(pathToFileURL(resolve(DIST, "desk.mjs")).href);
  return await desk.run(args);
}
