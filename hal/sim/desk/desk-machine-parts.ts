/** What a machine of the desk is made of, and whom it tells. */
import type { Travel } from "../control.ts";
import type { GroupDatagram } from "../group-sockets.ts";
import type { DeskMachine } from "./desk-machine.ts";
import type { Hardware } from "./machine-command.ts";
import type { MachineFacts } from "./machine-facts.ts";
import type { MachineCommand } from "./machine-process.ts";
import type { NetworkCard } from "./network-card.ts";

export interface DeskMachineParts {
  readonly facts: MachineFacts;
  readonly dataDir: string;
  /** How its process is started, with the hardware as it is now. */
  readonly command: (hardware: Hardware) => MachineCommand;
  /** With the cable of the incoming direction; the process has its own for the other, with the same knobs. */
  readonly card: NetworkCard;
  /** Told before the machine's process is killed: its connections are not to say goodbye. */
  readonly onPowerLost: () => void;
  readonly onChange: (machine: DeskMachine) => void;
  readonly onLog: (machine: DeskMachine) => void;
  readonly onTravel: (machine: DeskMachine, travel: Travel) => void;
  /** The machine says something to a group, or answers: the desk passes it on. */
  readonly onDatagram: (machine: DeskMachine, datagram: GroupDatagram) => void;
  /** Something a person at the terminal should know, in one line. */
  readonly onTrouble: (text: string) => void;
}
