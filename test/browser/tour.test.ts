import type { Locator, Page } from "playwright-core";
import { until } from "../desk/real-desk.ts";
import { type Stage, browserTest, buildFirst } from "./browser-test.ts";

buildFirst();

/** Registers a button with the keys of a printer where somebody is logged in. */
async function addButton(page: Page, printer: Locator, name: string): Promise<void> {
  const selected = printer.locator(".lcd-rows [aria-current]");
  await printer.locator(".lcd-title", { hasText: "Home: alice" }).waitFor();
  await printer.getByRole("application").focus();
  for (let text = await selected.innerText(); text !== "Add a personal button"; ) {
    const before = text;
    await page.keyboard.press("ArrowDown");
    text = await until(
      () => selected.innerText(),
      (now) => now !== before,
    );
  }
  await page.keyboard.press("Enter");
  await printer.locator(".lcd-title", { hasText: "New personal button" }).waitFor();
  await page.keyboard.type(name);
  await printer.locator(".lcd-rows li", { hasText: `Name: ${name}` }).waitFor();
  await page.keyboard.press("F1");
  await printer.locator(".lcd-rows li", { hasText: name }).waitFor();
}

const step = (page: Page, title: string) => page.locator("#tour").getByRole("heading", { name: title }).waitFor();

async function press(page: Page, control: Locator): Promise<void> {
  await control.focus();
  await page.keyboard.press("Enter");
}

async function showCard(page: Page, printer: Locator): Promise<void> {
  await printer.getByRole("combobox", { name: "Who shows a card" }).focus();
  await page.keyboard.type("alice");
}

browserTest("the tour as a new user takes it, by keys alone: it notices by itself what was done", { machines: 3 }, async (stage) => {
  const { t, page, printer, troubles } = stage;
  await connect(stage);
  await showCard(page, printer(2));
  await printer(2).locator(".lcd-title", { hasText: "Home: alice" }).waitFor();
  await addButton(page, printer(2), "My scan");
  await step(page, "Find it at another printer");
  await page.locator(".tour-text", { hasText: 'The button "My scan" is there already' }).waitFor();
  await showCard(page, printer(3));
  await step(page, "Cut a cable");
  await press(page, printer(2).getByRole("button", { name: "Cut the cable" }));
  await step(page, "Go on working on both sides");
  await addButton(page, printer(2), "Cut off");
  await addButton(page, printer(3), "Elsewhere");
  await step(page, "Mend the cable");
  await printer(2).locator(".waiting", { hasText: "1" }).waitFor();
  await press(page, printer(2).getByRole("button", { name: "Mend the cable" }));
  await step(page, "Pull the plug of the server machine");
  await printer(2).locator(".lcd-rows li", { hasText: "Elsewhere" }).waitFor();
  await press(page, printer(1).getByRole("button", { name: "Pull the plug" }));
  await addButton(page, printer(2), "Without server");
  await step(page, "Give it power again");
  await press(page, printer(1).getByRole("button", { name: "Plug in" }));
  await step(page, "Let a printer sleep");
  await printer(3).getByRole("application").focus();
  await page.keyboard.press("End");
  await printer(3).getByRole("img", { name: "Sleep: green" }).waitFor();
  await printer(3)
    .locator(".pill", { hasText: /^asleep$/ })
    .waitFor();
  await addButton(page, printer(2), "While asleep");
  await step(page, "Wake it");
  await printer(3).getByRole("application").focus();
  await page.keyboard.press("ArrowDown");
  await step(page, "That was the tour");
  t.deepEqual(troubles, []);
});

browserTest("the tour is left, and gone on with after a reload; a dot travels for each change", { machines: 2 }, async (stage) => {
  const { t, page, printer } = stage;
  await connect(stage);
  await page.getByRole("button", { name: "Leave the tour" }).click();
  await page.reload();
  await page.getByRole("button", { name: "Go on with the tour (2 of 10)" }).click();
  await step(page, "Register a button");
  await page.getByRole("button", { name: "Show me where" }).click();
  t.is(await page.locator(":focus").getAttribute("aria-label"), "Who shows a card at printer-2");
  const dot = page.locator(".dot").first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Do it for me" }).click();
  await dot;
  await page
    .getByRole("listitem")
    .getByText(/alice's personal button was changed; the server has it after \d+ ms; at printer-1 after/)
    .waitFor();
  await page.locator(".dot").waitFor({ state: "detached" });
  await step(page, "Find it at another printer");
  await printer(1).getByRole("combobox", { name: "Who shows a card" }).selectOption("alice");
  await step(page, "Cut a cable");
});

async function connect({ page, printer }: Stage): Promise<void> {
  await step(page, "Connect the printers");
  await press(page, page.getByRole("button", { name: "Do it for me" }));
  await step(page, "Register a button");
  await printer(1).locator(".pill", { hasText: "server machine" }).waitFor();
}
