/**
 * Stops a machine at every single write of a story, and again at every write of its recovery. A story is told once to
 * count the writes of the machine that is to die, both of its storages together; then it is told anew for each of them,
 * in the same words, because a fleet with a seed repeats itself. What comes before the story is lived through once: each
 * telling begins with machines that are switched on with what was on their disks then.
 *
 * A machine dies **after** a write, when it is durable and nobody has heard of it, or **in** it, when nothing of it is left
 * and nothing of those that were waiting behind it. A batch is whole or not there (hal/storage.ts), so that these are
 * all the states that a crash can leave.
 */
import type { ExecutionContext } from "ava";
import { Fleet, type FleetImage } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { copyOf, difference } from "../fleet/machine-copy.ts";

export interface Story<Facts, Given = undefined> {
  /** The machine that dies. */
  readonly victim: string;
  /** What comes before, lived through once: it is to leave its traces on disks, for all machines are switched off afterwards. */
  prepare(): Promise<{ readonly fleet: Fleet; readonly given: Given }>;
  /**
   * From there, with the machines that were on then switched on again and at rest, to the moment before; gives what is to be remembered
   * until the end. Here belongs what does not outlive a power cut: cables that are out, connections, what only a process knows.
   */
  begin(fleet: Fleet, given: Given): Promise<Facts>;
  /** What happens. The machine may die at any moment of it: nothing more is asked of it then. */
  happen(fleet: Fleet, facts: Facts): Promise<void>;
  /** Sees to it that the story comes to its end after all, as the people would; the machine runs again. */
  resume?(fleet: Fleet, facts: Facts): Promise<void>;
  /** What must be true when everything has come to rest. `where` says where the machine died. */
  check(t: ExecutionContext, fleet: Fleet, facts: Facts, where: string): Promise<void>;
  /** The items that are the same on all machines at the end; left out: all of them. */
  isShared?(item: string): boolean;
  /** Whether the story is about damaged data, so that a machine says so. */
  readonly isDamaged?: boolean;
}

type Moment = "after" | "in";

/** When a machine dies: at the n-th write from the beginning, or from its next start. */
interface Death {
  readonly write: number;
  readonly moment: Moment;
}

/** What each telling begins with. */
interface Before<Given> {
  readonly image: FleetImage;
  readonly given: Given;
}

/** A second death at every write of every recovery, until there are more of them than this; then at so many, evenly spread. */
const SECOND_DEATHS_MAX = 48;
/** A story, or a recovery, has come to its end by then. */
const QUIET_MS = 30_000;
const TIMEOUT_MS = 10 * 60_000;

/** Returns how many deaths were tried. */
export async function atEveryWrite<Facts, Given>(t: ExecutionContext, story: Story<Facts, Given>): Promise<number> {
  t.timeout(TIMEOUT_MS, "a busy computer takes its time");
  const { fleet, given } = await story.prepare();
  const before: Before<Given> = { image: fleet.image(), given };
  const whole = await tell(t, story, before, []);
  t.true(whole.writes[0] !== undefined && whole.writes[0] > 0, "the story has writes");
  let tried = 0;
  const second: (readonly [Death, Death])[] = [];
  for (let write = 1; write <= (whole.writes[0] ?? 0); write += 1) {
    for (const moment of ["after", "in"] as const) {
      const { writes } = await tell(t, story, before, [{ write, moment }]);
      tried += 1;
      for (let again = 1; again <= (writes[1] ?? 0); again += 1) {
        second.push([
          { write, moment },
          { write: again, moment: again % 2 === 0 ? "in" : "after" },
        ]);
      }
    }
  }
  const step = Math.max(1, second.length / SECOND_DEATHS_MAX);
  for (let at = 0; at < second.length; at += step) {
    await tell(t, story, before, second[Math.floor(at)] ?? []);
    tried += 1;
  }
  return tried;
}

/** Tells the story with these deaths in a row; gives the writes of each life of the machine in it. */
async function tell<Facts, Given>(
  t: ExecutionContext,
  story: Story<Facts, Given>,
  { image, given }: Before<Given>,
  deaths: readonly Death[],
): Promise<{ readonly writes: readonly number[] }> {
  const where =
    deaths.length === 0 ? "not killed" : `killed ${deaths.map(({ write, moment }) => `${moment} write ${write}`).join(", then ")}`;
  const fleet = await Fleet.goOnFrom(image);
  const facts = await story.begin(fleet, given);
  const victim = fleet.at(story.victim);
  const writes: number[] = [];
  const life = new Watched(victim, deaths[0]);
  await story.happen(fleet, facts);
  await quiet(fleet, victim, deaths[0] !== undefined);
  writes.push(life.end());
  for (const death of [...deaths.slice(1), undefined]) {
    const next = new Watched(victim, death);
    if (!victim.on) void victim.switchOnSoon();
    await quiet(fleet, victim, death !== undefined);
    writes.push(next.end());
  }
  await story.resume?.(fleet, facts);
  await fleet.settle();
  await story.check(t, fleet, facts, where);
  await checkFleet(t, fleet, where, story);
  return { writes };
}

/** Time passes until the machine is dead, or all that can be is up to date. */
async function quiet(fleet: Fleet, victim: VirtualMachine, mayDie: boolean): Promise<void> {
  const endMs = fleet.world.nowMs + QUIET_MS;
  const isOver = () => (mayDie && !victim.on) || (victim.running && fleet.isSettled());
  await fleet.advance(200);
  while (!isOver() && fleet.world.nowMs < endMs) await fleet.advance(100);
}

/** Counts the writes of one life of a machine, and ends it at one of them. */
class Watched {
  readonly #machine: VirtualMachine;
  #writes = 0;

  constructor(machine: VirtualMachine, death: Death | undefined) {
    this.#machine = machine;
    for (const disk of [machine.moduleDisk, machine.machineDisk]) {
      disk.survivors = () => 0;
      disk.onWriting = () => {
        this.#writes += 1;
        if (death?.moment === "in" && this.#writes === death.write) machine.kill();
      };
      disk.onDurable = () => {
        if (death?.moment === "after" && this.#writes === death.write) machine.kill();
      };
    }
  }

  end(): number {
    for (const disk of [this.#machine.moduleDisk, this.#machine.machineDisk]) {
      disk.onWriting = undefined;
      disk.onDurable = undefined;
      disk.survivors = undefined;
    }
    return this.#writes;
  }
}

/** What holds at the end of every story: nothing crashed, nothing was applied twice, all copies are equal, nothing is pending. */
async function checkFleet(
  t: ExecutionContext,
  fleet: Fleet,
  where: string,
  { isShared = () => true, isDamaged = false }: Pick<Story<unknown, unknown>, "isShared" | "isDamaged">,
): Promise<void> {
  t.is(fleet.wiretap.journal.fault, undefined, where);
  const members = fleet.machines.filter(({ on, status }) => on && status?.client?.state === "synchronized");
  const copies = [];
  for (const machine of members) copies.push(await copyOf(machine, (_, item) => isShared(item)));
  const [first, ...rest] = copies;
  for (const copy of rest) t.is(first === undefined ? undefined : difference(first, copy), undefined, where);
  for (const machine of fleet.machines) {
    t.deepEqual(machine.crashes, [], where);
    t.deepEqual(
      machine.log.filter(({ code }) => code === "crashed" || (code === "storage-damaged" && !isDamaged)),
      [],
      where,
    );
    if (members.includes(machine)) t.is(machine.status?.client?.pending, 0, where);
  }
}
