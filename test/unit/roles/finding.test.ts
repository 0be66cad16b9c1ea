/** M09: what a machine makes of what a search finds: before it is set up, while its server was not met yet, and when it has moved. */
import test from "ava";
import type { ClientStatus } from "../../../hal/services.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { search, seekUnmet, whereIs, wherever } from "../../../src/roles/finding.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const nth = (n: number) => deviceId(n.toString(16).padStart(32, "0"));
const OWN = nth(0);
const NEVER = new AbortController().signal;
const server = (n: number, address = `10.0.0.${n}`) => ({ server: nth(n), address, deviceName: `machine ${n}` });
const AWAY = new SyncError("hal-unavailable", "no network");

/** A network on which these are found; `searched` are the depths. */
function network(found: readonly ReturnType<typeof server>[] | Error) {
  const searched: number[] = [];
  const links = {
    search: async (depth: number) => {
      searched.push(depth);
      if (found instanceof Error) throw found;
      return [...found];
    },
  };
  return { links, device: OWN, searched };
}

test("M09 a search finds one, several, nobody, or no network; of the machine itself it gives the way without a wire", async (t) => {
  const kindOf = async (found: Parameters<typeof network>[0], depth = 1) => await search(network(found), depth, NEVER);
  t.deepEqual(await kindOf([server(1)]), { kind: "found", found: server(1) });
  t.deepEqual(await kindOf([server(0, "10.0.0.9")]), { kind: "found", found: server(0, "localhost") });
  t.deepEqual(await kindOf([server(1), server(2)]), { kind: "several", found: [server(1), server(2)] });
  t.deepEqual(await kindOf([]), { kind: "none" });
  t.deepEqual(await kindOf(AWAY), { kind: "away", code: "hal-unavailable", message: "no network" });
  await t.throwsAsync(kindOf(new TypeError("a fault of ours")), { instanceOf: TypeError });
  for (const depth of [0, -1, 1.5, LIMITS.searchDepthMax + 1])
    t.deepEqual(await kindOf([server(1)], depth), { kind: "refused", refusal: { word: "search-depth", depthMax: LIMITS.searchDepthMax } });
  t.is((await kindOf([server(1)], LIMITS.searchDepthMax)).kind, "found");
});

test("M09 a blank destination is whoever is found: the one that is trusted, else the only one; what was written is taken as it is", async (t) => {
  const asked = async (found: Parameters<typeof network>[0], settings: object) => {
    const near = network(found);
    const where = await whereIs(near, { destination: " ", trust: "first-answer", ...settings } as never, NEVER);
    return [where, near.searched] as const;
  };
  t.deepEqual(await asked([server(1)], { searchDepth: 3 }), [{ destination: "10.0.0.1", searchDepth: 3 }, [3]]);
  t.deepEqual(await asked([server(1)], {}), [{ destination: "10.0.0.1", searchDepth: 1 }, [1]]);
  t.deepEqual(await asked([server(1)], { destination: "10.0.0.7" }), [{ destination: "10.0.0.7", searchDepth: undefined }, []]);
  t.deepEqual(await asked([server(1)], { destination: "10.0.0.7", searchDepth: 2 }), [{ destination: "10.0.0.7", searchDepth: 2 }, []]);
  t.deepEqual((await asked([], {}))[0], { word: "server-not-found", searchDepth: 1 });
  t.deepEqual((await asked([server(1), server(2)], {}))[0], { word: "several-servers", addresses: ["10.0.0.1", "10.0.0.2"] });
  const trusted = { trust: { server: nth(2) } };
  t.deepEqual((await asked([server(1), server(2)], trusted))[0], { destination: "10.0.0.2", searchDepth: 1 });
  t.deepEqual(
    (await asked([server(1)], trusted))[0],
    { destination: "10.0.0.1", searchDepth: 1 },
    "who is met then is told apart by its certificate",
  );
  t.deepEqual((await asked([server(1)], { searchDepth: 0 }))[0], { word: "search-depth", depthMax: LIMITS.searchDepthMax });
});

