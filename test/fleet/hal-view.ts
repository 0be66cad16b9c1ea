/**
 * The hardware as one life of the module sees it. The machine outlives the module: after a kill its listeners are
 * called no more and what it waited for never resolves, as if the process were gone; in full sleep all of it waits.
 */
import type { Hal } from "../../hal/hal.ts";
import type { Network } from "../../hal/network.ts";
import type { Life } from "./virtual-time.ts";

export function halView(hal: Hal, own: Pick<Hal, "clock" | "storage">, life: Life): Hal {
  const { device, panel, power, users, settings, addressBook, restrictions, jobs, network, networkSettings } = hal;
  return {
    device,
    panel: viewed(panel, life),
    power: viewed(power, life),
    clock: own.clock,
    users: viewed(users, life),
    settings: viewed(settings, life),
    addressBook: viewed(addressBook, life),
    restrictions: viewed(restrictions, life),
    jobs: viewed(jobs, life),
    network: viewedNetwork(network, life),
    networkSettings: viewed(networkSettings, life),
    storage: own.storage,
  };
}

/** The sockets that it gives out belong to the life as well. */
function viewedNetwork(network: Network, life: Life): Network {
  const view = viewed(network, life);
  return {
    address: network.address,
    listen: (port, onConnection) => view.listen(port, onConnection),
    connect: (destination, signal) => view.connect(destination, signal),
    datagrams: async (destination) => viewed(await view.datagrams(destination), life),
    joinGroup: async (group, options) => viewed(await view.joinGroup(group, options), life),
    askGroup: async (group, options) => viewed(await view.askGroup(group, options), life),
    proxy: () => view.proxy(),
    onProxy: (listener) => view.onProxy(listener),
  };
}

type Call = (...args: unknown[]) => unknown;
const isCall = (value: unknown): value is Call => typeof value === "function";

/** Everything stays what it was, but functions that are handed in and promises that come back belong to the life. */
export function viewed<T extends object>(part: T, life: Life): T {
  const calls = new Map<Call, Call>();
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (!isCall(value)) return value;
      const known = calls.get(value);
      if (known !== undefined) return known;
      const call: Call = (...args) => {
        const registered = { ended: false };
        const result: unknown = value.apply(
          target,
          args.map((arg) => (isCall(arg) ? listener(arg, life, registered) : arg)),
        );
        if (result instanceof Promise) return outcome(result, life);
        return isCall(result) ? unsubscribing(result, registered) : result;
      };
      calls.set(value, call);
      return call;
    },
  });
}

/** What a listener gives back is passed on while it can: `beforeSleep` waits for it. */
function listener(call: Call, life: Life, registered: { readonly ended: boolean }): Call {
  return (...args) => {
    if (life.over) return undefined;
    if (!life.asleep) return call(...args);
    life.deliver(() => registered.ended || void call(...args));
    return undefined;
  };
}

/** A listener that was ended hears nothing more, not even what was told while the machine slept. */
function unsubscribing(end: Call, registered: { ended: boolean }): () => void {
  return () => {
    registered.ended = true;
    end();
  };
}

function outcome<T>(promise: Promise<T>, life: Life): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => life.deliver(() => resolve(value)),
      (error: unknown) => life.deliver(() => reject(error)),
    );
  });
}
