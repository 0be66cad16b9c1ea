/**
 * What can go wrong in the world, with its level in the communication log. The manuals' rule: what cannot be reached
 * for now is a Warning; a limit exceeded or a failed authentication is an Error (M32).
 */
export type LogLevel = "Information" | "Warning" | "Error";

export const CODES = {
  "hal-unavailable": "Warning",
  "hal-refused": "Error",
  "hal-full": "Error",
  "hal-broken": "Error",
  "server-unreachable": "Warning",
  "link-lost": "Warning",
  "address-unusable": "Error",
  "port-closed": "Warning",
  "server-not-pinned": "Error",
  "authentication-failed": "Error",
  "message-malformed": "Error",
  "message-too-large": "Error",
  "rate-exceeded": "Error",
  "storage-damaged": "Error",
  "storage-format": "Error",
  "import-malformed": "Error",
  "limit-exceeded": "Error",
  "clock-not-right": "Error",
} as const satisfies Record<string, LogLevel>;

export type ErrorCode = keyof typeof CODES;

/** The world is wrong. `message` says what was tried, with which values (never a secret), and what happens next. */
export class SyncError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SyncError";
    this.code = code;
  }

  /**
   * The module and its provider are two bundles, each with a copy of this class: an error of the one is an error of the
   * other. So it is known by its name and its code.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "SyncError" && "code" in value && typeof value.code === "string" && value.code in CODES;
  }
}

/** For a read of a storage that may as well find nothing where the record is damaged. Throws every other error. */
export function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof SyncError) || error.code !== "storage-damaged") throw error;
}
