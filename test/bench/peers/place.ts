/** What a process of a peer is told when it is started. */
export interface Place {
  readonly role: "server" | "client";
  readonly number: number;
  /** Of its database. */
  readonly dir: string;
  /** Where the server listens. */
  readonly host: string;
  readonly port: number;
}

/** Number of the answer by which a process says that it is there. */
export const STARTED = 0;
