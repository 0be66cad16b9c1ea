/** A module that says what ours would not: it takes a machine's place in the fleet, and tests speak for it. */
import { must } from "../../src/model/assert.ts";
import { type DeviceId, runId } from "../../src/model/ids.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Hello } from "../../src/protocol/hello.ts";
import type { Up } from "../../src/protocol/up.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { Life } from "../fleet/virtual-time.ts";
import { ALICE } from "./entries.ts";

/** The run of the module that we speak for. */
export const RUN = runId("0badc0de".repeat(2));

/** An edit of Alice's display language, as that module makes it. */
export const editOf = (device: DeviceId, sequence: number, value: string) =>
  ({
    id: { device, run: RUN, sequence },
    owner: ownerNamed(ALICE),
    item: "display-language",
    key: "",
    value,
    seen: 0,
    stamp: 1,
    certain: true,
    by: "",
  }) as const;

export const revisionOf = (fleet: Fleet): number | undefined => fleet.at("s").status?.server?.revision;

/** The module of the machine is a newer one from here on: we speak in its name, after a hello of its own that is as `other` says. */
export async function newerModule(fleet: Fleet, name: string, other: Partial<Hello> = {}) {
  const machine = fleet.at(name);
  const hello = must(
    fleet.wiretap.messages
      .flatMap((tap) => (tap.way === "up" && tap.from === name && tap.message.body.kind === "hello" ? [tap.message] : []))
      .at(-1),
    "it said hello",
  );
  await machine.deactivate();
  const life = new Life(fleet.world, `newer ${name}`);
  const links = fleet.network.linksOf(machine, life, { clock: machine.clock.view(life), network: machine.hal.network });
  const server = fleet.at("s");
  const link = links.connect({ host: server.address, port: 8443 }, server.identity);
  const heard: Down[] = [];
  link.onMessage((message) => heard.push(message));
  await fleet.when(() => link.state === "up");
  if (hello.body.kind !== "hello") throw new Error("it is one");
  link.send({ envelope: hello.envelope, body: { ...hello.body, run: RUN, number: 1, ...other } });
  await fleet.when(() => heard.some(({ body }) => body.kind === "welcome"));
  const welcome = must(
    heard.find(({ body }) => body.kind === "welcome"),
    "a welcome",
  ).envelope;
  const envelope = { ...hello.envelope, ...welcome, from: machine.identity };
  const say = (body: Up["body"], other: Partial<Up["envelope"]> = {}): void => link.send({ envelope: { ...envelope, ...other }, body });
  const push = (number: number, edits: readonly Uint8Array[], other: Partial<Up["envelope"]> = {}): void =>
    say({ kind: "push", number, edits }, { ...other, counter: 100 + number });
  const heardOf = (kind: Down["body"]["kind"]): readonly Down[] => heard.filter(({ body }) => body.kind === kind);
  const answers = () => heard.flatMap(({ body }) => (body.kind === "answers" ? [body] : []));
  return { device: machine.identity, hello: hello.body, say, push, answers, heardOf };
}
