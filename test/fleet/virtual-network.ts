/**
 * A network in virtual time, at the level of messages: every message is encoded and decoded by the real codec, and on
 * its way it is late, doubled, held back by a partition, or lost with its connection. It keeps the promises of
 * src/link/link.ts and no others: order on one path, none between broadcasts and messages to one machine, "down" told
 * after a loss, silence while a cable is cut.
 */
import { must } from "../../src/model/assert.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Clock } from "../../hal/clock.ts";
import type { GroupDatagram, GroupSockets } from "../../hal/sim/group-sockets.ts";
import type { Network, ProxySettings } from "../../hal/network.ts";
import { JoinedServerLink } from "../../src/link/joined-server-link.ts";
import type { Dial } from "../../src/link/line.ts";
import type { Admission, Destination, Links } from "../../src/link/link.ts";
import { LocalServerLink } from "../../src/link/local-pair.ts";
import { reconnectingLink } from "../../src/link/reconnecting-link.ts";
import { answerSearches } from "../../src/link/search-answerer.ts";
import { searchServers } from "../../src/link/searching.ts";
import { isLocalhost, isProxied } from "../../src/link/tunnel.ts";
import type { Down } from "../../src/protocol/down.ts";
import type { Up } from "../../src/protocol/up.ts";
import type { Users } from "../../hal/users.ts";
import type { Connection } from "./virtual-connection.ts";
import type { Dice } from "./random.ts";
import { virtualDial } from "./virtual-dial.ts";
import { type ProxyState, proxyFault } from "./virtual-proxy.ts";
import { openFirstContact } from "./virtual-first-contact.ts";
import { VirtualServerLink } from "./virtual-server-link.ts";
import type { Life, World } from "./virtual-time.ts";

export interface Weather {
  readonly latencyMsMin: number;
  readonly latencyMsMax: number;
  /** Per message: it is lost, and its connection with it. */
  readonly loss: number;
  /** Per message: it arrives twice. */
  readonly duplicates: number;
}

export const FAIR_WEATHER: Weather = { latencyMsMin: 1, latencyMsMax: 8, loss: 0, duplicates: 0 };
export const FOUL_WEATHER: Weather = { latencyMsMin: 1, latencyMsMax: 700, loss: 0.004, duplicates: 0.05 };

/** A message as somebody at the cable sees it. */
export type Tap = { readonly atMs: number; readonly from: string; readonly to: string; readonly bytes: Uint8Array } & (
  | { readonly way: "up"; readonly message: Up }
  | { readonly way: "down" | "broadcast"; readonly message: Down }
);

/** What the network knows of a machine. */
export interface Node {
  readonly name: string;
  readonly address: string;
  readonly identity: DeviceId;
  readonly identityEnds: boolean;
  endIdentity(life: Life): Promise<void>;
  readonly serialNumber: string;
  readonly deviceName: string;
  /** Without power nothing answers, not even with a refusal. */
  readonly powered: boolean;
  readonly users: Users;
  readonly proxy: ProxySettings;
  readonly asleep: boolean;
  /** Its date. */
  readonly wallMs: number;
  /** Its sockets for groups, while its module has any. */
  readonly groups: GroupSockets | undefined;
  /** Somebody knocks at the door: wakes the machine if it listens for that (M37). False: it sleeps on. */
  wakeForConnection(): boolean;
}

const PORT = 8443;
const [ECHO_MS_MIN, ECHO_MS_MAX] = [2_500, 40_000];

interface LifeParts {
  readonly clock: Clock;
  readonly network: Pick<Network, "joinGroup" | "askGroup">;
}

/** The groups of a node whose sockets nobody closes, for tests of the network alone. */
export const groupsOf = ({ groups }: Pick<Node, "groups">): LifeParts["network"] => ({
  joinGroup: async (group, options) => must(groups, "it has sockets").join(group, options),
  askGroup: async (group, options) => must(groups, "it has sockets").ask(group, options),
});

export class VirtualNetwork {
  readonly world: World;
  readonly dice: Dice;
  weather: Weather = FAIR_WEATHER;
  readonly #nodes = new Map<string, Node>();
  readonly #serving = new Map<string, { readonly link: VirtualServerLink; readonly life: Life }>();
  readonly #announced = new Map<string, { readonly closed: Refusal; readonly life: Life }>();
  readonly #connections = new Set<Connection>();
  /** On which segment of a row of them a machine is; there is one router between two neighbours. */
  readonly #segments = new Map<string, number>();
  /** "a>b": what a sends to b does not arrive. */
  readonly #cuts = new Set<string>();
  readonly #taps: ((tap: Tap) => void)[] = [];
  #connectionNumber = 0;
  #proxy: ProxyState = "works";

