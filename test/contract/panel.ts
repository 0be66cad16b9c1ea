/** What every Panel keeps. The fixture's knobs are fingers. */
import type { ExecutionContext, TestFn } from "ava";
import type { Panel } from "../../hal/panel.ts";
import { KEYS, type Key, type Screen } from "../../src/model/screen.ts";

export interface PanelFixture {
  readonly panel: Panel;
  press(key: Key): Promise<void>;
  /** Undefined where the model has no keyboard. */
  readonly type: ((text: string) => Promise<void>) | undefined;
  /** What the display shows: its title. */
  shown(): string | undefined;
  /** Undefined where a test cannot put the machine to sleep. */
  readonly sleepFully: (() => Promise<void>) | undefined;
}

export const screen = (title: string, more: Partial<Screen> = {}): Screen => ({
  kind: "message",
  title,
  rows: [],
  selected: undefined,
  field: undefined,
  softKeys: ["", "", "", "OK"],
  status: "",
  ...more,
});

export function panelContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<PanelFixture>): void {
  const it = (title: string, body: (t: ExecutionContext, fixture: PanelFixture) => Promise<unknown>): void =>
    test(`${name}: ${title}`, async (t) => body(t, await create(t)));

  it("every key arrives, one by one, in the order pressed", async (t, f) => {
    const keys: Key[] = [];
    f.panel.onKey((key) => keys.push(key));
    t.deepEqual(keys, []);
    const pressed = [...KEYS.filter((key) => key !== "energy-saver"), "ok", "ok"] as const;
    for (const key of pressed) await f.press(key);
    t.deepEqual(keys, pressed);
  });

  it("text arrives as it was typed, in one order with the keys", async (t, f) => {
    if (f.type === undefined) return t.pass();
    const arrived: string[] = [];
    f.panel.onKey((key) => arrived.push(`key ${key}`));
    f.panel.onText((text) => arrived.push(`text ${text}`));
    await f.type("a");
    await f.press("ok");
    await f.type("\u00fcber \u{1f5a8} pasted");
    t.deepEqual(arrived, ["text a", "key ok", "text \u00fcber \u{1f5a8} pasted"]);
  });

  it("a listener ends at once, and ending it twice is harmless", async (t, f) => {
    const keys: Key[] = [];
    const end = f.panel.onKey((key) => {
      keys.push(key);
      end();
    });
    await f.press("up");
    end();
    await f.press("down");
    t.deepEqual(keys, ["up"]);
  });

  it("a screen replaces the one before, whatever it holds", async (t, f) => {
    f.panel.show(screen("first"));
    f.panel.show(screen("second", { kind: "form", field: { label: "Password:", value: "open sesame", secret: true } }));
    t.regex(f.shown() ?? "", /second/);
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ text: `row ${index}\u0000\u{10ffff}`, enabled: false, why: "so" }));
    t.notThrows(() => f.panel.show(screen("third", { kind: "list", rows, selected: 999 })));
    t.notThrows(() => f.panel.show(screen("fourth", { selected: 5 })));
    t.regex(f.shown() ?? "", /fourth/);
  });

  it("in full sleep no key arrives, and the one that wakes the machine is not passed on", async (t, f) => {
    if (f.sleepFully === undefined) return t.pass();
    const keys: Key[] = [];
    f.panel.onKey((key) => keys.push(key));
    f.panel.show(screen("before"));
    await f.sleepFully();
    await f.press("stop");
    t.deepEqual(keys, []);
    await f.press("ok");
    t.deepEqual(keys, ["ok"]);
    t.regex(f.shown() ?? "", /before/, "the last screen is there again");
  });
}
