/** The bench looks at the network through this; what it measures must be what would happen without it. */
import test from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { CountedNetwork } from "../bench/probes.ts";
import { networkContract } from "./network.ts";
import { freePort } from "../free-port.ts";

const HOST = "127.0.0.24";

networkContract(test, "counted network", async () => {
  const client = new NodeNetwork({ address: "127.0.0.1" });
  return {
    server: new CountedNetwork(new NodeNetwork({ address: HOST, listenAddress: HOST }), { onConnect: () => undefined, way: undefined }),
    client: new CountedNetwork(client, { onConnect: () => undefined, way: undefined }),
    port: await freePort(HOST),
    destination: (port) => ({ host: HOST, port }),
    cut: undefined,
    setProxy: (settings) => client.setProxy(settings),
  };
});
