/** Who is measured: ours, and what one would build without us. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Subject } from "../subject.ts";
import type { Cell } from "../workloads/cell.ts";
import { PeerFleet } from "./peer-fleet.ts";

export const OURS = "ours";

/** A run each. */
export interface PeerFigures {
  readonly peer: string;
  readonly cells: Readonly<Record<string, readonly Cell[]>>;
  /** Warnings and errors that the machines logged, by code: lost connections, crashed functions, limits. */
  readonly warnings: Readonly<Record<string, number>>;
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

export const PEERS: readonly Peer[] = [
  {
    name: "raw",
    is: "the floor: plain TCP, ready compressed chunks, a log by sequence, grouped synced writes; no TLS, no acknowledgements, no checks",
    missing: () => undefined,
    open: (options) => PeerFleet.open({ ...options, program: join(options.distDir, programOf("raw")) }),
  },
];

/** Bundles each peer's program into a folder below this repository's: packages are found from there. */
export async function buildPeers(distDir: string, peers: readonly Peer[]): Promise<void> {
  await Promise.all(
    peers.map(({ name }) =>
      build({
        entryPoints: [`test/bench/peers/${name}/main.ts`],
        outfile: join(distDir, programOf(name)),
        bundle: true,
        packages: "external",
        platform: "node",
        format: "esm",
        target: "node20",
        sourcemap: "inline",
        logLevel: "warning",
      }),
    ),
  );
}
