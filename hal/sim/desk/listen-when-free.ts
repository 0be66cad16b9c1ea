/**
 * Listening on a port that was somebody's a moment ago. A process that is being started has all that is open here until its own
 * program begins, and with it a port that was just given up: the system calls the port taken for those milliseconds.
 */
import { once } from "node:events";
import type { Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A process begins within milliseconds, on a busy computer within tenths of a second; a port that is taken for longer is somebody's. */
const TRIES = 50;
const AGAIN_MS = 20;

/** Resolves when the server listens; rejects with the system's error, EADDRINUSE after a second. */
export async function listenWhenFree(server: Server, port: number, host: string): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      server.listen(port, host);
      return void (await once(server, "listening"));
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!isTaken || left === 1) throw error;
    }
    await wait(AGAIN_MS);
  }
}
