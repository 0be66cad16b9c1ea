/** What a seed decides once for its whole history: how large the fleet is, how hasty its people are, what may go wrong. */
import type { Config } from "../../src/model/config.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { type Dice, seededDice } from "./random.ts";
import type { ClockFault } from "./virtual-time.ts";

interface TraitRow {
  /** How many of a hundred seeds have it. */
  readonly percent: number;
  /** It is something that goes wrong: not without faults. */
  readonly isFault: boolean;
  readonly what: string;
}

/** What sets a history apart. Each has dice of its own, so that another row leaves the histories of the others as they are. */
export const TRAITS = {
  hot: { percent: 30, isFault: false, what: "everybody works on the same few entries, fast: much can go wrong between two writes" },
  storage: { percent: 10, isFault: true, what: "storage refuses what it is given: it is full, or broken" },
  rot: { percent: 6, isFault: true, what: "bits of a client's module storage flip: what is found is put aside, or fetched anew" },
  scopes: { percent: 20, isFault: false, what: "the administrator chooses the scope of sharing now and then" },
  clocks: { percent: 12, isFault: true, what: "the server's own clock and its time server are wrong, against M06" },
  backups: { percent: 15, isFault: false, what: "the server is backed up, and backups are put back" },
  images: { percent: 8, isFault: true, what: "an older image of a client machine's disks is put back" },
  "server-images": { percent: 5, isFault: true, what: "an older image of the server machine's disks is put back, and nobody says so" },
  small: { percent: 15, isFault: false, what: "one machine takes fewer entries than the others (M27)" },
  old: { percent: 15, isFault: false, what: "one machine is of an older model that lacks some items (M26)" },
  crowd: { percent: 20, isFault: false, what: "more users than the server keeps: the oldest makes room (M22)" },
  exports: { percent: 15, isFault: false, what: "data of users is prepared for export, exported and imported (M23)" },
  history: { percent: 25, isFault: false, what: "what lost is put back (B02)" },
  "stand-in": { percent: 8, isFault: true, what: "in the end the server is lost, and a client takes its place (B06)" },
  elsewhere: {
    percent: 5,
    isFault: true,
    what: "in the end a backup of the server is restored on a client machine, which serves from then on, and the old server is told (M33, B06)",
  },
  versions: {
    percent: 12,
    isFault: false,
    what: "machines speak an older version of the protocol, and are brought up to date and back (M26)",
  },
  "fast-clock": {
    percent: 6,
    isFault: true,
    what: "the monotonic clock of one client runs far too fast: its stamps are of the future (P3)",
  },
  between: {
    percent: 15,
    isFault: false,
    what: "people set an entry between the module's write of another's change to it and its showing (P11)",
  },
  echoes: { percent: 8, isFault: true, what: "a broker says messages again much later, also those of sessions that are over (P14)" },
  clones: { percent: 6, isFault: true, what: "the image of a client machine, with its key, runs in a second machine for a while (P14)" },
  "half-images": { percent: 6, isFault: true, what: "an older image of one of the two storages of a client machine is put back, alone" },
  passwords: { percent: 20, isFault: false, what: "addresses have passwords, and people lead them elsewhere (B08)" },
  large: { percent: 4, isFault: false, what: "people have large entries: snapshots come in several parts, offers in several pieces (P29)" },
  serving: { percent: 8, isFault: false, what: "the server function is stopped, and started again later (M11)" },
  "put-out": {
    percent: 8,
    isFault: false,
    what: "machines are taken out on the server machine, and their client function is started anew (M02)",
  },
  settings: { percent: 8, isFault: false, what: "authentication and group management settings differ for a while (M10)" },
  moves: { percent: 6, isFault: false, what: "the server machine gets another address, and clients that had searched for it follow (M09)" },
  proxies: {
    percent: 7,
    isFault: true,
    what: "machines get an HTTP proxy, and it fails; a server machine's own client may come through it (M29)",
  },
  looks: { percent: 10, isFault: false, what: "people look at what a join would do, and at what lost, and go away again (B01, B02)" },
  night: { percent: 5, isFault: false, what: "everybody goes home for the night" },
  holiday: {
    percent: 0,
    isFault: false,
    what: "all machines are off for a quarter of a year, where that is asked for: deletions are forgotten (P25)",
  },
  returns: { percent: 3, isFault: false, what: "machines join anew with owners that were deleted while they took no part (M15)" },
  mistyped: { percent: 3, isFault: false, what: "administrators mistype the password when they start a client function (B08)" },
  "server-history": {
    percent: 4,
    isFault: false,
    what: "what lost is put back on the server machine, which may take no part itself (B02)",
  },
  beats: { percent: 3, isFault: true, what: "machines go down right after a beat, while nothing else is under way" },
  crossing: { percent: 3, isFault: false, what: "everybody has something of their own when the scope of sharing changes (M19)" },
  "short-journal": { percent: 30, isFault: false, what: "the server keeps few changes for those who come back" },
} as const satisfies Readonly<Record<string, TraitRow>>;

