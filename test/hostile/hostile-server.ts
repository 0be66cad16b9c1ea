/**
 * A server machine that is somebody else's: a client that trusts it is told whatever comes to mind. The client's module
 * goes on, its people keep what they set last, and it comes back to a server that behaves.
 */
import { sessionId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { decodeDown, encodeDown } from "../../src/protocol/codec.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import { Fleet } from "../fleet/fleet.ts";
import { type Dice, seededDice } from "../fleet/random.ts";
import { Life } from "../fleet/virtual-time.ts";
import { recordedMessages } from "./recorded.ts";
import type { StoryOutcome } from "./stories.ts";
import { isMessage, twisted } from "./twisted.ts";

const OWN = { owner: "user:honest", item: "accessibility" } as const;
const LOOK_EVERY = 25;

export async function hostileServer(messages: number, seed: number): Promise<StoryOutcome> {
  const dice = seededDice(`hostile server ${seed}`);
  const stock = (await recordedMessages(seed)).flatMap((tap) => (tap.way === "up" ? [] : [tap.message]));
  const fleet = await Fleet.start({ seed: `hostile server ${seed}`, others: ["h", "c"] });
  fleet.wiretap.looksInside = false;
  await fleet.at("c").edit(OWN.owner, OWN.item, "", { begin: true });
  const hostile = await serve(fleet, stock, dice);
  try {
    await fleet.at("c").startClient(fleet.at("h").address);
    await fleet.at("c").restart();
    for (let count = 1; count <= messages; count += 1) {
      hostile.speak();
      await fleet.advance(dice.chance(0.1) ? dice.between(50, 3_000) : dice.between(0, 20));
      if (count % LOOK_EVERY === 0) await allIsWell(fleet, count);
    }
    const before = hostile.hellos();
    hostile.beSilent();
    await fleet.advance(2 * LIMITS.leaseMs + 3 * LIMITS.refusedRetryMs);
    if (hostile.hellos() === before) throw fleet.failure("the client says hello no more");
    return { said: hostile.said(), answered: hostile.heard(), failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { said: hostile.said(), answered: hostile.heard(), failure };
  }
}

async function serve(fleet: Fleet, stock: readonly Down[], dice: Dice) {
  const machine = fleet.at("h");
  await machine.deactivate();
  const life = new Life(fleet.world, "hostile");
  const links = fleet.network.linksOf(machine, life, { clock: machine.clock.view(life), network: machine.hal.network });
  const link = await links.serve({ isPinned: () => true, differing: () => [], pin: async () => ({ fleetSecret: new Uint8Array(32) }) });
  const client = fleet.at("c");
  const session = sessionId("5e55".repeat(4));
  let last: Up | undefined;
  let [said, heard, hellos] = [0, 0, 0];
  const say = (message: Down): void => {
    if (!isMessage(() => decodeDown(encodeDown(message)))) return;
    if (dice.chance(0.3)) link.broadcast(message);
    else link.send(client.identity, message);
    said += 1;
  };
  const speak = (): void => {
    const { envelope, body } = dice.pick(stock);
    // A welcome that answers, else nothing after it is listened to.
    const number = body.kind === "welcome" && last?.body.kind === "hello" ? { number: last.body.number } : {};
    const around = { from: machine.identity, session: dice.chance(0.7) ? session : undefined };
    say(twisted({ envelope: { ...envelope, ...around }, body: { ...body, ...number } }, dice));
  };
  link.onMessage((_, message) => {
    heard += 1;
    if (message.body.kind !== "hello") return;
    last = message;
    hellos += 1;
    const welcomes = stock.filter(({ body }) => body.kind === "welcome");
    const { envelope, body } = dice.pick(welcomes);
    if (dice.chance(0.8))
      say(
        twisted(
          { envelope: { ...envelope, from: machine.identity, session }, body: { ...body, number: message.body.number } } as Down,
          dice,
        ),
      );
  });
  const beSilent = (): void => link.cut(client.identity);
  return { speak, beSilent, said: () => said, heard: () => heard, hellos: () => hellos };
}

/** What somebody sets is there at once, whatever the server says; and nothing fell. */
async function allIsWell(fleet: Fleet, count: number): Promise<void> {
  const machine = fleet.at("c");
  await machine.edit(OWN.owner, OWN.item, "", { count });
  const shown = JSON.stringify(await machine.read(OWN.owner, OWN.item, ""));
  if (shown !== JSON.stringify({ count })) throw fleet.failure(`the machine shows ${shown} where ${count} was just set`);
  const fallen = machine.log.find(({ code, text }) => code === "crashed" || text.includes(" failed: "));
  if (fallen !== undefined) throw fleet.failure(fallen.text);
  if (machine.crashes.length > 0) throw fleet.failure(`crashed: ${String(machine.crashes[0])}`);
}
