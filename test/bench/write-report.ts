/** The report of a run, for the repository: what was reached, all tables as they were printed, and pictures. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Growth, byMachinesOf, byUsersOf } from "./growth.ts";
import { PEERS } from "./peers/peers.ts";
import { bars, lines } from "./plots.ts";
import type { Comparison } from "./report.ts";
import { type Reached, judged, medianOf } from "./targets.ts";

const FOLDER = "test/bench";
const PLOTS = "plots";

export interface ReportParts {
  readonly command: string;
  readonly heading: string;
  /** By number of users: what was printed. */
  readonly printed: readonly string[];
  readonly comparison: Comparison;
  readonly reached: Reached;
  readonly growth: Growth;
  readonly minutes: number;
}

/** Writes REPORT.md and its pictures; those of a report before are removed. */
export function writeReport(parts: ReportParts): void {
  const folder = join(FOLDER, PLOTS);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pictures = picturesOf(parts);
  for (const [name, svg] of pictures) writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(
    join(FOLDER, "REPORT.md"),
    textOf(
      parts,
      pictures.map(([name]) => name),
    ),
  );
}

function textOf({ command, heading, printed, reached, minutes }: ReportParts, pictures: readonly string[]): string {
  return [
    "# What the bench printed",
    "",
    `Made by \`${command}\`, which took ${minutes.toFixed(1)} minutes. [README.md](README.md) says what is measured, and how to read it.`,
    "",
    "```text",
    heading,
    "```",
    "",
    "Beside us:",
    "",
    ...PEERS.map(({ name, is }) => `- \`${name}\`: ${is}.`),
    "",
    "## What was to be reached",
    "",
    "| | reached | must | aim | |",
    "| --- | ---: | ---: | ---: | --- |",
    ...judged(reached).map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "## How it grows",
    "",
    ...pictures.map((name) => `![${name.replaceAll("-", " ")}](${PLOTS}/${name}.svg)`),
    "",
    "## All figures",
    "",
    ...printed.flatMap((text) => ["```text", text, "```", ""]),
  ].join("\n");
}

function picturesOf({ comparison, growth }: ReportParts): readonly (readonly [name: string, svg: string])[] {
  const of = (workload: string, field: string, scale = 1) =>
    comparison.peers.map(({ peer }) => ({ peer, value: medianOf(comparison.peers, peer, workload, field) * scale }));
  const users = `${comparison.users} users`;
  return [
    ["cold-join-time", bars({ title: `W1: one empty client up to date, ${users}`, unit: "ms" }, of("W1", "upToDateMs"))],
    ["cold-join-bytes", bars({ title: `W1: bytes received, ${users}`, unit: "MB" }, of("W1", "bytesReceived", 1e-6))],
    ["edit-time", bars({ title: `W2: edit to durable on all machines, p50, ${users}`, unit: "ms" }, of("W2", "durableP50Ms"))],
    ["edits-a-second", bars({ title: `W2max: edits a second, durable on all, ${users}`, unit: "" }, of("W2max", "editsPerSecond"))],
    ["join-by-users", lines({ title: "W1: durable in the replica", unit: "ms" }, "users", byUsersOf(growth, "W1", "replicaMs"))],
    ["edit-by-users", lines({ title: "W2: edit to durable on all, p50", unit: "ms" }, "users", byUsersOf(growth, "W2", "durableP50Ms"))],
    ["memory-by-users", lines({ title: "Private memory of a client", unit: "MB" }, "users", byUsersOf(growth, "W2", "clientAnonMb"))],
    ["joins-by-machines", lines({ title: "All clients join at once", unit: "ms" }, "machines", byMachinesOf(growth, "W1x9", "replicaMs"))],
    [
      "edit-by-machines",
      lines({ title: "W2: edit to durable on all, p50", unit: "ms" }, "machines", byMachinesOf(growth, "W2", "durableP50Ms")),
    ],
  ];
}
