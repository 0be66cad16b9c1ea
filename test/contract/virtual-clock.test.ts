import test from "ava";
import { type ClockFault, ClockHardware, Life, WORLD_BEGAN, World } from "../fleet/virtual-time.ts";
import { clockContract, type ClockFixture } from "./clock.ts";
import { pass } from "./virtual-world.ts";

async function fixture(fault: ClockFault): Promise<ClockFixture> {
  const world = new World();
  const hardware = new ClockHardware(world, fault);
  await pass(world, 12_345);
  hardware.powerOn("set");
  const life = new Life(world, "machine");
  return {
    clock: hardware.view(life),
    // A slow clock needs more of the world's time until as much of its own has passed.
    advance: (ms) => pass(world, Math.ceil(ms / hardware.rate) + 1),
    asleep: async (ms) => {
      life.fallAsleep();
      await pass(world, Math.ceil(ms / hardware.rate));
      life.wake();
      await pass(world, 0);
    },
    stepWall: (ms) => hardware.setWall(hardware.wallMs() + ms - WORLD_BEGAN - world.nowMs),
    setSntp: ({ kind }) => hardware.setSntp(kind),
  };
}

clockContract(test, "virtual clock", () => fixture({ offsetMs: 0, driftPpm: 0 }));
clockContract(test, "virtual clock that is wrong and fast", () => fixture({ offsetMs: 86_400_000, driftPpm: 100 }));
clockContract(test, "virtual clock that is slow", () => fixture({ offsetMs: -5_000, driftPpm: -100 }));

test("a power-on gives a virtual clock another boot and counts from 0; a restart of the process gives it neither", async (t) => {
  const world = new World();
  const hardware = new ClockHardware(world, { offsetMs: 0, driftPpm: 0 });
  hardware.powerOn("not set");
  const first = hardware.view(new Life(world, "first"));
  await pass(world, 5_000);
  const second = hardware.view(new Life(world, "second"));
  t.is(second.boot, first.boot);
  t.is(second.monotonicMs(), 5_000);
  hardware.powerOn("not set");
  const third = hardware.view(new Life(world, "third"));
  t.not(third.boot, first.boot);
  t.is(third.monotonicMs(), 0);
});
