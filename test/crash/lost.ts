/** What a machine keeps in its history, read from its disk. */
import { CLIENT_HISTORY, type Lost, readHistory } from "../../src/store/history.ts";
import type { VirtualMachine } from "../fleet/machine.ts";

export async function lostOn(machine: VirtualMachine): Promise<Lost[]> {
  const lost: Lost[] = [];
  for await (const one of readHistory(machine.moduleDisk.peek(), CLIENT_HISTORY)) lost.push(one);
  return lost;
}
