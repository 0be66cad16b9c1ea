/** Pictures of figures, as SVG: lines over sizes, and bars of peers. */
import type { Series } from "./growth.ts";

const [WIDTH, HEIGHT] = [640, 320];
const FRAME = { left: 70, right: 20, top: 40, bottom: 50 };
const COLOURS: Readonly<Record<string, string>> = { ours: "#0b6e4f", raw: "#555555", retained: "#c06014", redis: "#a3262a" };
const TICKS = 4;

export interface Picture {
  readonly title: string;
  /** Of the axis on the left. */
  readonly unit: string;
}

/** `sizes`: what the axis at the bottom counts. */
export function lines({ title, unit }: Picture, sizes: string, series: readonly Series[]): string {
  const points = series.flatMap((each) => each.points);
  const [xMax, yMax] = [Math.max(1, ...points.map(([x]) => x)), roundUp(Math.max(0, ...points.map(([, y]) => y)))];
  const at = ([x, y]: readonly [number, number]): string =>
    `${(FRAME.left + (x / xMax) * plotWidth).toFixed(1)},${(HEIGHT - FRAME.bottom - (y / yMax) * plotHeight).toFixed(1)}`;
  const drawn = series.flatMap(({ peer, points: each }, index) => [
    `<polyline fill="none" stroke="${colourOf(peer)}" stroke-width="2" points="${each.map(at).join(" ")}"/>`,
    ...each.map((point) => `<circle r="3" fill="${colourOf(peer)}" cx="${at(point).split(",")[0]}" cy="${at(point).split(",")[1]}"/>`),
    text(FRAME.left + 10 + index * 90, FRAME.top - 8, peer, { colour: colourOf(peer) }),
  ]);
  const bottom = [...new Set(points.map(([x]) => x))].map((x) =>
    text(FRAME.left + (x / xMax) * plotWidth, HEIGHT - FRAME.bottom + 18, String(x), { anchor: "middle" }),
  );
  return svg(title, [...axis(yMax, unit), ...bottom, text(WIDTH / 2, HEIGHT - 10, sizes, { anchor: "middle" }), ...drawn]);
}

export function bars({ title, unit }: Picture, values: readonly { readonly peer: string; readonly value: number }[]): string {
  const known = values.filter(({ value }) => Number.isFinite(value));
  const yMax = roundUp(Math.max(0, ...known.map(({ value }) => value)));
  const step = plotWidth / Math.max(1, known.length);
  const drawn = known.flatMap(({ peer, value }, index) => {
    const height = (value / yMax) * plotHeight;
    const [x, y] = [FRAME.left + step * (index + 0.2), HEIGHT - FRAME.bottom - height];
    return [
      `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step * 0.6).toFixed(1)}" height="${height.toFixed(1)}" fill="${colourOf(peer)}"/>`,
      text(x + step * 0.3, y - 5, short(value), { anchor: "middle" }),
      text(x + step * 0.3, HEIGHT - FRAME.bottom + 18, peer, { anchor: "middle" }),
    ];
  });
  return svg(title, [...axis(yMax, unit), ...drawn]);
}

const plotWidth = WIDTH - FRAME.left - FRAME.right;
const plotHeight = HEIGHT - FRAME.top - FRAME.bottom;
const colourOf = (peer: string): string => COLOURS[peer] ?? "#000000";
const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function axis(yMax: number, unit: string): readonly string[] {
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => (yMax * index) / TICKS);
  return ticks.flatMap((value) => {
    const y = HEIGHT - FRAME.bottom - (value / yMax) * plotHeight;
    return [
      `<line x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#dddddd"/>`,
      text(FRAME.left - 6, y + 4, `${short(value)} ${unit}`.trim(), { anchor: "end" }),
    ];
  });
}

/** The next number of the kind 1, 2, 5, 10, so that lines have round heights. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 5, 8, 10].find((step) => step * power >= value) ?? 10);
}

const escaped = (words: string): string => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function text(x: number, y: number, words: string, { anchor = "start", colour = "#222222" } = {}): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${escaped(words)}</text>`;
}

const svg = (title: string, content: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(WIDTH / 2, 18, title, { anchor: "middle" }),
    ...content,
    "</svg>",
    "",
  ].join("\n");
