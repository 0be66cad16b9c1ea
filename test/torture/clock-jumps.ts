/** The wall clocks of the machines jump by years while people work: what was done later wins all the same, and nothing is lost. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import type { Owner } from "../../src/model/owner.ts";
import { FAKETIME } from "./abilities.ts";
import { TortureFleet } from "./fleet.ts";
import type { TortureMachine } from "./machine.ts";
import { rounds } from "./rounds.ts";
import { pause, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const YEARS = 10;
const SHARED = { owner: "user:alice" as Owner, item: "display-language", key: "" };

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const sntp = `127.0.0.1:${await ntp.start()}`;
  const fileOf = (number: number): string => join(tools.workDir, `time-${number}`);
  const jump = (number: number, days: number): void => writeFileSync(fileOf(number), `${days >= 0 ? "+" : ""}${days}d`);
  for (const number of [1, 2, 3]) jump(number, 0);
  const fleet = new TortureFleet({
    tools,
    machines: 3,
    addressOf: (number) => `127.0.204.${number}`,
    sntp,
    special: (number) => ({
      environment: {
        LD_PRELOAD: FAKETIME,
        FAKETIME_TIMESTAMP_FILE: fileOf(number),
        FAKETIME_NO_CACHE: "1",
        // Timers go on: only the date is wrong, as it is on a printer with an empty battery.
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    }),
  });
  const happen = async (): Promise<undefined> => {
    for (const { number } of fleet.machines) if (tools.chance() < 0.6) jump(number, Math.round((tools.chance() * 2 - 1) * YEARS * 365));
    await pause(1_000 + tools.chance() * 3_000);
  };
  try {
    return await rounds({ fleet, tools, everyMs: 30, happen, faults: (round) => laterWins(fleet, round) });
  } finally {
    await fleet.end();
    ntp.close();
  }
}

/** One machine after the other sets the same entry; the last one's value is everywhere. */
async function laterWins(fleet: TortureFleet, round: number): Promise<string[]> {
  for (const machine of fleet.machines) {
    await machine.call("editItems", { changes: [{ ...SHARED, value: languageOf(machine, round) }] });
    await fleet.settled();
  }
  const last = fleet.machines.at(-1);
  const wanted = last === undefined ? "" : languageOf(last, round);
  const faults: string[] = [];
  for (const machine of fleet.machines) {
    const shown = (await machine.call("readItems", { owner: SHARED.owner })).find(({ item }) => item === SHARED.item)?.value;
    if (shown !== wanted) faults.push(`machine ${machine.number} shows ${String(shown)}, the last one set ${wanted}`);
  }
  return faults;
}

const languageOf = ({ number }: TortureMachine, round: number): string => `l${round}-${number}`;

export const clockJumps: Story = { name: "clocks jump", needs: ["faketime"], run };
