import test from "ava";
import { type Port, lengthOf, pathOf, rails, routes } from "../../hal/sim/desk/page/routes.ts";

const port = (number: number, x: number, y: number, client = true): Port => ({ number, x, y, client });
const ROW = [port(1, 100, 100), port(2, 300, 100), port(3, 500, 103)];

test("in one row a cable goes up, along and down, each in a lane of its own", (t) => {
  const found = routes({ ports: ROW, server: 1, wallX: 14 });
  t.deepEqual([...found.keys()], [2, 3], "the server machine has no cable to itself");
  t.deepEqual(found.get(2), [ROW[1], { x: 300, y: 58 }, { x: 98, y: 58 }, { x: 98, y: 100 }]);
  t.deepEqual(found.get(3)?.slice(2), [
    { x: 102, y: 62 },
    { x: 102, y: 100 },
  ]);
});

test("from another row it goes by the wall; without a server machine, or on its own, it ends at the rail", (t) => {
  const below = port(4, 100, 700);
  const way = routes({ ports: [...ROW, below], server: 1, wallX: 14 }).get(4);
  t.deepEqual(
    way?.map(({ x }) => x),
    [100, 100, 18, 18, 104, 104],
  );
  t.is(routes({ ports: [port(2, 300, 100)], server: undefined, wallX: 14 }).get(2)?.length, 2);
  t.is(routes({ ports: [port(1, 100, 100), port(2, 300, 100, false)], server: 1, wallX: 14 }).get(2)?.length, 2);
});

test("rails: one for a row, and a wall where there are several", (t) => {
  t.is(rails({ ports: ROW, server: 1, wallX: 14 }).length, 1);
  t.is(rails({ ports: [...ROW, port(4, 100, 700)], server: 1, wallX: 14 }).length, 3);
  t.deepEqual(rails({ ports: [], server: undefined, wallX: 14 }), []);
});

test("paths have round corners, and no corner is rounder than its legs are long", (t) => {
  const corner = [
    { x: 0, y: 0 },
    { x: 0, y: 10 },
    { x: 40, y: 10 },
  ];
  t.is(pathOf(corner), "M0 0L0 5Q0 10 5 10L40 10");
  t.is(lengthOf(corner), 50);
  t.is(pathOf([]), "");
});
