/** Who is measured: ours, and what one would build without us. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Subject } from "../subject.ts";
import type { Cell } from "../workloads/cell.ts";
import { commandOf } from "./daemon.ts";
import { PeerFleet, type ServerSite } from "./peer-fleet.ts";
import { OwnServer, type PeerServer } from "./peer-server.ts";
import { redisServer } from "./redis/daemon.ts";
import { mosquittoServer } from "./retained/daemon.ts";
import { NODE_PROGRAM } from "../../../build/bundling/node-program.ts";

export const OURS = "ours";
/** What everything is a multiple of. */
export const FLOOR = "raw";

/** A run each. */
export interface PeerFigures {
  readonly peer: string;
  readonly cells: Readonly<Record<string, readonly Cell[]>>;
  /** Warnings and errors that the machines logged, by code: lost connections, crashed functions, limits. */
  readonly warnings: Readonly<Record<string, number>>;
  /** Why it went no further; undefined: it went through everything. */
  readonly trouble: string | undefined;
}

export interface PeerOptions {
  /** Where the peers' programs are. */
  readonly distDir: string;
  readonly workDir: string;
  readonly clients: number;
  readonly joinLimitMs: number;
  readonly settleMs: number;
}

export interface Peer {
  readonly name: string;
  /** One line: what it is. */
  readonly is: string;
  /** Why it cannot be measured here; undefined when it can. */
  readonly missing: () => string | undefined;
  readonly open: (options: PeerOptions) => Promise<Subject>;
}

const programOf = (name: string): string => `peer-${name}.mjs`;

const fleetOf =
  (name: string, serverOf: (site: ServerSite) => PeerServer): Peer["open"] =>
  (options) =>
    PeerFleet.open({ ...options, program: join(options.distDir, programOf(name)), serverOf });

export const PEERS: readonly Peer[] = [
  {
    name: "raw",
    is: "the floor: plain TCP, ready compressed chunks, a log by sequence, grouped synced writes; no TLS, no acknowledgements, no checks",
    missing: () => undefined,
    open: fleetOf("raw", ({ machine }) => new OwnServer(machine)),
  },
  {
    name: "retained",
    is: "a retained JSON message for each entry on mosquitto, with a hub beside it that keeps a durable copy; mqtt.js clients that write to LevelDB",
    missing: () => (commandOf("mosquitto") === undefined ? "mosquitto is not installed" : undefined),
    open: fleetOf("retained", mosquittoServer),
  },
  {
    name: "redis",
    is: "a Redis stream, appendfsync always; clients that go on from their last id and write to LevelDB",
    missing: () => (commandOf("redis-server") === undefined ? "redis-server is not installed" : undefined),
    open: fleetOf("redis", redisServer),
  },
];

/** Bundles each peer's program into a folder below this repository's: packages are found from there. */
export async function buildPeers(distDir: string, peers: readonly Peer[]): Promise<void> {
  await Promise.all(
    peers.map(({ name }) =>
      build({
        entryPoints: [`test/bench/peers/${name}/main.ts`],
        outfile: join(distDir, programOf(name)),
        ...NODE_PROGRAM,
        sourcemap: "inline",
      }),
    ),
  );
}
