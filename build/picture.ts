/** `node build/run.mjs picture`: takes the README's picture of the desk, docs/desk.png, with the chromium of this system. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { bundle } from "./bundle.ts";

const CHROMIUM = "/usr/bin/chromium";
const ACCOUNT = { account: "Administrator", password: "desk" };

export async function run(args: readonly string[]): Promise<number> {
  const [file = "docs/desk.png"] = args;
  const folder = mkdtempSync(join(tmpdir(), "desk-picture-"));
  await bundle(join(folder, "dist"));
  const desk = spawn(
    process.execPath,
    [join(folder, "dist", "desk.mjs"), "--port", "0", "--data", join(folder, "data"), "--base-address", "127.0.0.10"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  try {
    const url = await readyAt(desk.stdout);
    await makeFleet(url);
    await takePicture(url, file);
  } finally {
    desk.kill("SIGTERM");
    if (desk.exitCode === null) await once(desk, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${file} was taken`);
  return 0;
}

async function readyAt(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /^desk: (http:\S+) \(/.exec(line)?.[1];
    if (url !== undefined) return url;
    console.log(line);
  }
  throw new Error("the desk did not start");
}

/** A fleet of three that has something to show: alice at one printer, an edit that waits at another. */
async function makeFleet(url: string): Promise<void> {
  const call = async (method: string, path: string, body: unknown): Promise<void> => {
    const { ok, status } = await fetch(`${url}/api${path}`, { method, body: JSON.stringify(body) });
    if (!ok) throw new Error(`${method} ${path}: ${status}`);
  };
  await call("PUT", "/machines/1/synchronize", { server: true, client: { destination: "localhost:8443", ...ACCOUNT } });
  await call("POST", "/machines/1/power", { action: "restart" });
  for (const machine of [2, 3]) {
    await call("PUT", `/machines/${machine}/synchronize`, { client: { destination: "127.0.0.11", ...ACCOUNT } });
    await call("POST", `/machines/${machine}/power`, { action: "restart" });
  }
  const button = (name: string, job: string) => ({
    owner: "user:alice",
    item: "personal-button",
    key: name,
    value: { name, function: job },
  });
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

async function takePicture(url: string, file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1080 } });
    await page.goto(url);
    await page.getByRole("article").nth(1).getByText("server out of reach").waitFor({ timeout: NOTICED_MS });
    mkdirSync(dirname(file), { recursive: true });
    await page.screenshot({ path: file, fullPage: true });
  } finally {
    await browser.close();
  }
}
