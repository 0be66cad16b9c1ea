/** The bench looks at the network through this; what it measures must be what would happen without it. */
import { once } from "node:events";
import { createServer } from "node:net";
import test from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { CountedNetwork } from "../bench/probes.ts";
import { networkContract } from "./network.ts";

const HOST = "127.0.0.24";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

networkContract(test, "counted network", async () => {
  const client = new NodeNetwork({ address: "127.0.0.1" });
  return {
    server: new CountedNetwork(new NodeNetwork({ address: HOST, listenAddress: HOST }), { onConnect: () => undefined, way: undefined }),
    client: new CountedNetwork(client, { onConnect: () => undefined, way: undefined }),
    port: await freePort(),
    destination: (port) => ({ host: HOST, port }),
    cut: undefined,
    setProxy: (settings) => client.setProxy(settings),
  };
});
