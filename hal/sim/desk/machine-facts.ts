/** What is written on the desk's printers: names that can be told apart. The same number is the same printer at each start. */

export type PowerAction = "switch-off" | "switch-on" | "restart" | "pull-plug" | "energy-saver";
export const POWER_ACTIONS: readonly PowerAction[] = ["switch-off", "switch-on", "restart", "pull-plug", "energy-saver"];

/** What is written on the machine. */
export interface MachineFacts {
  readonly number: number;
  readonly productName: string;
  readonly deviceName: string;
  readonly location: string;
  /** As others reach it, without a port. */
  readonly address: string;
  readonly clientOnly: boolean;
}

const PLACES = [
  "Reception",
  "Sales",
  "Service",
  "Accounts",
  "Workshop",
  "Library",
  "Board room",
  "Warehouse",
  "Canteen",
  "Archive",
  "Gatehouse",
];

export function factsOf(
  number: number,
  where: { readonly address: string; readonly clientOnly: boolean },
): MachineFacts & { readonly serialNumber: string } {
  return {
    number,
    serialNumber: `SIM${String(number).padStart(5, "0")}`,
    productName: where.clientOnly ? "Simulated Printer 300 (client only)" : "Simulated Printer 700",
    deviceName: `printer-${number}`,
    location: PLACES[(number - 1) % PLACES.length] ?? "",
    ...where,
  };
}
