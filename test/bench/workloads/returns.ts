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

/** W5: the second client is switched off and on again. */
export async function restart(subject: Subject): Promise<Cell> {
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
