import test from "ava";
import { BadOption, addressOf, readOptions } from "../../hal/sim/desk/options.ts";

const DEFAULTS = {
  machines: 3,
  port: 8080,
  dataDir: "desk-data",
  fresh: false,
  ntp: undefined,
  clientOnly: new Set<number>(),
  baseAddress: "127.0.0.10",
  mapPorts: false,
  language: "en",
};

test("without options it is three machines on port 8080", (t) => {
  t.deepEqual(readOptions([]), DEFAULTS);
});

test("all options", (t) => {
  const argv =
    "--machines 11 --port 0 --data x --fresh --ntp [::1]:123 --client-only 2 --client-only 11 --base-address 127.0.9.20 --map-ports --language de-AT".split(
      " ",
    );
  t.deepEqual(readOptions(argv), {
    machines: 11,
    port: 0,
    dataDir: "x",
    fresh: true,
    ntp: { host: "::1", port: 123 },
    clientOnly: new Set([2, 11]),
    baseAddress: "127.0.9.20",
    mapPorts: true,
    language: "de-AT",
  });
});

test("--help is an answer of its own", (t) => {
  t.is(readOptions(["--machines", "3", "--help"]), "help");
});

const BAD: readonly (readonly [argv: string, says: RegExp])[] = [
  ["--machines 1", /^--machines 1: must be a whole number from 2 to 11$/],
  ["--machines 12", /2 to 11/],
  ["--machines three", /2 to 11/],
  ["--machines 2.5", /2 to 11/],
  ["--machines", /--machines/],
  ["--port 65536", /0 to 65535/],
  ["--port -1", /--port/],
  ["--client-only 4", /1 to 3/],
  ["--client-only 0", /1 to 3/],
  ["--ntp here", /HOST:PORT/],
  ["--ntp here:0", /HOST:PORT/],
  ["--ntp ::1:123", /HOST:PORT/],
  ["--base-address 10.0.0.1", /127\.x\.y\.z/],
  ["--base-address 127.0.0.250", /at most 244/],
  ["--data=", /--data/],
  ["--colour red", /--colour/],
  ["red", /red/],
];

for (const [argv, says] of BAD) {
  test(`refused with one line: ${argv}`, (t) => {
    const error = t.throws(() => readOptions(argv.split(" ")), { instanceOf: BadOption, message: says });
    t.false(error?.message.includes("\n"));
  });
}

test("machine n has the base address plus n", (t) => {
  t.is(addressOf({ baseAddress: "127.0.0.10" }, 1), "127.0.0.11");
  t.is(addressOf({ baseAddress: "127.0.0.10" }, 11), "127.0.0.21");
});