  constructor(parts: { readonly world: World; readonly dice: Dice }) {
    this.world = parts.world;
    this.dice = parts.dice;
  }

  /** What a broker between the machines loses without a word, its connections standing: no link of ours does, others may. */
  loses: ((tap: Tap) => boolean) | undefined;

  /** Machines on which something else has the port of the server function. */
  readonly portsTaken = new Set<string>();

  /** How many of the messages a broker says again much later, over whatever connection there is then: no link of ours does, others may. */
  echoes = 0;

  /** Hears who seems to say something that a broker says again. */
  onEcho: ((from: string) => void) | undefined;

  mayEcho(connection: Connection, way: Tap["way"], bytes: Uint8Array): void {
    if (this.echoes === 0 || !this.dice.chance(this.echoes)) return;
    this.world.after(this.dice.between(ECHO_MS_MIN, ECHO_MS_MAX), "echo", () => {
      if (way === "up") this.onEcho?.(connection.client.node.name);
      for (const other of [...this.#connections]) if (other.isBetween(connection)) other.arrivesLate(way, bytes);
    });
  }

  addNode(node: Node): void {
    this.#nodes.set(node.name, node);
  }

  onMessage(tap: (tap: Tap) => void): void {
    this.#taps.push(tap);
  }

  /** Tells whoever listens; false for a message that is lost on its way. */
  tapped(tap: Tap): boolean {
    if (tap.bytes.length > LIMITS.messageBytesMax)
      throw new Error(`${tap.from} sends ${tap.bytes.length} bytes of ${tap.message.body.kind}`);
    for (const listener of this.#taps) listener(tap);
    return this.loses?.(tap) !== true;
  }

  // ---- the cables

  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  partition(a: string, b: string): void {
    this.cut(a, b);
    this.cut(b, a);
  }

  /** Pulls the machine's cable: silence from and to everybody, itself too where it comes to itself through a proxy. */
  unplug(name: string): void {
    for (const other of this.#nodes.keys()) this.partition(name, other);
  }

  get proxy(): ProxyState {
    return this.#proxy;
  }

  /** What went through a proxy that does not work any more is lost. */
  set proxy(state: ProxyState) {
    this.#proxy = state;
    if (state === "works") return;
    for (const connection of [...this.#connections]) if (connection.isProxied) connection.fail();
  }

  plug(name: string): void {
    for (const other of this.#nodes.keys()) this.heal(name, other);
  }

  heal(a: string, b: string): void {
    this.#cuts.delete(`${a}>${b}`);
    this.#cuts.delete(`${b}>${a}`);
    for (const connection of this.#connections) connection.pathMayBeFree();
  }

  healAll(): void {
    this.#cuts.clear();
    this.weather = FAIR_WEATHER;
    this.echoes = 0;
    this.#proxy = "works";
    for (const connection of this.#connections) connection.pathMayBeFree();
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  /** The connection over which two machines speak, where nothing is in its way. */
  flowing(client: string, server: string): Connection | undefined {
    if (this.isCut(client, server) || this.isCut(server, client)) return undefined;
    const [between, ...others] = [...this.#connections].filter((one) => one.client.node.name === client && one.server.node.name === server);
    return others.length === 0 && between?.flows === true ? between : undefined;
  }

  /** Breaks what is connected to the machine; it will be connected again. */
  breakConnections(name: string): void {
    for (const connection of [...this.#connections]) if (connection.touches(name)) connection.fail();
  }

  /** Its connections feel it: at once when only the process died, much later when the machine is without power. */
  processEnded(life: Life, name: string, how: "closed" | "silent"): void {
    if (this.#serving.get(name)?.life === life) this.#serving.delete(name);
    for (const connection of [...this.#connections]) if (connection.belongsTo(life)) connection.processEnded(life, how);
  }

  latency(): number {
    const { latencyMsMin, latencyMsMax } = this.weather;
    return this.dice.between(latencyMsMin, latencyMsMax);
  }

  /** Moves the machine to another segment; all begin on segment 0. */
  putInSegment(name: string, segment: number): void {
    this.#segments.set(name, segment);
  }

  /** To a group, or to one who asked it: late or lost, like everything here; a router takes one hop. */
  groupDatagram(from: Node, datagram: GroupDatagram): void {
    const { to, hops, group } = datagram;
    for (const node of this.#nodes.values()) {
      if (node.name === from.name || (to !== undefined && to.host !== node.address)) continue;
      const routers = Math.abs((this.#segments.get(node.name) ?? 0) - (this.#segments.get(from.name) ?? 0));
      if (routers >= hops || this.isCut(from.name, node.name) || this.dice.chance(this.weather.loss)) continue;
      this.world.after(this.latency(), `datagram ${from.name} to ${node.name}`, () => {
        const joined = node.groups?.joined.find((each) => each.group === group);
        if (node.asleep && !(joined?.wakes === true && node.wakeForConnection())) return;
        if (node.powered) node.groups?.arrive(datagram);
      });
    }
  }

  // ---- used by the links

  nodeAt(host: string): Node | undefined {
    for (const node of this.#nodes.values()) if (node.address === host || node.name === host) return node;
    return undefined;
  }

  serverAt(node: Node): { readonly link: VirtualServerLink; readonly life: Life } | undefined {
    return this.#serving.get(node.name);
  }

  /** Why the server function of a machine does not run, where it says so. */
  closedAt(node: Node): Refusal | undefined {
    const announced = this.#announced.get(node.name);
    return announced?.life.over === false ? announced.closed : undefined;
  }

  stopServing(link: VirtualServerLink): void {
    for (const [name, serving] of this.#serving) if (serving.link === link) this.#serving.delete(name);
  }

  connected(connection: Connection): void {
    this.#connections.add(connection);
  }

  disconnected(connection: Connection): void {
    this.#connections.delete(connection);
  }

  nextConnectionNumber(): number {
    return (this.#connectionNumber += 1);
  }

  /** The ways to other machines that one life of a machine's module is given: as src/link/mqtt-links.ts, over virtual cables. */
  linksOf(node: Node, life: Life, { clock, network }: LifeParts): Links {
    let local: LocalServerLink | undefined;
    const isOwn = ({ host }: Destination, server: DeviceId): boolean =>
      isLocalhost(host) && !isProxied(node.proxy, host) && server === node.identity;
    const reached = (destination: Destination): Destination =>
      isLocalhost(destination.host) ? { ...destination, host: node.address } : destination;
    const dialLocal: Dial = async (attempt) => {
      if (local === undefined) throw new SyncError("server-unreachable", "the server function of this machine is not running");
      return await local.dial(attempt);
    };
    return {
      identity: async () => node.identity,
      endIdentity: () => node.endIdentity(life),
      get identityEnds() {
        return node.identityEnds;
      },
      serve: async (admission: Admission) => {
        if (this.portsTaken.has(node.name)) throw new SyncError("port-closed", "port 8443 cannot be opened: it is in use");
        if (this.#serving.has(node.name)) throw new SyncError("port-closed", `${node.name} serves already`);
        const link = new VirtualServerLink({ network: this, node, life, admission });
        const near = new LocalServerLink(node.identity);
        local = near;
        this.#serving.set(node.name, { link, life });
        const { identity: server, deviceName } = node;
        const endAnswering = answerSearches({
          network,
          clock,
          server,
          deviceName,
          port: PORT,
          isSearchable: () => admission.isSearchable?.() ?? true,
          log: () => undefined,
        });
        const closed = async (): Promise<void> => {
          endAnswering();
          if (local === near) local = undefined;
        };
        return new JoinedServerLink({ ways: [link, near], closed });
      },
      connect: (destination: Destination, server: DeviceId, ready?: () => Promise<void>) => {
        const fault = () => proxyFault(node.proxy, destination.host, this.#proxy);
        const isThrough = () => isProxied(node.proxy, destination.host);
        const remote = virtualDial({ network: this, node, life, destination: reached(destination), server, fault, isThrough });
        const dial: Dial = async (attempt) => await (isOwn(destination, server) ? dialLocal(attempt) : remote(attempt));
        return reconnectingLink({ clock, random: this.dice.fork(`${life.name} ${this.world.events}`).bytes, dial, ready });
      },
      search: async (depth, signal) => {
        const random = this.dice.fork(`search ${life.name} ${this.world.events}`).bytes;
        return await searchServers({ network, clock, random, port: PORT }, depth, signal);
      },
      announce: async (closed) => {
        this.#announced.set(node.name, { closed, life });
        return { close: async () => void (this.#announced.get(node.name)?.closed === closed && this.#announced.delete(node.name)) };
      },
      firstContact: (destination, signal, onReached) => {
        const fault = () => proxyFault(node.proxy, destination.host, this.#proxy);
        return openFirstContact({ network: this, node, life, destination: reached(destination), fault, signal, onReached });
      },
    };
  }
}
