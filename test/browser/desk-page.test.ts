import { once } from "node:events";
import { until } from "../desk/real-desk.ts";
import { browserTest, buildFirst } from "./browser-test.ts";

buildFirst();

browserTest(
  "by keyboard alone: the panel can be reached, worked and read, and the next printer is a key away",
  { machines: 2, width: 1000 },
  async ({ t, page, printer, troubles }) => {
    const first = printer(1);
    const focused = page.locator(":focus");
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
      t.is(await focused.getAttribute("aria-label"), stop);
    }
    await page.keyboard.press("ArrowDown");
    t.is(await focused.getAttribute("aria-label"), "Settings/Registration");
    await page.keyboard.press("Enter");
    await first.locator(".pill", { hasText: "awake" }).waitFor();
    await page.keyboard.press("PageDown");
    t.is(await focused.getAttribute("aria-label"), "Display of printer-2");
    t.deepEqual(troubles, []);
  },
);

browserTest(
  "a finger on a row chooses it, and a line is there to type into while a text is asked for",
  { machines: 2 },
  async ({ t, page, printer }) => {
    const second = printer(2);
    const display = second.locator(".lcd");
    await second.getByRole("combobox", { name: "Who shows a card at printer-2" }).selectOption("alice");
    t.is(await second.getByRole("button", { name: "Type it" }).isVisible(), false);
    await display.getByText("Add a personal button").click();
    await display.getByText("New personal button").waitFor();
    await second.getByRole("textbox", { name: 'Text for "Name"' }).fill("\u30b9\u30ad\u30e3\u30f3");
    await page.keyboard.press("Enter");
    await display.getByText("Name: \u30b9\u30ad\u30e3\u30f3").waitFor();
    await display.locator("li").getByText("Save", { exact: true }).click();
    await display.locator("li", { hasText: "\u30b9\u30ad\u30e3\u30f3" }).waitFor();
    t.pass();
  },
);

browserTest("what is under the hands does not move when a text is asked for", { machines: 2 }, async ({ t, page, printer }) => {
  const second = printer(2);
  const key = second.getByRole("button", { name: "Home", exact: true });
  await second.getByRole("combobox", { name: "Who shows a card" }).selectOption("alice");
  await second.locator(".lcd-title", { hasText: "Home: alice" }).waitFor();
  const before = await key.boundingBox();
  await second.locator(".lcd li", { hasText: "Add a personal button" }).click();
  await second.getByRole("textbox").waitFor();
  t.deepEqual(await key.boundingBox(), before);
  t.is(await page.evaluate("scrollY"), 0);
});

browserTest("the page is small, and loads nothing from elsewhere", { machines: 2 }, async ({ t, desk }) => {
  const [script, css] = await Promise.all(["page.js", "page.css"].map(async (name) => await fetch(`${desk.url}/${name}`)));
  t.true((await script!.arrayBuffer()).byteLength + (await css!.arrayBuffer()).byteLength < 110_000);
  t.regex(
    script!.headers.get("content-security-policy") ?? "",
    /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/,
  );
});

browserTest("cable, plug and clock show at once", { machines: 2, width: 700 }, async ({ t, page, printer, troubles }) => {
  const second = printer(2);
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

browserTest(
  "the page finds a desk that was started again, without a reload, and what was half typed is still there",
  { machines: 2, width: 700 },
  async ({ t, desk, page, printer, startAgain }) => {
    const second = printer(2);
    await second.getByText("More", { exact: true }).click();
    const delay = second.getByRole("spinbutton", { name: "Delay (ms)" });
    await delay.fill("120");
    desk.process.kill("SIGINT");
    await once(desk.process, "exit");
    await page.getByText("The desk is not running. This page waits for it").waitFor();
    await second.getByRole("button", { name: "Restart" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("The desk did not answer. Is it running?").waitFor();
    await delay.focus();
    await startAgain();
    await page.getByText("Live", { exact: true }).waitFor();
    await second.locator(".pill", { hasText: "awake" }).waitFor();
    t.is(await delay.inputValue(), "120", "it is not set, and not taken away either");
  },
);

browserTest("printers are added up to ten and carried away", { machines: 9 }, async ({ t, page, printer, troubles }) => {
  const printers = page.getByRole("article");
  await page.getByRole("button", { name: "Add a printer" }).click();
  await printer(10).waitFor();
  t.true(await page.getByRole("button", { name: "Ten printers: the fleet is full" }).isDisabled());
  t.is(await page.locator(".keypad:visible").count(), 0, "with so many printers their keys are folded away");
  await printer(5).getByRole("button", { name: "Keys of printer-5" }).click();
  t.is(await page.locator(".keypad:visible").count(), 1);
  await printer(5).getByText("More", { exact: true }).click();
  await printer(5).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("status").getByText("printer-5 was carried away").waitFor({ state: "attached" });
  t.is(await printers.count(), 9);
  await page.getByRole("button", { name: "Add a printer" }).click();
  await printer(5).waitFor();
  t.is(await printers.nth(4).getAttribute("data-number"), "5", "it stands where it stood");
  t.deepEqual(troubles, []);
});
