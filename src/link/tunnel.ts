/** The way to another machine: straight, or by CONNECT through the HTTP proxy that is set on this one. */
import type { Duplex } from "node:stream";
import type { Destination, Network, ProxySettings } from "../../hal/network.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";

export function isLocalhost(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether the way to `host` goes through a proxy. */
export const isProxied = ({ proxy, proxyExcludesLocalhost }: ProxySettings, host: string): boolean =>
  proxy !== undefined && proxy !== "" && !(proxyExcludesLocalhost && isLocalhost(host));

/**
 * An open stream to the destination. Rejects "server-unreachable", "address-unusable" (this proxy or address never
 * works) or "authentication-failed" (the proxy wants another account).
 */
export async function openStream(network: Network, { host, port }: Destination, signal: AbortSignal): Promise<Duplex> {
  const settings = network.proxy();
  if (settings.proxy === undefined || !isProxied(settings, host)) return await reach(network, { host, port }, signal);
  const proxy = parseProxy(settings.proxy);
  const stream = await reach(network, proxy, signal);
  // The proxy's localhost is another machine than this one.
  const target = isLocalhost(host) ? network.address : host;
  return await connectThrough(stream, { proxy, target: { host: target, port }, signal });
}

/** Nobody is called so, as far as the machine's name service knows. */
export function isNameUnknown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN")) || isNameUnknown(error.cause);
}

async function reach(network: Network, destination: Destination, signal: AbortSignal): Promise<Duplex> {
  try {
    const stream = await network.connect({ host: unbracketed(destination.host), port: destination.port }, signal);
    stream.on("error", () => stream.destroy());
    return stream;
  } catch (cause) {
    if (!(cause instanceof SyncError)) throw cause;
    const code = cause.code === "hal-refused" ? "address-unusable" : "server-unreachable";
    // It says where to, and what came in between.
    throw new SyncError(code, cause.message, { cause });
  }
}

interface Proxy extends Destination {
  readonly authorization: string | undefined;
}

/** Host and port of the proxy on the way to `host`, for people; undefined where none is set for it, or what is set is none. */
export function proxyOnWay(settings: ProxySettings, host: string): string | undefined {
  if (settings.proxy === undefined || !isProxied(settings, host) || !URL.canParse(settings.proxy)) return undefined;
  const { hostname, port } = new URL(settings.proxy);
  return `${hostname}:${port === "" ? 80 : port}`;
}

function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.protocol !== "http:" || url.hostname === "") {
    throw new SyncError("address-unusable", "the proxy set on this machine is no http:// address; nothing was sent");
  }
  const account = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = account === ":" ? undefined : `Basic ${Buffer.from(account).toString("base64")}`;
  return { host: unbracketed(url.hostname), port: url.port === "" ? 80 : Number(url.port), authorization };
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");
const bracketed = (host: string): string => (host.includes(":") && !host.startsWith("[") ? `[${host}]` : host);

interface Way {
  readonly proxy: Proxy;
  readonly target: Destination;
  readonly signal: AbortSignal;
}

async function connectThrough(stream: Duplex, { proxy, target, signal }: Way): Promise<Duplex> {
  const name = `${bracketed(target.host)}:${target.port}`;
  if (/[\s\r\n]/.test(name)) throw new SyncError("address-unusable", "the destination is not an address that a proxy could be asked for");
  const account = proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  stream.write(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n${account}\r\n`);
  const status = await answerOf(stream, signal);
  if (status === 200) return stream;
  stream.destroy();
  const who = `the proxy ${proxy.host}:${proxy.port}`;
  if (status === 407 || status === 401) throw new SyncError("authentication-failed", `${who} wants another account (${status})`);
  throw new SyncError("server-unreachable", `${who} does not connect to ${name} (${status ?? "no answer"})`);
}

/** The status of the proxy's answer, undefined when there is none; what comes after it stays in the stream. */
function answerOf(stream: Duplex, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const settle = (status: number | undefined, rest: Buffer): void => {
      stream.off("readable", read);
      stream.off("close", closed);
      signal.removeEventListener("abort", abort);
      if (rest.length > 0) stream.unshift(rest);
      resolve(status);
    };
    const read = (): void => {
      for (let chunk: unknown = stream.read(); chunk !== null; chunk = stream.read()) {
        if (Buffer.isBuffer(chunk)) bytes = Buffer.concat([bytes, chunk]);
        const end = bytes.indexOf("\r\n\r\n");
        if (end >= 0) return settle(statusOf(bytes.subarray(0, end).toString("latin1")), bytes.subarray(end + 4));
        if (bytes.length > LIMITS.proxyAnswerBytesMax) return settle(undefined, Buffer.alloc(0));
      }
    };
    const closed = (): void => settle(undefined, Buffer.alloc(0));
    const abort = (): void => void stream.destroy();
    stream.on("readable", read);
    stream.once("close", closed);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}

function statusOf(head: string): number | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  return status === undefined ? undefined : Number(status);
}
