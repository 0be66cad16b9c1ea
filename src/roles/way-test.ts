/** The test of the way to the server machine (M36): each part of it, in order, until one fails. Nothing is kept of it. */
import type { Clock } from "../../hal/clock.ts";
import type { Network } from "../../hal/network.ts";
import type { Users } from "../../hal/users.ts";
import type { Way, WayPart, WayReport, WayStep } from "../../hal/services/finding.ts";
import type { FirstContact, Links } from "../link/link.ts";
import { proxyOnWay } from "../link/tunnel.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Refusal } from "../model/refusal.ts";
import { isLocal, isOwnAddress, parseDestination } from "./destination.ts";
import { digestsOf } from "./digests.ts";
import { whereIs } from "./finding.ts";
import { codeOfAway } from "./first-contact.ts";

interface Parts {
  readonly hal: { readonly clock: Clock; readonly users: Users; readonly network: Pick<Network, "address" | "proxy"> };
  readonly links: Pick<Links, "search" | "firstContact">;
  readonly config: { readonly port: number };
  readonly device: DeviceId;
  /** Why this machine's own server function does not let its client in, undefined when it does. */
  readonly ownServer: () => Refusal | undefined;
}

const PARTS: readonly WayPart[] = ["address", "port", "service", "clock", "account", "settings"];

/** As hal/services/finding.ts has it. */
export async function testWay(parts: Parts, way: Way, signal: AbortSignal): Promise<WayReport> {
  const report = new Report(way.destination);
  try {
    const where = await whereIs(parts, { ...way, trust: "first-answer" }, signal);
    if ("word" in where) return report.failed("address", where);
    report.destination = where.destination;
    const destination = parseDestination(where.destination, parts.config.port);
    if (destination === undefined) return report.failed("address", { word: "destination-malformed", text: where.destination });
    if (isLocal(destination)) return ownWay(report, parts);
    if (isOwnAddress(destination, parts.hal.network.address) && parts.ownServer()?.word === "server-not-running")
      return ownWay(report, parts);
    report.proxy = proxyOnWay(parts.hal.network.proxy(), destination.host);
    const contact = await parts.links.firstContact(destination, signal, () => report.passed("address", "port"));
    try {
      return await report.continued(parts, way, contact);
    } finally {
      contact.close();
    }
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return report.broken(error);
  }
}

/** This very machine's server function: there is no wire, and nobody to be proven to (M04). */
function ownWay(report: Report, { device, ownServer }: Parts): WayReport {
  const closed = ownServer();
  report.server = device;
  report.passed("address", "port");
  if (closed !== undefined) return report.closed(closed);
  return report.passed("service", "clock", "account", "settings");
}

class Report {
  destination: string;
  proxy: string | undefined;
  server: DeviceId | undefined;
  #aheadMs: number | undefined;
  readonly #steps = new Map<WayPart, WayStep>();

  constructor(destination: string) {
    this.destination = destination;
  }

  passed(...passed: readonly WayPart[]): WayReport {
    for (const part of passed) this.#steps.set(part, { part, outcome: "passed" });
    return this.#all();
  }

  failed(part: WayPart, refusal: Refusal): WayReport {
    this.#steps.set(part, { part, outcome: "failed", refusal });
    return this.#all();
  }

  /** The server function lets nobody in: the clock is a part of its own, for it is what an administrator sets. */
  closed(refusal: Refusal): WayReport {
    if (refusal.word !== "clock-not-right") return this.failed("service", refusal);
    this.passed("service");
    return this.failed("clock", refusal);
  }

  /** The world failed at the first part that has not passed; an address is at fault when nobody is called so. */
  broken(error: SyncError): WayReport {
    const code = codeOfAway(error);
    const isAddress = code === "address-unusable" || code === "hal-unavailable";
    if (!isAddress && !this.#steps.has("address")) this.passed("address");
    const part = PARTS.find((each) => !this.#steps.has(each)) ?? "settings";
    this.#steps.set(part, { part, outcome: "failed", code, message: error.message });
    return this.#all();
  }

  /** Somebody answers: who, and would this machine be let in? */
  async continued({ hal }: Parts, { account = "", password = "", trust }: Way, contact: FirstContact): Promise<WayReport> {
    const { server, wallMs, closed } = contact;
    this.server = server;
    this.#aheadMs = wallMs === undefined ? undefined : Math.round(hal.clock.wallMs() - wallMs);
    if (closed !== undefined) return this.closed(closed);
    this.passed("service", "clock");
    if (account === "") return this.#all();
    const isConfirmed = trust === "first-answer" || trust?.server === server;
    const outcome = await contact.check(account, password, digestsOf(hal.users.policy()), isConfirmed ? "confirmed" : "unconfirmed");
    if (outcome === "untold") return this.#untold();
    if ("word" in outcome) return this.failed("account", outcome);
    this.passed("account");
    return outcome.length === 0 ? this.passed("settings") : this.failed("settings", { word: "settings-differ", parts: outcome });
  }

  /** The password would have had to be told to nobody knows whom (B08). */
  #untold(): WayReport {
    this.#steps.set("account", { part: "account", outcome: "not-reached", because: "unconfirmed" });
    return this.#all();
  }

  #all(): WayReport {
    const steps = PARTS.map((part): WayStep => this.#steps.get(part) ?? { part, outcome: "not-reached" });
    const proxy = this.proxy === undefined ? {} : { proxy: this.proxy };
    return { steps, destination: this.destination, ...proxy, server: this.server, aheadMs: this.#aheadMs };
  }
}
