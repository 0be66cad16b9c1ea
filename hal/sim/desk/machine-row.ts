/** A machine as the API lists it, and as the page draws it. */
import type { ServerStatus } from "../../services.ts";
import type { DeskMachine } from "./desk-machine.ts";
import { isLit, screenOf } from "./screen-view.ts";

/** The fields of `GET /machines`. */
export function machineRow(machine: DeskMachine) {
  const { facts, knowledge } = machine;
  return {
    number: facts.number,
    deviceId: knowledge.deviceId,
    deviceName: facts.deviceName,
    productName: facts.productName,
    location: facts.location,
    address: facts.address,
    power: powerOf(machine),
    holds: machine.phase === "off" ? [] : [...(knowledge.view?.holds ?? [])].sort(),
    server: serverOf(machine),
    client: clientOf(machine),
  };
}

function powerOf({ phase, knowledge }: DeskMachine): "active" | "partial-sleep" | "full-sleep" | "off" {
  if (phase === "off") return "off";
  if (phase === "asleep") return "full-sleep";
  const power = knowledge.view?.power ?? "active";
  // It says so before its process stands still; until then it is on its way there.
  return power === "full-sleep" ? "partial-sleep" : power;
}

function serverOf({ phase, knowledge }: DeskMachine): ServerStatus | null {
  return phase !== "off" && knowledge.view?.moduleActive === true ? knowledge.view.server : null;
}

/** A machine that starts has its client function as it had it before, and reaches nobody yet. */
function clientOf({ phase, knowledge }: DeskMachine) {
  if (phase === "off") return null;
  if (knowledge.view?.moduleActive !== true)
    return knowledge.pending === undefined ? null : { state: "offline" as const, pending: knowledge.pending };
  const { client } = knowledge.view;
  if (client === null) return null;
  const { refusal: _words, ...shown } = client;
  return shown;
}

/** All that the page needs to draw a machine. */
export function machineDrawing(machine: DeskMachine) {
  const { phase, knowledge, facts, cable, clock } = machine;
  const { view, resources } = knowledge;
  const user = phase === "off" || phase === "starting" ? undefined : view?.user;
  const screen = view?.screen;
  const lit = isLit(machine);
  return {
    ...machineRow(machine),
    phase,
    clientOnly: facts.clientOnly,
    user: user ?? null,
    screen: screenOf(machine),
    // What a display of the machine itself does not have is said like a message.
    kind: lit ? (screen?.kind ?? "message") : "message",
    rows: lit ? (screen?.rows ?? []) : [],
    field: lit ? (screen?.field ?? null) : null,
    lit,
    inverted: lit && screen?.inverted === true,
    keyRepeat: screen?.keyRepeat ?? "usual",
    cable,
    clock: { ...clock, sntp: view?.clock.sntp ?? "off", aheadMs: knowledge.aheadMs },
    settings: view?.settings ?? null,
    leds: ledsOf(machine),
    memoryKb: resources?.measured.memoryKb ?? null,
    log: knowledge.log.slice(-5),
  };
}

/** The lamps beside the panel: what they say at a glance, each as a word. */
function ledsOf(machine: DeskMachine) {
  const row = machineRow(machine);
  const on = machine.phase !== "off";
  const trouble =
    ["stopped-by-error", "stood-down"].includes(row.server?.state ?? "") ||
    row.client?.state === "refused" ||
    row.client?.fault !== undefined;
  // A machine in full sleep has said goodbye; being out of reach is what it is there for.
  const lost = row.client?.state === "offline" && machine.phase !== "asleep";
  const waits = (row.client?.pending ?? 0) > 0 || lost || row.server?.state === "waiting-for-clock";
  return {
    power: row.power === "off" ? "off" : "green",
    sleep: row.power === "partial-sleep" || row.power === "full-sleep" ? "green" : "off",
    network: !on ? "off" : !machine.cable.connected ? "red" : "green",
    data: !on ? "off" : waits ? "amber" : row.client?.state === "synchronized" ? "green" : "off",
    error: trouble ? "red" : "off",
  };
}
