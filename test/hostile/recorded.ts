/** What an honest fleet says in a busy minute: the stock that hostile messages are made from. */
import { Fleet } from "../fleet/fleet.ts";
import type { Tap } from "../fleet/virtual-network.ts";

export async function recordedMessages(seed: number): Promise<readonly Tap[]> {
  const fleet = await Fleet.start({ seed, server: "s", clients: ["a", "b"], others: ["c"] });
  const taps: Tap[] = [];
  fleet.network.onMessage((tap) => taps.push(tap));
  await fleet.at("c").edit("user:carol", "display-language", "", "fr");
  await fleet.at("c").edit("common", "common-address", "one", { cn: "One", subdbid: "11", indxid: "1", mailaddress: "one@example.com" });
  await fleet.join("c");
  await fleet.at("a").login("user:alice");
  for (let round = 1; round <= 6; round += 1) {
    await fleet.at("a").edit("user:mallory", "timeline", `t${round}`, { round });
    await fleet.at("b").edit("user:mallory", "personal-button", "p", { name: `P ${round}`, function: "copy" });
    await fleet.at("b").delete("user:mallory", "timeline", `t${round - 1}`);
    await fleet.advance(300);
  }
  fleet.at("b").powerOff();
  await fleet.at("a").edit("user:mallory", "keychain", "k", { user: "u", password: "p" });
  await fleet.at("s").deleteOwner("user:carol");
  await fleet.at("b").switchOn();
  await fleet.settle();
  return taps;
}
