/** Knobs of the world around the machines: cables, oscillators, the time server. What is left out stays as it is. */
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

const DELAY_MS_MAX = 60_000;
/** A hundred years: wrong enough for any printer. */
const OFFSET_MS_MAX = 100 * 366 * 24 * 3_600_000;
const DRIFT_PPM_MAX = 100_000;

export const hardwareRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/network",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const fields = Fields.of(await request.json(), "", ["connected", "delayMs", "lossPercent"]);
      const { connected, delayMs, lossPercent } = machine.cable;
      await machine.setCable({
        connected: fields.flag("connected", connected),
        delayMs: fields.number("delayMs", { min: 0, max: DELAY_MS_MAX, otherwise: delayMs }),
        lossPercent: fields.number("lossPercent", { min: 0, max: 100, otherwise: lossPercent }),
      });
      return json(machine.cable);
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/clock",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const fields = Fields.of(await request.json(), "", ["offsetMs", "driftPpm"]);
      const { offsetMs, driftPpm } = machine.clock;
      await machine.setClock({
        offsetMs: fields.number("offsetMs", { min: -OFFSET_MS_MAX, max: OFFSET_MS_MAX, otherwise: offsetMs }),
        driftPpm: fields.number("driftPpm", { min: -DRIFT_PPM_MAX, max: DRIFT_PPM_MAX, otherwise: driftPpm }),
      });
      return json(machine.clock);
    },
  },
  {
    method: "POST",
    path: "/api/ntp",
    answer: async (request) => {
      const fields = Fields.of(await request.json(), "", ["mode", "offsetMs"]);
      desk.setNtp({
        mode: fields.has("mode") ? fields.oneOf("mode", ["normal", "silent", "lying"]) : desk.ntp.mode,
        offsetMs: fields.number("offsetMs", { min: -OFFSET_MS_MAX, max: OFFSET_MS_MAX, otherwise: desk.ntp.offsetMs }),
      });
      return json(desk.ntp);
    },
  },
];
