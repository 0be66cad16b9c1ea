/** The other end of orders: what a machine's process does with what it is asked. */
import type { EntryChange } from "../../src/model/entry.ts";
import { type EditTimes, type OrderMessage, type OrderTable, type Pace, isOrderMessage, monotonicMs } from "./orders.ts";

/** Answers orders that arrive over the process's IPC channel. */
export function answerOrders(table: OrderTable): void {
  const answer = async ({ id, name, takes }: OrderMessage & { bench: "ask" }): Promise<void> => {
    try {
      // The other end is of the same build: `takes` is what orders.ts names for this order.
      const act = table[name] as (takes: unknown) => unknown;
      say({ bench: "answer", id, gives: await act(takes) });
    } catch (cause) {
      say({ bench: "error", id, message: cause instanceof Error ? cause.message : String(cause) });
    }
  };
  process.on("message", (message) => {
    if (isOrderMessage(message) && message.bench === "ask") void answer(message);
  });
}

/** Makes edits: at a steady rate whatever becomes of them, or with so many at once that are not yet saved. */
export async function makeEdits(
  edits: readonly EntryChange[],
  pace: Pace,
  save: (edit: EntryChange) => Promise<unknown>,
): Promise<EditTimes> {
  const calledAtMs: number[] = [];
  const savedAtMs: number[] = [];
  const make = async (edit: EntryChange, index: number): Promise<void> => {
    calledAtMs[index] = monotonicMs();
    await save(edit);
    savedAtMs[index] = monotonicMs();
  };
  await ("perSecond" in pace ? steadily(edits, pace.perSecond, make) : atOnce(edits, pace.inFlight, make));
  return { calledAtMs, savedAtMs };
}

type Make = (edit: EntryChange, index: number) => Promise<void>;

async function steadily(edits: readonly EntryChange[], perSecond: number, make: Make): Promise<void> {
  const startMs = monotonicMs();
  const made: Promise<void>[] = [];
  for (const [index, edit] of edits.entries()) {
    const waitMs = startMs + (index * 1_000) / perSecond - monotonicMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    made.push(make(edit, index));
  }
  await Promise.all(made);
}

async function atOnce(edits: readonly EntryChange[], inFlight: number, make: Make): Promise<void> {
  const left = edits.entries();
  const worker = async (): Promise<void> => {
    for (const [index, edit] of left) await make(edit, index);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Whoever asked may be gone by now; then nobody needs the answer. */
function say(message: OrderMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
