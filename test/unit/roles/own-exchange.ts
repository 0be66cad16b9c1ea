/** An exchange of a client with a server that tests speak for: over a link that only remembers what is sent. */
import type { ClientLink } from "../../../src/link/link.ts";
import { deviceId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { ServerBeat } from "../../../src/protocol/beat.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import type { Up } from "../../../src/protocol/up.ts";
import type { Welcome } from "../../../src/protocol/welcome.ts";
import { Exchange } from "../../../src/roles/client/exchange.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { at, DEVICE, RUN } from "./own-copy.ts";

export const SESSION = sessionId("5".repeat(16));
const { fleet, epoch } = at(0);

/** Around what the server says to this machine alone, in version 1. */
export const ENVELOPE: Envelope = { version: 1, fleet, epoch, from: deviceId("5e".repeat(16)), session: SESSION, counter: 1 };

export const HELLO: Omit<Hello, "number"> = {
  kind: "hello",
  purpose: "join",
  run: RUN,
  protocol: { min: 1, max: 2 },
  position: undefined,
  partial: undefined,
  pending: [],
  journalTime: undefined,
  device: { serialNumber: "1", deviceName: "a", productName: "b", location: "" },
  digests: { "login-service": "0", domains: "0", departments: "0", groups: "0", networkPlaces: "0" },
  loggedIn: [],
};

/** To the first hello: a copy is a state of the server's journal, which stands at this revision. */
export const welcomeTo = (revision: number, other: Partial<Welcome> = {}): Welcome => ({
  kind: "welcome",
  number: 1,
  lineage: [{ ...epoch, first: 1 }],
  position: at(revision),
  journalTime: 1,
  beatMs: LIMITS.beatMs,
  leaseMs: LIMITS.leaseMs,
  way: { kind: "changes" },
  answers: [],
  names: [],
  networkPlaces: undefined,
  ...other,
});

export const beatAt = (revision: number, other: Partial<ServerBeat> = {}): ServerBeat => ({
  kind: "server-beat",
  position: at(revision),
  journalTime: 1,
  names: [],
  ...other,
});

export function exchangeWithNobody() {
  const clock = new ManualClock();
  const said: Up[] = [];
  const link: ClientLink = {
    state: "up",
    onState: () => undefined,
    onMessage: () => undefined,
    send: (message) => void said.push(message),
    restart: () => undefined,
    close: async () => undefined,
  };
  const exchange = new Exchange({ link, clock, device: DEVICE, protocol: { min: 1, max: 2 } });
  const enter = (welcome: Welcome): void => {
    exchange.hello(HELLO);
    exchange.enter({ envelope: ENVELOPE, body: welcome }, welcome);
  };
  /** What was said of this kind. */
  const saidOf = <K extends Up["body"]["kind"]>(kind: K): readonly Extract<Up["body"], { kind: K }>[] =>
    said.flatMap(({ body }) => (body.kind === kind ? [body as Extract<Up["body"], { kind: K }>] : []));
  return { clock, link, said, saidOf, exchange, enter };
}
