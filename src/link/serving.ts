/** What a server machine's links are made of, which a machine that is only a client never loads: the port, and the broker behind it. */
import type { RequestListener } from "node:http";
import type { Hal } from "../../hal/hal.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { Broker } from "./broker.ts";
import { CHECK_PATH, FIRST_CONTACT_PATH } from "./first-contact-message.ts";
import { FirstContactServer } from "./first-contact-server.ts";
import type { Identity } from "./identity.ts";
import type { Admission } from "./link.ts";
import { Port8443 } from "./port-8443.ts";
import { answerSearches } from "./search-answerer.ts";

export const openBroker = (parts: ConstructorParameters<typeof Broker>[0]): Broker => new Broker(parts);

interface AnsweringParts {
  readonly hal: Pick<Hal, "clock" | "device" | "network">;
  readonly server: DeviceId;
  readonly port: number;
  readonly admission: Admission;
  readonly log: (text: string) => void;
}

/** M09: the server machine says where it is while its function runs and serves. What it gives back ends it. */
export function startAnswering({ hal: { network, clock, device }, server, port, admission, log }: AnsweringParts): () => void {
  const isSearchable = (): boolean => admission.isSearchable?.() ?? true;
  return answerSearches({ network, clock, server, deviceName: device.deviceName, port, isSearchable, log });
}

/** All that is asked anew for each visitor may be undefined: nobody serves, nobody says why, there are no pages. */
export interface PortParts {
  readonly hal: Pick<Hal, "clock" | "network" | "users">;
  readonly random: Random;
  readonly port: number;
  readonly identity: Identity;
  readonly log: (text: string) => void;
  readonly broker: () => Broker | undefined;
  readonly admission: () => Admission | undefined;
  /** Why the server function does not run. */
  readonly closed: () => Refusal | undefined;
  readonly pages: () => RequestListener | undefined;
}

/** Rejects "port-closed". */
export async function openPort({ hal, random, port, identity, log, broker, admission, closed, pages }: PortParts): Promise<Port8443> {
  const { network, clock, users } = hal;
  const firstContact = new FirstContactServer({
    clock,
    random,
    users,
    admission,
    closed: () => closed() ?? { word: "server-not-running" },
    server: identity.device,
    secret: identity.secret("first contact of unknown accounts"),
    log,
  });
  return await Port8443.open({
    network,
    clock,
    port,
    identity,
    log,
    machines: broker,
    pages: (request, response, address) => {
      const listener = pages();
      if (request.url === FIRST_CONTACT_PATH || request.url === CHECK_PATH) void firstContact.answer(request, response, address);
      else if (listener !== undefined) listener(request, response);
      else response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page on this machine.\n");
    },
  });
}
