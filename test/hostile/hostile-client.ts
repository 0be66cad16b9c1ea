/**
 * A machine that was paired and is somebody else's now: it has the key, and says to the server whatever it likes. The
 * server goes on, the other machines do not notice, and what their people set stays.
 */
import { LIMITS } from "../../src/model/limits.ts";
import type { Edit } from "../../src/model/entry.ts";
import { decodeUp, encodeUp } from "../../src/protocol/codec.ts";
import { decodeEdit, encodeEdit } from "../../src/protocol/edit.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import { Fleet } from "../fleet/fleet.ts";
import { type Dice, seededDice } from "../fleet/random.ts";
import { Life } from "../fleet/virtual-time.ts";
import { recordedMessages } from "./recorded.ts";
import type { StoryOutcome } from "./stories.ts";
import { isMessage, twisted } from "./twisted.ts";

const HONEST = { owner: "user:honest", item: "display-language" } as const;
/** After so many messages somebody honest does something, and it is looked whether all is well. */
const LOOK_EVERY = 25;

export async function hostileClient(messages: number, seed: number): Promise<StoryOutcome> {
  const dice = seededDice(`hostile client ${seed}`);
  const stock = (await recordedMessages(seed)).flatMap((tap) => (tap.way === "up" ? [tap.message] : []));
  const fleet = await Fleet.start({ seed: `hostile client ${seed}`, server: "s", clients: ["a", "b", "h"] });
  fleet.wiretap.looksInside = false;
  const { said, answered, attack } = await takeOver(fleet, stock, dice);
  try {
    for (let count = 1; count <= messages; count += 1) {
      attack();
      await fleet.advance(dice.chance(0.1) ? dice.between(50, 3_000) : dice.between(0, 20));
      if (count % LOOK_EVERY === 0) await allIsWell(fleet, `l${count}`);
    }
    fleet.at("h").powerOff();
    await fleet.advance(2 * LIMITS.leaseMs);
    await allIsWell(fleet, "end");
    return { said: said(), answered: answered(), failure: undefined };
  } catch (error) {
    return { said: said(), answered: answered(), failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The machine's module is gone; its key is used by us. */
async function takeOver(fleet: Fleet, stock: readonly Up[], dice: Dice) {
  const hostile = fleet.at("h");
  await hostile.deactivate();
  const life = new Life(fleet.world, "hostile");
  const links = fleet.network.linksOf(hostile, life, { clock: hostile.clock.view(life), network: hostile.hal.network });
  const server = fleet.at("s");
  const link = links.connect({ host: server.address, port: 8443 }, server.identity);
  let last: Down["envelope"] | undefined;
  let session: Up["envelope"]["session"];
  let counts = { said: 0, answered: 0, number: 0 };
  link.onMessage(({ envelope, body }) => {
    counts = { ...counts, answered: counts.answered + 1 };
    last = envelope;
    if (body.kind === "welcome") session = envelope.session;
  });
  await fleet.when(() => link.state === "up");
  const attack = (): void => {
    const { envelope, body } = dice.pick(stock);
    const near = dice.chance(0.9);
    const around = near ? { fleet: last?.fleet ?? envelope.fleet, epoch: last?.epoch ?? envelope.epoch, session } : {};
    const honest: Up = { envelope: { ...envelope, from: hostile.identity, ...around }, body: owned(body, hostile.identity, dice) };
    const hello = honest.body.kind === "hello" && near ? { number: (counts = { ...counts, number: counts.number + 1 }).number } : {};
    const made = twisted({ ...honest, body: { ...honest.body, ...hello } }, dice);
    if (dice.chance(0.01)) link.restart();
    if (!isMessage(() => decodeUp(encodeUp(made)))) return;
    link.send(made);
    counts = { ...counts, said: counts.said + 1 };
  };
  return { attack, said: () => counts.said, answered: () => counts.answered };
}

/** Edits in the machine's own name, mostly: else they would not even be looked at. */
function owned(body: Up["body"], device: Edit["id"]["device"], dice: Dice): Up["body"] {
  if (body.kind !== "push") return body;
  const edits = body.edits.map((bytes) => {
    const edit = decodeEdit(bytes);
    const made: Edit = { ...edit, id: { ...edit.id, device, sequence: dice.between(1, 1_000_000) } };
    const other = twisted(made, dice);
    return isMessage(() => encodeEdit(other)) ? encodeEdit(other) : bytes;
  });
  return { ...body, number: dice.between(1, 1_000_000), edits };
}

async function allIsWell(fleet: Fleet, language: string): Promise<void> {
  const { owner, item } = HONEST;
  await fleet.at("a").edit(owner, item, "", language);
  await fleet.when(() => fleet.at("b").status?.client?.state === "synchronized", 60_000, "b being up to date");
  await fleet.when(() => fleet.at("a").status?.client?.pending === 0, 60_000, "a's edit being answered");
  await fleet.advance(2_000);
  const shown = await fleet.at("b").read(owner, item, "");
  if (shown !== language) throw fleet.failure(`b shows ${JSON.stringify(shown)} where a set ${language}`);
  for (const machine of fleet.machines) {
    const fallen = machine.running ? machine.log.find(({ code, text }) => code === "crashed" || text.includes(" failed: ")) : undefined;
    if (fallen !== undefined) throw fleet.failure(`${machine.name}: ${fallen.text}`);
    if (machine.crashes.length > 0) throw fleet.failure(`${machine.name} crashed: ${String(machine.crashes[0])}`);
  }
}
