import test, { type ExecutionContext } from "ava";
import type { Network } from "../../hal/network.ts";
import { Cable, PLAIN_CABLE } from "../../hal/sim/cable.ts";
import { type AddressMap, CableNetwork } from "../../hal/sim/cable-network.ts";
import { NetworkCard } from "../../hal/sim/desk/network-card.ts";
import { FakeTime } from "../desk/fake-time.ts";
import { networkContract, type NetworkFixture } from "./network.ts";
import { freshFolder } from "../fresh-folder.ts";

const PORT = 8443;

/** A cable whose time stands still: what is sent arrives in the same call, or waits for the cable. */
const plainCable = (): Cable => new Cable({ ...new FakeTime(), chance: () => 0.9 });

interface MachineParts {
  readonly address: string;
  readonly map?: AddressMap;
  readonly cable?: Cable;
}

function machine(t: ExecutionContext, { address, map = new Map(), cable = plainCable() }: MachineParts): CableNetwork {
  const socketDir = freshFolder(t);
  return new CableNetwork({
    cable,
    address,
    localAddress: address,
    map,
    socketDir,
    proxy: { proxy: undefined, proxyExcludesLocalhost: true },
  });
}

/** The machine as the others reach it: the desk holds its address, and opens or refuses there as the machine's module listens. */
async function behindCard(t: ExecutionContext, network: CableNetwork, card: NetworkCard): Promise<Network> {
  t.teardown(() => card.close());
  await card.open();
  network.onPorts((ports) => {
    const path = ports.get(PORT);
    card.set(path === undefined ? { kind: "refusing" } : { kind: "open", path, knock: async () => undefined });
  });
  card.set({ kind: "refusing" });
  await card.settled();
  return {
    address: network.address,
    listen: async (port, onConnection) => {
      const listener = await network.listen(port, onConnection);
      await card.settled();
      const close = async (): Promise<void> => {
        await listener.close();
        await card.settled();
      };
      return { close };
    },
    connect: (destination, signal) => network.connect(destination, signal),
    datagrams: (destination) => network.datagrams(destination),
    joinGroup: (group, options) => network.joinGroup(group, options),
    askGroup: (group, options) => network.askGroup(group, options),
    proxy: () => network.proxy(),
    onProxy: (listener) => network.onProxy(listener),
  };
}

let machines = 0;

async function twoMachines(t: ExecutionContext): Promise<NetworkFixture & { readonly serversCable: Cable }> {
  // A card gives its port away for a moment: with an address of its own nobody else can take it.
  machines += 1;
  const [host, serversCable, cable] = [`127.45.0.${machines}`, plainCable(), plainCable()];
  const card = new NetworkCard({ cable: serversCable, host, port: 0, onTrouble: (text) => t.fail(text) });
  const network = machine(t, { address: host, cable: serversCable });
  const server = await behindCard(t, network, card);
  const client = machine(t, { address: "127.0.0.22", cable, map: new Map([[`${host}:${PORT}`, { host, port: card.port }]]) });
  // The desk's switch between the two.
  network.onDatagram((datagram) => serversCable.dropsDatagram() || client.arrive(datagram));
  client.onDatagram((datagram) => serversCable.dropsDatagram() || network.arrive(datagram));
  return {
    server,
    client,
    serversCable,
    port: PORT,
    destination: (port) => ({ host, port }),
    cut: (isCut) => cable.set({ ...PLAIN_CABLE, connected: !isCut }),
    setProxy: (settings) => client.setProxy(settings),
  };
}

networkContract(test, "cable network", twoMachines);

networkContract(test, "cable network to the machine itself", async (t) => {
  const cable = plainCable();
  const network = machine(t, { address: "127.0.0.23", cable });
  return {
    server: network,
    client: network,
    port: PORT,
    destination: (port) => ({ host: "localhost", port }),
    cut: undefined,
    setProxy: (settings) => network.setProxy(settings),
  };
});

test("the other machine's cable is silence as well, and its machine is still there for itself", async (t) => {
  const { server, client, serversCable, destination } = await twoMachines(t);
  const heard: string[] = [];
  const listener = await server.listen(PORT, ({ stream }) => {
    stream.on("data", (bytes) => heard.push(String(bytes))).on("error", () => undefined);
  });
  const never = new AbortController().signal;
  const near = await client.connect(destination(PORT), never);
  near.write("before");
  await until(() => heard.length === 1);
  serversCable.set({ ...PLAIN_CABLE, connected: false });
  near.on("close", () => heard.push("closed"));
  near.write("into the dark");
  const own = await server.connect(destination(PORT), never);
  own.write("my own");
  await until(() => heard.length > 1);
  t.deepEqual(heard, ["before", "my own"]);
  serversCable.set(PLAIN_CABLE);
  await until(() => heard.length > 2);
  t.deepEqual(heard, ["before", "my own", "into the dark"]);
  near.destroy();
  own.destroy();
  await listener.close();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
