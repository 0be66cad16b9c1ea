/** [Destination Server Address:] (M09): an IPv4 or IPv6 address or a host name, with port 8443 or none. */
import { isIP } from "node:net";
import type { Destination } from "../link/link.ts";

const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;

/** undefined for what is no destination; `port` is the only port that may be written. */
export function parseDestination(text: string, port: number): Destination | undefined {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(trimmed);
  if (bracketed !== null) return destination(bracketed[1], bracketed[2], port, (host) => isIP(host) === 6);
  if (isIP(trimmed) !== 0) return { host: trimmed, port };
  const named = /^([^:]+)(?::(\d+))?$/.exec(trimmed);
  return named === null ? undefined : destination(named[1], named[2], port, isHost);
}

/** Digits and dots alone are a mistyped address, not a name. */
const isHost = (host: string): boolean => isIP(host) === 4 || (HOST_NAME.test(host) && !/^[\d.]+$/.test(host));

function destination(
  host: string | undefined,
  written: string | undefined,
  port: number,
  fits: (host: string) => boolean,
): Destination | undefined {
  if (host === undefined || !fits(host)) return undefined;
  return written === undefined || Number(written) === port ? { host, port } : undefined;
}

/** Whether it is written as the address of this very machine, as others reach it. */
export const isOwnAddress = ({ host }: Destination, address: string): boolean => host.toLowerCase() === address.toLowerCase();

/** Whether it is the machine's own server: its client goes there without a wire (M04). */
export const isLocal = (destination: Destination | undefined): boolean =>
  destination !== undefined && ["localhost", "127.0.0.1", "::1"].includes(destination.host.toLowerCase());

/** Reads a destination once while it stays the same: each status of a machine asks for its own. */
export class DestinationReader {
  #last: { readonly text: string; readonly port: number; readonly destination: Destination | undefined } | undefined;

  read(text: string, port: number): Destination | undefined {
    if (this.#last?.text !== text || this.#last.port !== port) this.#last = { text, port, destination: parseDestination(text, port) };
    return this.#last.destination;
  }
}
