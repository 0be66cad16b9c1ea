/** What an administrator has set, durably: the two functions, where the server is, and whom this machine is paired with. */
import type { Device } from "../../hal/device.ts";
import type { Storage, Write } from "../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const SETUP = "m/setup";
const FLEET_SECRET = "m/fleet-secret";
const PAST_SECRETS = "m/past-secrets";
const SNTP = "m/sntp";
const SECRET_BYTES = 32;

export interface ClientSetup {
  /** As an administrator wrote it, or as a search found it. */
  readonly destination: string;
  /** Of the search that found it; undefined: it was written. */
  readonly searchDepth: number | undefined;
  readonly account: string;
  /** The power-on in which the function was started: it works from the next one on (M08). */
  readonly startedInBoot: string;
  /** Sealed by the key store until the account was accepted or refused, then gone. */
  readonly password: Uint8Array | undefined;
  /** The identity that an administrator has compared, until the first contact is made; undefined: the first that answers. */
  readonly expected: DeviceId | undefined;
  /** undefined before the first contact, and for the machine's own server. */
  readonly paired: Paired | undefined;
}

/** The server machine whose certificate is pinned, and the fleet's secret, sealed by the key store. */
export interface Paired {
  readonly server: DeviceId;
  readonly fleetSecret: Uint8Array;
}

export interface SetupState {
  readonly server: boolean;
  readonly client: ClientSetup | undefined;
  /** [Allow custom settings to be applied during operation] */
  readonly duringOperation: boolean;
  /** What the module had kept was lost, and nobody has started a function since (B05). */
  readonly storageLost: boolean;
}

