/** Messages that a broker between the machines holds back, and delivers late or once more. */
import { must } from "../../src/model/assert.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Tap } from "../fleet/virtual-network.ts";

/** The messages of this kind that the server machine `s` had for the machine `to`, whether they arrived or not. */
export const allTold = (fleet: Fleet, to: string, kind: string): readonly Tap[] =>
  fleet.wiretap.messages.filter((tap) => tap.way !== "up" && tap.to === to && tap.message.body.kind === kind);

/** The last of them. */
export const lastTold = (fleet: Fleet, to: string, kind: string): Tap => must(allTold(fleet, to, kind).at(-1), `${to} was told ${kind}`);

/** It arrives now, or all of them do, one after the other. */
export async function arrivesLate(fleet: Fleet, ...taps: readonly Tap[]): Promise<void> {
  const serving = must(fleet.network.serverAt(fleet.at("s")), "s serves");
  for (const tap of taps) {
    if (tap.way === "up") throw new Error("what the server machine says can be late");
    serving.link.send(fleet.at(tap.to).identity, tap.message);
  }
  await fleet.advance(50);
}
