import { once } from "node:events";
import anyTest, { type TestFn } from "ava";
import { buildBundles, startRealDesk, until } from "../desk/real-desk.ts";
import { chromiumPath, openPage } from "./chromium.ts";

const test = anyTest as TestFn<{ distDir: string; remove: () => void }>;
const inBrowser = chromiumPath === undefined ? test.skip : test.serial;
const note = chromiumPath === undefined ? " (skipped: chromium is not installed)" : "";

if (chromiumPath !== undefined) {
  test.before(async (t) => {
    t.context = await buildBundles();
  });
  test.after.always((t) => t.context.remove?.());
}

inBrowser(`the newcomer's way: three buttons make a fleet, and alice's button shows on another printer${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir);
  const { page, troubles } = await openPage(t, { width: 1440, height: 1000 });
  await page.goto(desk.url);
  const printers = page.getByRole("article");
  await printers.nth(2).waitFor();
  t.is(await printers.count(), 3);
  const steps = page.locator("[data-do]");
  for (const step of [0, 1, 2]) {
    await steps.nth(step).click();
    await steps.nth(step).and(page.getByText("Done")).waitFor();
    if (step === 1)
      await printers
        .nth(2)
        .getByText(/client: synchronized/)
        .waitFor();
  }
  await printers.nth(2).locator(".lcd").getByText("Scan to my desk").waitFor();
  t.deepEqual(troubles, []);
});

inBrowser(`by keyboard alone: the panel can be reached, worked and read${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "2"]);
  const { page } = await openPage(t, { width: 1000, height: 900 });
  await page.goto(desk.url);
  const first = page.getByRole("article").first();
  const display = first.getByRole("group", { name: /Display of printer-1/ });
  await display.focus();
  const selected = first.locator(".lcd-rows [aria-current]");
  const before = await selected.innerText();
  await page.keyboard.press("ArrowDown");
  await until(
    () => selected.innerText(),
    (text) => text !== before,
  );
  await first.getByRole("button", { name: "Energy Saver" }).click();
  await first.locator(".pill", { hasText: "full sleep" }).waitFor();
  await first.getByRole("button", { name: "Home" }).click();
  await first.locator(".pill", { hasText: "awake" }).waitFor();
  t.pass();
});

inBrowser(`cable and plug show at once, and the page finds a desk that was started again${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "2"]);
  const { page } = await openPage(t, { width: 700, height: 900 });
  await page.goto(desk.url);
  const second = page.getByRole("article").nth(1);
  await second.getByRole("button", { name: "Pull the cable" }).click();
  await second.getByRole("button", { name: "Plug the cable in" }).waitFor();
  await second.getByRole("button", { name: "Pull the plug" }).click();
  await second.getByRole("button", { name: "Switch on" }).waitFor();
  t.is(await second.locator(".lcd-title").innerText(), "Off");
  desk.process.kill("SIGINT");
  await once(desk.process, "exit");
  await page.getByText("the desk is not running").waitFor();
  await startRealDesk(t, t.context.distDir, ["--machines", "2", "--port", new URL(desk.url).port]);
  await page.getByText("live", { exact: true }).waitFor();
  await second.locator(".pill", { hasText: "awake" }).waitFor();
  t.pass();
});
