/** A machine as the desk tells the page of it, for tests of what the page makes of it. */
import type { Drawing } from "../../hal/sim/desk/page/drawing.ts";

/** Factory-new and awake; `change` is what differs. */
export function drawing(number: number, change: Partial<Drawing> = {}): Drawing {
  return {
    number,
    deviceName: `printer-${number}`,
    productName: "Simulated Printer 700",
    location: "Sales",
    address: `127.0.0.${10 + number}`,
    clientOnly: false,
    power: "active",
    phase: "on",
    holds: [],
    server: null,
    client: null,
    user: null,
    screen: { title: "Home", lines: [], selected: 0, softKeys: ["", "", "", ""], status: "" },
    rows: [],
    field: null,
    lit: true,
    inverted: false,
    keyRepeat: "usual",
    leds: { power: "green", sleep: "off", network: "green", data: "off", error: "off" },
    cable: { connected: true, delayMs: 0, lossPercent: 0 },
    clock: { offsetMs: 0, driftPpm: 0, sntp: "answered", aheadMs: 0 },
    log: [],
    ...change,
  };
}

export const SERVER = { state: "running", machines: 3, users: 1, revision: 9 } as const;
export const UP_TO_DATE = { state: "synchronized", pending: 0, revision: 9 } as const;

/** Printer 1 is the server machine, 2 and 3 are its clients; all are up to date. */
export const FLEET: readonly Drawing[] = [
  drawing(1, { server: SERVER, client: UP_TO_DATE }),
  drawing(2, { client: UP_TO_DATE }),
  drawing(3, { client: UP_TO_DATE }),
];

/** The same machines, but for what differs at one of them. */
export const but = (drawings: readonly Drawing[], number: number, change: Partial<Drawing>): readonly Drawing[] =>
  drawings.map((each) => (each.number === number ? { ...each, ...change } : each));
