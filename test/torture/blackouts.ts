/** The power of the whole office fails while people work: all machines at once, and at times something else is first at the server machine's port. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { TortureFleet } from "./fleet.ts";
import { rounds } from "./rounds.ts";
import { pause, type Story, type StoryFigures, type StoryTools } from "./story.ts";

const PORT = 8443;
/** The server machine tries again after 1 s, 2 s and 4 s. */
const TAKEN_MS = 3_000;

async function run(tools: StoryTools): Promise<StoryFigures> {
  const ntp = new NtpServer({ wallMs: () => Date.now() });
  const fleet = new TortureFleet({
    tools,
    machines: 4,
    addressOf: (number) => `127.0.206.${number}`,
    sntp: `127.0.0.1:${await ntp.start()}`,
  });
  const happen = async (): Promise<number> => {
    await pause(300 + tools.chance() * 1_500);
    await Promise.all(fleet.machines.map((machine) => machine.kill()));
    const squatter = tools.chance() < 0.3 ? await squat(fleet.server.address) : undefined;
    await Promise.all(fleet.machines.map((machine) => machine.start()));
    if (squatter !== undefined) await leave(squatter);
    const backMs = performance.now();
    await pause(500);
    return backMs;
  };
  try {
    return await rounds({ fleet, tools, everyMs: 15, happen });
  } finally {
    await fleet.end();
    ntp.close();
  }
}

async function squat(host: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(PORT, host), "listening");
  return server;
}

async function leave(server: Server): Promise<void> {
  await pause(TAKEN_MS);
  server.close();
  await once(server, "close");
}

export const blackouts: Story = { name: "blackouts", needs: [], run };
