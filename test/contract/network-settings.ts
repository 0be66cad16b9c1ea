/** What every NetworkSettings keeps. */
import type { ExecutionContext, TestFn } from "ava";
import type { NetworkSettings } from "../../hal/network-settings.ts";
import { SyncError } from "../../src/model/errors.ts";

export interface NetworkSettingsFixture {
  readonly settings: NetworkSettings;
  /** The machine after a loss of power. Undefined where a test cannot take it away. */
  readonly restart: (() => Promise<NetworkSettings>) | undefined;
}

type Create = (t: ExecutionContext) => Promise<NetworkSettingsFixture>;

export function networkSettingsContract(test: TestFn, name: string, create: Create): void {
  const it = (
    title: string,
    body: (t: ExecutionContext, settings: NetworkSettings, fixture: NetworkSettingsFixture) => Promise<unknown>,
  ): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      await body(t, fixture.settings, fixture);
    });

  it("what is left out of a change stays as it is", async (t, settings) => {
    await settings.set({
      timeServer: "time.example.com",
      proxy: { address: "proxy.example.com:3128", user: "" },
      proxyExcludesLocalhost: false,
    });
    await settings.set({ timeServer: "10.0.0.1:123" });
    t.deepEqual(settings.choices(), {
      timeServer: "10.0.0.1:123",
      proxy: { address: "proxy.example.com:3128", user: "", passwordSet: false },
      proxyExcludesLocalhost: false,
    });
    await settings.set({ timeServer: "", proxy: null });
    t.deepEqual(settings.choices(), { timeServer: "", proxy: undefined, proxyExcludesLocalhost: false });
    t.is(await settings.checkTimeServer(), "off");
  });

  it("what was set outlives the power, the password of a proxy included", async (t, settings, { restart }) => {
    if (restart === undefined) return t.pass();
    const proxy = { address: "proxy.example.com:3128", user: "us er@x" };
    await settings.set({ timeServer: "time.example.com", proxy: { ...proxy, password: "p" }, proxyExcludesLocalhost: false });
    const again = await restart();
    const choices = { timeServer: "time.example.com", proxy: { ...proxy, passwordSet: true }, proxyExcludesLocalhost: false };
    t.deepEqual(again.choices(), choices);
  });

  it("B08 the password of a proxy is never given back, and goes when the proxy or its user changes", async (t, settings) => {
    const address = "proxy.example.com:3128";
    await settings.set({ proxy: { address, user: "us er@x", password: "p:/@?ä" } });
    t.deepEqual(settings.choices().proxy, { address, user: "us er@x", passwordSet: true });
    t.false(JSON.stringify(settings.choices()).includes("p:/@"));
    await settings.set({ proxy: { address, user: "us er@x" } });
    t.true(settings.choices().proxy?.passwordSet);
    for (const change of [
      { address: "other.example.com:3128", user: "us er@x" },
      { address: "other.example.com:3128", user: "another" },
    ]) {
      await settings.set({ proxy: { address, user: "us er@x", password: "p" } });
      await settings.set({ proxy: change });
      t.deepEqual(settings.choices().proxy, { ...change, passwordSet: false });
    }
  });

  it("what is no address is refused, and nothing is changed by it", async (t, settings) => {
    await settings.set({ timeServer: "10.0.0.1", proxy: { address: "10.0.0.2:80", user: "" } });
    const before = settings.choices();
    for (const wrong of ["a b", "http://x", "x:0", "x:65536", "[::1", "x/y", "u@x"]) {
      for (const change of [{ timeServer: wrong }, { timeServer: "10.0.0.9", proxy: { address: wrong, user: "" } }]) {
        await t.throwsAsync(settings.set(change), { instanceOf: SyncError, code: "hal-refused" }, wrong);
      }
    }
    t.deepEqual(settings.choices(), before);
  });
}
