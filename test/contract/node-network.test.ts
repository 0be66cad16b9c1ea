import { once } from "node:events";
import { createServer } from "node:net";
import test from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { networkContract } from "./network.ts";

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

networkContract(test, "node network", async () => {
  const host = "127.0.0.9";
  const client = new NodeNetwork({ address: "127.0.0.1" });
  return {
    server: new NodeNetwork({ address: host, listenAddress: host }),
    client,
    port: await freePort(host),
    destination: (port) => ({ host, port }),
    cut: undefined,
    setProxy: (settings) => client.setProxy(settings),
  };
});
