/** "Try this first": each step by itself, at the press of a button. */
import { call, say } from "./api.ts";

const ADMINISTRATOR = { account: "Administrator", password: "desk" };

export function guide(machines: () => number): void {
  const steps: Readonly<Record<string, () => Promise<boolean>>> = {
    server: () => call("PUT", "/machines/1/synchronize", { server: true }),
    clients: () => startClients(machines()),
    button: giveButton,
  };
  for (const pressed of document.querySelectorAll<HTMLButtonElement>("[data-do]")) {
    const step = steps[pressed.dataset.do ?? ""];
    if (step !== undefined) pressed.addEventListener("click", () => void doStep(pressed, step));
  }
  const curl = document.getElementById("curl");
  if (curl !== null) curl.textContent = example(location.origin);
}

async function doStep(pressed: HTMLButtonElement, step: () => Promise<boolean>): Promise<void> {
  pressed.disabled = true;
  const done = await step();
  pressed.disabled = false;
  pressed.textContent = done ? "Done" : "Try again";
}

async function startClients(machines: number): Promise<boolean> {
  const server = await addressOf(1);
  const numbers = Array.from({ length: Math.max(0, Math.min(machines, 10) - 1) }, (_, index) => index + 2);
  const done = await Promise.all(
    numbers.map(async (number) => {
      const set = await call("PUT", `/machines/${number}/synchronize`, { client: { destination: server, ...ADMINISTRATOR } });
      return set && (await call("POST", `/machines/${number}/power`, { action: "restart" }));
    }),
  );
  return done.every(Boolean);
}

async function giveButton(): Promise<boolean> {
  const value = { name: "Scan to my desk", function: "scan-and-send" };
  const given = await call("PUT", "/machines/2/items", [{ owner: "user:alice", item: "personal-button", key: "from-the-guide", value }]);
  const loggedIn = given && (await call("POST", "/machines/3/login", { user: "alice" }));
  if (loggedIn) say("alice is logged in at printer 3: her button is on its home screen.");
  return loggedIn;
}

async function addressOf(number: number): Promise<string> {
  const answer = await fetch(`/api/machines/${number}`);
  const { address }: { address: string } = await answer.json();
  return address;
}

const example = (origin: string): string => `api=${origin}/api
curl $api/machines
curl -X PUT  $api/machines/1/synchronize -d '{"server": true}'
curl -X POST $api/machines/2/keys        -d '{"keys": ["settings", "down", "down", "ok"]}'
curl -X POST $api/machines/2/power       -d '{"action": "pull-plug"}'
curl -X POST $api/machines/2/address-book?format=csv --data-binary @book.csv
curl -N $api/events`;
