/** Machines that take part in one fleet, and their end: all up to date, all equal, nothing missing. */
import { join } from "node:path";
import type { MachineView } from "../../hal/sim/control.ts";
import { must } from "../../src/model/assert.ts";
import { type MachineParts, TortureMachine } from "./machine.ts";
import type { People } from "./people.ts";
import { pause, type StoryTools } from "./story.ts";

export interface FleetParts {
  readonly tools: StoryTools;
  readonly machines: number;
  readonly addressOf: (number: number) => string;
  readonly sntp: string;
  /** What is special about a machine: where its data lies, what it is started by. */
  readonly special?: (number: number) => Partial<MachineParts>;
}

const SETTLE_MS = 90_000;
const LOOK_MS = 150;

export class TortureFleet {
  readonly machines: readonly TortureMachine[];

  constructor({ tools, machines, addressOf, sntp, special = () => ({}) }: FleetParts) {
    this.machines = Array.from({ length: machines }, (_, index) => {
      const number = index + 1;
      return new TortureMachine({
        number,
        address: addressOf(number),
        distDir: tools.distDir,
        dataDir: join(tools.workDir, `machine-${number}`),
        socketDir: join(tools.workDir, `s${number}`),
        sntp,
        ...special(number),
      });
    });
  }

  get server(): TortureMachine {
    return must(this.machines[0], "a fleet has a server machine");
  }

  /** Machine 1 is server and client, all others are clients of it. */
  async begin(): Promise<void> {
    const account = { account: "Administrator", password: "desk", trust: "first-answer" } as const;
    await Promise.all(this.machines.map((machine) => machine.start()));
    await this.server.until((view) => view.clock.sntp === "answered", 30_000, "the time server's answer");
    await expectDone(this.server.call("synchronize", { server: true, client: { destination: "localhost", ...account } }));
    for (const machine of this.machines.slice(1))
      await expectDone(machine.call("synchronize", { client: { destination: this.server.address, ...account } }));
    await Promise.all(this.machines.map((machine) => machine.stop()));
    await Promise.all(this.machines.map((machine) => machine.start()));
    await this.settled();
  }

  /** Resolves when every machine has nothing left to say and all are up to date, at one revision, and stay so for a moment. */
  async settled(limitMs = SETTLE_MS): Promise<void> {
    const endMs = performance.now() + limitMs;
    for (let calm = 0; calm < 2; ) {
      for (const machine of this.machines) await machine.until(isUpToDate, Math.max(1, endMs - performance.now()), "being up to date");
      // What a machine shows of itself may be a moment old; what it answers is not.
      const pending = await Promise.all(
        this.machines.map(async (machine) => (await machine.call("acknowledged", undefined)).pending.length),
      );
      const revisions = new Set(this.machines.map(({ view }) => view?.client?.revision));
      const isCalm =
        pending.every((count) => count === 0) &&
        revisions.size === 1 &&
        this.machines.every(({ view }) => view !== undefined && isUpToDate(view));
      calm = isCalm ? calm + 1 : 0;
      if (performance.now() > endMs) throw new Error(`not calm: pending ${pending.join(", ")}, revisions ${[...revisions].join(", ")}`);
      await pause(LOOK_MS);
    }
  }

  /** What is not as it should be when all is well again. */
  async faults(people: People): Promise<{ readonly lost: readonly string[]; readonly faults: readonly string[] }> {
    const lost: string[] = [];
    for (const machine of this.machines) lost.push(...(await people.missingOn(machine)));
    return { lost, faults: this.machines.flatMap(({ fallen }) => fallen) };
  }

  async end(): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.stop()));
  }
}

const isUpToDate = ({ client }: MachineView): boolean => client?.state === "synchronized" && client.pending === 0;

async function expectDone(outcome: Promise<unknown>): Promise<void> {
  const was = await outcome;
  if (was !== "done") throw new Error(`not done: ${JSON.stringify(was)}`);
}
