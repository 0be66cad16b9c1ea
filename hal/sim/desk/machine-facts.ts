/** What is written on the desk's printers: names that can be told apart. The same number is the same printer at each start. */
import type { MachineFacts } from "./desk-machine.ts";

const PLACES = ["Reception", "Sales", "Service", "Accounts", "Workshop", "Library", "Board room", "Warehouse", "Canteen", "Archive", "Gatehouse"];

export function factsOf(number: number, where: { readonly address: string; readonly clientOnly: boolean }): MachineFacts & { readonly serialNumber: string } {
  return {
    number,
    serialNumber: `SIM${String(number).padStart(5, "0")}`,
    productName: where.clientOnly ? "Simulated Printer 300 (client only)" : "Simulated Printer 700",
    deviceName: `printer-${number}`,
    location: PLACES[(number - 1) % PLACES.length] ?? "",
    ...where,
  };
}