export type Trait = keyof typeof TRAITS;

export const isTrait = (name: string): name is Trait => Object.hasOwn(TRAITS, name);

export interface Character {
  readonly traits: ReadonlySet<Trait>;
  /** "s" serves. */
  readonly names: readonly string[];
  readonly serverTakesPart: boolean;
  readonly steps: number;
  readonly faults: boolean;
  /** The machines that cannot take everything. */
  readonly small: string | undefined;
  readonly old: string | undefined;
  /** The client whose monotonic clock runs too fast. */
  readonly fast: string | undefined;
  /** Before which step the night comes. */
  readonly nightAt: number | undefined;
  /** Before which step everybody leaves for months. */
  readonly holidayAt: number | undefined;
  readonly config: Pick<Config, "scopes" | "usersMax" | "changesKept">;
  readonly clocks: Readonly<Record<string, ClockFault>>;
}

export interface CharacterOptions {
  readonly seed: number | string;
  /** How many machines, server machine included; the seed decides when left out. */
  readonly machines?: number;
  readonly steps?: number;
  /** false: nothing goes wrong. */
  readonly faults?: boolean;
  /** These traits in any case. */
  readonly traits?: ReadonlySet<Trait>;
}

const YEAR_MS = 365 * 24 * 3_600_000;

export function aCharacter(options: CharacterOptions): Character {
  const dice = seededDice(`character ${options.seed}`);
  const { faults = true } = options;
  const traits = traitsOf(dice, options);
  // Rolled whether it is asked for or not, so that a smaller fleet is otherwise the same.
  const rolled = dice.chance(0.08) ? dice.between(6, 10) : dice.between(2, 5);
  const names = ["s", ..."abcdefghi".slice(0, (options.machines ?? rolled) - 1)];
  const fast = traits.has("fast-clock") ? dice.fork("fast").pick(names.slice(1)) : undefined;
  const steps = options.steps ?? (traits.has("hot") ? dice.between(80, 240) : dice.between(40, 140));
  return {
    traits,
    names,
    serverTakesPart: dice.chance(0.4),
    steps,
    faults,
    small: traits.has("small") && names.length > 2 ? names.at(-1) : undefined,
    old: traits.has("old") && names.length > 3 ? names.at(-2) : undefined,
    fast,
    holidayAt: traits.has("holiday") ? dice.fork("holiday").between(Math.ceil(steps / 4), steps) : undefined,
    nightAt: traits.has("night") ? dice.fork("night").between(1, steps) : undefined,
    config: configOf(dice, traits),
    clocks: Object.fromEntries(
      names.map((name) => {
        const clock = faults ? aClock(name, dice.fork(`clock of ${name}`)) : TRUE_CLOCK;
        return [name, name === fast ? { ...clock, driftPpm: dice.fork("fast").between(FAST_PPM_MIN, FAST_PPM_MAX) } : clock];
      }),
    ),
  };
}

function traitsOf(dice: Dice, { faults = true, traits: wanted }: CharacterOptions): ReadonlySet<Trait> {
  const rows: readonly [string, TraitRow][] = Object.entries(TRAITS);
  const rolled = rows.filter(([name, { percent, isFault }]) => dice.fork(name).chance(percent / 100) && (faults || !isFault));
  return new Set([...rolled.map(([name]) => name).filter(isTrait), ...(wanted ?? [])]);
}

const configOf = (dice: Dice, traits: ReadonlySet<Trait>): Character["config"] => ({
  scopes: dice.chance(0.5) ? { timeline: "device-specific" } : {},
  usersMax: traits.has("crowd") ? dice.fork("users").between(2, 3) : LIMITS.usersMax,
  changesKept: traits.has("short-journal") || traits.has("large") ? dice.fork("journal").between(1, 25) : LIMITS.journalChangesKept,
});

/** Beats slow a reckoning down by a tenth at most: beyond that a clock runs away from journal time. */
const [FAST_PPM_MIN, FAST_PPM_MAX] = [120_000, 400_000];

const TRUE_CLOCK: ClockFault = { offsetMs: 0, driftPpm: 0 };

/** The server's clock is right (M06); a client's may be anything. */
function aClock(name: string, dice: Dice): ClockFault {
  const driftPpm = dice.between(-100, 100);
  if (name === "s") return { offsetMs: 0, driftPpm };
  const offsetMs = dice.pick([0, dice.between(-3_600_000, 3_600_000), -10 * YEAR_MS, 10 * YEAR_MS]);
  return { offsetMs, driftPpm };
}
