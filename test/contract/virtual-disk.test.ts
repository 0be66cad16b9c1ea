import test from "ava";
import { seededDice } from "../fleet/random.ts";
import { type DiskSpeed, FAST_DISK, SLOW_DISK, VirtualDisk } from "../fleet/virtual-disk.ts";
import { Life, World } from "../fleet/virtual-time.ts";
import { runFreely } from "./virtual-world.ts";
import { put, storageContract, text } from "./storage.ts";
import { rejects } from "./throws.ts";

function mounted(speed: DiskSpeed, seed = "contract") {
  const world = new World();
  const disk = new VirtualDisk(seededDice(seed));
  disk.speed = speed;
  return { world, disk, storage: disk.mount(new Life(world, "first")) };
}

for (const [name, speed] of [
  ["virtual disk", FAST_DISK],
  ["slow virtual disk", SLOW_DISK],
] as const) {
  storageContract(test, name, async (t) => {
    const { world, disk, storage } = mounted(speed);
    runFreely(t, world);
    return { storage, reopen: async () => disk.mount(new Life(world, "second")) };
  });
}

test("a virtual disk without space refuses a batch, keeps nothing of it, and works on", async (t) => {
  const { world, disk, storage } = mounted(FAST_DISK);
  runFreely(t, world);
  await storage.write([put("a", "old")]);
  disk.failingWrites = 1;
  const refused = rejects(t, "hal-full", () => storage.write([put("a", "new"), put("b", "new")]));
  const after = storage.write([put("c")]);
  await Promise.all([refused, after]);
  t.deepEqual((await storage.getMany(["a", "b", "c"])).map(text), ["old", undefined, "c"]);
});
