/** A client that was away comes back. */
import { assert, must } from "../../../src/model/assert.ts";
import type { Subject } from "../subject.ts";
import type { Cell } from "./cell.ts";
import { type EditOptions, editsToMake, work } from "./edits.ts";
import { handshakeBytes } from "./handshake.ts";
import { joinCell } from "./joins.ts";

/** W3: while the second client is off, the first one changes entries. Then the second is switched on. */
export async function returning(subject: Subject, { inFlight, ...options }: EditOptions & { readonly inFlight: number }): Promise<Cell> {
  const { server, serverWitnesses, serverPids } = subject;
  const [author, client, ...others] = subject.clients;
  assert(author !== undefined && client !== undefined, "a fleet has two clients");
  await client.stop();
  const made = editsToMake(options);
  const there = { server, serverWitnesses, serverPids, clients: [author, ...others] };
  await work(there, [{ author, made }], { inFlight }, options);
  const changedBytes = made.reduce((sum, edit) => sum + Buffer.byteLength(JSON.stringify(edit)), 0);
  const cell = await joinCell(subject, [client]);
  return { ...cell, changedBytes, receivedShare: (cell.bytesReceived ?? Number.NaN) / changedBytes };
}

/** A restart is short, and one is at the mercy of whatever else the computer does just then. */
const RESTARTS = 3;

/** W5: the second client is switched off and on again, so often; the one in the middle counts. */
export async function restart(subject: Subject): Promise<Cell> {
  const cells: Cell[] = [];
  while (cells.length < RESTARTS) cells.push(await restartOnce(subject));
  const startMs = ({ fromProcessStartMs = Number.NaN }: Cell): number => fromProcessStartMs;
  return must(cells.sort((one, other) => startMs(one) - startMs(other))[RESTARTS >> 1], "one is in the middle");
}

async function restartOnce(subject: Subject): Promise<Cell> {
  const client = must(subject.clients[1], "a second client");
  await client.stop();
  const handshake = subject.hasTls ? await handshakeBytes(subject.address) : undefined;
  const cell = await joinCell(subject, [client]);
  const { received, sent } = handshake ?? { received: 0, sent: 0 };
  const beyond = (cell.bytesReceived ?? Number.NaN) + (cell.bytesSent ?? Number.NaN) - received - sent;
  return {
    ...cell,
    bytesBeyondHandshake: beyond,
    ...(handshake === undefined ? {} : { handshakeReceived: received, handshakeSent: sent }),
  };
}
