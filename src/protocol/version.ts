/**
 * Versions of the protocol.
 *
 * 1  the first (2026-11).
 */
export const PROTOCOL_VERSION = 1;
/** The oldest version this module still speaks. */
export const PROTOCOL_VERSION_MIN = 1;
