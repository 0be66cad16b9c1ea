/** Machines on a network of loopback sockets: real TCP, with names of their own and ports mapped as a provider may map them. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ExecutionContext } from "ava";
import { aesKeyStore } from "../../hal/parts/aes-key-store.ts";
import { scramProof } from "../../hal/parts/scram-proof.ts";
import type { Destination, Incoming, Listener, Network, ProxySettings } from "../../hal/network.ts";
import { type GroupDatagram, GroupSockets } from "../../hal/sim/group-sockets.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import type { AccountProof } from "../../hal/users.ts";
import { mqttLinks } from "../../src/link/mqtt-links.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import type { Random } from "../../src/model/random.ts";
import type { Admission } from "../../src/link/link.ts";
import { ManualClock } from "../contract/manual-clock.ts";

/** A moment of real time: sockets are the one thing here that no test can hurry. */
export const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** Where a server that was started for a test listens; closed with all its connections when the test ends. */
export async function listening(t: ExecutionContext, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

export class Lan {
  /** "host:port" to the real port on loopback. */
  readonly ports = new Map<string, number>();
  readonly clock = new ManualClock();
  readonly #doors = new Map<string, (incoming: Incoming) => void>();
  readonly #groups = new Map<string, GroupSockets>();
  readonly #kind: "sockets" | "streams";

  /** "streams": no sockets at all, as on a simulated network. */
  constructor(kind: "sockets" | "streams" = "sockets") {
    this.#kind = kind;
  }

  network(name: string, proxy: ProxySettings = { proxy: undefined, proxyExcludesLocalhost: true }): Network {
    const { ports } = this;
    const groups = new GroupSockets({ address: name, send: (datagram) => this.#toGroup(name, datagram) });
    this.#groups.set(name, groups);
    return {
      address: name,
      proxy: () => proxy,
      onProxy: () => () => undefined,
      datagrams: () => Promise.reject(new SyncError("hal-unavailable", "no datagrams on this network")),
      joinGroup: async (group, options) => groups.join(group, options),
      askGroup: async (group, options) => groups.ask(group, options),
      listen: (port, onConnection) =>
        this.#kind === "streams" ? this.#listen(`${name}:${port}`, onConnection) : listen(ports, `${name}:${port}`, onConnection),
      connect: ({ host, port }, signal) => {
        const place = `${host === "localhost" ? name : host}:${port}`;
        return this.#kind === "streams" ? this.#open(place, name) : open(ports.get(place), { host, port }, signal);
      },
    };
  }

  #toGroup(from: string, datagram: GroupDatagram): void {
    for (const [name, sockets] of this.#groups)
      if (name !== from && (datagram.to === undefined || datagram.to.host === name)) queueMicrotask(() => sockets.arrive(datagram));
  }

  async #listen(place: string, onConnection: (incoming: Incoming) => void): Promise<Listener> {
    const streams: Duplex[] = [];
    this.#doors.set(place, (incoming) => {
      streams.push(incoming.stream);
      onConnection(incoming);
    });
    return {
      close: async () => {
        this.#doors.delete(place);
        for (const stream of streams) stream.destroy();
      },
    };
  }

  async #open(place: string, from: string): Promise<Duplex> {
    const door = this.#doors.get(place);
    if (door === undefined) throw new SyncError("hal-unavailable", `${place} does not answer`);
    const [near, far] = streamPair();
    door({ stream: far, remoteAddress: from });
    return near;
  }

  machine(name: string, options: MachineOptions = {}): TestMachine {
    const random = seededRandom(name);
    const network = options.network ?? this.network(name, options.proxy);
    const log: string[] = [];
    const hal = {
      network,
      clock: this.clock,
      storage: new MemoryStorage(),
      users: { ...NO_USERS, prove: async (account: string) => options.accounts?.[account] },
      device: {
        serialNumber: `SN-${name}`,
        productName: "Test",
        deviceName: `Printer ${name}`,
        location: "",
        capabilities: { server: true, networkPlaces: "" },
        keyStore: aesKeyStore({ key: random(32), random }),
      },
    };
    const links = mqttLinks({ hal, random, config: { port: options.port ?? 8443 }, broker: options.broker, log: (text) => log.push(text) });
    return { name, network, hal, links, log, random };
  }
}

interface MachineOptions {
  readonly broker?: string;
  readonly proxy?: ProxySettings;
  readonly accounts?: Accounts;
  /** Of its own, instead of the Lan's. */
  readonly network?: Network;
  readonly port?: number;
}

export type TestMachine = Pick<Parameters<typeof mqttLinks>[0], "hal" | "random"> & {
  readonly name: string;
  readonly network: Network;
  readonly links: ReturnType<typeof mqttLinks>;
  readonly log: string[];
};

export interface Accounts {
  readonly [name: string]: AccountProof | undefined;
}

export const scramAccount = (password: string, administrator = true): AccountProof =>
  scramProof({ password, administrator, salt: new Uint8Array(16).fill(9) });

const unused = (): never => {
  throw new Error("not part of this test");
};
const NO_USERS = {
  accounts: unused,
  logIn: unused,
  logOut: unused,
  loggedIn: unused,
  onLogin: unused,
  onLogout: unused,
  policy: unused,
  onPolicy: unused,
  setGroupManagement: unused,
};

/** Lets in whom the set names; pins whoever comes, with one secret for all. */
export class TestAdmission implements Admission {
  readonly pinned = new Set<DeviceId>();
  readonly candidates: Parameters<Admission["pin"]>[0][] = [];
  readonly fleetSecret = new Uint8Array(32).fill(5);
  /** From where no account was proven. */
  readonly unprovenFrom: string[] = [];

  isPinned(device: DeviceId): boolean {
    return this.pinned.has(device);
  }

  differing(): readonly [] {
    return [];
  }

  unproven(address: string): void {
    this.unprovenFrom.push(address);
  }

  async pin(candidate: Parameters<Admission["pin"]>[0]): ReturnType<Admission["pin"]> {
    this.candidates.push(candidate);
    if (this.pinned.size >= 10) return { word: "too-many-machines", machinesMax: 10 };
    this.pinned.add(candidate.device);
    return { fleetSecret: this.fleetSecret };
  }
}

/** The same bytes for the same seed. */
export function seededRandom(seed: string): Random {
  let drawn = 0;
  return (count) => {
    const parts: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      drawn += 1;
      parts.push(createHash("sha256").update(`${seed} ${drawn}`).digest());
    }
    return Uint8Array.from(Buffer.concat(parts).subarray(0, count));
  };
}

async function listen(ports: Map<string, number>, name: string, onConnection: (incoming: Incoming) => void): Promise<Listener> {
  if (ports.has(name)) throw new SyncError("hal-refused", `${name} is taken`);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    onConnection({ stream: socket, remoteAddress: socket.remoteAddress ?? "" });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ports.set(name, portOf(server));
  return {
    async close() {
      ports.delete(name);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function open(realPort: number | undefined, { host, port }: Destination, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (realPort === undefined) return reject(new SyncError("hal-unavailable", `${host}:${port} does not answer`));
    const socket = connect(realPort, "127.0.0.1");
    const failed = (): void => {
      socket.destroy();
      reject(new SyncError("hal-unavailable", `${host}:${port} does not answer`));
    };
    signal.addEventListener("abort", failed, { once: true });
    socket.once("error", failed);
    socket.once("connect", () => {
      signal.removeEventListener("abort", failed);
      resolve(socket);
    });
  });
}
