/**
 * People at all machines set the same few entries, delete them, and have a user's data deleted, while plugs are pulled, the server
 * machine's too. What all of them did is recorded, and what the machines show in the end is judged by the rules (history-model.ts).
 */
import { CallError } from "../../hal/sim/control-line.ts";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import type { Owner } from "../../src/model/owner.ts";
import { TortureFleet } from "./fleet.ts";
import { type Ended, faultsOf, type History, type Made, type Shown } from "./history-model.ts";
import type { TortureMachine } from "./machine.ts";
import { pause, seconds, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const MACHINES = 4;
const ITEM = "personal-button";
const ALICE = "user:alice" as Owner;
const BOB = "user:bob" as Owner;
const OWNERS = [ALICE, BOB] as const;
const KEYS = 3;
const ROUND_MS = 6_000;
/** An overloaded computer hands on a beat this late; what was made closer together than that is one moment. */
const MOMENT_MS = 4_000;

const entryOf = (owner: string, key: string): string => `${owner} ${key}`;

/** What people at one machine did in a round. */
class Recorder {
  readonly made: Made[] = [];
  #number = 0;

  async work(machine: TortureMachine, { chance }: StoryTools, round: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const owner = chance() < 0.5 ? ALICE : BOB;
      const key = `k${Math.floor(chance() * KEYS)}`;
      this.#number += 1;
      const value = chance() < 0.15 ? undefined : `m${machine.number}-${round}-${this.#number}`;
      await this.#edit(machine, { owner, key, value });
      await pause(20 + chance() * 300);
    }
  }

  async #edit(machine: TortureMachine, { owner, key, value }: { owner: Owner; key: string; value: string | undefined }): Promise<void> {
    const knowsTime = machine.view?.client?.state === "synchronized";
    let shown: string | undefined;
    const entry = entryOf(owner, key);
    try {
      shown = (await shownOn(machine, [owner])).get(entry);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return;
    }
    const fromMs = performance.now();
    const change = { owner, item: ITEM, key, value: value === undefined ? undefined : { name: value, function: "copy" } };
    const made = { machine: machine.number, entry, value, shown, fromMs, knowsTime };
    try {
      await machine.call("editItems", { changes: [change] });
      this.made.push({ ...made, toMs: performance.now(), isTaken: true });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      // It was made before the machine went off, or never.
      this.made.push({ ...made, toMs: performance.now(), isTaken: false });
    }
  }
}

async function shownOn(machine: TortureMachine, owners: readonly Owner[]): Promise<Map<string, string>> {
  const shown = new Map<string, string>();
  for (const owner of owners)
    for (const { item, key, value } of await machine.call("readItems", { owner })) {
      const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
      if (item === ITEM && typeof name === "string") shown.set(entryOf(owner, key), name);
    }
  return shown;
}

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const sntp = `127.0.0.1:${await ntp.start()}`;
  const fleet = new TortureFleet({ tools, machines: MACHINES, addressOf: (number) => `127.0.205.${number}`, sntp });
  const figures = { cycles: 0, acknowledged: 0, lost: 0, unopenable: 0, recoverySeconds: 0, faults: [] as string[] };
  try {
    await fleet.begin();
    const endMs = performance.now() + tools.budgetMs;
    while (performance.now() < endMs && figures.faults.length === 0) {
      figures.cycles += 1;
      const { history, healedMs } = await round(fleet, tools, figures.cycles);
      const shown = new Map<number, Shown>();
      for (const machine of fleet.machines) shown.set(machine.number, await shownOn(machine, OWNERS));
      figures.acknowledged += history.made.filter(({ isTaken }) => isTaken).length;
      figures.recoverySeconds = Math.max(figures.recoverySeconds, seconds(healedMs));
      figures.faults.push(...faultsOf(history, shown).map((fault) => `round ${figures.cycles}: ${fault}`));
      figures.faults.push(...fleet.machines.flatMap(({ fallen }) => fallen));
      await clear(fleet);
    }
    return { ...figures, faults: figures.faults.slice(0, 8) };
  } finally {
    await fleet.end();
    ntp.close();
  }
}

async function round(fleet: TortureFleet, tools: StoryTools, number: number): Promise<{ history: History; healedMs: number }> {
  const recorders = fleet.machines.map(() => new Recorder());
  const ended: Ended[] = [];
  let isOver = false;
  const work = fleet.machines.map((machine, index) => recorders[index]?.work(machine, tools, number, () => isOver));
  const endMs = performance.now() + ROUND_MS;
  while (performance.now() < endMs) {
    await pause(300 + tools.chance() * 1_500);
    if (tools.chance() < 0.3) ended.push(...(await deleteBob(fleet.server)));
    const victims = fleet.machines.filter(() => tools.chance() < 0.3);
    await Promise.all(victims.map((machine) => powerCycle(machine, tools.chance() * 1_500)));
  }
  isOver = true;
  await Promise.all(work);
  const healedMs = performance.now();
  await fleet.settled();
  return { history: { made: recorders.flatMap(({ made }) => made), ended, momentMs: MOMENT_MS }, healedMs };
}

/** [Delete User Data] of bob, while the server machine is on. */
async function deleteBob(server: TortureMachine): Promise<Ended[]> {
  const fromMs = performance.now();
  const entries = Array.from({ length: KEYS }, (_, key) => entryOf(BOB, `k${key}`));
  const outcome = await server.call("deleteOwner", { owner: BOB });
  return outcome === "done" ? [{ entries, fromMs, toMs: performance.now() }] : [];
}

async function powerCycle(machine: TortureMachine, offMs: number): Promise<void> {
  await machine.kill();
  await pause(offMs);
  await machine.start();
}

/** The next round begins with nothing: what stands is nobody's edit of it. */
async function clear(fleet: TortureFleet): Promise<void> {
  const changes = OWNERS.flatMap((owner) =>
    Array.from({ length: KEYS }, (_, key) => ({ owner, item: ITEM, key: `k${key}`, value: undefined })),
  );
  const shown = await shownOn(fleet.server, OWNERS);
  const there = changes.filter(({ owner, key }) => shown.has(entryOf(owner, key)));
  if (there.length > 0) await fleet.server.call("editItems", { changes: there });
  await fleet.settled();
}

export const sameEntries: Story = { name: "the same entries", needs: [], run };
