/** Debian's chromium, where it is installed. */
import { existsSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const chromiumPath = PATHS.find((path) => existsSync(path));

/** To be closed by whoever launched it. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("no chromium");
  // As root, in a container, there is no sandbox to be had; the only page it opens is ours.
  return await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}

/** A page that shares nothing with other pages of the browser; what goes wrong inside of it is kept in `troubles`. */
export async function openPage(
  t: ExecutionContext,
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext(options);
  t.teardown(() => context.close());
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  return { page, troubles };
}
