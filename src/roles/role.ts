/** What a machine does in a fleet. The constructor only assigns; `run` works until its signal aborts, and rejects when it cannot go on. */
export interface Role {
  run(signal: AbortSignal): Promise<void>;
}
