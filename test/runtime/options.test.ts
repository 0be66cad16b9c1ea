import test from "ava";
import { readOptions } from "../../hal/runtime/options.ts";

const NEEDED = ["--manifest", "m.json", "--module", "m.mjs", "--provider", "p.mjs", "--data", "d"];

test("arguments for the provider are split at their first equals sign", (t) => {
  const options = readOptions([...NEEDED, "--arg", "name=Printer A", "--arg", "proxy=http://a?b=c", "--arg", "empty="]);
  t.deepEqual(options.arguments, { name: "Printer A", proxy: "http://a?b=c", empty: "" });
});

test("without more, a device has a hard disk, runs nothing else, and goes by what it remembers", (t) => {
  t.like(readOptions(NEEDED), { dataDir: "d", deviceClass: "hdd", inUse: {}, start: false });
});

test("what other modules have declared is read by name", (t) => {
  t.deepEqual(readOptions([...NEEDED, "--in-use", "memoryKb=1000", "--in-use", "sockets=3"]).inUse, { memoryKb: 1000, sockets: 3 });
});

for (const [args, message] of [
  [[], /--manifest is missing/],
  [NEEDED.slice(0, 6), /--data is missing/],
  [[...NEEDED, "--arg", "name"], /--arg name: must be key=value/],
  [[...NEEDED, "--arg", "=x"], /--arg =x: must be key=value/],
  [[...NEEDED, "--class", "tape"], /--class tape: must be hdd or flash/],
  [[...NEEDED, "--in-use", "memory=1"], /--in-use memory=1: must be one of/],
  [[...NEEDED, "--in-use", "memoryKb=-1"], /--in-use memoryKb=-1: must be a whole number/],
  [[...NEEDED, "--prot", "1"], /--prot/],
] as const) {
  test(`the command line "${args.slice(-2).join(" ")}" is refused`, (t) => {
    t.throws(() => readOptions(args), { message });
  });
}
