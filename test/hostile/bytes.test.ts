import test from "ava";
import { byteTargets } from "./byte-targets.ts";
import { fuzzBytes, LIMIT } from "./byte-fuzz.ts";

/** With those of the sequences about 100,000 inputs in each run of the tests; `npm run fuzz` has as many as one likes. */
const INPUTS = 5_000;
const SEED = 20_261_122;

// One after the other: what one leaves behind is not counted for another.
for (const target of await byteTargets()) {
  test.serial(`${target.name}: ${INPUTS} hostile inputs are read or refused, quickly, and leave nothing behind`, async (t) => {
    const { failure, kinds } = await fuzzBytes(target, INPUTS, SEED);
    t.is(failure, undefined);
    t.true(kinds > 1, "the inputs reach more than one end");
  });
}

test.serial("a reader that does what must not happen is found", async (t) => {
  const [plain] = await byteTargets();
  if (plain === undefined) return t.fail("there are targets");
  const crashes = { ...plain, read: (bytes: Uint8Array) => (bytes.includes(0xff) ? explode() : "read") };
  t.regex((await fuzzBytes(crashes, INPUTS, SEED)).failure ?? "", /exploded/);
  const hoard: Uint8Array[] = [];
  const keeps = { ...plain, read: () => `${hoard.push(new Uint8Array(100_000))}` };
  t.regex((await fuzzBytes(keeps, 200, SEED)).failure ?? "", /memory/);
  const spins = {
    ...plain,
    read: (bytes: Uint8Array) => {
      const endMs = performance.now() + (bytes.length > 40 ? 2 * LIMIT.cpuMs : 0);
      while (performance.now() < endMs);
      return "read";
    },
  };
  t.regex((await fuzzBytes(spins, INPUTS, SEED)).failure ?? "", /takes \d+ ms/);
});

function explode(): string {
  throw new TypeError("exploded");
}
