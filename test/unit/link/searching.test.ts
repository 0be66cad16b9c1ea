/** M09: what a search makes of the answers it hears, on networks that only say what a test says. */
import test from "ava";
import type { Destination, Group, GroupAsker } from "../../../hal/network.ts";
import { encodeAnswer } from "../../../src/link/dns-message.ts";
import { MDNS, SEARCH, searchServers } from "../../../src/link/searching.ts";
import { type DeviceId, deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";

const nth = (n: number): DeviceId => deviceId(n.toString(16).padStart(32, "0"));

/** A search that hears these answers, each of a machine at an address. */
async function searched(depth: number, answers: readonly (readonly [machine: number, host: string])[], port = 8443) {
  const clock = new ManualClock();
  const asked: (readonly [group: Group, hops: number])[] = [];
  let [questions, closed] = [0, 0];
  const listeners: ((bytes: Uint8Array, from: Destination) => void)[] = [];
  const asker = (): GroupAsker =>
    ({
      ask: () => void (questions += 1),
      onMessage: (listener: (bytes: Uint8Array, from: Destination) => void) => void listeners.push(listener),
      close: () => void (closed += 1),
    }) as never;
  const askGroup = async (group: Group, { hops }: { readonly hops: number }) => {
    asked.push([group, hops]);
    return asker();
  };
  const random = (bytes: number) => new Uint8Array(bytes).fill(1);
  const found = searchServers({ network: { askGroup } as never, clock, random, port: 8443 }, depth, new AbortController().signal);
  await settle();
  for (const [machine, host] of answers)
    for (const listener of listeners.slice(0, 1))
      listener(encodeAnswer({ id: 0x0101, server: nth(machine), deviceName: `machine ${machine}`, port }), { host, port: 50_000 });
  await clock.advance(LIMITS.searchMs);
  return { found: await found, asked, questions, closed };
}

const addresses = async (...answers: readonly (readonly [machine: number, host: string])[]): Promise<string[]> =>
  (await searched(1, answers)).found.map(({ address }) => address);

test("M09 depth 1 asks in the segment by both groups, a deeper search by our own alone; all that asked is closed", async (t) => {
  const near = await searched(1, []);
  t.deepEqual(near.asked, [
    [SEARCH, 1],
    [MDNS, 1],
  ]);
  t.deepEqual([near.questions, near.closed], [2 * LIMITS.searchQuestions, 2]);
  const far = await searched(3, []);
  t.deepEqual(far.asked, [[SEARCH, 3]]);
  t.is(far.closed, 1);
});

test("M09 each machine is found once, by the address that lasts longest and reaches farthest; sorted by address", async (t) => {
  t.deepEqual(await addresses([1, "fe80::1%eth0"], [1, "2001:db8::1"], [1, "192.0.2.1"]), ["192.0.2.1"]);
  t.deepEqual(await addresses([1, "192.0.2.1"], [1, "2001:db8::1"], [1, "FE80::1%eth0"]), ["192.0.2.1"]);
  t.deepEqual(await addresses([1, "fe80::1%eth0"], [1, "2001:db8::1"], [1, "fe80::2%eth0"]), ["2001:db8::1"]);
  t.deepEqual(await addresses([1, "192.0.2.1"], [1, "192.0.2.9"]), ["192.0.2.1"], "of two alike the first");
  t.deepEqual(await addresses([2, "192.0.2.2"], [3, "192.0.2.3"], [1, "192.0.2.1"]), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
});

test("M09 so many machines are found and no more, and none that names another port", async (t) => {
  const many = Array.from({ length: LIMITS.searchFoundMax + 1 }, (_, n) => [n + 1, `192.0.2.${100 + n}`] as const);
  const found = await addresses(...many, [1, "192.0.2.1"]);
  t.is(found.length, LIMITS.searchFoundMax);
  t.false(found.includes(`192.0.2.${100 + LIMITS.searchFoundMax}`));
  t.deepEqual((await searched(1, [[1, "192.0.2.1"]], 443)).found, []);
});

test("M09 a network on which one of the two groups cannot be asked is searched by the other; without either there is none", async (t) => {
  const clock = new ManualClock();
  const asker = { ask: () => undefined, onMessage: () => undefined, close: () => undefined };
  const searching = (refused: readonly Group[]) => {
    const askGroup = async (group: Group) => (refused.includes(group) ? Promise.reject(new Error("no such group")) : asker);
    const random = (bytes: number) => new Uint8Array(bytes);
    return searchServers({ network: { askGroup } as never, clock, random, port: 8443 }, 1, new AbortController().signal);
  };
  const halfDeaf = searching([MDNS]);
  await settle();
  await clock.advance(LIMITS.searchMs);
  t.deepEqual(await halfDeaf, []);
  await t.throwsAsync(searching([MDNS, SEARCH]), { code: "hal-unavailable" });
});
