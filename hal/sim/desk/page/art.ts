/** Small drawings on buttons and plates. They are decoration: what they mean stands beside them, or is the button's name. */
import { svg } from "./element.ts";

const PATHS = {
  /** Two blades that cross, two rings. */
  scissors: "M20 4 8.1 15.9M14.5 14.5 20 20M8.1 8.1 12 12M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM6 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  /** Two ends of a cable that meet. */
  mend: "M4 12h5M15 12h5M9 8v8M15 8v8M9 10h3M12 14h3",
  plug: "M9 3v5M15 3v5M7 8h10v4a5 5 0 0 1-10 0ZM12 17v4",
  socket: "M4 4h16v16H4ZM9 10v4M15 10v4",
  stack: "M5 4h14v5H5ZM5 9h14v6H5ZM5 15h14v5H5ZM8 6.5h.1M8 12h.1M8 17.5h.1",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 3",
} as const;

export function icon(name: keyof typeof PATHS): SVGSVGElement {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
