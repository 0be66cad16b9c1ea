/** One life of a machine, from power-on to power-off, and what its network card does in each phase of it. */
import type { Cable } from "../cable.ts";
import type { MachineEvent } from "../control.ts";
import type { GroupDatagram, JoinedGroup } from "../group-sockets.ts";
import type { MachineProcess } from "./machine-process.ts";
import type { CardState } from "./network-card.ts";

/** off: no process. starting: no calls yet. on: it answers. asleep: in full sleep, its process stands still. */
export type Phase = "off" | "starting" | "on" | "asleep";

export class Life {
  readonly process: MachineProcess;
  /** The desk itself is about to end it. */
  ending = false;
  /** Calls that the machine still owes an answer. */
  callsOpen = 0;
  #phase: Exclude<Phase, "off"> = "starting";
  /** Local sockets of the ports that the module listens on. */
  #ports: readonly { readonly port: number; readonly path: string }[] = [];
  #groups: readonly JoinedGroup[] = [];
  #wakesOnConnection = false;

  constructor(process: MachineProcess) {
    this.process = process;
  }

  get phase(): Exclude<Phase, "off"> {
    return this.#phase;
  }

  hear(event: MachineEvent): void {
    if (event.kind === "powered" || event.kind === "awake") this.#phase = "on";
    if (event.kind === "listening") this.#ports = event.ports;
    if (event.kind === "groups") this.#groups = event.groups;
    if (event.kind === "asleep") {
      this.#phase = "asleep";
      this.#wakesOnConnection = event.wakesOnConnection;
    }
  }

  /** A datagram at the machine's socket in the wall: late or lost by its cable, lost on a machine that it does not wake. */
  deliver(datagram: GroupDatagram, { cable, knock }: { readonly cable: Cable; readonly knock: () => Promise<void> }): void {
    const joined = this.#groups.find(({ group }) => group === datagram.group);
    if (this.#phase === "starting" || cable.dropsDatagram() || (datagram.to === undefined && joined === undefined)) return;
    const arrive = async (): Promise<void> => {
      if (this.#phase === "asleep" && !(this.#wakesOnConnection && joined?.wakes === true)) return;
      await knock();
      await this.process.line.call("datagram", datagram);
    };
    // A machine that goes off over it has lost the datagram, which is all.
    setTimeout(() => void arrive().catch(() => undefined), cable.knobs.delayMs);
  }

  /** A machine that has just been switched on refuses nobody before it is known whether its module listens. */
  cardState(moduleActive: boolean, knock: () => Promise<void>): CardState {
    const [port] = this.#ports;
    if (this.#phase === "starting") return { kind: "silent" };
    if (port === undefined) return this.#phase === "on" && moduleActive ? { kind: "refusing" } : { kind: "silent" };
    if (this.#phase === "asleep" && !this.#wakesOnConnection) return { kind: "silent" };
    return { kind: "open", path: port.path, knock };
  }
}
