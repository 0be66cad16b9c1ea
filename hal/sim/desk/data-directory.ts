/**
 * The folder of a desk: a marker that says what it is, and one folder for each machine. Nothing is ever removed from a
 * folder without the marker, and nothing but what a desk puts there.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { endLeftover, processRuns } from "./leftovers.ts";

const MARKER = "desk.json";
const KIND = "custom-settings-sync desk";
const FORMAT = 1;
const PID_FILE = "desk.pid";
/** Names the folder of local sockets, which lies elsewhere because its path has to be short. */
const SOCKETS_FILE = "sockets.path";
const SOCKETS_PREFIX = "desk-sockets-";

/** The folder cannot be used; the message is one line. */
export class BadFolder extends Error {}

/** Folder by folder: Node's own recursive mkdir never ends where a file system makes none (/proc). */
function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    for (const folder of missing) mkdirSync(folder);
  } catch (cause) {
    throw new BadFolder(`${path} cannot be made (${codeOf(cause)}); name another folder with --data`, { cause });
  }
}

const codeOf = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : String(cause));

export class DataDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * Makes the folder this desk's, ends what a killed desk has left running in it, and empties it when asked to. Throws
   * BadFolder and touches nothing when it is not a desk's. Gives the processes that were ended.
   */
  open(options: { readonly fresh: boolean }): readonly number[] {
    if (existsSync(this.path) && !statSync(this.path).isDirectory())
      throw new BadFolder(`${this.path} is no folder; name another with --data`);
    const found = existsSync(this.path) ? this.#names() : [];
    if (found.length > 0 && !found.includes(MARKER)) {
      throw new BadFolder(
        `${this.path} is not a desk's folder (it has files, but no ${MARKER}); nothing was touched, name another with --data`,
      );
    }
    if (found.includes(MARKER)) this.#checkMarker();
    const other = this.#otherDesk();
    if (other !== undefined)
      throw new BadFolder(`${this.path} is in use by another desk (process ${other}); stop it, or name another with --data`);
    const ended = found.filter(isMachineFolder).flatMap((name) => endLeftover(join(this.path, name)) ?? []);
    this.#removeSockets();
    if (options.fresh) for (const name of found.filter(isMachineFolder)) rmSync(join(this.path, name), { recursive: true });
    makeFolder(this.path);
    writeFileSync(join(this.path, MARKER), `${JSON.stringify({ kind: KIND, format: FORMAT })}\n`);
    writeFileSync(join(this.path, PID_FILE), `${process.pid}\n`);
    return ended;
  }

  close(): void {
    this.#removeSockets();
    rmSync(join(this.path, PID_FILE), { force: true });
  }

  /** Makes a folder for the machines' local sockets. It is gone after `close`, or after the next `open` if this desk is killed. */
  makeSocketFolder(): string {
    const path = mkdtempSync(join(tmpdir(), SOCKETS_PREFIX));
    writeFileSync(join(this.path, SOCKETS_FILE), path);
    return path;
  }

  #removeSockets(): void {
    const file = join(this.path, SOCKETS_FILE);
    if (!existsSync(file)) return;
    const path = readFileSync(file, "utf8");
    // Only what `makeSocketFolder` could have made is removed, whatever the file says.
    if (dirname(path) === tmpdir() && basename(path).startsWith(SOCKETS_PREFIX)) rmSync(path, { recursive: true, force: true });
    rmSync(file);
  }

  /** The folder of machine n; made when it is not there. */
  machine(number: number): string {
    const path = join(this.path, `machine-${number}`);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Folders of all machines that were ever here. */
  machines(): readonly string[] {
    return this.#names()
      .filter(isMachineFolder)
      .map((name) => join(this.path, name));
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.path);
    } catch (cause) {
      throw new BadFolder(`${this.path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  #checkMarker(): void {
    const marker = parsed(readFileSync(join(this.path, MARKER), "utf8"));
    if (marker?.kind !== KIND)
      throw new BadFolder(`${this.path} is not a desk's folder (its ${MARKER} is of something else); nothing was touched`);
    if (marker.format !== FORMAT) {
      throw new BadFolder(
        `${this.path} was written by another version of the desk (format ${String(marker.format)}, this one has ${FORMAT}); nothing was touched`,
      );
    }
  }

  #otherDesk(): number | undefined {
    const file = join(this.path, PID_FILE);
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid !== process.pid && processRuns(pid, /desk/) ? pid : undefined;
  }
}

const isMachineFolder = (name: string): boolean => /^machine-\d{1,2}$/.test(name);

function parsed(text: string): { readonly kind?: unknown; readonly format?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
