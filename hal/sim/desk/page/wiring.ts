/** The cables of the room, drawn behind the printers, and the dots that travel along them. */
import { type Drawing, serverOf } from "./drawing.ts";
import { element, svg } from "./element.ts";
import type { Printer } from "./printer.ts";
import { lengthOf, pathOf, type Point, type Port, rails, routes } from "./routes.ts";

/** Pixels of cable that a dot passes in a second, and bounds of how long it takes. */
const SPEED = 620;
const FLIGHT_MS = { min: 500, max: 1_600 };
const WALL_X = 14;
/** Under a burst, more than these are told and not drawn. */
const DOTS_MAX = 40;

export class Wiring {
  readonly root: HTMLElement;
  readonly #svg = svg("svg", { class: "wires" });
  readonly #dots = element("div", { class: "dots" });
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #routes: ReadonlyMap<number, readonly Point[]> = new Map();
  #drawn = "";
  /** The server machine, also while it has no power: its clients look for it where it was. */
  #server: number | undefined;

  constructor() {
    this.root = element("div", { class: "wiring", "aria-hidden": "true" }, this.#svg, this.#dots);
  }

  draw(printers: readonly Printer[]): void {
    const frame = this.root.getBoundingClientRect();
    this.#server = serverAt(printers, this.#server);
    const plan = { ports: portsOf(printers, frame), server: this.#server, wallX: WALL_X };
    const looks = new Map(printers.map(({ drawing }) => [drawing.number, lookOf(drawing)]));
    const drawn = JSON.stringify([plan, [...looks], frame.width, frame.height]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#routes = routes(plan);
    this.#svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.#svg.replaceChildren(
      ...rails(plan).map((rail) => svg("path", { class: "rail", d: pathOf(rail) })),
      ...plan.ports
        .filter(({ number }) => number === plan.server)
        .map((port) => svg("path", { class: "rail down", d: pathOf([port, above(port)]) })),
      ...[...this.#routes].map(([number, points]) => this.#cable(points, looks.get(number) ?? "none")),
    );
  }

  /**
   * A dot travels from a printer to the server machine, or the other way, and `arrive` is called when it is there; at once
   * where there is no such cable. Whoever wants less motion sees the cable light up instead.
   */
  send(number: number, way: "to server" | "from server", arrive: () => void): void {
    const route = this.#routes.get(number);
    if (route === undefined || this.#dots.childElementCount >= DOTS_MAX || document.hidden) return arrive();
    const points = way === "to server" ? route : [...route].reverse();
    const durationMs = Math.min(FLIGHT_MS.max, Math.max(FLIGHT_MS.min, (lengthOf(points) / SPEED) * 1_000));
    if (this.#still.matches) this.#lightUp(points, durationMs);
    const dot = element("span", { class: "dot" });
    dot.style.offsetPath = `path("${pathOf(points)}")`;
    dot.hidden = this.#still.matches;
    this.#dots.append(dot);
    const flight = dot.animate([{ offsetDistance: "0%" }, { offsetDistance: "100%" }], {
      duration: durationMs,
      easing: "ease-in-out",
      fill: "both",
    });
    flight.addEventListener("finish", () => {
      dot.remove();
      arrive();
    });
  }

  #lightUp(points: readonly Point[], durationMs: number): void {
    const light = svg("path", { class: "light", d: pathOf(points) });
    this.#svg.append(light);
    setTimeout(() => light.remove(), durationMs);
  }

  /** A cable that is cut ends a little above the printer, and hangs. */
  #cable(points: readonly Point[], look: string): SVGElement {
    if (look !== "cut") return svg("path", { class: `cable-line ${look}`, d: pathOf(points) });
    const [port, ...others] = points;
    if (port === undefined) return svg("g", {});
    const stump = { x: port.x, y: port.y - 7 };
    return svg(
      "g",
      {},
      svg("path", { class: "cable-line cut", d: pathOf([port, stump]) }),
      svg("path", { class: "cable-line cut", d: pathOf([{ x: port.x + 5, y: port.y - 27 }, ...others]) }),
    );
  }
}

const above = ({ x, y }: Point): Point => ({ x, y: y - 40 });

function serverAt(printers: readonly Printer[], before: number | undefined): number | undefined {
  const drawings = printers.map(({ drawing }) => drawing);
  const waits = drawings.some(({ number, phase }) => number === before && (phase === "off" || phase === "starting"));
  return serverOf(drawings)?.number ?? (waits ? before : undefined);
}

const portsOf = (printers: readonly Printer[], frame: DOMRect): readonly Port[] =>
  printers.map(({ root, drawing }) => {
    const box = root.getBoundingClientRect();
    return { number: drawing.number, client: drawing.client !== null, x: box.left - frame.left + box.width / 2, y: box.top - frame.top };
  });

function lookOf({ cable, power, client }: Drawing): string {
  if (!cable.connected) return "cut";
  if (power === "off" || power === "full-sleep" || client === null) return "none";
  return client.state === "synchronized" ? "good" : "waiting";
}
