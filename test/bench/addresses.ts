/** Loopback addresses for a fleet: each machine has one of its own. */
import { type Server, createServer } from "node:net";
import { BenchTrouble } from "./asked-process.ts";

export const PORT = 8443;
/** The first block of loopback addresses that is tried, 127.0.9.x. */
const FIRST_BLOCK = 9;
const BLOCKS = 100;
/** Of each block: served on as long as a fleet has the block, and by no machine. */
const CLAIM = 254;

/** A block of addresses that is this fleet's until it is released; a bench that runs beside this one has another. */
export interface Block {
  readonly address: (number: number) => string;
  readonly release: () => void;
}

export async function claimBlock(): Promise<Block> {
  for (let block = FIRST_BLOCK; block < FIRST_BLOCK + BLOCKS; block += 1) {
    const address = (number: number): string => `127.0.${block}.${number}`;
    const claim = await listening(address(CLAIM));
    if (claim === undefined) continue;
    const probe = await listening(address(1));
    probe?.close();
    if (probe !== undefined) return { address, release: () => claim.close() };
    claim.close();
  }
  throw new BenchTrouble(`port ${PORT} is taken on every address 127.0.x.1 that was tried; this system may have only 127.0.0.1`);
}

function listening(host: string): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(PORT, host, () => resolve(server));
  });
}