export class Setup {
  readonly #storage: Storage;
  readonly #device: Device;
  readonly #random: Random;
  #state: SetupState = { server: false, client: undefined, duringOperation: false, storageLost: false };
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: { readonly storage: Storage; readonly device: Device; readonly random: Random }) {
    this.#storage = parts.storage;
    this.#device = parts.device;
    this.#random = parts.random;
  }

  /** false: nobody has ever set anything here, as far as this storage knows; what was set may be damaged. */
  async open(): Promise<boolean> {
    const bytes = await this.#storage.get(SETUP).catch(unlessDamaged);
    if (bytes !== undefined) this.#state = unpack(bytes);
    return bytes !== undefined;
  }

  get state(): SetupState {
    return this.#state;
  }

  async set(change: Partial<SetupState>): Promise<void> {
    await this.#change(() => change);
  }

  /** In one write with more: `store` is given this one, and makes all of it durable or rejects. */
  async setTogether(change: Partial<SetupState>, store: (write: Write) => Promise<void>): Promise<void> {
    await this.#change(() => change, store);
  }

  /** Unless somebody has set the client function otherwise since `was` was read: false then, and nothing was changed. */
  async replaceClient(was: ClientSetup, client: ClientSetup): Promise<boolean> {
    return await this.#change(() => (this.#state.client === was ? { client } : undefined));
  }

  /** One change after the other, each on top of what the one before it has left. */
  #change(
    change: () => Partial<SetupState> | undefined,
    store: (write: Write) => Promise<void> = (write) => this.#storage.write([write]),
  ): Promise<boolean> {
    const changed = this.#last.then(async () => {
      const wanted = change();
      if (wanted === undefined) return false;
      const isStart = wanted.server === true || wanted.client !== undefined;
      const state = { ...this.#state, ...(isStart ? { storageLost: false } : {}), ...wanted };
      await store({ key: SETUP, value: pack(state) });
      this.#state = state;
      return true;
    });
    this.#last = changed.catch(() => undefined);
    return changed;
  }

  async seal(secret: Uint8Array): Promise<Uint8Array> {
    return await this.#device.keyStore.seal(secret);
  }

  async unseal(sealed: Uint8Array): Promise<Uint8Array> {
    return await this.#device.keyStore.open(sealed);
  }

  /** false: another key store sealed it, or the key store has lost its key; nobody will open it any more. */
  async canUnseal(sealed: Uint8Array): Promise<boolean> {
    try {
      await this.unseal(sealed);
      return true;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return error.code !== "hal-refused";
    }
  }

  /** The secret of the fleet that this machine serves or served. */
  async servedSecret(): Promise<Uint8Array | undefined> {
    const sealed = await this.#storage.get(FLEET_SECRET);
    return sealed === undefined ? undefined : await this.unseal(sealed);
  }

  /** The secret of the fleet that this machine serves, drawn when it is asked for first. */
  async fleetSecret(): Promise<Uint8Array> {
    const served = await this.servedSecret();
    if (served !== undefined) return served;
    const secret = Uint8Array.from(this.#random(SECRET_BYTES));
    await this.#storage.write([{ key: FLEET_SECRET, value: await this.seal(secret) }]);
    return secret;
  }

  /** Secrets of fleets that this machine left or served before, the newest first. */
  async pastSecrets(): Promise<Uint8Array[]> {
    const opened = await Promise.all((await this.#past()).map(([, sealed]) => this.#opened(sealed)));
    return opened.flatMap((secret) => secret ?? []);
  }

  /** Keeps a fleet's secret, sealed, beyond its leaving: the history may keep what was sealed with it (B02). */
  async retire(sealed: Uint8Array): Promise<void> {
    await this.#storage.write([await this.#retirement(sealed)]);
  }

  /** One row for each secret; of a row that cannot be opened any more nobody knows, and it goes when it is the oldest. */
  async #retirement(sealed: Uint8Array): Promise<Write> {
    const secret = await this.#opened(sealed);
    const isSame = (other: Uint8Array | undefined) => secret !== undefined && other !== undefined && Buffer.compare(secret, other) === 0;
    const kept: PastRow[] = [["", sealed]];
    for (const row of await this.#past()) if (!isSame(await this.#opened(row[1]))) kept.push(row);
    return { key: PAST_SECRETS, value: encodeCbor(kept.slice(0, LIMITS.pastFleetsMax)) };
  }

  async #opened(sealed: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await this.unseal(sealed);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      return undefined;
    }
  }

  async #past(): Promise<PastRow[]> {
    const bytes = await this.#storage.get(PAST_SECRETS);
    return bytes === undefined ? [] : (decodeCbor(bytes, LIMITS.entryBytesMax) as PastRow[]);
  }

  /** The writes that make this the secret of the fleet that this machine serves; that of another fleet it served is retired by them. */
  async serveSecret(secret: Uint8Array): Promise<Write[]> {
    const before = await this.#storage.get(FLEET_SECRET).catch(unlessDamaged);
    const write = { key: FLEET_SECRET, value: await this.seal(secret) };
    const isOther = before !== undefined && Buffer.compare((await this.#opened(before)) ?? new Uint8Array(), secret) !== 0;
    return isOther ? [write, await this.#retirement(before)] : [write];
  }

  /** Wall time of the last SNTP answer that was noted (M06). */
  async sntpAnsweredAt(): Promise<number | undefined> {
    const bytes = await this.#storage.get(SNTP);
    return bytes === undefined ? undefined : (decodeCbor(bytes, LIMITS.entryBytesMax) as number);
  }

  async noteSntpAnswer(wallMs: number): Promise<void> {
    await this.#storage.write([{ key: SNTP, value: encodeCbor(Math.round(wallMs)) }]);
  }
}

/** What was the server machine's identity once, and the secret sealed by the key store. */
type PastRow = readonly [string, Uint8Array];

type PairedRow = readonly [DeviceId, Uint8Array] | null;
/** What follows the pairing came later: a row without it is an older one. */
type ClientRow = readonly [string, string, string, Uint8Array | null, PairedRow, (DeviceId | null)?, (number | null)?] | null;

type SetupRow = readonly [boolean, ClientRow, boolean?, boolean?];

function pack({ server, client, duringOperation, storageLost }: SetupState): Uint8Array {
  if (client === undefined) return encodeCbor([server, null, duringOperation, storageLost]);
  const { destination, searchDepth, account, startedInBoot, password, paired, expected } = client;
  const pairedRow = paired === undefined ? null : [paired.server, paired.fleetSecret];
  const row = [destination, account, startedInBoot, password ?? null, pairedRow, expected ?? null, searchDepth ?? null];
  return encodeCbor([server, row, duringOperation, storageLost]);
}

function unpack(bytes: Uint8Array): SetupState {
  // What follows the row came later: a state without it is an older one.
  const [server, row, duringOperation = false, storageLost = false] = decodeCbor(bytes, LIMITS.entryBytesMax) as SetupRow;
  if (row === null) return { server, client: undefined, duringOperation, storageLost };
  const [destination, account, startedInBoot, password, paired, expected, searchDepth] = row;
  return {
    server,
    duringOperation,
    storageLost,
    client: {
      destination,
      searchDepth: searchDepth ?? undefined,
      account,
      startedInBoot,
      password: password ?? undefined,
      expected: expected ?? undefined,
      paired: paired === null ? undefined : { server: paired[0], fleetSecret: paired[1] },
    },
  };
}
