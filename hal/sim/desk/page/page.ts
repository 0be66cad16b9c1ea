/** The page of the desk: follows what happens over server-sent events, and draws a printer for each machine. */
import { call } from "./api.ts";
import type { Drawing, Ntp } from "./drawing.ts";
import { setText } from "./element.ts";
import { guide } from "./guide.ts";
import { Printer } from "./printer.ts";

/** The desk says something at least every ten seconds; silence for longer means that it is gone. */
const SILENT_MS = 25_000;
const AGAIN_MS = 1_000;

const place = document.getElementById("printers");
const live = document.getElementById("live");
const ntp = document.getElementById("ntp");
if (place === null || live === null || !(ntp instanceof HTMLSelectElement)) throw new Error("the page is not whole");

const printers = new Map<number, Printer>();

function draw(drawing: Drawing): void {
  const known = printers.get(drawing.number);
  if (known !== undefined) return known.draw(drawing);
  const made = new Printer(drawing);
  printers.set(drawing.number, made);
  place?.append(made.root);
}

function drawAll(machines: readonly Drawing[]): void {
  const numbers = new Set(machines.map(({ number }) => number));
  for (const [number, printer] of printers) {
    if (numbers.has(number)) continue;
    printer.root.remove();
    printers.delete(number);
  }
  machines.forEach(draw);
  const server = document.getElementById("server-address");
  if (server !== null) setText(server, machines[0]?.address ?? "");
}

function drawNtp({ mode }: Ntp): void {
  if (ntp instanceof HTMLSelectElement) ntp.value = mode;
}

function connected(is: boolean): void {
  if (live === null) return;
  setText(live, is ? "live" : "the desk is not running; waiting for it");
  live.dataset.tone = is ? "good" : "bad";
  document.body.classList.toggle("lost", !is);
}

function follow(): void {
  const source = new EventSource("/api/events");
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(again, SILENT_MS);
  };
  const again = () => {
    clearTimeout(timer);
    source.close();
    connected(false);
    setTimeout(follow, AGAIN_MS);
  };
  const on = <T>(name: string, act: (value: T) => void) =>
    source.addEventListener(name, (event) => {
      heard();
      act(JSON.parse(event.data));
    });
  on<{ machines: readonly Drawing[]; ntp: Ntp }>("desk", (desk) => {
    connected(true);
    drawAll(desk.machines);
    drawNtp(desk.ntp);
  });
  on<Drawing>("machine", draw);
  on<Ntp>("ntp", drawNtp);
  on("still-here", () => undefined);
  source.addEventListener("error", again);
  heard();
}

ntp.addEventListener("change", () => void call("POST", "/ntp", { mode: ntp.value, offsetMs: ntp.value === "lying" ? 3_600_000 : 0 }));
guide(() => printers.size);
follow();
