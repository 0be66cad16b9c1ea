import test from "ava";
import { GroupSockets } from "../../hal/sim/group-sockets.ts";
import { SimUsers } from "../../hal/sim/sim-users.ts";
import type { Admission, Links } from "../../src/link/link.ts";
import { deviceId } from "../../src/model/ids.ts";
import { seededDice } from "../fleet/random.ts";
import { FAIR_WEATHER, groupsOf, type Node, VirtualNetwork, type Weather } from "../fleet/virtual-network.ts";
import { ClockHardware, Life, World } from "../fleet/virtual-time.ts";
import { type LinkFixture, linkContract } from "./link.ts";
import { pass } from "./virtual-world.ts";

const BACKOFF_MS = 4_900;
const STEP_MS = 20;
const admitting: Admission = { isPinned: () => true, differing: () => [], pin: async () => ({ word: "put-out" }) };

function nodeNamed(name: string, digit: string): Node {
  return {
    name,
    address: name,
    identity: deviceId(digit.repeat(32)),
    identityEnds: false,
    endIdentity: async () => undefined,
    serialNumber: name,
    deviceName: name,
    powered: true,
    users: new SimUsers({ random: seededDice(name).bytes }),
    asleep: false,
    wallMs: 0,
    groups: new GroupSockets({ address: name, send: () => undefined }),
    wakeForConnection: () => true,
    proxy: { proxy: undefined, proxyExcludesLocalhost: true },
  };
}

function machines(weather: Weather) {
  const world = new World();
  const network = new VirtualNetwork({ world, dice: seededDice("links") });
  network.weather = weather;
  const linksOf = (node: Node): Links => {
    network.addNode(node);
    const life = new Life(world, node.name);
    const clock = new ClockHardware(world, { offsetMs: 0, driftPpm: 0 }).view(life);
    return network.linksOf(node, life, { clock, network: groupsOf(node) });
  };
  return { linksOf, time: { step: () => pass(world, STEP_MS), passBackoff: () => pass(world, BACKOFF_MS) } };
}

const acrossTheNetwork = (weather: Weather) => async (): Promise<LinkFixture> => {
  const { linksOf, time } = machines(weather);
  const [server, client] = [nodeNamed("server", "a"), nodeNamed("client", "b")];
  return {
    ...time,
    device: client.identity,
    server: await linksOf(server).serve(admitting),
    client: linksOf(client).connect({ host: "server", port: 8443 }, server.identity),
  };
};

linkContract(test, "virtual links", acrossTheNetwork(FAIR_WEATHER));
linkContract(test, "virtual links over slow cables", acrossTheNetwork({ ...FAIR_WEATHER, latencyMsMin: 100, latencyMsMax: 700 }));

for (const host of ["localhost", "both"]) {
  linkContract(test, `virtual links of a machine to itself as ${host}`, async () => {
    const { linksOf, time } = machines(FAIR_WEATHER);
    const both = nodeNamed("both", "a");
    const links = linksOf(both);
    return {
      ...time,
      device: both.identity,
      server: await links.serve(admitting),
      client: links.connect({ host, port: 8443 }, both.identity),
    };
  });
}
