/** One attempt of a client to reach a server over the virtual network, and the line that comes of it. */
import { SyncError } from "../../src/model/errors.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Dial, Line } from "../../src/link/line.ts";
import type { Destination } from "../../src/link/link.ts";
import { encodeUp } from "../../src/protocol/codec.ts";
import type { Down } from "../../src/protocol/down.ts";
import { Connection } from "./virtual-connection.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import type { Life } from "./virtual-time.ts";

export interface DialParts {
  readonly network: VirtualNetwork;
  readonly node: Node;
  readonly life: Life;
  readonly destination: Destination;
  readonly server: DeviceId;
  /** Why a proxy on the way does not let through now (virtual-proxy.ts). */
  readonly fault: () => SyncError | "silent" | undefined;
  /** Whether a proxy is on the way. */
  readonly isThrough: () => boolean;
}

export const virtualDial =
  (parts: DialParts): Dial =>
  async ({ onMessage, signal }) => {
    const { network, node, life, destination } = parts;
    const target = network.nodeAt(destination.host);
    const fault = parts.fault();
    const silent =
      fault === "silent" ||
      target === undefined ||
      !target.powered ||
      network.isCut(node.name, target.name) ||
      network.isCut(target.name, node.name);
    await pause(life, silent ? LIMITS.connectMs : network.latency(), signal);
    if (fault instanceof SyncError) throw fault;
    if (silent || !target.wakeForConnection()) throw unreachable(destination, "no answer");
    return knock(parts, target, onMessage);
  };

function knock(
  { network, node, life, destination, server, isThrough }: DialParts,
  target: Node,
  onMessage: (message: Down) => void,
): Line | Refusal {
  const serving = network.serverAt(target);
  if (serving === undefined || serving.life.over) throw unreachable(destination, "refused");
  if (target.identity !== server) return { word: "another-server" };
  if (!serving.link.admits(node.identity)) return turnedAway(life, network.latency());
  let open = true;
  let settle: (why: SyncError | undefined) => void = () => undefined;
  const ended = new Promise<SyncError | undefined>((resolve) => {
    settle = resolve;
  });
  const end = (why: SyncError | undefined): void => {
    open = false;
    settle(why);
  };
  const connection = new Connection({
    network,
    client: { node, life },
    server: { node: target, life: serving.life },
    isProxied: isThrough(),
    onUp: (message) => serving.link.received(node.identity, message),
    onDown: (message) => open && onMessage(message),
    onClientLost: () => end(new SyncError("link-lost", "the connection was lost; it is made again")),
    onServerLost: () => serving.link.lost(connection),
  });
  network.connected(connection);
  serving.link.accepted(connection);
  const drop = (): void => {
    if (!open) return;
    connection.closedBy("client");
    end(undefined);
  };
  return {
    ended,
    drop,
    finish: async () => drop(),
    send: (message) => {
      if (!open || life.over) return;
      const bytes = encodeUp(message);
      const tap = { atMs: network.world.nowMs, from: node.name, to: target.name, way: "up", bytes, message } as const;
      if (network.tapped(tap)) connection.send("up", bytes);
    },
  };
}

/** What is said follows the asking at once, and the answer says that nobody wants it. */
function turnedAway(life: Life, afterMs: number): Line {
  let settle: (why: Refusal | undefined) => void = () => undefined;
  const ended = new Promise<Refusal | undefined>((resolve) => {
    settle = resolve;
  });
  const drop = (): void => settle(undefined);
  life.after(afterMs, "turned away", () => settle({ word: "not-paired" }));
  return { ended, drop, finish: async () => drop(), send: () => undefined };
}

/** Rejects as a connection does that is given up. */
export function pause(life: Life, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(new SyncError("server-unreachable", "the connection was given up"));
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted, { once: true });
    life.after(ms, "connects", () => {
      signal.removeEventListener("abort", aborted);
      resolve();
    });
  });
}

export const unreachable = ({ host, port }: Destination, why: string): SyncError =>
  new SyncError("server-unreachable", `${host}:${port}: ${why}; it is tried again`);
