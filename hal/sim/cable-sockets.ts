/** Connections of the system for a machine of the desk: out over its cable, and in with the desk's greeting. */
import { type Server, type Socket, connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import { SyncError } from "../../src/model/errors.ts";
import type { Destination, Incoming } from "../network.ts";
import type { Cable } from "./cable.ts";
import { linkedAbort } from "../../src/model/linked-abort.ts";

/** A connection attempt over a cable that is out ends after this long, as TCP would give up. */
const CONNECT_MS_MAX = 60_000;
export const aborted = ({ host, port }: Destination): SyncError =>
  new SyncError("hal-unavailable", `the connection to ${host}:${port} was given up`);

export function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}

/** The desk says first, in one line, where a connection comes from. */
const GREETING_BYTES_MAX = 64;

/** A connection of the system: to a local socket of this machine, or out. */
type Way =
  | { readonly path: string; readonly greeting: string }
  | { readonly host: string; readonly port: number; readonly localAddress?: string };

export async function connected(way: Way, destination: Destination, signal: AbortSignal): Promise<Duplex> {
  // Outside, half a close travels through the cable by itself; a local socket is the module's own end.
  const socket = "path" in way ? connectSocket({ path: way.path }) : connectSocket({ ...way, allowHalfOpen: true, noDelay: true });
  const giveUp = () => socket.destroy(aborted(destination));
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
  } catch (cause) {
    if (cause instanceof SyncError) throw cause;
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new SyncError("hal-unavailable", `${destination.host}:${destination.port} cannot be reached (${why})`, { cause });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  if ("path" in way) socket.write(`${way.greeting}\n`);
  return socket;
}

/** Resolves at once while the cable is in; otherwise the attempt waits, as a SYN that is sent again and again. */
export async function cableBack(cable: Cable, destination: Destination, signal: AbortSignal): Promise<void> {
  if (cable.open) return;
  const end = linkedAbort(signal);
  AbortSignal.timeout(CONNECT_MS_MAX).addEventListener("abort", end.abort);
  const back = await new Promise<boolean>((resolve) => {
    const off = cable.onChange(() => {
      if (!cable.open) return;
      off();
      resolve(true);
    });
    end.signal.addEventListener("abort", () => {
      off();
      resolve(false);
    });
  });
  end.release();
  if (!back)
    throw signal.aborted
      ? aborted(destination)
      : new SyncError("hal-unavailable", `${destination.host}:${destination.port} did not answer`);
}

/** Reads the desk's greeting and hands the rest of the stream on, neither paused nor flowing, as a new socket is. */
export async function greeted(socket: Socket, onConnection: (incoming: Incoming) => void): Promise<void> {
  socket.on("error", () => socket.destroy());
  const remoteAddress = await greetingOf(socket);
  if (remoteAddress === undefined) socket.destroy();
  else onConnection({ stream: socket, remoteAddress });
}

function greetingOf(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const hear = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf(0x0a);
      if (end < 0 && head.byteLength <= GREETING_BYTES_MAX) return;
      socket.off("readable", hear);
      if (end >= 0 && end + 1 < head.byteLength) socket.unshift(head.subarray(end + 1));
      resolve(end < 0 ? undefined : head.subarray(0, end).toString("latin1"));
    };
    socket.on("readable", hear);
    socket.once("close", () => resolve(undefined));
  });
}
