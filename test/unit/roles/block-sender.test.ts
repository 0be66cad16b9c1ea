import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { Assembly, inflateBlock, unpackRecords } from "../../../src/protocol/block.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import type { Down } from "../../../src/protocol/down.ts";
import type { DeviceId, SessionId } from "../../../src/model/ids.ts";
import { sendBlock, sendBlocks } from "../../../src/roles/server/block-sender.ts";
import { ServerVoice } from "../../../src/roles/server/voice.ts";

/** Bytes that do not compress, told apart by their first. */
function change(name: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = name;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  bytes[0] = name;
  return bytes;
}

/** What a machine makes of the pieces: blocks, each with its first and last revision and the names of its changes. */
function received(pieces: readonly Changes[]): { first: number; last: number; names: (number | undefined)[] }[] {
  const assembly = new Assembly(LIMITS.blockInflatedBytesMax);
  return pieces.flatMap(({ first, last, part, of, deflated, bytes }) => {
    const block = assembly.add(part, of, bytes);
    if (!(block instanceof Uint8Array)) return [];
    return [{ first, last, names: unpackRecords(inflateBlock(block, deflated, LIMITS.blockInflatedBytesMax)).map(([name]) => name) }];
  });
}

function sent(send: (to: (body: Changes) => void) => void): Changes[] {
  const pieces: Changes[] = [];
  send((body) => pieces.push(body));
  return pieces;
}

test("P15 changes go out in as few blocks as a machine can take, each with the revisions that are in it", (t) => {
  const large = Math.ceil(LIMITS.changeBytesMax / 2) + 1;
  const changes = [change(1, large), change(2, large), change(3, 10), change(4, large), change(5, large)];
  const pieces = sent((to) => sendBlocks(changes, 101, to));
  t.deepEqual(received(pieces), [
    { first: 101, last: 101, names: [1] },
    { first: 102, last: 103, names: [2, 3] },
    { first: 104, last: 104, names: [4] },
    { first: 105, last: 105, names: [5] },
  ]);
  t.true(pieces.every(({ bytes }) => bytes.length <= LIMITS.pieceBytesMax));
  t.deepEqual(received(sent((to) => sendBlocks(changes.slice(2, 4), 7, to))), [{ first: 7, last: 8, names: [3, 4] }]);
  const full = [change(1, large), change(2, LIMITS.changeBytesMax - large)];
  t.deepEqual(received(sent((to) => sendBlocks(full, 1, to))), [{ first: 1, last: 2, names: [1, 2] }], "to the last byte");
  t.deepEqual(
    sent((to) => sendBlocks([], 7, to)),
    [],
  );
});

test("P15 a block without changes says that there is nothing after its last", (t) => {
  const [piece, ...more] = sent((to) => sendBlock([], 8, 7, to));
  t.like(piece, { kind: "changes", first: 8, last: 7, part: 0, of: 1 });
  t.deepEqual(more, []);
});

test("M26 P14 a machine is spoken to in its version, each message counted; to all it is said once in each version that somebody speaks", async (t) => {
  const journal = { position: { fleet: "f", epoch: { number: 1, id: "e" } } };
  const said: string[] = [];
  const told = ({ envelope }: Down): string => `${envelope.version} ${envelope.counter} ${envelope.session ?? "all"}`;
  const link = {
    send: (to: string, message: Down) => void said.push(`${to} ${told(message)}`),
    broadcast: (message: Down) => void said.push(`> ${told(message)}`),
  };
  const voice = new ServerVoice({ link, journal, device: "s", protocol: { min: 1, max: 2 } } as never);
  const [a, b, c] = ["a", "b", "c"] as [DeviceId, DeviceId, DeviceId];
  const session = "5" as SessionId;
  const body = { kind: "server-end", reason: "off" } as const;
  voice.broadcast(body);
  voice.agree(a, 1);
  voice.agree(b, 9);
  voice.hear(a, 2);
  voice.hear(c, 1);
  for (const device of [a, b, c]) voice.send(device, session, body);
  voice.send("d" as DeviceId, undefined, body);
  voice.broadcast(body);
  t.deepEqual(said, ["a 1 1 5", "b 2 2 5", "c 1 3 5", "d 2 4 all", "> 1 5 all", "> 2 6 all"]);
});
