import test from "ava";
import { DEFAULT_CONFIG, decodeConfig } from "../../../src/model/config.ts";

test("no configuration is the default one", (t) => {
  t.deepEqual(decodeConfig(undefined), DEFAULT_CONFIG);
  t.deepEqual(decodeConfig({}), DEFAULT_CONFIG);
});

test("what an integrator sets is taken", (t) => {
  const config = {
    port: 8444,
    scopes: { timeline: "device-specific" },
    broker: "mqtts://broker.example.com",
    usersMax: 1_000,
    capacities: { "personal-button": 60, shortcut: 1 },
    changesKept: 500,
    historyDays: 7,
  };
  t.deepEqual(decodeConfig(config) as unknown, config);
});

test("a wrong configuration is an error that names the field", (t) => {
  const rows: [raw: unknown, message: RegExp][] = [
    [7, /config: must be an object/],
    [{ prot: 1 }, /config\.prot: unknown field/],
    [{ port: 0 }, /config\.port/],
    [{ scopes: [] }, /config\.scopes/],
    [{ scopes: { keychain: "shared" } }, /config\.scopes\.keychain: the scope can be chosen for timeline/],
    [{ scopes: { timeline: "private" } }, /config\.scopes\.timeline/],
    [{ broker: 1 }, /config\.broker/],
    [{ usersMax: 1_001 }, /config\.usersMax: must be 1-1000/],
    [{ usersMax: 0 }, /config\.usersMax/],
    [{ changesKept: 0 }, /config\.changesKept/],
    [{ changesKept: 20_001 }, /config\.changesKept: must be 1-20000/],
    [{ historyDays: 0 }, /config\.historyDays/],
    [{ historyDays: 61 }, /config\.historyDays: must be 1-60/],
    [{ capacities: 60 }, /config\.capacities: must be an object/],
    [{ capacities: { timeline: 20 } }, /config\.capacities\.timeline: the number can be chosen for personal-button/],
    [{ capacities: { favourites: 9 } }, /config\.capacities\.favourites/],
    [{ capacities: { shortcut: 1_001 } }, /config\.capacities\.shortcut: must be 1-1000/],
    [{ capacities: { shortcut: 0 } }, /config\.capacities\.shortcut/],
    [{ capacities: { shortcut: 1.5 } }, /config\.capacities\.shortcut/],
  ];
  for (const [raw, message] of rows) t.throws(() => decodeConfig(raw), { instanceOf: RangeError, message });
});
