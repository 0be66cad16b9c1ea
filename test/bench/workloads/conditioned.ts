/** The same workloads on slow flash, and over a network. */
import { must } from "../../../src/model/assert.ts";
import { slowSyncMissing, slowSyncs } from "../surroundings/slow-sync.ts";
import { type LinkSpeed, ShapingProxy } from "../surroundings/shaping-proxy.ts";
import { PLAIN, type Subject } from "../subject.ts";
import type { Course, Workload } from "./course.ts";

/** S1: each sync of every process takes longer. */
export const onSlowFlash = (workload: Workload): Workload => ({
  ...workload,
  name: `S1.${workload.name}`,
  title: `on slow flash, 5 ms more a sync: ${workload.title}`,
  leaves: "nobody",
  missing: slowSyncMissing,
  run: async (course) => {
    const { subject, distDir } = course;
    try {
      subject.conditions = { ...PLAIN, environment: slowSyncs(distDir) };
      if (workload.begins === "everybody") await again(subject);
      return await workload.run(course);
    } finally {
      subject.conditions = PLAIN;
    }
  },
});

/** L1: all clients share a network with this bandwidth and delay. */
export const overLink = (workload: Workload, label: string, link: LinkSpeed): Workload => ({
  ...workload,
  name: `L1.${label}.${workload.name}`,
  title: `over ${link.bitsPerSecond / 1e6} Mbit/s with ${link.delayMs} ms each way: ${workload.title}`,
  leaves: "nobody",
  run: (course) => overProxy(course, workload, link),
});

async function overProxy(course: Course, workload: Workload, link: LinkSpeed): ReturnType<Workload["run"]> {
  const { subject } = course;
  const at = subject.spare(PROXY);
  const proxy = await ShapingProxy.open({ at, to: subject.address, link });
  try {
    subject.conditions = { ...PLAIN, wayOf: () => at };
    if (workload.begins === "everybody") await again(subject);
    return await workload.run(course);
  } finally {
    subject.conditions = PLAIN;
    await Promise.all(subject.clients.map((client) => client.stop()));
    await proxy.close();
  }
}

const PROXY = 200;

/** All machines are restarted; the clients have joined before, and come back. */
export async function again(subject: Subject): Promise<void> {
  must(subject.clients[0], "a fleet has clients");
  await subject.freshServer();
  await subject.join(subject.clients);
}
