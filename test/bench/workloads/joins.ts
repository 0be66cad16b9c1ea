/** Clients that have nothing, or not the newest, become equal to the server. */
import { must } from "../../../src/model/assert.ts";
import type { JoinTimes } from "../orders.ts";
import type { Machine, Subject } from "../subject.ts";
import { SystemWatch, type Watched } from "../system.ts";
import { type Cell, settled, systemCell } from "./cell.ts";

/** W1: one empty client joins; nobody else is connected. The server was just restarted, and holds nothing of what was before. */
export async function coldJoin(subject: Subject): Promise<Cell> {
  const client = must(subject.clients[1], "a second client");
  await subject.prepare(client);
  const serverStartMs = await subject.freshServer();
  return { ...(await joinCell(subject, [client])), serverStartMs };
}

/** W1x9: all clients, empty, join at the same moment, by a server that was just restarted. */
export async function joinTogether(subject: Subject): Promise<Cell> {
  await Promise.all(subject.clients.map((client) => subject.prepare(client)));
  await subject.freshServer();
  return await joinCell(subject, subject.clients);
}

/** These clients are off; they are switched on at the same moment. */
export async function joinCell(subject: Subject, clients: readonly Machine[]): Promise<Cell> {
  const { times, watched } = await watchedJoin(subject, clients);
  const connectAtMs = Math.min(...times.map((each) => each.connectAtMs));
  const replicaAtMs = Math.max(...times.map((each) => each.replicaAtMs));
  const upToDateAtMs = Math.max(...times.map((each) => each.upToDateAtMs));
  const startedAtMs = Math.min(...clients.map((each) => each.startedAtMs));
  await settled(subject);
  return {
    upToDateMs: upToDateAtMs - connectAtMs,
    replicaMs: replicaAtMs - connectAtMs,
    ownStoresMs: upToDateAtMs - replicaAtMs,
    fromProcessStartMs: upToDateAtMs - startedAtMs,
    replicaFromProcessStartMs: replicaAtMs - startedAtMs,
    bytesReceived: times.reduce((sum, { bytes }) => sum + bytes.received, 0),
    bytesSent: times.reduce((sum, { bytes }) => sum + bytes.sent, 0),
    ...systemCell(subject, clients, watched),
  };
}

async function watchedJoin(subject: Subject, clients: readonly Machine[]): Promise<{ times: readonly JoinTimes[]; watched: Watched }> {
  let watch: SystemWatch | undefined;
  try {
    const times = await subject.join(clients, () => {
      const fresh = clients.map(({ pid }) => pid);
      watch = new SystemWatch([...subject.serverPids, ...fresh], fresh);
    });
    return { times, watched: must(watch, "the machines were started").stop() };
  } catch (cause) {
    watch?.stop();
    throw cause;
  }
}
