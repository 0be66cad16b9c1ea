import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Stage, browserTest, buildFirst } from "./browser-test.ts";

buildFirst();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong with the page as it is now, a line for each. */
async function faults({ page }: Stage): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ readonly violations: readonly Violation[] }>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

/** By how many pixels the page is wider than its window. */
const tooWide = ({ page }: Stage): Promise<number> => page.evaluate("document.documentElement.scrollWidth - innerWidth");

/** What is written on something and cut off, or runs out of it. */
const CUT_OFF = `[...document.querySelectorAll(".key, .show-keys, .plain, .pill, h1, h2, h3")]
  .filter((each) => each.offsetParent !== null && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.textContent)`;

browserTest(
  "axe finds nothing wrong: at first, in a fleet, cut, off, asleep, inverted, with everything open, in the dark",
  { machines: 3 },
  async (stage) => {
    const { t, desk, page, printer } = stage;
    t.deepEqual(await faults(stage), [], "at first");
    await page.getByRole("button", { name: "Do it for me" }).click();
    await page.getByRole("heading", { name: "Register a button" }).waitFor();
    const appearance = [{ owner: "user:alice", item: "accessibility", key: "", value: { colours: "inverted" } }];
    await desk.send("PUT", "/machines/2/items", appearance);
    await printer(2).getByRole("combobox", { name: "Who shows a card" }).selectOption("alice");
    await printer(2).locator(".lcd.inverted").waitFor();
    await printer(2).locator(".lcd li", { hasText: "Add a personal button" }).click();
    await printer(2).getByRole("textbox", { name: "Text for" }).waitFor();
    await printer(3).getByRole("button", { name: "Cut the cable" }).click();
    await printer(3).getByRole("button", { name: "Energy Saver" }).click();
    await printer(3).locator(".pill", { hasText: "asleep" }).waitFor();
    await printer(1).getByRole("button", { name: "Pull the plug" }).click();
    await printer(1).locator(".lcd", { hasText: "Switched off." }).waitFor();
    for (const summary of await page.locator("summary").all()) await summary.click();
    t.deepEqual(await faults(stage), [], "in the middle of it");
    await page.emulateMedia({ colorScheme: "dark" });
    t.deepEqual(await faults(stage), [], "in the dark");
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    t.deepEqual(await faults(stage), [], "in colours of the system");
  },
);

browserTest(
  "at 360 pixels, at 200 % and with ten printers nothing is beside the window, in any language",
  { machines: 10 },
  async (stage) => {
    const { t, page } = stage;
    for (const language of ["en", "de", "fr", "ja"]) {
      await page.locator("#language").selectOption(language);
      t.is(await page.locator("html").getAttribute("lang"), language);
      for (const width of [360, 720, 1024, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        for (const keys of await page.locator(".show-keys").all())
          if ((await keys.getAttribute("aria-expanded")) === "false") await keys.click();
        t.is(await tooWide(stage), 0, `${language} at ${width}`);
        t.deepEqual(await page.evaluate(CUT_OFF), [], `${language} at ${width}`);
      }
    }
    t.deepEqual(await faults(stage), []);
  },
);

browserTest(
  "the page speaks the browser's language, and keeps to one that was chosen",
  { machines: 2, locale: "fr-CH" },
  async ({ t, page, printer }) => {
    await page.getByRole("heading", { name: "Relier les imprimantes" }).waitFor();
    await page.getByRole("combobox", { name: "Langue" }).selectOption("Deutsch");
    await page.getByRole("heading", { name: "Die Drucker verbinden" }).waitFor();
    t.is(await page.locator(":focus").getAttribute("id"), "language", "who chose goes on where the choice was");
    await page.reload();
    await page.getByRole("heading", { name: "Die Drucker verbinden" }).waitFor();
    await page.getByRole("button", { name: "Mach es f\u00fcr mich" }).click();
    await page.getByRole("heading", { name: "Eine Taste anlegen" }).waitFor();
    await printer(1).locator(".pill", { hasText: "Serverger\u00e4t" }).waitFor();
  },
);
