/** Tests in a real browser on a real desk: what they share. Without a browser they are skipped, and say so in their titles. */
import anyTest, { type ExecutionContext, type TestFn } from "ava";
import type { Browser, Locator, Page } from "playwright-core";
import { type RealDesk, buildBundles, startRealDesk } from "../desk/real-desk.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";

const test = anyTest as TestFn<{ distDir: string; remove: () => Promise<void>; browser: Browser }>;
const inBrowser = chromiumPath === undefined ? test.skip : test.serial;
const note = chromiumPath === undefined ? " (skipped: chromium is not installed)" : "";

export interface Stage {
  readonly t: ExecutionContext;
  readonly desk: RealDesk;
  readonly page: Page;
  /** Errors inside of the page, as they come. */
  readonly troubles: readonly string[];
  readonly startAgain: () => Promise<void>;
  printer(number: number): Locator;
}

export interface StageOptions {
  readonly machines: number;
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
}

/** Builds the bundles and starts a browser, once for the tests of a file. */
export function buildFirst(): void {
  if (chromiumPath === undefined) return;
  test.before(async (t) => {
    const [bundles, browser] = await Promise.all([buildBundles(), launchChromium()]);
    t.context = { ...bundles, browser };
  });
  test.after.always(async (t) => {
    await t.context.browser?.close();
    await t.context.remove?.();
  });
}

/** A test on a desk of its own, with its page open and all printers drawn. */
export function browserTest(
  title: string,
  { machines, width = 1440, height = 900, locale = "en" }: StageOptions,
  run: (stage: Stage) => Promise<void>,
): void {
  inBrowser(`${title}${note}`, async (t) => {
    const args = ["--machines", String(machines)];
    const desk = await startRealDesk(t, t.context.distDir, args);
    const { page, troubles } = await openPage(t, t.context.browser, { viewport: { width, height }, locale });
    await page.goto(desk.url);
    const printer = (number: number) => page.locator(`article[data-number="${number}"]`);
    await printer(machines).waitFor();
    const startAgain = async () => void (await startRealDesk(t, t.context.distDir, [...args, "--port", new URL(desk.url).port]));
    await run({ t, desk, page, troubles, printer, startAgain });
  });
}
