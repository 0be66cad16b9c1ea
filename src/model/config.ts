/** What the integrator sets for a model, once; what an administrator sets is kept by the module itself (roles/setup.ts). */
import { type ItemId, ITEMS, MANY, type Scope, itemOf } from "./item.ts";
import { LIMITS } from "./limits.ts";

export interface Config {
  /** The port of the feature. 8443 on every printer (the manuals' figure); other values are for test hosts. */
  readonly port: number;
  /** Scopes of sharing of a server that starts for the first time, where they differ from the table of items. */
  readonly scopes: { readonly [item in ItemId]?: Scope };
  /**
   * A broker of others that carries the messages (link/broker-address.ts says how it is written); undefined: each server
   * machine is its own.
   */
  readonly broker?: string;
  /** Users a server machine keeps (M05): 1 to LIMITS.usersMax, which is what the manuals say; a model with little memory has fewer. */
  readonly usersMax: number;
  /** Entries an owner may have of the items whose number no manual names: 1 to MANY, which is the default. */
  readonly capacities: { readonly [item in ItemId]?: number };
  /**
   * Changes that a server machine keeps for machines that come back, older ones get a snapshot: 1 to LIMITS.journalChangesKept,
   * the default.
   */
  readonly changesKept: number;
  /** Days for which a machine keeps what lost on it (B02): 1 to LIMITS.historyDaysMax; LIMITS.historyDays is the default. */
  readonly historyDays: number;
}

export const DEFAULT_CONFIG: Config = {
  port: 8443,
  scopes: {},
  usersMax: LIMITS.usersMax,
  capacities: {},
  changesKept: LIMITS.journalChangesKept,
  historyDays: LIMITS.historyDays,
};

/** Reads a configuration; throws a RangeError that names the field. Unknown fields are errors. */
export function decodeConfig(raw: unknown): Config {
  if (raw === undefined || raw === null) return DEFAULT_CONFIG;
  if (typeof raw !== "object" || Array.isArray(raw)) throw new RangeError("config: must be an object");
  const {
    port = DEFAULT_CONFIG.port,
    scopes = {},
    broker,
    usersMax = DEFAULT_CONFIG.usersMax,
    capacities = {},
    changesKept = DEFAULT_CONFIG.changesKept,
    historyDays = DEFAULT_CONFIG.historyDays,
    ...unknown
  } = raw as Record<string, unknown>;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) throw new RangeError(`config.${stranger}: unknown field`);
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RangeError("config.port: must be 1-65535");
  if (broker !== undefined && typeof broker !== "string")
    throw new RangeError('config.broker: must be an address such as "mqtts://broker.example.com"');
  const limits = {
    usersMax: atMost(LIMITS.usersMax, usersMax, "usersMax"),
    capacities: decodeCapacities(capacities),
    changesKept: atMost(LIMITS.journalChangesKept, changesKept, "changesKept"),
    historyDays: atMost(LIMITS.historyDaysMax, historyDays, "historyDays"),
  };
  return { port, scopes: decodeScopes(scopes), ...limits, ...(broker === undefined ? {} : { broker }) };
}

/** Entries an owner may have of an item; one of a newer version is bounded like a list. */
export const capacityOf = (item: string, { capacities }: Pick<Config, "capacities">): number => {
  const definition = itemOf(item);
  return definition === undefined ? LIMITS.commonAddressesMax : (capacities[definition.id] ?? definition.entriesMax);
};

/** Users from which on the server machine warns: nine tenths of them (the manuals' 900 of 1,000). */
export const usersWarningOf = ({ usersMax }: Pick<Config, "usersMax">): number => Math.ceil(usersMax * 0.9);

function decodeCapacities(raw: unknown): Config["capacities"] {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new RangeError("config.capacities: must be an object");
  for (const [item, capacity] of Object.entries(raw)) {
    if (itemOf(item)?.entriesMax !== MANY) {
      const open = ITEMS.filter((row) => row.entriesMax === MANY).map((row) => row.id);
      throw new RangeError(`config.capacities.${item}: the number can be chosen for ${open.join(", ")} only`);
    }
    atMost(MANY, capacity, `capacities.${item}`);
  }
  return raw;
}

function atMost(max: number, raw: unknown, field: string): number {
  if (typeof raw !== "number" || !Number.isInteger(raw) || raw < 1 || raw > max) throw new RangeError(`config.${field}: must be 1-${max}`);
  return raw;
}

function decodeScopes(raw: unknown): Config["scopes"] {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new RangeError("config.scopes: must be an object");
  for (const [item, scope] of Object.entries(raw)) {
    if (itemOf(item)?.scopeSelectable !== true) {
      const selectable = ITEMS.filter((row) => row.scopeSelectable).map((row) => row.id);
      throw new RangeError(`config.scopes.${item}: the scope can be chosen for ${selectable.join(", ")} only`);
    }
    if (scope !== "shared" && scope !== "device-specific")
      throw new RangeError(`config.scopes.${item}: must be "shared" or "device-specific"`);
  }
  return raw as Config["scopes"];
}
