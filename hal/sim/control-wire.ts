/** The IPC channel of Node's processes as a wire of the control channel, for either end. */
import type { ControlMessage } from "./control.ts";
import type { Wire } from "./control-line.ts";

/** What both ends have: a ChildProcess, and `process` itself in a child. */
export interface IpcEnd {
  send?(message: ControlMessage, callback: (error: Error | null) => void): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

export function ipcWire(end: IpcEnd): Wire {
  let last: Promise<void> = Promise.resolve();
  return {
    send(message) {
      // The other end may be gone by now; whoever waits for an answer hears of that in another way.
      last = new Promise((resolve) => {
        if (end.send === undefined) resolve();
        else end.send(message, () => resolve());
      });
    },
    flushed: () => last,
    onMessage(listener) {
      end.on("message", (message) => {
        if (isControl(message)) listener(message);
      });
    },
  };
}

/** Both ends are of one program; what else travels on the channel (the runtime's orders) is not ours. */
function isControl(message: unknown): message is ControlMessage {
  return typeof message === "object" && message !== null && "desk" in message;
}
