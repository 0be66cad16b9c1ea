/** What the integrator sets for a model, once; what an administrator sets is kept by the module itself (roles/setup.ts). */
import { type ItemId, ITEMS, type Scope, itemOf } from "./item.ts";

export interface Config {
  /** The port of the feature. 8443 on every printer (the manuals' figure); other values are for test hosts. */
  readonly port: number;
  /** Scopes of sharing of a server that starts for the first time, where they differ from the table of items. */
  readonly scopes: { readonly [item in ItemId]?: Scope };
  /** A broker of others that carries the messages (link/broker-address.ts says how it is written); undefined: each server machine is its own. */
  readonly broker?: string;
}

export const DEFAULT_CONFIG: Config = { port: 8443, scopes: {} };

/** Reads a configuration; throws a RangeError that names the field. Unknown fields are errors. */
export function decodeConfig(raw: unknown): Config {
  if (raw === undefined || raw === null) return DEFAULT_CONFIG;
  if (typeof raw !== "object" || Array.isArray(raw)) throw new RangeError("config: must be an object");
  const { port = DEFAULT_CONFIG.port, scopes = {}, broker, ...unknown } = raw as Record<string, unknown>;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) throw new RangeError(`config.${stranger}: unknown field`);
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RangeError("config.port: must be 1-65535");
  if (broker !== undefined && typeof broker !== "string")
    throw new RangeError('config.broker: must be an address such as "mqtts://broker.example.com"');
  return { port, scopes: decodeScopes(scopes), ...(broker === undefined ? {} : { broker }) };
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
