/** Why a machine may not come in, in the order in which it is asked. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { type DeviceId, deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { RefusalWord } from "../../../src/model/refusal.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import { carryOut, Machines } from "../../../src/roles/server/machines.ts";
import { Reception } from "../../../src/roles/server/reception.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { DEVICE, RUN } from "./own-copy.ts";
import { HELLO } from "./own-exchange.ts";

const SERVER = deviceId("5e".repeat(16));
const numbered = (number: number): DeviceId => deviceId(`${number}`.padStart(32, "0"));

interface State {
  /** These are paired; those of them that have a place. */
  readonly paired?: readonly DeviceId[];
  readonly placed?: readonly DeviceId[];
  readonly ownClient?: boolean;
  readonly standing?: "stood-down" | "serving";
  readonly isHeir?: boolean;
  readonly hello?: Partial<Hello>;
  readonly from?: DeviceId;
}

async function reception({ paired = [DEVICE], placed = [], ownClient = false, standing = "serving", isHeir = false }: State = {}) {
  const storage = new MemoryStorage();
  const machines = await Machines.open(storage);
  for (const device of [...paired, ...placed]) {
    await carryOut(machines.pin({ device, serialNumber: device, deviceName: device }, 0), storage);
    if (placed.includes(device)) await carryOut(machines.place(device, { ...HELLO, number: 1 }, 0), storage);
  }
  const clock = new ManualClock();
  const heeded: unknown[] = [];
  const heed = async (hello: Hello) => {
    heeded.push(hello);
    return standing;
  };
  const one = new Reception({
    ...{ machines, clock, device: SERVER, protocol: { min: 2, max: 3 } },
    ownClient: () => ownClient,
    digests: () => HELLO.digests,
    succession: { heed, isHeir: () => isHeir },
  } as never);
  return { one, heeded };
}

test("M02 M04 M10 B06 why a machine may not come in, as a table: the first reason is the one that it hears", async (t) => {
  const nine = Array.from({ length: LIMITS.machinesMax - 1 }, (_, index) => numbered(index + 1));
  const old = { protocol: { min: 1, max: 1 } };
  const other = { digests: { ...HELLO.digests, domains: "other" } };
  const rows: readonly (readonly [what: string, state: State, word: RefusalWord | undefined])[] = [
    ["a machine that is paired", {}, undefined],
    ["one that speaks what nobody speaks any more", { hello: old, paired: [] }, "protocol-version"],
    ["one that is not", { paired: [] }, "not-paired"],
    ["the server machine's own, which is paired with nobody", { paired: [], from: SERVER }, undefined],
    ["at a server that stood down", { standing: "stood-down", hello: other }, "stood-down"],
    ["the one that is the server now, at it", { standing: "stood-down", isHeir: true, hello: other }, undefined],
    ["whose settings differ", { hello: other, ownClient: true }, "settings-differ"],
    ["before the server machine's own client", { ownClient: true, placed: nine }, "own-client-first"],
    ["before it has joined, though it was paired", { ownClient: true, paired: [DEVICE, SERVER] }, "own-client-first"],
    ["after it", { ownClient: true, placed: [SERVER] }, undefined],
    ["that client itself", { ownClient: true, paired: [], from: SERVER }, undefined],
    ["the eleventh", { placed: nine }, "too-many-machines"],
    ["the tenth", { placed: nine.slice(1) }, undefined],
    ["one of ten", { placed: [...nine.slice(1), DEVICE] }, undefined],
  ];
  for (const [what, state, word] of rows) {
    const { one } = await reception(state);
    t.is(
      (await one.refusal(state.from ?? DEVICE, { ...HELLO, protocol: { min: 1, max: 2 }, number: 1, ...state.hello }))?.word,
      word,
      what,
    );
  }
});

test("P14 two machines with one key are kept out, and heeded in nothing, until one of them is left", async (t) => {
  const { one, heeded } = await reception();
  const hello = (run: typeof RUN, number: number): Hello => ({ ...HELLO, run, number });
  const other = runId("2".repeat(16));
  const refused = async (run: typeof RUN, number: number) =>
    one.isOvertaken(DEVICE, hello(run, number)) ? "overtaken" : (await one.refusal(DEVICE, hello(run, number)))?.word;
  const heard: (string | undefined)[] = [];
  for (let number = 1; number <= 2 * LIMITS.doubleKeyReturns + 2; number += 1)
    heard.push(await refused(RUN, number), await refused(other, number));
  t.true(heard.includes("key-in-use-twice"));
  t.is(heard.at(-1), "key-in-use-twice", "nobody with this key comes in");
  const before = heeded.length;
  await refused(RUN, 90);
  t.is(heeded.length, before);
});
