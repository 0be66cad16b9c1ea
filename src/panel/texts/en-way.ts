/** The way to the server machine and its search, in English. */
import type { WayTexts } from "./text-parts.ts";

export const enWay: WayTexts = {
  depth: "Search depth (routers)",
  test: "Test the way to the server",
  title: "Way to the server",
  parts: {
    address: "Address",
    port: "Port 8443",
    service: "Server function",
    clock: "Clock of the server",
    account: "Administrator of the server",
    settings: "Authentication and groups",
  },
  passed: "good",
  failed: "failed",
  notReached: "not tested",
  serverClock: "The server function waits for the right time.",
  untold: "Its login service asks for the password itself. It is told only at the start, when you have compared the fingerprint.",
  nobody: {
    why: "It is off, the network is interrupted, or its server function is not started.",
    next: "Check the address, and start the server function there: Synchronize Custom Settings (Server).",
  },
};
