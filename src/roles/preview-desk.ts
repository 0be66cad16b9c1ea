/** Shows what a join would do, before it is done (B01): a look at the server beside the machine's own data. */
import type { Hal } from "../../hal/hal.ts";
import type { ClientSettings, ClientStatus } from "../../hal/services.ts";
import type { Preview } from "../../hal/services/preview.ts";
import type { Destination, Links } from "../link/link.ts";
import { must } from "../model/assert.ts";
import type { Config } from "../model/config.ts";
import { type DeviceId, runId } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import { type Random, randomHex } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { AsideStorage } from "../store/aside-storage.ts";
import type { Versions } from "../protocol/version.ts";
import type { MachineNames } from "../store/machine-names.ts";
import { Replica } from "../store/replica.ts";
import { Seal } from "../store/seal.ts";
import { compare } from "./client/compare.ts";
import { helloOf } from "./client/introduction.ts";
import { Look } from "./client/look.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import { Travel } from "./client/travel.ts";
import { isLocal, parseDestination } from "./destination.ts";
import { whereIs } from "./finding.ts";
import { introduceNow } from "./first-contact.ts";
import { secretOf } from "./make-client.ts";
import { isTakenOut, movesWithinFleet } from "./set-client.ts";
import type { Paired, Setup } from "./setup.ts";

export interface PreviewDeskParts {
  readonly hal: Hal;
  readonly config: Config;
  readonly links: Links;
  readonly random: Random;
  readonly setup: Setup;
  readonly stores: MachineStores;
  readonly device: DeviceId;
  readonly protocol: Versions;
  readonly names: MachineNames;
  /**
   * Whether the client function works, or tries to, and why it is not let in: while it works nothing is going to happen at its
   * own server.
   */
  readonly client: { readonly works: boolean; status(): Pick<ClientStatus, "refusal"> | undefined };
  /** Ends what waits when the module stops. */
  readonly signal: AbortSignal;
}

/** Where the copy lies that is only looked at. */
const ASIDE = "v/";

const NOTHING: Preview = { id: "", joined: true, counts: { replaced: 0, supplied: 0, received: 0, unchanged: 0 }, holdings: [] };

/** Whom to look at, and the pairing with it; undefined: this very machine. */
interface Way {
  readonly destination: Destination;
  readonly paired: Paired | undefined;
}

export class PreviewDesk {
  readonly #parts: PreviewDeskParts;

  constructor(parts: PreviewDeskParts) {
    this.#parts = parts;
  }

  /** Clears what a killed module left of a look. */
  async open(): Promise<void> {
    await new AsideStorage(this.#parts.hal.storage, ASIDE).clear();
  }

  /** One at a time. */
  async preview(settings: ClientSettings | undefined, owner: Owner | undefined): Promise<Refusal | Preview> {
    const { client } = this.#parts;
    if (client.works && settings === undefined) return NOTHING;
    // Whoever was taken out is let in again by a first contact: as what it was, while it works, and not as one that joins.
    const refusal = client.works ? client.status()?.refusal : undefined;
    if (refusal !== undefined && isTakenOut(refusal)) return refusal;
    const way = settings === undefined ? this.#wayThatIsSet() : await this.#wayTo(settings);
    if (way === "within-fleet") return NOTHING;
    if ("word" in way) return way;
    const aside = new AsideStorage(this.#parts.hal.storage, ASIDE);
    await aside.clear();
    try {
      return await this.#look(way, aside, owner);
    } finally {
      await aside.clear();
    }
  }

  #wayThatIsSet(): Refusal | Way {
    const { setup, config } = this.#parts;
    const { client } = setup.state;
    const destination = client === undefined ? undefined : parseDestination(client.destination, config.port);
    if (destination === undefined || (client?.paired === undefined && !isLocal(destination))) return { word: "not-paired" };
    return { destination, paired: client?.paired };
  }

  /** Meets the server machine as a start would, and keeps nothing of it here. */
  async #wayTo(settings: ClientSettings): Promise<Refusal | Way | "within-fleet"> {
    const { config, signal } = this.#parts;
    const where = await whereIs(this.#parts, settings, signal);
    if ("word" in where) return where;
    const introduced = await introduceNow(this.#parts, { ...settings, ...where }, signal);
    if ("word" in introduced) return introduced;
    if (introduced.away !== undefined) throw introduced.away;
    if (await movesWithinFleet(this.#parts, introduced)) return "within-fleet";
    const destination = must(parseDestination(where.destination, config.port), "a destination that was introduced to");
    return { destination, paired: introduced.kept.paired };
  }

  async #look({ destination, paired }: Way, aside: AsideStorage, owner: Owner | undefined): Promise<Refusal | Preview> {
    const { hal, links, random, setup, stores, device, protocol, names, signal } = this.#parts;
    const replica = await Replica.open(aside, device);
    const secret = await secretOf(paired, setup);
    const link = links.connect(destination, paired?.server ?? device);
    const run = runId(randomHex(random, 8));
    const hello = {
      ...helloOf({ replica, description: hal.device, users: hal.users, run, protocol, names }, undefined),
      purpose: "preview",
      loggedIn: [],
    } as const;
    const seen = await new Look({ link, replica, clock: hal.clock, device, hello, protocol }).run(signal);
    return seen === "seen" ? await compare({ replica, stores, travel: new Travel(new Seal(secret, random)) }, owner) : seen;
  }
}
