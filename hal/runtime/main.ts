/**
 * `node runtime.mjs ...`: the reference runtime as a process. It prints one line for each change. SIGTERM ends it in order, and
 * so does Ctrl-C (SIGINT) where a person started it.
 *
 * Another process may start it with a channel to it (Node's IPC). It may send the administrator's orders, as
 * `{ runtime: "start-module" | "stop-module" }`; the end of that process ends this one. Ctrl-C, which reaches both, is then left
 * to that process.
 */
import { inspect } from "node:util";
import { USAGE, readOptions } from "./options.ts";
import type { Order } from "./orders.ts";
import { Refused } from "./refused.ts";
import { type RuntimeParts, runRuntime } from "./runtime.ts";
import { Unstoppable, textOf } from "./supervisor.ts";
import { processTime } from "./time.ts";

const tell = (line: string): void => {
  process.stdout.write(`runtime: ${line}\n`);
};

/** What nobody caught: told with its stack, so that it can be found, and handed on once somebody listens. */
function listenToProcess(listeners: Parameters<RuntimeParts["listen"]>[0]): void {
  process.on("uncaughtExceptionMonitor", (reason, origin) => tell(`${origin}: ${inspect(reason)}`));
  process.on("uncaughtException", listeners.uncaught);
  process.on("message", (message) => {
    const order = orderOf(message);
    if (order !== undefined) listeners.order(order);
  });
}

function orderOf(message: unknown): Order | undefined {
  if (typeof message !== "object" || message === null || !("runtime" in message)) return undefined;
  const { runtime } = message;
  return runtime === "start-module" || runtime === "stop-module" ? runtime : undefined;
}

async function main(): Promise<number> {
  const ending = new AbortController();
  const end = (why: string) => (): void => {
    if (!ending.signal.aborted) tell(`ending: ${why}`);
    ending.abort();
  };
  process.on("SIGTERM", end("SIGTERM"));
  const orphaned = end("the process that started it is gone");
  process.on("disconnect", orphaned);
  // It may have gone while this program was being read: then there was a channel, and nobody is told of its end any more.
  if (process.send !== undefined && !process.connected) orphaned();
  process.on("SIGINT", process.connected ? () => undefined : end("SIGINT"));
  // The reader of the output may be gone first; a line that nobody reads is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (cause) {
    tell(`refused: ${textOf(cause)}`);
    process.stdout.write(`${USAGE}\n`);
    return 2;
  }
  try {
    await runRuntime(options, { time: processTime, tell, listen: listenToProcess }, ending.signal);
    tell("ended");
    return 0;
  } catch (cause) {
    tell(
      cause instanceof Refused ? `refused: ${cause.message}` : `failed: ${cause instanceof Unstoppable ? cause.message : inspect(cause)}`,
    );
    return 1;
  }
}

// What a module or a provider left open must not keep the process.
process.exitCode = await main();
process.exit();
