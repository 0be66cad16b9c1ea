import test from "ava";
import { capacityOf, DEFAULT_CONFIG, decodeConfig } from "../../../src/model/config.ts";
import { LIMITS } from "../../../src/model/limits.ts";

test("no configuration is the default one", (t) => {
  t.deepEqual(decodeConfig(undefined), DEFAULT_CONFIG);
  t.deepEqual(decodeConfig(null), DEFAULT_CONFIG);
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

test("the least and the most that may be set is taken", (t) => {
  for (const port of [1, 65_535]) t.is(decodeConfig({ port }).port, port);
  for (const scope of ["shared", "device-specific"] as const)
    t.deepEqual(decodeConfig({ scopes: { timeline: scope } }).scopes, { timeline: scope });
  t.is(capacityOf("shortcut", decodeConfig({ capacities: { shortcut: 7 } })), 7);
  t.is(capacityOf("timeline", DEFAULT_CONFIG), 10);
  t.is(capacityOf("favourites", DEFAULT_CONFIG), LIMITS.commonAddressesMax, "an item of a newer version is bounded as well");
});

test("a wrong configuration is an error that names the field", (t) => {
  const rows: [raw: unknown, message: RegExp][] = [
    [7, /config: must be an object/],
    [{ prot: 1 }, /config\.prot: unknown field/],
    [[], /config: must be an object/],
    [{ port: 0 }, /config\.port: must be 1-65535/],
    [{ port: 65_536 }, /config\.port/],
    [{ port: 1.5 }, /config\.port/],
    [{ port: "8443" }, /config\.port/],
    [{ scopes: [] }, /config\.scopes: must be an object/],
    [{ scopes: null }, /config\.scopes: must be an object/],
    [{ scopes: "shared" }, /config\.scopes: must be an object/],
    [{ scopes: { favourites: "shared" } }, /config\.scopes\.favourites: the scope can be chosen for timeline, /],
    [{ scopes: { keychain: "shared" } }, /config\.scopes\.keychain: the scope can be chosen for timeline/],
    [{ scopes: { timeline: "private" } }, /config\.scopes\.timeline/],
    [{ broker: 1 }, /config\.broker/],
    [{ usersMax: 1_001 }, /config\.usersMax: must be 1-1000/],
    [{ usersMax: 0 }, /config\.usersMax/],
    [{ usersMax: "10" }, /config\.usersMax/],
    [{ changesKept: 0 }, /config\.changesKept/],
    [{ changesKept: 20_001 }, /config\.changesKept: must be 1-20000/],
    [{ historyDays: 0 }, /config\.historyDays/],
    [{ historyDays: 61 }, /config\.historyDays: must be 1-60/],
    [{ capacities: 60 }, /config\.capacities: must be an object/],
    [{ capacities: null }, /config\.capacities: must be an object/],
    [{ capacities: { timeline: 20 } }, /config\.capacities\.timeline: the number can be chosen for personal-button/],
    [{ capacities: { favourites: 9 } }, /config\.capacities\.favourites/],
    [{ capacities: { shortcut: 1_001 } }, /config\.capacities\.shortcut: must be 1-1000/],
    [{ capacities: { shortcut: 0 } }, /config\.capacities\.shortcut/],
    [{ capacities: { shortcut: 1.5 } }, /config\.capacities\.shortcut/],
  ];
  for (const [raw, message] of rows) t.throws(() => decodeConfig(raw), { instanceOf: RangeError, message });
});
