/** The command line of the desk. */
import { parseArgs } from "node:util";

export interface DeskOptions {
  readonly machines: number;
  /** Of the page and the API; 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  readonly fresh: boolean;
  /** The time server of the machines; undefined: the desk's own. */
  readonly ntp: { readonly host: string; readonly port: number } | undefined;
  /** Numbers of the machines whose model has no server function. */
  readonly clientOnly: ReadonlySet<number>;
  /** Machine n has this address plus n. */
  readonly baseAddress: string;
  /** The machines are reached on ports of 127.0.0.1 although the system may have their addresses. */
  readonly mapPorts: boolean;
  /** Of the machines' own menus: what their displays speak while nobody is logged in. */
  readonly language: string;
}

export const USAGE = `usage: npm start -- [options]
  --machines N        simulated printers, 2 to 11 (3); the eleventh is refused by the server machine
  --port P            of the page and the API (8080); 0 takes a free one
  --data DIR          where the printers keep their data (./desk-data); it survives restarts
  --fresh             starts with factory-new printers: empties DIR, if it is a desk's
  --ntp HOST:PORT     the printers' time server (the desk's own)
  --client-only N     printer N is of a model without the server function; may be given several times
  --base-address A    printer n has the address A + n (127.0.0.10); for a second desk beside the first
  --language TAG      what the displays speak while nobody is logged in: en, de, fr or ja (en)
  --map-ports         printers are reached on ports of 127.0.0.1, as on systems that have only that address`;

/** A fleet has two printers at least. */
export const MACHINES_MIN = 2;
const MACHINES_MAX = 11;
/** As many as a fleet can have are put on a running desk; the eleventh, which is refused, only by the option. */
export const MACHINES_ADDED_MAX = 10;

/** Bad options: the message is one line that says which, and what would be right. */
export class BadOption extends Error {}

/** Throws BadOption. "help" when that is what was asked for. */
export function readOptions(argv: readonly string[]): DeskOptions | "help" {
  const values = parsed(argv);
  if (values.help) return "help";
  const machines = whole(values.machines, "--machines", MACHINES_MIN, MACHINES_MAX);
  return {
    machines,
    port: whole(values.port, "--port", 0, 65_535),
    dataDir: present(values.data, "--data"),
    fresh: values.fresh,
    ntp: values.ntp === undefined ? undefined : hostAndPort(values.ntp, "--ntp"),
    clientOnly: new Set(values["client-only"].map((text) => whole(text, "--client-only", 1, machines))),
    baseAddress: loopback(values["base-address"], "--base-address"),
    mapPorts: values["map-ports"],
    language: languageTag(values.language),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        machines: { type: "string", default: "3" },
        port: { type: "string", default: "8080" },
        data: { type: "string", default: "desk-data" },
        fresh: { type: "boolean", default: false },
        ntp: { type: "string" },
        "client-only": { type: "string", multiple: true, default: [] },
        "base-address": { type: "string", default: "127.0.0.10" },
        "map-ports": { type: "boolean", default: false },
        language: { type: "string", default: "en" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    const [first = "the options cannot be read"] = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s|\n/);
    throw new BadOption(first, { cause });
  }
}

function whole(text: string, option: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new BadOption(`${option} ${text}: must be a whole number from ${min} to ${max}`);
  return value;
}

function languageTag(text: string): string {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(text)) throw new BadOption(`--language ${text}: must be a language tag such as de`);
  return text;
}

function present(text: string, option: string): string {
  if (text === "") throw new BadOption(`${option}: must not be empty`);
  return text;
}

/** Reads `host:port`, with brackets around an IPv6 address; throws BadOption. */
export function hostAndPort(text: string, option: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port >= 1 && port <= 65_535)) throw new BadOption(`${option} ${text}: must be HOST:PORT`);
  return { host, port };
}

function loopback(text: string, option: string): string {
  const parts = text.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  const fits = parts.length === 4 && parts.every((part) => part <= 255) && parts[0] === 127 && (parts[3] ?? 255) <= 255 - MACHINES_MAX;
  if (!fits) throw new BadOption(`${option} ${text}: must be 127.x.y.z with z at most ${255 - MACHINES_MAX}`);
  return parts.join(".");
}

/** The address of machine n. */
export function addressOf({ baseAddress }: Pick<DeskOptions, "baseAddress">, number: number): string {
  const parts = baseAddress.split(".");
  return [...parts.slice(0, 3), Number(parts[3]) + number].join(".");
}