const CLIENT = { destination: "10.0.0.1", searchDepth: 2, paired: { server: nth(1) } };

/** A client machine that is set up so, and whose settings may be changed while it looks. */
function setUp(client: object, found: Parameters<typeof network>[0]) {
  const near = network(found);
  const log: string[] = [];
  const state: { client: object } = { client };
  const setup = {
    state,
    replaceClient: async (before: object, after: object) => {
      if (state.client !== before) return false;
      state.client = after;
      return true;
    },
  };
  const written = {
    write: ({ kind, address = "" }: { readonly kind: string; readonly address?: string }) => log.push(`${kind} ${address}`),
    failed: (error: Error) => log.push(error.message),
  };
  return { ...near, setup, log: written, lines: log, destination: () => Reflect.get(state.client, "destination") };
}

test("M09 a machine that was found and not met yet is searched for again: the one that is expected, else the only one", async (t) => {
  const sought = async (found: Parameters<typeof network>[0], other: object = {}, signal = NEVER) => {
    const parts = setUp({ ...CLIENT, paired: undefined, ...other }, found);
    await seekUnmet(parts as never, parts.setup.state.client as never, signal);
    return [parts.destination(), ...parts.lines];
  };
  t.deepEqual(await sought([server(2)]), ["10.0.0.2", "server-found 10.0.0.2"]);
  t.deepEqual(await sought([server(2)], { searchDepth: undefined }), ["10.0.0.1"], "it was not found by a search");
  t.deepEqual(await sought([server(2), server(3)]), ["10.0.0.1"]);
  t.deepEqual(await sought([server(2), server(3)], { expected: nth(3) }), ["10.0.0.3", "server-found 10.0.0.3"]);
  t.deepEqual(await sought([server(2)], { expected: nth(3) }), ["10.0.0.1"]);
  t.deepEqual(await sought([server(0, "10.0.0.9")]), ["10.0.0.1"], "this machine itself");
  t.deepEqual(await sought([server(1)]), ["10.0.0.1"], "it is where it was");
  t.deepEqual(await sought(AWAY), ["10.0.0.1", "no network"]);
  t.deepEqual(await sought([server(2)], {}, AbortSignal.abort()), ["10.0.0.1"]);
});

/** Work that lasts until it is ended, with this status; how often it was begun. */
function working(parts: ReturnType<typeof setUp>) {
  const clock = new ManualClock();
  const stop = new AbortController();
  let status: Partial<ClientStatus> = { state: "synchronized" };
  let begun = 0;
  const work = async (signal: AbortSignal): Promise<void> => {
    begun += 1;
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  };
  const over = wherever({ ...parts, clock, status: () => status } as never, stop.signal, work);
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) await clock.advance(LIMITS.searchAgainMs);
    await settle();
  };
  const is = (next: Partial<ClientStatus>): void => {
    status = next;
  };
  return { is, minutes, stop, over, begun: () => begun, clock };
}

test("M09 a server machine that is away for two looks in a row is searched for by its identity, and the work begins anew where it is", async (t) => {
  const parts = setUp(CLIENT, [server(3), server(1, "10.0.0.8")]);
  const client = working(parts);
  await client.minutes(3);
  client.is({ state: "offline" });
  await client.minutes(1);
  client.is({ state: "synchronized" });
  await client.minutes(1);
  client.is({ state: "refused", reason: "another-server" });
  await client.minutes(1);
  t.deepEqual([parts.searched, client.begun()], [[], 1]);
  await client.minutes(1);
  t.deepEqual([parts.searched, client.begun(), parts.destination()], [[2], 2, "10.0.0.8"]);
  t.deepEqual(parts.lines, ["server-found 10.0.0.8"]);
  await client.minutes(3);
  t.is(client.begun(), 2, "it is there already");
  client.stop.abort();
  await client.over;
  t.is(client.clock.waits, 0);
});

