/**
 * `node build/run.mjs picture [FOLDER]`: takes the pictures of the README, docs/desk.png and docs/panel.png, of a desk that it
 * starts, with the chromium of this system.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Page, chromium } from "playwright-core";
import { bundle } from "./bundle.ts";
import { smallPng } from "./small-png.ts";

const CHROMIUM = "/usr/bin/chromium";
const ACCOUNT = { account: "Administrator", password: "desk" };
/** What a picture may weigh in a repository that everybody clones. */
const BYTES_MAX = 300_000;

export async function run(args: readonly string[]): Promise<number> {
  const [docs = "docs"] = args;
  const folder = mkdtempSync(join(tmpdir(), "desk-picture-"));
  await bundle(join(folder, "dist"));
  const desk = spawn(process.execPath, [join(folder, "dist", "desk.mjs"), "--port", "0", "--data", join(folder, "data"), "--map-ports"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await readyAt(desk.stdout);
    mkdirSync(docs, { recursive: true });
    await takePictures(url, docs);
  } finally {
    desk.kill("SIGTERM");
    if (desk.exitCode === null) await once(desk, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
  return ["desk.png", "panel.png"].every((name) => isSmall(join(docs, name))) ? 0 : 1;
}

function isSmall(file: string): boolean {
  const { size } = statSync(file);
  console.log(`${file} was taken, ${Math.ceil(size / 1000)} kB${size > BYTES_MAX ? `: more than ${BYTES_MAX / 1000}` : ""}`);
  return size <= BYTES_MAX;
}

async function readyAt(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /^desk: (http:\S+) \(/.exec(line)?.[1];
    if (url !== undefined) return url;
    console.log(line);
  }
  throw new Error("the desk did not start");
}

type Call = (method: string, path: string, body: unknown) => Promise<void>;

const button = (name: string, job: string) => ({ owner: "user:alice", item: "personal-button", key: name, value: { name, function: job } });

/** A fleet of three that has something to show: alice at two printers, an edit that waits behind a cut cable. */
async function makeFleet(call: Call): Promise<void> {
  await call("PUT", "/machines/1/synchronize", { server: true, client: { destination: "localhost:8443", ...ACCOUNT } });
  await call("POST", "/machines/1/power", { action: "restart" });
  for (const machine of [2, 3]) {
    await call("PUT", `/machines/${machine}/synchronize`, { client: { destination: "127.0.0.11", ...ACCOUNT } });
    await call("POST", `/machines/${machine}/power`, { action: "restart" });
  }
  await call("PUT", "/machines/2/items", [
    button("Scan to my desk", "scan-and-send"),
    button("Two on one, stapled", "copy"),
    button("Fax to the lawyers", "fax"),
  ]);
  await call("POST", "/machines/1/login", { user: "Administrator" });
  await call("POST", "/machines/1/keys", { keys: ["settings", "down", "down", "ok", "ok", "ok"] });
  await call("POST", "/machines/3/login", { user: "alice" });
  await call("POST", "/machines/2/login", { user: "alice" });
  await call("POST", "/machines/2/network", { connected: false });
  await call("PUT", "/machines/2/items", [button("Scan for Bob", "scan-and-send")]);
}

/** The machine without its cable has to notice it first. */
const NOTICED_MS = 25_000;

async function takePictures(url: string, docs: string): Promise<void> {
  const call: Call = async (method: string, path: string, body: unknown) => {
    const { ok, status } = await fetch(`${url}/api${path}`, { method, body: JSON.stringify(body) });
    if (!ok) throw new Error(`${method} ${path}: ${status}`);
  };
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en", colorScheme: "light" });
    await page.goto(url);
    await makeFleet(call);
    const printer = (number: number) => page.locator(`article[data-number="${number}"]`);
    await printer(2).getByText("server out of reach").waitFor({ timeout: NOTICED_MS });
    await printer(3).locator(".lcd-rows li", { hasText: "Fax to the lawyers" }).waitFor();
    await catchDot(page, () => call("PUT", "/machines/3/items", [button("Copy for the board", "copy")]));
    // The newest news are enough for a picture.
    await page.evaluate(`for (const old of document.querySelectorAll(".feed li:nth-child(n + 4)")) old.remove()`);
    const { y, height } = (await page.locator(".happenings").boundingBox()) ?? { y: 0, height: 900 };
    const whole = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width: 1440, height: y + height + 16 } });
    writeFileSync(join(docs, "desk.png"), smallPng(whole));
    writeFileSync(join(docs, "panel.png"), smallPng(await printer(3).locator(".panel").screenshot()));
  } finally {
    await browser.close();
  }
}

/** Stops the dot of a change in the middle of its way, so that each picture shows it in the same place. */
async function catchDot(page: Page, change: () => Promise<void>): Promise<void> {
  const caught = page.evaluate(`new Promise((resolve) => {
    const look = () => {
      const flight = document.getAnimations().find(({ effect }) => effect.target.className === "dot");
      if (flight === undefined) return requestAnimationFrame(look);
      flight.pause();
      flight.currentTime = 420;
      resolve();
    };
    look();
  })`);
  await change();
  await caught;
}
