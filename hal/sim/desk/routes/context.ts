/** What every route works on. */
import type { Desk } from "../desk.ts";
import type { DeskMachine } from "../desk-machine.ts";
import { Problem } from "../http/problem.ts";
import type { ApiRequest } from "../http/request.ts";

/** The machine that the path names. Throws a 404. */
export function machineOf(desk: Pick<Desk, "machines">, request: ApiRequest): DeskMachine {
  const text = request.param("number");
  const machine = /^[1-9]\d?$/.test(text) ? desk.machines.find(({ facts }) => facts.number === Number(text)) : undefined;
  if (machine === undefined)
    throw new Problem(
      404,
      "no-such-machine",
      `there is no machine ${text.slice(0, 20)}; the desk has ${desk.machines.map(({ facts }) => facts.number).join(", ")}`,
    );
  return machine;
}
