import test from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { networkContract } from "./network.ts";
import { freePort } from "../free-port.ts";

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
