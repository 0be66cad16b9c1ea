/**
 * Where the cables run: from each client up to the rail above its row, along it, and where there are several rows along the
 * wall to the rail of the row where the server machine stands, each in a lane of its own. The cable of a printer that is on
 * its own ends at the rail. Pure geometry, in pixels.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The place of a printer: where its cable comes in at the top. `client`: it works with a server machine. */
export interface Port extends Point {
  readonly number: number;
  readonly client: boolean;
}

export interface RoomPlan {
  readonly ports: readonly Port[];
  /** The server machine's number, undefined while there is none: then the cables end at the rail. */
  readonly server: number | undefined;
  /** Where the bundle between the rows runs. */
  readonly wallX: number;
}

/** The rail lies this far above the tops of its printers. */
const RAIL_ABOVE = 40;
const LANE = 4;
const RADIUS = 9;
/** Tops that differ by less stand in one row. */
const SAME_ROW = 24;

/** By printer, the line of its cable from the printer to the server machine, or to the rail. */
export function routes({ ports, server, wallX }: RoomPlan): ReadonlyMap<number, readonly Point[]> {
  const end = ports.find(({ number }) => number === server);
  const others = ports.filter(({ number }) => number !== server);
  const clients = others.filter(({ client }) => client);
  return new Map(
    others.map((port) => {
      const lane = (clients.indexOf(port) - (clients.length - 1) / 2) * LANE;
      const up = port.y - RAIL_ABOVE + lane;
      if (end === undefined || !port.client) return [port.number, [port, { x: port.x, y: port.y - RAIL_ABOVE }]];
      const down = end.y - RAIL_ABOVE + lane;
      const along = sameRow(port, end) ? [{ x: port.x, y: up }] : wallWay(port.x, { up, down, x: wallX + lane });
      return [port.number, [port, ...along, { x: end.x + lane, y: down }, { x: end.x + lane, y: end.y }]];
    }),
  );
}

const wallWay = (from: number, { up, down, x }: { readonly up: number; readonly down: number; readonly x: number }): readonly Point[] => [
  { x: from, y: up },
  { x, y: up },
  { x, y: down },
];

/** The rails themselves: one for each row, and the wall between them. */
export function rails({ ports, wallX }: RoomPlan): readonly (readonly Point[])[] {
  const rows = rowsOf(ports);
  const made = rows.map((row) => {
    const xs = row.map(({ x }) => x);
    const y = (row[0]?.y ?? 0) - RAIL_ABOVE;
    return [
      { x: rows.length > 1 ? wallX : Math.min(...xs), y },
      { x: Math.max(...xs), y },
    ];
  });
  const tops = made.map(([start]) => start?.y ?? 0);
  const wall = [
    { x: wallX, y: Math.min(...tops) },
    { x: wallX, y: Math.max(...tops) },
  ];
  return rows.length > 1 ? [...made, wall] : made;
}

function rowsOf(ports: readonly Port[]): readonly (readonly Port[])[] {
  const rows: Port[][] = [];
  for (const port of [...ports].sort((a, b) => a.y - b.y)) {
    const row = rows.at(-1);
    if (row?.[0] !== undefined && sameRow(row[0], port)) row.push(port);
    else rows.push([port]);
  }
  return rows;
}

const sameRow = (a: Point, b: Point): boolean => Math.abs(a.y - b.y) < SAME_ROW;

/** A line with rounded corners, as a path of SVG. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...others] = distinct(points);
  if (first === undefined) return "";
  const parts = [`M${at(first)}`];
  for (const [index, corner] of others.entries()) {
    const before = index === 0 ? first : (others[index - 1] ?? first);
    const after = others[index + 1];
    if (after === undefined) {
      parts.push(`L${at(corner)}`);
      break;
    }
    const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    parts.push(`L${at(towards(corner, before, radius))}`, `Q${at(corner)} ${at(towards(corner, after, radius))}`);
  }
  return parts.join("");
}

/** The length of a line, for how long a dot takes along it. */
export const lengthOf = (points: readonly Point[]): number =>
  points.slice(1).reduce((sum, point, index) => sum + distance(points[index] ?? point, point), 0);

const distinct = (points: readonly Point[]): readonly Point[] =>
  points.filter((point, index) => index === 0 || distance(points[index - 1] ?? point, point) > 0.5);

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to);
  return whole === 0 ? from : { x: from.x + ((to.x - from.x) * by) / whole, y: from.y + ((to.y - from.y) * by) / whole };
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
