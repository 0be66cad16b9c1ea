/** An HTTP proxy is set on a machine, or fails (M29). A server machine's own client may come through it. */
import { type ProxyState, PROXY } from "../virtual-proxy.ts";
import type { Deed, Scene } from "./deed.ts";

const STATES: readonly ProxyState[] = ["refuses", "silent", "account"];
const NO_PROXY = { proxy: undefined, proxyExcludesLocalhost: true };

export function proxyDeeds({ fleet, traits, later }: Scene): Deed[] {
  const isMeant = traits.has("proxies");
  return [
    {
      name: "proxy set or taken away",
      weight: isMeant ? 8 : 0,
      happens: (machine, dice) => {
        if (machine.proxy.proxy !== undefined && dice.chance(0.5)) machine.setProxy(NO_PROXY);
        else machine.setProxy({ proxy: PROXY, proxyExcludesLocalhost: dice.chance(0.3) });
        fleet.say(`${machine.name}: its proxy is ${JSON.stringify(machine.proxy)}`);
        return true;
      },
    },
    {
      name: "proxy set wrong",
      weight: isMeant ? 2 : 0,
      happens: (machine, dice) => {
        const before = machine.proxy;
        machine.setProxy({ proxy: "proxy, the new one", proxyExcludesLocalhost: dice.chance(0.3) });
        fleet.say(`${machine.name}: its proxy is no address`);
        const putRight = (): void => machine.setProxy(before.proxy === PROXY ? before : NO_PROXY);
        later(dice.between(100, 40_000), `${machine.name}: its proxy is put right`, putRight);
        return true;
      },
    },
    {
      name: "proxy fails",
      weight: isMeant ? 6 : 0,
      happens: (_, dice) => {
        fleet.network.proxy = dice.pick(STATES);
        fleet.say(`the proxy ${fleet.network.proxy}`);
        later(dice.pick([dice.between(100, 5_000), dice.between(5_000, 60_000)]), "the proxy works", () => (fleet.network.proxy = "works"));
        return true;
      },
    },
  ];
}

/** No machine has one that is none any more. */
export function endProxies({ fleet }: Pick<Scene, "fleet">): void {
  for (const machine of fleet.machines) if (machine.proxy.proxy !== undefined && machine.proxy.proxy !== PROXY) machine.setProxy(NO_PROXY);
}
