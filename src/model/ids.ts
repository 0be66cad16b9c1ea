/** Names of machines, runs, fleets and epochs. Branded, so that one is never taken for another. */

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** A machine: the first 16 bytes of the SHA-256 of its certificate, as 32 lower-case hex digits. */
export type DeviceId = Brand<string, "DeviceId">;
/** One start of the module: 64 random bits as 16 hex digits, new each time. */
export type RunId = Brand<string, "RunId">;
/** A fleet: 128 random bits as 32 hex digits, drawn when its server function is started for the first time. */
export type FleetId = Brand<string, "FleetId">;
/** One life of a server's journal: 64 random bits as 16 hex digits, new after each restore. */
export type EpochId = Brand<string, "EpochId">;
/** One connection's life, drawn by the server for each welcome: 16 hex digits. */
export type SessionId = Brand<string, "SessionId">;
/** One join, drawn by the client machine: 16 hex digits. */
export type JoinId = Brand<string, "JoinId">;

/** Place of a change in the journal of one epoch: 1, 2, 3 ... without holes; 0 is the empty journal. */
export type Revision = number;
/** Milliseconds of journal time: the server's clock that never goes back (PROTOCOL.md, "Journal time"). */
export type JournalTime = number;

/** Who wrote an edit and as which of its writes. The sequence comes from the durable write and rises across runs. */
export interface EditId {
  readonly device: DeviceId;
  readonly run: RunId;
  readonly sequence: number;
}

const hexOf = (digits: number) => new RegExp(`^[0-9a-f]{${digits}}$`);
const HEX_32 = hexOf(32);
const HEX_16 = hexOf(16);

export const isHex32 = (text: unknown): text is string => typeof text === "string" && HEX_32.test(text);
const isHex16 = (text: unknown): text is string => typeof text === "string" && HEX_16.test(text);

/** The brands are given here and in the decoders, nowhere else. Throw a RangeError for anything of another form. */
export const deviceId = (text: string): DeviceId => checked(text, isHex32, "device id") as DeviceId;
export const runId = (text: string): RunId => checked(text, isHex16, "run id") as RunId;
export const fleetId = (text: string): FleetId => checked(text, isHex32, "fleet id") as FleetId;
export const epochId = (text: string): EpochId => checked(text, isHex16, "epoch id") as EpochId;
export const sessionId = (text: string): SessionId => checked(text, isHex16, "session id") as SessionId;
export const joinId = (text: string): JoinId => checked(text, isHex16, "join id") as JoinId;

function checked(text: string, is: (text: unknown) => text is string, what: string): string {
  if (!is(text)) throw new RangeError(`not a ${what}: ${JSON.stringify(text).slice(0, 60)}`);
  return text;
}
