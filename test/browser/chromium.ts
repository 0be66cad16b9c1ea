/** Debian's chromium, where it is installed. */
import { existsSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { type BrowserContextOptions, type Page, chromium } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const chromiumPath = PATHS.find((path) => existsSync(path));

/** A page of a browser of its own; what goes wrong inside of it is kept in `troubles`. */
export async function openPage(t: ExecutionContext, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
  if (chromiumPath === undefined) throw new Error("no chromium");
  // As root, in a container, there is no sandbox to be had; the only page it opens is ours.
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  t.teardown(() => browser.close());
  const page = await browser.newPage(options);
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  return { page, troubles };
}