test("M09 nobody else is taken for the server machine, and a search that fails is told and tried again", async (t) => {
  const others = setUp(CLIENT, [server(3)]);
  const failing = setUp(CLIENT, AWAY);
  for (const [parts, lines] of [
    [others, []],
    [failing, ["no network", "no network"]],
  ] as const) {
    const client = working(parts);
    client.is({ state: "offline" });
    await client.minutes(3);
    t.deepEqual([client.begun(), parts.destination(), parts.searched], [1, "10.0.0.1", [2, 2]]);
    t.deepEqual(parts.lines, [...lines]);
    client.stop.abort();
    await client.over;
  }
});

test("M09 an address that the storage does not take is told, and found again with the next look", async (t) => {
  for (const isMet of [true, false]) {
    const parts = setUp({ ...CLIENT, ...(isMet ? {} : { paired: undefined }) }, [server(1, "10.0.0.8")]);
    const { replaceClient } = parts.setup;
    parts.setup.replaceClient = () => Promise.reject(new SyncError("hal-full", "no space"));
    const seek = () => seekUnmet(parts as never, parts.setup.state.client as never, NEVER);
    const client = isMet ? working(parts) : undefined;
    client?.is({ state: "offline" });
    await (client === undefined ? seek() : client.minutes(2));
    t.deepEqual([parts.destination(), ...parts.lines], ["10.0.0.1", "no space"]);
    parts.setup.replaceClient = replaceClient;
    await (client === undefined ? seek() : client.minutes(1));
    t.deepEqual([parts.destination(), ...parts.lines], ["10.0.0.8", "no space", "server-found 10.0.0.8"]);
    client?.stop.abort();
    await client?.over;
  }
});

test("M09 whose address was written by hand, or who is not paired yet, is not searched for; settings that were changed meanwhile stay", async (t) => {
  for (const other of [{ searchDepth: undefined }, { paired: undefined }]) {
    const parts = setUp({ ...CLIENT, ...other }, [server(1, "10.0.0.8")]);
    const client = working(parts);
    client.is({ state: "offline" });
    await client.minutes(3);
    t.deepEqual(parts.searched, []);
    client.stop.abort();
    await client.over;
  }
  const parts = setUp(CLIENT, [server(1, "10.0.0.8")]);
  const changed = { ...CLIENT, destination: "10.0.0.77" };
  const find = parts.links.search;
  parts.links.search = async (depth) => {
    parts.setup.state.client = changed;
    return await find(depth);
  };
  const client = working(parts);
  client.is({ state: "offline" });
  await client.minutes(2);
  t.deepEqual([client.begun(), parts.destination(), parts.lines], [1, "10.0.0.77", []]);
  client.stop.abort();
  await client.over;
});

test("M09 M11 a client function that is stopped amid a search keeps the address it had", async (t) => {
  const parts = setUp(CLIENT, [server(1, "10.0.0.8")]);
  const client = working(parts);
  const find = parts.links.search;
  parts.links.search = async (depth) => {
    client.stop.abort();
    return await find(depth);
  };
  client.is({ state: "offline" });
  await client.minutes(2);
  await client.over;
  t.deepEqual([parts.searched, parts.destination(), parts.lines], [[2], "10.0.0.1", []]);
});

test("M09 work that ends by itself, or fails, ends the looking as well", async (t) => {
  const parts = setUp(CLIENT, []);
  const clock = new ManualClock();
  const following = { ...parts, clock, status: () => undefined } as never;
  await wherever(following, NEVER, async () => undefined);
  await t.throwsAsync(
    wherever(following, NEVER, () => Promise.reject(new Error("a fault of ours"))),
    { message: "a fault of ours" },
  );
  await settle();
  t.is(clock.waits, 0);
});
