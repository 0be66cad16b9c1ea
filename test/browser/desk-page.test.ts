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

inBrowser(`by keyboard alone: the panel can be reached, worked and read, and the next printer is a key away${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "2"]);
  const { page, troubles } = await openPage(t, { width: 1000, height: 900 });
  await page.goto(desk.url);
  const first = page.getByRole("article").first();
  await first.getByRole("application", { name: "Display of printer-1" }).focus();
  const selected = first.locator(".lcd-rows [aria-current]");
  const before = await selected.innerText();
  await page.keyboard.press("ArrowDown");
  await until(
    () => selected.innerText(),
    (text) => text !== before,
  );
  await page.locator("#read", { hasText: await selected.innerText() }).waitFor({ state: "attached" });
  await page.keyboard.press("End");
  await first.locator(".pill", { hasText: /^asleep$/ }).waitFor();
  for (const stop of ["Soft key 1, without meaning here", "Keys of printer-1", "Home"]) {
    await page.keyboard.press("Tab");
    t.is(await page.locator(":focus").getAttribute("aria-label"), stop);
  }
  await page.keyboard.press("Enter");
  await first.locator(".pill", { hasText: "awake" }).waitFor();
  await page.keyboard.press("PageDown");
  t.is(await page.locator(":focus").getAttribute("aria-label"), "Display of printer-2");
  t.deepEqual(troubles, []);
});

inBrowser(`cable, plug and clock show at once${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "2"]);
  const { page, troubles } = await openPage(t, { width: 700, height: 900 });
  await page.goto(desk.url);
  const second = page.getByRole("article").nth(1);
  await second.getByRole("button", { name: "Cut the cable of printer-2" }).click();
  await second.getByRole("button", { name: "Mend the cable of printer-2" }).waitFor();
  await page.locator(".cable-line.cut").first().waitFor({ state: "attached" });
  await page.getByRole("status").getByText("The cable of printer-2 is cut.").waitFor({ state: "attached" });
  await second.getByRole("combobox", { name: "Clock of printer-2" }).selectOption("an hour ahead");
  await second.locator(".clock option", { hasText: "1 hour ahead" }).waitFor({ state: "attached" });
  await second.getByRole("button", { name: "Pull the plug of printer-2" }).click();
  await second.getByRole("button", { name: "Plug in printer-2 and switch it on" }).waitFor();
  await second.locator(".lcd", { hasText: "Switched off." }).waitFor();
  t.deepEqual(troubles, []);
});

inBrowser(`the page finds a desk that was started again, and what was half typed is still there${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "2"]);
  const { page } = await openPage(t, { width: 700, height: 900 });
  await page.goto(desk.url);
  const second = page.getByRole("article").nth(1);
  await second.getByText("More", { exact: true }).click();
  const delay = second.getByRole("spinbutton", { name: "Delay (ms)" });
  await delay.pressSequentially("12");
  desk.process.kill("SIGINT");
  await once(desk.process, "exit");
  await page.getByText("The desk is not running. This page waits for it").waitFor();
  await startRealDesk(t, t.context.distDir, ["--machines", "2", "--port", new URL(desk.url).port]);
  await page.getByText("Live", { exact: true }).waitFor();
  await second.locator(".pill", { hasText: "awake" }).waitFor();
  t.is(await delay.inputValue(), "120", "it is not set, and not taken away either");
});

inBrowser(`printers are added up to ten and carried away down to two${note}`, async (t) => {
  const desk = await startRealDesk(t, t.context.distDir, ["--machines", "9"]);
  const { page, troubles } = await openPage(t, { width: 1440, height: 900 });
  await page.goto(desk.url);
  const printers = page.getByRole("article");
  await printers.nth(8).waitFor();
  await page.getByRole("button", { name: "Add a printer" }).click();
  await printers.nth(9).waitFor();
  t.true(await page.getByRole("button", { name: "Ten printers: the fleet is full" }).isDisabled());
  t.is(await page.locator(".keypad:visible").count(), 0, "with so many printers their keys are folded away");
  await printers.nth(4).getByRole("button", { name: "Keys of printer-5" }).click();
  t.is(await page.locator(".keypad:visible").count(), 1);
  await printers.nth(4).getByText("More", { exact: true }).click();
  await printers.nth(4).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("status").getByText("printer-5 was carried away").waitFor({ state: "attached" });
  t.is(await printers.count(), 9);
  await page.getByRole("button", { name: "Add a printer" }).click();
  await page.getByRole("article", { name: "printer-5" }).waitFor();
  t.is(await printers.nth(4).getAttribute("data-number"), "5", "it stands where it stood");
  t.deepEqual(troubles, []);
});
